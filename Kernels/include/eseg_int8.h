#ifndef ESEG_INT8_H
#define ESEG_INT8_H

#include <stddef.h>
#include <stdint.h>

#include "eseg_cpu.h"

/// Row kernels of the int8 arithmetic, one table for each instruction set. The scalar table is the specification; every other gives the
/// same bytes. Maps are NHWC; a pixel's channels take a multiple of 4 bytes, and rows may be read up to ESEG_SLACK bytes past their end.
enum {
    ESEG_LANES = 16,   ///< output channels of a packed block
    ESEG_SLACK = 128,  ///< readable bytes behind every map, ring and packed array
    ESEG_CURVE_POINTS = 64,
    ESEG_UPSAMPLE_ONE = 128,  ///< weight 1 of the upsampling kernel
};

/// SiLU of an int16 code by interpolation; see SiLUCurve.
typedef struct eseg_curve {
    int16_t gain;
    int16_t base[ESEG_CURVE_POINTS];
    int16_t slope[ESEG_CURVE_POINTS];
} eseg_curve;

/// Bias and requantization of each output channel, padded to whole blocks with zeros.
typedef struct eseg_scaling {
    const int32_t *bias;      ///< zero-point correction included
    const float *multiplier;
    const eseg_curve *curve;  ///< NULL: none
    int32_t zero_point;
} eseg_scaling;

/// Where a convolution's results go.
typedef enum eseg_store {
    ESEG_STORE_U8,    ///< codes to `out`
    ESEG_STORE_RING,  ///< codes to every fourth byte of `out`: one slot of a depthwise ring; the others may be rewritten as they are
    ESEG_STORE_ADD,   ///< wide value + residual, rounded to codes in `out`
    ESEG_STORE_S16,   ///< int16 codes to `out`: logits
} eseg_store;

/// A row of output pixels of a convolution as an implicit matrix product: each output pixel reads `tap_count` runs of 4·`tap_quads` bytes.
typedef struct eseg_conv_row {
    const uint8_t *const *taps;  ///< each tap's bytes for the first pixel
    int tap_count;
    int tap_quads;
    size_t pixel_stride;    ///< bytes from one output pixel's tap to the next one's
    int pixels;
    const int8_t *weights;  ///< packed by eseg_pack_conv for the table's kernels
    int wide;               ///< weights are int16
    eseg_scaling scaling;
    int channel_begin;      ///< multiple of ESEG_LANES
    int channel_end;        ///< multiple of ESEG_LANES or the layer's last channel
    eseg_store store;
    void *out;              ///< the first pixel's code of channel_begin
    size_t out_stride;      ///< bytes between pixels
    const uint8_t *residual;  ///< ESEG_STORE_ADD: the first pixel's code of channel_begin
    size_t residual_stride;
    int16_t residual_multiplier;
    int32_t residual_zero_point;
    int shift;
    int relu_before_add;
} eseg_conv_row;

/// A row of output pixels of a depthwise convolution over a ring: the codes of four rows (kernel 3) or two groups of four (kernel 5) lie
/// interleaved, [group][pixel][channel][4], so that a dot product of four bytes is a column of the kernel.
typedef struct eseg_depthwise_row {
    const uint8_t *ring;   ///< leftmost (padding) pixel, first channel
    size_t pixel_stride;
    size_t group_stride;
    int first_slot;        ///< slot of the kernel's first row: 0..<4 or 0..<8
    int kernel;            ///< 3 or 5
    int stride;
    int pixels;
    int channels;
    const int8_t *weights;  ///< packed by eseg_pack_depthwise for the table's kernels, first channel's block
    eseg_scaling scaling;   ///< of the first channel on
    uint8_t *out;
    size_t out_stride;
} eseg_depthwise_row;

enum { ESEG_MAX_FUSED = 16 };

/// A row of a weighted sum of maps into a slot of a ring, or left wide for a finer level's sum.
typedef struct eseg_fuse_row {
    int inputs;
    const uint8_t *rows[ESEG_MAX_FUSED];        ///< first pixel, first channel
    const int32_t *columns[ESEG_MAX_FUSED];     ///< byte offset of the source pixel of each pixel
    const int32_t *multipliers[ESEG_MAX_FUSED]; ///< per channel, int16 values; padded to whole blocks, as the bias
    const int32_t *bias;                        ///< per channel: −Σ zero point · multiplier, and half a step; NULL: zeros
    const int32_t *coarse;                      ///< sums to start from, first channel; NULL: none
    const int32_t *coarse_columns;              ///< offset in `coarse` of each pixel, in values
    int32_t *wide;                              ///< takes the sums themselves, instead of `out`; NULL: none
    size_t wide_stride;                         ///< values between pixels
    int shift;
    const eseg_curve *curve;
    int32_t zero_point;
    int pixels;
    int channels;
    uint8_t *out;  ///< ring slot: every fourth byte
    size_t out_stride;
} eseg_fuse_row;

/// A row of class indices from two rows of logits in planes.
typedef struct eseg_upsample_row {
    const int16_t *top, *bottom;  ///< [classes][plane_stride]
    size_t plane_stride;          ///< at least source width + ESEG_LANES
    int classes;
    int source_width;
    int bottom_weight;            ///< 0..<ESEG_UPSAMPLE_ONE
    const int32_t *columns;       ///< left source column of each pixel, rising by at most 1 from pixel to pixel
    const int32_t *weights;       ///< right column's weight of each pixel, 0..<ESEG_UPSAMPLE_ONE
    int by_4;                     ///< pixel 4x + 2 + k lies 2k + 1 eighths from column x to the next one, as the tables say too
    int pixels;                   ///< columns and weights are padded to a multiple of 16
    int32_t *scratch;             ///< 2 · classes · plane_stride values
    uint8_t *out;
} eseg_upsample_row;

/// A layout of weights: blocks of ESEG_LANES channels, all of one size. Parameters: see the functions below.
typedef struct eseg_packing {
    size_t (*conv_size)(int channels, int tap_count, int tap_quads, int wide);
    void (*pack_conv)(const void *weights, int wide, int out, int kh, int kw, int in, int in_stride, const eseg_scaling *scaling,
                      int8_t *packed);
    size_t (*depthwise_size)(int channels, int kernel);
    void (*pack_depthwise)(const int8_t *weights, int channels, int kernel, const eseg_scaling *scaling, int8_t *packed);
} eseg_packing;

typedef struct eseg_kernels {
    eseg_isa isa;
    const eseg_packing *packing;  ///< of the weights that these kernels read
    uint8_t ring_flip;            ///< codes in rings are stored and read exclusive-or this: 0, or 0x80 where products take signed bytes
    void (*conv_row)(const eseg_conv_row *row);
    void (*depthwise_row)(const eseg_depthwise_row *row);
    void (*fuse_row)(const eseg_fuse_row *row);
    /// out[p] = codes of `channels` channels interleaved into every fourth byte, as ESEG_STORE_RING.
    void (*copy_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride);
    /// Maximum over 3×3 at stride 2 of three rows (the outer two may repeat the middle one), `channels` bytes of each pixel.
    void (*pool_row)(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                     size_t out_stride);
    /// sums[c] += Σ over pixels, at most 2^31 / 255 of them.
    void (*sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums);
    /// In place: sat8(out_zero + mulhrs((q − in_zero)·4, gates[c])).
    void (*gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero);
    void (*upsample_row)(const eseg_upsample_row *row);
    /// Runs the instruction that bounds int8 throughput `rounds` times over independent registers; returns the MACs done.
    int64_t (*peak)(int64_t rounds);
} eseg_kernels;

/// The kernels for `isa`; `isa` must be supported by this CPU.
const eseg_kernels *eseg_kernels_for(eseg_isa isa);

// Packing

/// Blocks of 16 channels that `channels` take.
static inline int eseg_blocks(int channels) { return (channels + ESEG_LANES - 1) / ESEG_LANES; }

/// Bytes that `channels` u8 channels of a pixel take: the next multiple of 4.
static inline int eseg_channel_stride(int channels) { return (channels + 3) & ~3; }

/// Bytes of convolution weights packed for `kernels`. `tap_quads`: see eseg_conv_row.
size_t eseg_packed_conv_size(const eseg_kernels *kernels, int channels, int tap_count, int tap_quads, int wide);

/// Packs [out][kh][kw][in] weights (int8, or int16 if wide) for `kernels`; `in_stride` bytes hold a pixel's `in` channels, and a tap is a
/// whole kernel row of kw · in_stride bytes. Biases and multipliers may be packed too: rows have to come with the same ones.
void eseg_pack_conv(const eseg_kernels *kernels, const void *weights, int wide, int out, int kh, int kw, int in, int in_stride,
                    const eseg_scaling *scaling, int8_t *packed);

size_t eseg_packed_depthwise_size(const eseg_kernels *kernels, int channels, int kernel);

/// Packs [channels][k][k] weights for `kernels`.
void eseg_pack_depthwise(const eseg_kernels *kernels, const int8_t *weights, int channels, int kernel, const eseg_scaling *scaling,
                         int8_t *packed);

#endif
