#ifndef HARNESS_H
#define HARNESS_H

#include "eseg_bilinear.h"
#include "eseg_concat.h"
#include "eseg_f32.h"
#include "eseg_pool.h"
#include "eseg_rearrange.h"
#include "eseg_s16_ops.h"
#include "eseg_s8_ops.h"

enum { MAX_OWNED = 256, GUARD = 64 };

/// The scalar kernels, which specify what all others compute.
const eseg_kernels *reference(void);

/// One random case of an operation: where its random numbers and memory come from, and how it ended.
typedef struct test_case {
    const eseg_kernels *kernels;  ///< under test
    uint64_t random;
    char shape[320];  ///< printed if the case fails
    char fault[200];  ///< empty: passed
    void *owned[MAX_OWNED];
    int owned_count;
} test_case;

/// Expected and actual bytes of an output. Both start out as the same noise, so that every byte that an operation must leave alone is
/// compared too: GUARD bytes on either side, and gaps between pixels.
typedef struct outputs {
    uint8_t *expected, *actual;
    size_t size;
} outputs;

// Random values

/// A value in [low, high].
int between(test_case *t, int low, int high);
int one_in(test_case *t, int n);
/// Uniform in [low, high).
double uniform(test_case *t, double low, double high);
/// One of `count` values.
int pick(test_case *t, const int *values, int count);
#define PICK(T, ...) pick(T, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/// Threads that an operation on maps runs on.
int take_threads(test_case *t);
/// A side of a map: tiny, or small.
int take_side(test_case *t);
/// Pixels of a row: one, some, or more than kernels keep at a time.
int take_pixels(test_case *t);

/// A window over a map of `height`×`width` pixels, and how many of its placements there are: sides differ, and there may be gaps. `most`:
/// of its kernel along either axis.
eseg_window take_window(test_case *t, int most, int height, int width, int *out_height, int *out_width);
/// For a case's shape: kernel, strides, dilations and padding of rows × columns.
typedef struct window_name {
    char text[112];
} window_name;
window_name name_of_window(const eseg_window *window);

// Memory, freed after the case

/// Exactly `bytes` bytes of noise: AddressSanitizer sees the first one read behind them.
void *take(test_case *t, size_t bytes);
/// The same, aligned to a cache line.
void *take_aligned(test_case *t, size_t bytes);
/// `count` codes: uniform, or all of them extreme; ESEG_SLACK bytes of noise behind them.
uint8_t *take_codes(test_case *t, size_t count);
/// `count` values in [-most, most]: uniform, or all of them extreme.
void fill_symmetric(test_case *t, int most, int32_t *values, size_t count);
/// A curve of any int16 values, or NULL.
const eseg_s8_curve *take_curve_or_null(test_case *t);
/// Slopes for `count` channels, any or all of them extreme, padded with zeros to whole blocks, or NULL.
const float *take_slopes_or_null(test_case *t, int count);
outputs take_outputs(test_case *t, size_t bytes);

/// Flips every fourth byte of `pixels` pixels of `channels` channels, as the rings of the kernels under test want it.
void flip_slots(const test_case *t, uint8_t *slots, int pixels, size_t stride, int channels);

/// Notes the case's shape, as printf does.
void describe(test_case *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Notes the first difference, if the case has not failed yet; `stride`: bytes of a pixel.
void expect_equal(test_case *t, const outputs *o, size_t stride);

// Benchmark

typedef struct bench {
    const eseg_kernels *tables[ESEG_ISA_COUNT];
    int table_count;
    const char *kernel;
    test_case memory;
} bench;

/// Times `run` with each table and prints a line for each: `work` units (MACs or bytes) are done by one call.
void time_each(bench *b, const char *shape, double work, const char *unit, void (*run)(const eseg_kernels *, void *), void *context);

// Variants

/// Compares the tables of this architecture with the list of the variants that exist: what a kernel lacks of its own it must have from
/// where the list says. Prints a line for each table; returns how many are wrong.
int check_variants(void);

// Operations

typedef struct operation {
    const char *name;
    void (*check)(test_case *t);  ///< NULL: none
    void (*bench)(bench *b);      ///< NULL: none
    int scalar_too;               ///< compared with naive arithmetic, not with the scalar kernels
} operation;

void check_s8_conv_row(test_case *t);
void check_s8_depthwise_row(test_case *t);
void check_s8_fusion_row(test_case *t);
void check_s8_copy_row(test_case *t);
void check_s8_pool_row(test_case *t);
void check_s8_sum_row(test_case *t);
void check_s8_gate_row(test_case *t);
void check_s8_affine_row(test_case *t);
void check_s8_argmax_row(test_case *t);
void check_s8_class_row(test_case *t);
void check_s8_shuffle_row(test_case *t);

void check_s8_conv_run(test_case *t);
void check_s8_depthwise_run(test_case *t);
void check_s8_fusion_run(test_case *t);
void check_s8_gate_run(test_case *t);
void check_s8_block_run(test_case *t);
void check_s8_affine_run(test_case *t);
void check_s8_pool_run(test_case *t);
void check_s8_argmax_run(test_case *t);

void check_s16_conv_row(test_case *t);
void check_s16_depthwise_row(test_case *t);
void check_s16_depthwise_taps_row(test_case *t);
void check_s16_add_row(test_case *t);
void check_s16_store(test_case *t);
void check_s16_widen(test_case *t);
void check_s16_pool_row(test_case *t);
void check_s16_sum_row(test_case *t);
void check_s16_mean_pixel(test_case *t);
void check_s16_product_row(test_case *t);
void check_s16_blend(test_case *t);
void check_s16_blend_row(test_case *t);

void check_s16_conv_run(test_case *t);
void check_s16_bilinear_run(test_case *t);
void check_s16_mean_run(test_case *t);
void check_s16_product_run(test_case *t);
void check_s16_fusion_run(test_case *t);
void check_s16_gate_run(test_case *t);
void check_s16_pool_run(test_case *t);
void check_s16_concat_run(test_case *t);
void check_s16_softmax_run(test_case *t);

void check_max_pool_run(test_case *t);
void check_channel_max_run(test_case *t);
void check_concat_copy(test_case *t);
void check_select_run(test_case *t);
void check_depth_to_space_run(test_case *t);
void check_sha256(test_case *t);

void bench_s8_conv_row(bench *b);
void bench_s8_depthwise_row(bench *b);
void bench_s8_fusion_row(bench *b);
void bench_s8_copy_row(bench *b);
void bench_s8_pool_row(bench *b);
void bench_s8_sum_row(bench *b);
void bench_s8_gate_row(bench *b);
void bench_s8_affine_row(bench *b);
void bench_s8_argmax_row(bench *b);
void bench_s8_class_row(bench *b);
void bench_s8_peak(bench *b);

#endif
