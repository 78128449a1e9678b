#include "eseg_peak.h"

int64_t eseg_run_peak(const eseg_kernels *kernels, int64_t rounds, int threads) {
    int64_t macs = 0;
#pragma omp parallel num_threads(threads) reduction(+ : macs)
    macs += kernels->peak(rounds);
    return macs;
}
