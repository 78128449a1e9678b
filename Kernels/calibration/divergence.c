#include "eseg_calibration.h"

#include <math.h>

enum { CODES = 256 };

static double sum(const double *counts, int begin, int end) {
    double total = 0;
    for (int bin = begin; bin < end; ++bin) total += counts[bin];
    return total;
}

/// Counts of one code spread over those of its bins that hold any.
static double share(const double *counts, int begin, int end) {
    int filled = 0;
    for (int bin = begin; bin < end; ++bin) filled += counts[bin] > 0;
    return filled ? sum(counts, begin, end) / filled : 0;
}

double eseg_histogram_divergence(const double *counts, int bins, int begin, int end) {
    const double below = sum(counts, 0, begin), inside = sum(counts, begin, end), above = sum(counts, end, bins);
    const double total = below + inside + above;
    if (!(inside > 0)) return total > 0 ? INFINITY : 0;
    const int64_t length = end - begin;
    double divergence = 0;
    for (int64_t code = 0; code < CODES; ++code) {
        const int first = begin + (int)(code * length / CODES), last = begin + (int)((code + 1) * length / CODES);
        const double spread = share(counts, first, last);
        for (int bin = first; bin < last; ++bin) {
            const double p = (counts[bin] + (bin == begin ? below : 0) + (bin == end - 1 ? above : 0)) / total;
            const double q = (counts[bin] > 0 ? spread : 0.5) / inside;
            if (p > 0) divergence += p * log(p / q);
        }
    }
    return divergence;
}
