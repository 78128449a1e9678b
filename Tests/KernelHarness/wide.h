#ifndef WIDE_H
#define WIDE_H

#include "harness.h"

const eseg_wide_kernels *wide_kernels(const test_case *t);
const eseg_wide_kernels *wide_reference(void);

/// `count` int16 codes: uniform, or all of them extreme; ESEG_SLACK bytes of noise behind them.
int16_t *take_wide_codes(test_case *t, size_t count);
/// `count` weights whose sum with any codes and a bias of `wide_scaling` fits an int32 if `taps` of them are summed up.
int16_t *take_wide_weights(test_case *t, size_t count, int taps);
/// Values between −2^24 and 2^24 for `count` channels, padded with zeros.
eseg_wide_scaling take_wide_scaling(test_case *t, int channels);
/// `count` multipliers, padded with zeros to whole blocks.
float *take_multipliers_of(test_case *t, int count, double most);
/// How values become codes of `bytes` bytes.
eseg_wide_output take_wide_output(test_case *t, int bytes);

#endif
