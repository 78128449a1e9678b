#ifndef ESEG_POOL_H
#define ESEG_POOL_H

#include "eseg_s16_ops.h"

// Pools of any window.

typedef enum eseg_element { ESEG_ELEMENT_U8, ESEG_ELEMENT_S16, ESEG_ELEMENT_F32 } eseg_element;

/// The maximum under a window; what lies outside the map does not count. Every window overlaps the map.
typedef struct eseg_max_pool_op {
    eseg_element element;
    eseg_window window;
    const void *in;
    void *out;
    int in_height, in_width, height, width;
    int stride;  ///< elements between pixels, in both maps, all of which are pooled
} eseg_max_pool_op;

/// Bytes of scratch that it needs with that many threads.
size_t eseg_max_pool_scratch_bytes(const eseg_max_pool_op *op, int threads);
void eseg_max_pool_run(const eseg_max_pool_op *op, int threads, void *scratch);

/// acc = Σ codes without zero point under a window, 0 outside the map, or in a cell of a grid as large as the output;
/// v = float(acc) · (multiplier / float(count)), rounded to codes.
typedef struct eseg_s16_mean_op {
    eseg_window window;
    int counts_padding;  ///< count is the window's pixels, not those inside the map
    int grid;            ///< means over the cells of a grid; there is no window
    eseg_s16_map in;
    float multiplier;
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_mean_op;

/// Bytes of scratch that it needs with that many threads.
size_t eseg_s16_mean_scratch_bytes(const eseg_s16_mean_op *op, int threads);
void eseg_s16_mean_run(const eseg_kernels *kernels, const eseg_s16_mean_op *op, int threads, void *scratch);

/// The mean of float32 values under a window, or in a cell of a grid.
typedef struct eseg_f32_mean_op {
    eseg_window window;
    int counts_padding, grid;
    eseg_f32_shape input, output;
} eseg_f32_mean_op;

void eseg_f32_window_mean_run(const eseg_f32_mean_op *op, const float *input, float *output, int threads);

/// v = float(a · b) · multiplier of codes without zero point, rounded to codes; `b` has `out`'s size, or one pixel, or one channel, or both.
typedef struct eseg_s16_product_op {
    eseg_s16_map a, b;
    float multiplier;
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_product_op;

size_t eseg_s16_product_scratch_bytes(const eseg_s16_product_op *op, int threads);
void eseg_s16_product_run(const eseg_kernels *kernels, const eseg_s16_product_op *op, int threads, void *scratch);

/// a · b of float32 maps, with `b` as above.
void eseg_f32_multiply_run(eseg_f32_shape shape, const float *a, eseg_f32_shape factors, const float *b, float *output, int threads);

#endif
