#define _POSIX_C_SOURCE 200809L

#include "harness.h"

#include <float.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const eseg_kernels *reference(void) { return eseg_kernels_for(ESEG_ISA_SCALAR); }

static uint64_t next(test_case *t) {
    uint64_t z = t->random += 0x9e3779b97f4a7c15;  // splitmix64
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

int between(test_case *t, int low, int high) { return (int)(low + (int64_t)(next(t) % ((uint64_t)((int64_t)high - low) + 1))); }

int one_in(test_case *t, int n) { return between(t, 1, n) == 1; }

double uniform(test_case *t, double low, double high) { return low + (high - low) * (double)(next(t) >> 11) * 0x1p-53; }

int pick(test_case *t, const int *values, int count) { return values[between(t, 0, count - 1)]; }

int take_threads(test_case *t) { return PICK(t, 1, 2, 3, 7); }

int take_side(test_case *t) { return one_in(t, 3) ? between(t, 1, 3) : between(t, 1, 20); }

int take_pixels(test_case *t) { return one_in(t, 8) ? 1 : between(t, 1, one_in(t, 10) ? 420 : 70); }

static void *own(test_case *t, void *memory) {
    if (!memory || t->owned_count == MAX_OWNED) {
        fprintf(stderr, "KernelHarness: out of memory\n");
        exit(2);
    }
    return t->owned[t->owned_count++] = memory;
}

static void fill_noise(test_case *t, uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i += 8) {
        uint64_t noise = next(t);
        memcpy(bytes + i, &noise, count - i < 8 ? count - i : 8);
    }
}

void *take(test_case *t, size_t bytes) {
    uint8_t *memory = own(t, malloc(bytes ? bytes : 1));
    fill_noise(t, memory, bytes);
    return memory;
}

void *take_aligned(test_case *t, size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, bytes ? bytes : 64) != 0) memory = NULL;
    own(t, memory);
    fill_noise(t, memory, bytes);
    return memory;
}

uint8_t *take_codes(test_case *t, size_t count) {
    uint8_t *codes = take(t, count + ESEG_SLACK);
    const int pattern = between(t, 0, 7);
    if (pattern < 2) memset(codes, pattern == 0 ? 0 : 255, count);
    if (pattern == 2)
        for (size_t i = 0; i < count; ++i) codes[i] = codes[i] & 1 ? 255 : 0;
    if (pattern == 3 || pattern == 4)  // around 128, where signed codes are small
        for (size_t i = 0; i < count; ++i) codes[i] = (uint8_t)(pattern == 3 ? 64 + codes[i] / 2 : 32 + codes[i] * 3 / 4);
    return codes;
}

void fill_symmetric(test_case *t, int most, int32_t *values, size_t count) {
    const int pattern = between(t, 0, 7);
    for (size_t i = 0; i < count; ++i) {
        if (pattern == 0) values[i] = most;
        else if (pattern == 1) values[i] = -most;
        else if (pattern == 2) values[i] = next(t) & 1 ? most : -most;
        else values[i] = between(t, -most, most);
    }
}

const eseg_s8_curve *take_curve_or_null(test_case *t) { return one_in(t, 2) ? take(t, sizeof(eseg_s8_curve)) : NULL; }

static float any_slope(test_case *t, int pattern) {
    static const float extremes[] = {0, -0.0f, 1, -1, 0x1p20f, -0x1p20f, FLT_MIN, -FLT_MIN, FLT_MAX, -FLT_MAX};
    if (pattern == 0) return extremes[between(t, 0, sizeof extremes / sizeof extremes[0] - 1)];
    return (float)uniform(t, pattern == 1 ? -2 : 0, pattern == 1 ? 2 : 0.5);
}

const float *take_slopes_or_null(test_case *t, int count) {
    if (!one_in(t, 3)) return NULL;
    const int padded = eseg_blocks(count) * ESEG_LANES, pattern = between(t, 0, 3);
    float *slopes = take(t, padded * sizeof *slopes);
    for (int c = 0; c < padded; ++c) slopes[c] = c < count ? any_slope(t, pattern) : 0;
    return slopes;
}

outputs take_outputs(test_case *t, size_t bytes) {
    outputs o = {take_aligned(t, bytes + 2 * GUARD), take_aligned(t, bytes + 2 * GUARD), bytes};
    memcpy(o.actual, o.expected, bytes + 2 * GUARD);
    o.expected += GUARD;
    o.actual += GUARD;
    return o;
}

void flip_slots(const test_case *t, uint8_t *slots, int pixels, size_t stride, int channels) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; ++c) slots[p * stride + 4 * c] ^= t->kernels->s8.layout->ring_flip;
}

void describe(test_case *t, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->shape, sizeof t->shape, format, arguments);
    va_end(arguments);
}

void expect_equal(test_case *t, const outputs *o, size_t stride) {
    for (ptrdiff_t i = -GUARD; i < (ptrdiff_t)o->size + GUARD; ++i) {
        if (t->fault[0] || o->expected[i] == o->actual[i]) continue;
        char where[80];
        if (i < 0) snprintf(where, sizeof where, "%td bytes before the output", -i);
        else if (i >= (ptrdiff_t)o->size) snprintf(where, sizeof where, "%td bytes behind the output", i - (ptrdiff_t)o->size + 1);
        else snprintf(where, sizeof where, "pixel %td, byte %td", i / (ptrdiff_t)stride, i % (ptrdiff_t)stride);
        snprintf(t->fault, sizeof t->fault, "%s: expected %d, found %d", where, o->expected[i], o->actual[i]);
    }
}
