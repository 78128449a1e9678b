#ifndef ESEG_SPAN_H
#define ESEG_SPAN_H

#include <stdint.h>

#include "eseg_maps.h"

// What an average along one axis reads.

/// Samples first, first + step, … <last of a map's axis.
typedef struct span {
    int first, last, step;
} span;

/// The samples inside a map of `size` of the window at output sample `i`.
static inline span window_span(const eseg_axis *axis, int i, int size) {
    const int64_t origin = (int64_t)i * axis->stride - axis->before, step = axis->dilation;
    const int64_t last = origin + axis->kernel * step, skipped = origin < 0 ? (step - 1 - origin) / step : 0;
    const int64_t first = origin + skipped * step;
    if (first >= size || first >= last) return (span){0, 0, axis->dilation};
    return (span){(int)first, (int)(last < size ? last : size), axis->dilation};
}

/// The samples that cell `i` of `cells` covers of an axis of `size`.
static inline span cell_span(int i, int cells, int size) {
    return (span){(int)((int64_t)i * size / cells), (int)((((int64_t)i + 1) * size + cells - 1) / cells), 1};
}

static inline int span_count(span span) {
    const int reach = span.last - span.first;
    return span.step == 1 ? reach : (reach + span.step - 1) / span.step;
}

#endif
