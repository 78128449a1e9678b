#ifndef ESEG_MAPS_H
#define ESEG_MAPS_H

/// How the maps and weights of the integer arithmetics lie in memory.
enum {
    ESEG_LANES = 16,      ///< output channels of a packed block
    ESEG_SLACK = 128,     ///< readable bytes behind every map, ring and packed array
    ESEG_MAX_FUSED = 16,  ///< most maps that a weighted sum takes
};

/// How a window slides along one axis of a map: sample i of the output reads i · stride − before + k · dilation for k in 0..<kernel.
typedef struct eseg_axis {
    int kernel, stride, dilation, before;
} eseg_axis;

typedef struct eseg_window {
    eseg_axis rows, columns;
} eseg_window;

/// Samples from a window's first to its last.
static inline int eseg_axis_reach(const eseg_axis *axis) { return (axis->kernel - 1) * axis->dilation + 1; }

/// Samples that `count` samples of the output read, from the first to the last.
static inline int eseg_axis_span(const eseg_axis *axis, int count) { return (count - 1) * axis->stride + eseg_axis_reach(axis); }

/// A square of kernel · kernel, half of it before the sample.
static inline eseg_window eseg_square_window(int kernel, int stride) {
    const eseg_axis axis = {kernel, stride, 1, kernel / 2};
    return (eseg_window){axis, axis};
}

/// Most pixels of a window.
enum { ESEG_MAX_TAPS = 128 };

/// Blocks of ESEG_LANES channels that `channels` take.
static inline int eseg_blocks(int channels) { return (channels + ESEG_LANES - 1) / ESEG_LANES; }

/// Codes that `channels` channels of a pixel take: the next multiple of 4.
static inline int eseg_channel_stride(int channels) { return (channels + 3) & ~3; }

#endif
