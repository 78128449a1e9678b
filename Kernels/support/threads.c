#include "eseg_threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static void *wait_for_others(void *started) {
    pthread_mutex_lock(started);
    pthread_mutex_unlock(started);
    return NULL;
}

int eseg_threads_try(int count) {
    if (count <= 1) return 0;
    pthread_mutex_t started = PTHREAD_MUTEX_INITIALIZER;
    pthread_t *threads = malloc((size_t)(count - 1) * sizeof *threads);
    if (!threads) return ENOMEM;
    int status = 0, running = 0;
    pthread_mutex_lock(&started);
    while (running < count - 1 && !(status = pthread_create(&threads[running], NULL, wait_for_others, &started))) ++running;
    pthread_mutex_unlock(&started);
    while (running > 0) pthread_join(threads[--running], NULL);
    free(threads);
    return status;
}

void eseg_threads_start(int count) {
    int running = 0;
    // The count keeps compilers from leaving out a region that does nothing.
#pragma omp parallel num_threads(count) reduction(+ : running)
    running += 1;
    (void)*(volatile int *)&running;
}
