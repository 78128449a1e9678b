#ifndef ESEG_S8_H
#define ESEG_S8_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_isa.h"
#include "eseg_maps.h"

/// Row kernels of the int8 arithmetic: unsigned 8-bit codes, int8 weights or here and there int16 ones. The scalar kernels are the
/// specification; every other gives the same bytes. Maps are NHWC; a pixel's channels take a multiple of 4 bytes, and rows may be read up
/// to ESEG_SLACK bytes past their end.
enum {
    ESEG_S8_CURVE_POINTS = 64,
    ESEG_S8_ARGMAX_ONE = 128,       ///< weight 1 of argmax_row's interpolation
    ESEG_S8_DEPTHWISE_KERNEL = 11,  ///< greatest kernel of a depthwise convolution
    ESEG_S8_STEEPEST = 1 << 30,     ///< scaled values with slopes are limited to this magnitude
};

/// SiLU, HardSwish or GELU of an int16 code by interpolation; see ActivationCurve.
typedef struct eseg_s8_curve {
    int16_t gain;
    int16_t base[ESEG_S8_CURVE_POINTS];
    int16_t slope[ESEG_S8_CURVE_POINTS];
} eseg_s8_curve;

/// The code of value `t` · input step on a curve: the specification.
uint8_t eseg_s8_curve_code(const eseg_s8_curve *curve, int32_t t, int32_t zero_point);

/// Bias and requantization of each output channel, padded to whole blocks with zeros.
typedef struct eseg_s8_scaling {
    const int32_t *bias;  ///< zero-point correction included
    const float *multiplier;
    const eseg_s8_curve *curve;  ///< NULL: none
    const float *slope;          ///< by which scaled values below 0 are multiplied, any finite ones; NULL: none. Without a curve
    int32_t zero_point;
} eseg_s8_scaling;

/// Where a convolution's results go.
typedef enum eseg_s8_store {
    ESEG_S8_STORE_CODES,   ///< codes to `out`
    ESEG_S8_STORE_RING,    ///< codes to every fourth byte of `out`: one slot of a depthwise ring; the others may be rewritten as they are
    ESEG_S8_STORE_SUM,     ///< scaled accumulator + residual, rounded to codes in `out`
    ESEG_S8_STORE_LOGITS,  ///< int16 codes to `out`: logits
} eseg_s8_store;

/// A row of output pixels of a convolution as an implicit matrix product: each output pixel reads `tap_count` runs of 4·`tap_quads` bytes.
typedef struct eseg_s8_conv_row {
    const uint8_t *const *taps;  ///< each tap's bytes for the first pixel
    int tap_count;
    int tap_quads;
    size_t pixel_stride;  ///< bytes from one output pixel's tap to the next one's
    int pixels;
    const int8_t *weights;  ///< packed by eseg_s8_conv_pack for the table's kernels
    int int16_weights;      ///< weights are int16, not int8
    eseg_s8_scaling scaling;
    int channel_begin;  ///< multiple of ESEG_LANES
    int channel_end;    ///< multiple of ESEG_LANES or the layer's last channel
    eseg_s8_store store;
    void *out;                ///< the first pixel's code of channel_begin
    size_t out_stride;        ///< bytes between pixels
    const uint8_t *residual;  ///< ESEG_S8_STORE_SUM: the first pixel's code of channel_begin
    size_t residual_stride;
    int16_t residual_multiplier;
    int32_t residual_zero_point;
    int shift;
    int relu_before_add;
} eseg_s8_conv_row;

/// A row of output pixels of a depthwise convolution over a ring: the codes of groups of four rows, as many as the kernel's rows need, lie
/// interleaved, [group][pixel][channel][4], so that a dot product of four bytes is a part of a column of the kernel.
typedef struct eseg_s8_depthwise_row {
    const uint8_t *ring;  ///< leftmost (padding) pixel, first channel
    size_t pixel_stride;
    size_t group_stride;
    int first_slot;  ///< slot of the kernel's first row: 0..<4 · groups
    int kernel;      ///< odd, ESEG_S8_DEPTHWISE_KERNEL at most; 3 and 5 are the fast ones
    int stride;
    int pixels;
    int channels;
    const int8_t *weights;    ///< packed by eseg_s8_depthwise_pack for the table's kernels, first channel's block
    eseg_s8_scaling scaling;  ///< of the first channel on
    uint8_t *out;
    size_t out_stride;
} eseg_s8_depthwise_row;

/// A row of pixels whose channels are multiplied and shifted one by one: a depthwise convolution with a 1×1 kernel at stride 1.
typedef struct eseg_s8_affine_row {
    const uint8_t *in;
    size_t in_stride;
    int pixels;
    int channels;
    const int8_t *weights;  ///< per channel, padded to whole blocks
    eseg_s8_scaling scaling;
    uint8_t *out;
    size_t out_stride;
} eseg_s8_affine_row;

/// A row of a weighted sum of maps into a slot of a ring or a map, or left unrounded for a finer level's sum.
typedef struct eseg_s8_fusion_row {
    int inputs;
    const uint8_t *rows[ESEG_MAX_FUSED];         ///< first pixel, first channel
    const int32_t *columns[ESEG_MAX_FUSED];      ///< byte offset of the source pixel of each pixel
    const int32_t *multipliers[ESEG_MAX_FUSED];  ///< per channel, int16 values; padded to whole blocks, as the bias
    const int32_t *bias;                         ///< per channel: −Σ zero point · multiplier, and half a step; NULL: zeros
    const int32_t *coarse;                       ///< sums to start from, first channel; NULL: none
    const int32_t *coarse_columns;               ///< offset in `coarse` of each pixel, in values
    int32_t *accumulators;                       ///< takes the sums themselves, instead of `out`; NULL: none
    size_t accumulator_stride;                   ///< values between pixels
    int shift;
    const eseg_s8_curve *curve;
    int32_t zero_point;
    int pixels;
    int channels;
    int packed;    ///< codes lie one after the other in `out`
    uint8_t *out;  ///< unless packed, a ring slot: every fourth byte
    size_t out_stride;
} eseg_s8_fusion_row;

/// By what the margin of a pixel's best two logits, interpolated ones or times ESEG_S8_ARGMAX_ONE², is multiplied for its doubt: first by a
/// factor of the best class, then by one of the second best. Each table has room for 256 classes.
typedef struct eseg_s8_doubt_scales {
    const float *best, *second;
} eseg_s8_doubt_scales;

/// A row of class indices from two rows of logits in planes.
typedef struct eseg_s8_argmax_row {
    const int16_t *top, *bottom;  ///< [classes][plane_stride]
    size_t plane_stride;          ///< at least source width + ESEG_LANES
    int classes;
    int source_width;
    int bottom_weight;       ///< 0..<ESEG_S8_ARGMAX_ONE
    const int32_t *columns;  ///< left source column of each pixel, rising by at most 1 from pixel to pixel
    const int32_t *weights;  ///< right column's weight of each pixel, 0..<ESEG_S8_ARGMAX_ONE
    int by_4;                ///< pixel 4x + 2 + k lies 2k + 1 eighths from column x to the next one, as the tables say too
    int pixels;              ///< columns and weights are padded to a multiple of 16
    int32_t *scratch;        ///< 2 · classes · plane_stride values
    uint8_t *out;
    uint8_t *doubt;  ///< of each pixel; NULL: not wanted. At least two classes
    eseg_s8_doubt_scales doubt_scales;
    int32_t *margins;  ///< for calibration, of the scalar kernel alone: NULL, or each pixel's margin …
    uint8_t *seconds;  ///< … and second best class
} eseg_s8_argmax_row;

/// Logits of the image's own size.
typedef struct eseg_s8_class_row {
    const int16_t *logits;
    size_t stride;  ///< logits from pixel to pixel
    int pixels, classes;
    uint8_t *out;
    uint8_t *doubt;  ///< this and what follows as of eseg_s8_argmax_row
    eseg_s8_doubt_scales doubt_scales;
    int32_t *margins;
    uint8_t *seconds;
} eseg_s8_class_row;

/// 255 where the best two logits are equal, less the further apart they are: the specification.
uint8_t eseg_s8_doubt(int32_t margin, float best_scale, float second_scale);

enum { ESEG_SHUFFLE_BYTES = 16 };

/// A vector of a pixel's bytes whose bytes go to other places of an output vector.
typedef struct eseg_shuffle_piece {
    int32_t from, to;                   ///< first byte of the input's vector, and of the output's
    uint8_t bytes[ESEG_SHUFFLE_BYTES];  ///< of the input's vector that each byte of the output's is; 0x80: none, 0
} eseg_shuffle_piece;

/// Pixels whose bytes are shuffled alike. Pieces of the same output vector follow each other and are added up.
typedef struct eseg_shuffle_row {
    const uint8_t *in;
    size_t in_stride;
    uint8_t *out;
    size_t out_stride;
    int pixels;
    const eseg_shuffle_piece *pieces;
    int piece_count;
} eseg_shuffle_row;

/// How the kernels that multiply want their operands: weights in blocks of ESEG_LANES channels, all of one size, and codes in rings.
/// Parameters: see the functions below.
typedef struct eseg_s8_layout {
    size_t (*conv_size)(int channels, int tap_count, int tap_quads, int int16_weights);
    void (*conv_pack)(const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                      const eseg_s8_scaling *scaling, int8_t *packed);
    size_t (*depthwise_size)(int channels, int kernel);
    void (*depthwise_pack)(const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling, int8_t *packed);
    uint8_t ring_flip;  ///< codes in rings are stored and read exclusive-or this: 0, or 0x80 where products take signed bytes
} eseg_s8_layout;

typedef struct eseg_s8_kernels {
    const eseg_s8_layout *layout;  ///< of what the next four read and write, or they could not work together
    void (*conv_row)(const eseg_s8_conv_row *row);
    void (*depthwise_row)(const eseg_s8_depthwise_row *row);
    void (*fusion_row)(const eseg_s8_fusion_row *row);
    /// out[p] = codes of `channels` channels interleaved into every fourth byte, as ESEG_S8_STORE_RING.
    void (*copy_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride);
    /// Maximum over 3×3 at stride 2 of three rows (the outer two may repeat the middle one), `channels` bytes of each pixel.
    void (*pool_row)(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                     size_t out_stride);
    /// sums[c] += Σ over pixels, at most 2^31 / 255 of them.
    void (*sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums);
    /// In place: sat8(out_zero + mulhrs((q − in_zero)·4, gates[c])).
    void (*gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero);
    void (*affine_row)(const eseg_s8_affine_row *row);
    void (*argmax_row)(const eseg_s8_argmax_row *row);
    /// out[p] = the class with the largest of a pixel's logits, the lowest on ties.
    void (*class_row)(const eseg_s8_class_row *row);
    /// Bytes of any type's elements.
    void (*shuffle_row)(const eseg_shuffle_row *row);
    /// Runs the instruction that bounds int8 throughput `rounds` times over independent registers; returns the MACs done.
    int64_t (*peak)(int64_t rounds);
} eseg_s8_kernels;

// Packing

/// Bytes of convolution weights packed for `kernels`. `tap_quads`: see eseg_s8_conv_row.
size_t eseg_s8_conv_packed_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_quads, int int16_weights);

/// Packs [out][kh][kw][in] weights (int8, or int16 if int16_weights) for `kernels`; `in_stride` bytes hold a pixel's `in` channels, and a
/// tap is a whole kernel row of kw · in_stride bytes. Biases and multipliers may be packed too: rows have to come with the same ones.
void eseg_s8_conv_pack(const eseg_kernels *kernels, const void *weights, int int16_weights, int out, int kh, int kw, int in, int in_stride,
                       const eseg_s8_scaling *scaling, int8_t *packed);

size_t eseg_s8_depthwise_packed_size(const eseg_kernels *kernels, int channels, int kernel);

/// Packs [channels][k][k] weights for `kernels`.
void eseg_s8_depthwise_pack(const eseg_kernels *kernels, const int8_t *weights, int channels, int kernel, const eseg_s8_scaling *scaling,
                            int8_t *packed);

#endif
