// A program of parts that it loads while it runs, as Python's is: one uses the library, another brings a copy of LLVM's OpenMP runtime that is not
// the library's, as Intel's libiomp5 is. Both work, whichever starts first.
//
//     second_runtime MODEL PLUGIN RUNTIME first|last
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

typedef void region(void (*)(void *), void *, unsigned, unsigned);

static int ran;

static void work(void *unused) {
    (void)unused;
    __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
}

int main(int count, char **arguments) {
    if (count != 5) return 64;
    void *runtime = dlopen(arguments[3], RTLD_NOW | RTLD_LOCAL), *plugin = dlopen(arguments[2], RTLD_NOW | RTLD_LOCAL);
    if (!runtime || !plugin) return fprintf(stderr, "%s\n", dlerror()), 1;
    region *parallel = (region *)dlsym(runtime, "GOMP_parallel");
    int (*run)(char *) = (int (*)(char *))dlsym(plugin, "run");
    if (!parallel || !run) return fprintf(stderr, "%s\n", dlerror()), 1;
    const int is_first = strcmp(arguments[4], "first") == 0;
    if (is_first) parallel(work, NULL, 3, 0);
    for (int i = 0; i < 3; ++i) {
        if (run(arguments[1])) return 1;
        parallel(work, NULL, 3, 0);
    }
    if (ran != 3 * (3 + is_first)) return fprintf(stderr, "%d threads ran\n", ran), 1;
    return 0;
}
