#ifndef ESEG_FLOAT_COMMON_H
#define ESEG_FLOAT_COMMON_H

#include "eseg_f32.h"

#define PANEL ESEG_F32_PANEL
/// Most pixels that a tile of any instruction set's convolution computes at once.
#define MAX_TILE_PIXELS 12

static inline int least(int a, int b) { return a < b ? a : b; }
static inline int greatest(int a, int b) { return a > b ? a : b; }
/// Of a quotient that may be negative: then 0 or less.
static inline int divide_up(int a, int b) { return (a + b - 1) / b; }
static inline int clamp(int x, int low, int high) { return least(greatest(x, low), high); }

/// The taps first..<last of a window along one axis that lie inside the map.
typedef struct taps {
    int first, last;
} taps;

/// Of taps that are `dilation` apart, the first at `origin`.
static inline taps taps_inside(int origin, int count, int dilation, int size) {
    const int last = clamp(divide_up(size - origin, dilation), 0, count);
    return (taps){clamp(divide_up(-origin, dilation), 0, last), last};
}

/// Where the window of an output sample begins.
static inline int origin_of(const eseg_axis *axis, int sample) { return sample * axis->stride - axis->before; }

/// Source position and weight of the second of two neighbors for one output position of a bilinear resize.
typedef struct lerp {
    int low, high;
    float fraction;
} lerp;

static inline lerp lerp_at(int position, int in, int out, int align_corners) {
    float source = ((float)position + 0.5f) * ((float)in / (float)out) - 0.5f;
    if (align_corners) source = out > 1 ? (float)position * ((float)(in - 1) / (float)(out - 1)) : 0;
    source = source < 0 ? 0 : source;
    int low = least((int)source, in - 1);
    return (lerp){low, least(low + 1, in - 1), source - (float)low};
}

/// Walks source = floor(destination * in / out) over rising destinations without dividing.
typedef struct nearest {
    int source, remainder, in, out;
} nearest;

static inline nearest nearest_at(int destination, int in, int out) {
    int64_t position = (int64_t)destination * in;
    return (nearest){(int)(position / out), (int)(position % out), in, out};
}

static inline void nearest_advance(nearest *walk) {
    walk->remainder += walk->in;
    while (walk->remainder >= walk->out) {
        walk->remainder -= walk->out;
        ++walk->source;
    }
}

#endif
