#include "eseg.h"

// Programs in C, and in languages that only know the layout, count on it.
_Static_assert(sizeof(eseg_error) == 1024, "an error takes a KB");
