#ifndef ESEG_AFFINITY_H
#define ESEG_AFFINITY_H

#include <stdint.h>

/// CPUs that Linux can number here.
#define ESEG_MAX_CPUS 4096

/// Marks with 1 each of the `count` CPUs that the calling thread may run on; 0, or the errno.
int eseg_affinity_get(uint8_t *allowed, int count);

/// Lets the calling thread, and threads that it starts from now on, run on the marked CPUs alone; 0, or the errno.
int eseg_affinity_set(const uint8_t *allowed, int count);

#endif
