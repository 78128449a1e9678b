// Preloaded into eseg: kernels hang for ever once there is a file.
//
//     ESEG_HANG=FILE
//
// Each kernel that may run on several threads first tells OpenMP's runtime on how many.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

void __kmpc_push_num_threads(void *location, int thread, int count);

void __kmpc_push_num_threads(void *location, int thread, int count) {
    const char *file = getenv("ESEG_HANG");
    while (file && access(file, F_OK) == 0) usleep(10000);
    ((__typeof__(&__kmpc_push_num_threads))dlsym(RTLD_NEXT, "__kmpc_push_num_threads"))(location, thread, count);
}
