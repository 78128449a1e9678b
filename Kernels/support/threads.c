#define _GNU_SOURCE
#include "eseg_threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

// A team belongs to the thread that its regions start from, and a forked process has none.
typedef struct team_size {
    pid_t process;
    int threads;
} team_size;

static _Thread_local team_size started;

static void *wait_for_others(void *all_started) {
    pthread_mutex_lock(all_started);
    pthread_mutex_unlock(all_started);
    return NULL;
}

int eseg_threads_try(int count) {
    if (count <= 1) return 0;
    pthread_mutex_t all_started = PTHREAD_MUTEX_INITIALIZER;
    pthread_t *threads = malloc((size_t)(count - 1) * sizeof *threads);
    if (!threads) return ENOMEM;
    int status = 0, running = 0;
    pthread_mutex_lock(&all_started);
    while (running < count - 1 && !(status = pthread_create(&threads[running], NULL, wait_for_others, &all_started))) ++running;
    pthread_mutex_unlock(&all_started);
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
    if (count > eseg_threads_started()) started = (team_size){getpid(), count};
}

// OpenMP's runtime reads the environment again in a process that is forked: the one that it may read, and the process's own meanwhile.
static char **to_be_read, **own;

static void hide_own(void) {
    own = environ;
    environ = to_be_read;
}

static void show_own(void) { environ = own; }

void eseg_threads_start_with(char **variables, int count) {
    const int is_first = !to_be_read;
    to_be_read = variables;
    hide_own();
    eseg_threads_start(count);
    show_own();
    // After the runtime's handlers: what comes before a fork runs first, what comes behind it last.
    if (is_first) pthread_atfork(hide_own, show_own, show_own);
}

int eseg_threads_started(void) { return started.process == getpid() ? started.threads : 0; }
