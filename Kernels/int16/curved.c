#include <math.h>

#include "eseg_s8.h"
#include "pieces.h"

static int32_t sat16(long value) { return (int32_t)(value < INT16_MIN ? INT16_MIN : value > INT16_MAX ? INT16_MAX : value); }

void eseg_s16_store_curved(const float *values, size_t count, const eseg_s16_output *output, uint8_t *out) {
    for (size_t i = 0; i < count; ++i) out[i] = eseg_s8_curve_code(output->table, sat16(lrintf(values[i])), output->zero_point);
}
