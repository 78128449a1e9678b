#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness.h"

enum { SAMPLES = 15 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/// Median nanoseconds of a call; a sample is as many calls as take 200 µs.
static double median_time(const eseg_kernels *kernels, void (*run)(const eseg_kernels *, void *), void *context) {
    run(kernels, context);
    double begin = now();
    run(kernels, context);
    const double once = now() - begin;
    const int calls = once >= 200e3 ? 1 : (int)(200e3 / (once > 20 ? once : 20)) + 1;
    double samples[SAMPLES];
    for (int i = 0; i < SAMPLES; ++i) {
        begin = now();
        for (int k = 0; k < calls; ++k) run(kernels, context);
        samples[i] = (now() - begin) / calls;
    }
    qsort(samples, SAMPLES, sizeof samples[0], ascending);
    return samples[SAMPLES / 2];
}

void time_each(bench *b, const char *shape, double work, const char *unit, void (*run)(const eseg_kernels *, void *), void *context) {
    double scalar = 0;
    for (int i = 0; i < b->table_count; ++i) {
        const double time = median_time(b->tables[i], run, context);
        if (i == 0) scalar = time;
        printf("%-14s %-28s %-11s %10.0f ns %8.2f %-6s %7.1fx\n", b->kernel, shape, eseg_isa_name(b->tables[i]->isa), time, work / time,
               unit, scalar / time);
        fflush(stdout);
    }
}

enum { PEAK_ROUNDS = 1000 };

static void run_peak(const eseg_kernels *kernels, void *macs) { *(int64_t *)macs = kernels->s8.peak(PEAK_ROUNDS); }

void bench_s8_peak(bench *b) {
    for (int i = 0; i < b->table_count; ++i) {
        int64_t macs = 0;
        const double time = median_time(b->tables[i], run_peak, &macs);
        printf("%-14s %-28s %-11s %10.0f ns %8.2f GMAC/s\n", b->kernel, "registers only", eseg_isa_name(b->tables[i]->isa), time,
               (double)macs / time);
    }
}
