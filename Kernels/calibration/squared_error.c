#include "eseg_calibration.h"

enum { CODES = 256 };

static double cube(double x) { return x * x * x; }

/// Integral of (x − value)² from `start` to `end`.
static double integral(double start, double end, double value) { return (cube(end - value) - cube(start - value)) / 3; }

double eseg_histogram_squared_error(const double *counts, int bins, int first, double width, double lower, double step) {
    double error = 0;
    int code = 0;
    for (int bin = 0; bin < bins; ++bin) {
        if (counts[bin] == 0) continue;
        const double end = (first + bin + 1) * width;
        double start = (first + bin) * width, sum = 0;
        while (start < end) {
            const double value = lower + code * step, border = value + step / 2;
            const int is_last = code == CODES - 1 || border >= end;
            const double stop = is_last ? end : border;
            if (stop > start) {
                sum += integral(start, stop, value);
                start = stop;
            }
            if (!is_last) ++code;
        }
        error += counts[bin] * sum / width;
    }
    return error;
}
