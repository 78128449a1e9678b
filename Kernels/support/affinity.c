#define _GNU_SOURCE
#include "eseg_affinity.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

typedef struct cpus {
    cpu_set_t sets[ESEG_MAX_CPUS / CPU_SETSIZE];
} cpus;

int eseg_affinity_get(uint8_t *allowed, int count) {
    cpus all;
    memset(&all, 0, sizeof all);
    if (sched_getaffinity(0, sizeof all, all.sets) != 0) return errno;
    for (int cpu = 0; cpu < count; ++cpu) allowed[cpu] = cpu < ESEG_MAX_CPUS && CPU_ISSET_S(cpu, sizeof all, all.sets);
    return 0;
}

int eseg_affinity_set(const uint8_t *allowed, int count) {
    cpus some;
    memset(&some, 0, sizeof some);
    for (int cpu = 0; cpu < count && cpu < ESEG_MAX_CPUS; ++cpu)
        if (allowed[cpu]) CPU_SET_S(cpu, sizeof some, some.sets);
    return sched_setaffinity(0, sizeof some, some.sets) == 0 ? 0 : errno;
}
