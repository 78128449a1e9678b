// A program whose parallel regions are in a library that is linked behind libeseg.
int host_main(int count, char **arguments);

int main(int count, char **arguments) { return host_main(count, arguments); }
