#ifndef ESEG_PEAK_H
#define ESEG_PEAK_H

#include "eseg_int8.h"

/// Runs `kernels->peak(rounds)` on that many threads at once; returns the MACs that they did together.
int64_t eseg_run_peak(const eseg_kernels *kernels, int64_t rounds, int threads);

#endif
