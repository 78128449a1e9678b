#include "eseg_weights.h"

#include <math.h>
#include <string.h>

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void eseg_f16_to_f32(const void *source, size_t count, float *target) {
    const unsigned char *bytes = source;
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, bytes + 2 * i, 2);
        uint32_t magnitude = half & 0x7FFFu, sign = (uint32_t)(half & 0x8000u) << 16;
        uint32_t widened = magnitude << 13;
        uint32_t bits;
        float scaled = from_bits(widened) * 0x1p112f;  // moves the exponent's bias, normalizes subnormals
        memcpy(&bits, &scaled, 4);
        target[i] = from_bits(sign | (magnitude >= 0x7C00u ? widened | 0x7F800000u : bits));
    }
}

void eseg_bf16_to_f32(const void *source, size_t count, float *target) {
    const unsigned char *bytes = source;
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, bytes + 2 * i, 2);
        target[i] = from_bits((uint32_t)half << 16);
    }
}

size_t eseg_first_nonfinite(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) return i;
    return count;
}

void eseg_fold_weights(const float *source, const double *scale, size_t outputs, size_t inputs, size_t taps, float *folded) {
    for (size_t o = 0; o < outputs; o++)
        for (size_t t = 0; t < taps; t++)
            for (size_t i = 0; i < inputs; i++)
                folded[(o * taps + t) * inputs + i] = (float)((double)source[(o * inputs + i) * taps + t] * scale[o]);
}

/// The sum of so many magnitudes fits into 32 bits, which vectors add more of at a time than 64.
enum { MAGNITUDES = 1 << 20 };

void eseg_sums_of_magnitudes_i8(const int8_t *values, size_t rows, size_t columns, uint64_t *sums) {
    for (size_t r = 0; r < rows; r++, values += columns) {
        sums[r] = 0;
        for (size_t begin = 0; begin < columns; begin += MAGNITUDES) {
            const size_t end = columns - begin < MAGNITUDES ? columns : begin + MAGNITUDES;
            uint32_t sum = 0;
            for (size_t i = begin; i < end; i++) sum += (uint8_t)(values[i] < 0 ? -values[i] : values[i]);
            sums[r] += sum;
        }
    }
}

void eseg_sums_of_magnitudes_i16(const int16_t *values, size_t rows, size_t columns, uint64_t *sums) {
    for (size_t r = 0; r < rows; r++, values += columns) {
        uint64_t sum = 0;
        for (size_t i = 0; i < columns; i++) sum += (uint64_t)(values[i] < 0 ? -(int32_t)values[i] : values[i]);
        sums[r] = sum;
    }
}

int32_t eseg_greatest_magnitude_i8(const int8_t *values, size_t count) {
    int32_t greatest = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t magnitude = values[i] < 0 ? -(int32_t)values[i] : values[i];
        if (magnitude > greatest) greatest = magnitude;
    }
    return greatest;
}

int32_t eseg_greatest_magnitude_i16(const int16_t *values, size_t count) {
    int32_t greatest = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t magnitude = values[i] < 0 ? -(int32_t)values[i] : values[i];
        if (magnitude > greatest) greatest = magnitude;
    }
    return greatest;
}
