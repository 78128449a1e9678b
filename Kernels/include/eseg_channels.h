#ifndef ESEG_CHANNELS_H
#define ESEG_CHANNELS_H

#include "eseg_pool.h"

// What takes all channels of a pixel together.

/// The greatest channel of each pixel, of which there is at least one.
typedef struct eseg_channel_max_op {
    eseg_element element;
    const void *in;
    void *out;
    size_t pixels;
    int channels;
    size_t in_stride, out_stride;  ///< elements between pixels
} eseg_channel_max_op;

void eseg_channel_max_run(const eseg_channel_max_op *op, int threads);

/// Shares of a pixel's channels: e[c] = exp(float(d[c] − greatest d) · step), v = e[c] / Σ e · (1 / output scale), the sum in rising order of
/// channels; v rounded to codes.
typedef struct eseg_s16_softmax_op {
    eseg_s16_map in;
    float step;  ///< the real value of one step of the input
    eseg_s16_output output;
    eseg_s16_map out;
} eseg_s16_softmax_op;

/// Bytes of scratch that it needs with that many threads.
size_t eseg_s16_softmax_scratch_bytes(const eseg_s16_softmax_op *op, int threads);
void eseg_s16_softmax_run(const eseg_kernels *kernels, const eseg_s16_softmax_op *op, int threads, void *scratch);

/// The same of float32 values.
void eseg_f32_softmax_run(eseg_f32_shape shape, const float *input, float *output, int threads);

#endif
