#include "eseg_s8_ops.h"

int64_t eseg_s8_peak_run(const eseg_kernels *kernels, int64_t rounds, int threads) {
    int64_t macs = 0;
#pragma omp parallel num_threads(threads) reduction(+ : macs)
    macs += kernels->s8.peak(rounds);
    return macs;
}
