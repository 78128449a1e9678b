#ifndef S16_H
#define S16_H

#include "harness.h"

/// `count` int16 codes: uniform, or all of them extreme; ESEG_SLACK bytes of noise behind them.
int16_t *take_s16_codes(test_case *t, size_t count);
/// `count` weights whose sum with any codes and a bias of `take_s16_scaling` fits an int32 if `taps` of them are summed up.
int16_t *take_s16_weights(test_case *t, size_t count, int taps);
/// Values between −2^24 and 2^24 for `count` channels, padded with zeros.
eseg_s16_scaling take_s16_scaling(test_case *t, int channels);
/// `count` multipliers, padded with zeros to whole blocks.
float *take_multipliers_of(test_case *t, int count, double most);
/// How values become codes of `bytes` bytes.
eseg_s16_output take_s16_output(test_case *t, int bytes);
/// For a case's shape: a comma and the name, or nothing.
const char *curve_name(eseg_s16_curve curve);

#endif
