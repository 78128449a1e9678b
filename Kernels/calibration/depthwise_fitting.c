#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eseg_fitting.h"
#include "residual.h"

enum { MOST_TAPS = 64 };

/// A channel's samples: what it reads, what it should give.
typedef struct samples {
    const float *inputs, *targets;
    size_t target_stride, count, taps, channels;
} samples;

static void load(const samples *from, size_t i, double *row) {
    for (size_t t = 0; t < from->taps; ++t) row[t] = from->inputs[(i * from->taps + t) * from->channels];
}

static void means_of(const samples *from, double *means) {
    double row[MOST_TAPS];
    memset(means, 0, from->taps * sizeof *means);
    for (size_t i = 0; i < from->count; ++i) {
        load(from, i, row);
        for (size_t t = 0; t < from->taps; ++t) means[t] += row[t];
    }
    for (size_t t = 0; t < from->taps; ++t) means[t] /= (double)from->count;
}

/// Covariances of the inputs, and of the inputs with the residuals; returns the mean residual.
static double covariances(const samples *from, const double *weights, double bias, double lower, double upper, const double *means,
                          double *gram, double *cross) {
    const size_t taps = from->taps;
    double row[MOST_TAPS], error = 0;
    memset(gram, 0, taps * taps * sizeof *gram);
    memset(cross, 0, taps * sizeof *cross);
    for (size_t i = 0; i < from->count; ++i) {
        double prediction = bias;
        load(from, i, row);
        for (size_t t = 0; t < taps; ++t) prediction += row[t] * weights[t];
        const float residual = eseg_fit_residual(from->targets[i * from->target_stride], (float)prediction, (float)lower, (float)upper);
        error += (double)residual;
        for (size_t t = 0; t < taps; ++t) {
            row[t] -= means[t];
            cross[t] += row[t] * (double)residual;
            for (size_t u = 0; u <= t; ++u) gram[t * taps + u] += row[t] * row[u];
        }
    }
    for (size_t t = 0; t < taps; ++t) {
        cross[t] /= (double)from->count;
        for (size_t u = 0; u <= t; ++u) gram[u * taps + t] = gram[t * taps + u] /= (double)from->count;
    }
    return error / (double)from->count;
}

static double mean_power(const double *gram, size_t taps) {
    double power = 0;
    for (size_t t = 0; t < taps; ++t) power += gram[t * taps + t];
    return power / (double)taps;
}

void eseg_fit_depthwise(const float *inputs, const float *targets, size_t target_stride, size_t count, size_t taps, size_t channels,
                        const double *bias, double lower, double upper, double damping, int threads, double *weights, double *means,
                        double *errors, double *grams) {
    if (taps > MOST_TAPS) return;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t c = 0; c < (int64_t)channels; ++c) {
        const samples from = {inputs + c, targets + c, target_stride, count, taps, channels};
        double *gram = grams + (size_t)c * taps * taps, *row = weights + (size_t)c * taps;
        double lower_triangle[MOST_TAPS * MOST_TAPS], change[MOST_TAPS];
        means_of(&from, means + (size_t)c * taps);
        errors[c] = covariances(&from, row, bias[c], lower, upper, means + (size_t)c * taps, gram, change);
        const double power = mean_power(gram, taps);
        if (!(power > 0)) continue;
        for (size_t t = 0; t < taps; ++t) gram[t * taps + t] += damping * power;
        memcpy(lower_triangle, gram, taps * taps * sizeof *gram);
        if (eseg_fit_cholesky(lower_triangle, taps, 1) && eseg_fit_solve(lower_triangle, taps, change, 1, 1))
            for (size_t t = 0; t < taps; ++t) row[t] += change[t];
    }
}

int eseg_fit_round_depthwise(const double *grams, const double *weights, size_t taps, size_t channels, const double *steps, double limit,
                             int sweeps, int threads, int16_t *codes) {
    int failed = taps > MOST_TAPS;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(| : failed)
    for (int64_t c = 0; c < (int64_t)channels; ++c) {
        const double *gram = grams + (size_t)c * taps * taps, *row = weights + (size_t)c * taps;
        double lower[MOST_TAPS * MOST_TAPS];
        if (taps > MOST_TAPS) continue;
        memcpy(lower, gram, taps * taps * sizeof *lower);
        if (eseg_fit_cholesky(lower, taps, 1)) {
            failed |= !eseg_fit_round_together(gram, lower, taps, row, 1, steps + c, limit, sweeps, 1, codes + (size_t)c * taps);
            continue;
        }
        for (size_t t = 0; t < taps; ++t) codes[(size_t)c * taps + t] = (int16_t)fmin(limit, fmax(-limit, rint(row[t] / steps[c])));
    }
    return !failed;
}
