#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eseg_fitting.h"
#include "vectorized.h"

enum { LANES = 16 };

/// sums[k] += Σ over i < count of factors[i] · values[i · LANES + k].
VECTORIZED static void add_products(const double *factors, const double *values, size_t count, double sums[LANES]) {
    double lanes[LANES];
    memcpy(lanes, sums, sizeof lanes);
    for (size_t i = 0; i < count; ++i)
        for (int k = 0; k < LANES; ++k) lanes[k] += factors[i] * values[i * LANES + (size_t)k];
    memcpy(sums, lanes, sizeof lanes);
}

VECTORIZED static double dot(const double *a, const double *b, size_t count) {
    double lanes[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t k = 0; k < LANES; ++k) lanes[k] += a[i + k] * b[i + k];
    for (; i < count; ++i) sum += a[i] * b[i];
    for (int k = 0; k < LANES; ++k) sum += lanes[k];
    return sum;
}

int eseg_fit_cholesky(double *matrix, size_t size, int threads) {
    for (size_t j = 0; j < size; ++j) {
        double *pivot_row = matrix + j * size;
        const double rest = pivot_row[j] - dot(pivot_row, pivot_row, j);
        if (!(rest > 0)) return 0;
        const double pivot = pivot_row[j] = sqrt(rest);
        const int worthwhile = (size - j) * j > 20000;
#pragma omp parallel for num_threads(threads) schedule(static) if (worthwhile)
        for (int64_t i = (int64_t)j + 1; i < (int64_t)size; ++i) {
            double *row = matrix + (size_t)i * size;
            row[j] = (row[j] - dot(row, pivot_row, j)) / pivot;
        }
    }
    return 1;
}

/// Columns `first`..<`first` + LANES of [rows][columns] as [rows][LANES], and back.
static void load_lanes(const double *values, size_t rows, size_t columns, size_t first, double *lanes) {
    for (size_t i = 0; i < rows; ++i)
        for (size_t k = 0; k < LANES; ++k) lanes[i * LANES + k] = first + k < columns ? values[i * columns + first + k] : 0;
}

static void store_lanes(const double *lanes, size_t rows, size_t columns, size_t first, double *values) {
    for (size_t i = 0; i < rows; ++i)
        for (size_t k = 0; k < LANES && first + k < columns; ++k) values[i * columns + first + k] = lanes[i * LANES + k];
}

static double *transposed(const double *lower, size_t size) {
    double *upper = malloc(size * size * sizeof *upper);
    for (size_t i = 0; upper && i < size; ++i)
        for (size_t j = i; j < size; ++j) upper[i * size + j] = lower[j * size + i];
    return upper;
}

static void solve_lanes(const double *lower, const double *upper, size_t size, double *x) {
    for (size_t i = 0; i < size; ++i) {
        double sums[LANES] = {0};
        add_products(lower + i * size, x, i, sums);
        for (size_t k = 0; k < LANES; ++k) x[i * LANES + k] = (x[i * LANES + k] - sums[k]) / lower[i * size + i];
    }
    for (size_t i = size; i-- > 0;) {
        double sums[LANES] = {0};
        add_products(upper + i * size + i + 1, x + (i + 1) * LANES, size - i - 1, sums);
        for (size_t k = 0; k < LANES; ++k) x[i * LANES + k] = (x[i * LANES + k] - sums[k]) / lower[i * size + i];
    }
}

int eseg_fit_solve(const double *lower, size_t size, double *values, size_t columns, int threads) {
    double *upper = transposed(lower, size);
    int failed = !upper;
#pragma omp parallel num_threads(threads) if (upper)
    {
        double *lanes = malloc(size * LANES * sizeof *lanes);
#pragma omp for schedule(dynamic) reduction(| : failed)
        for (int64_t first = 0; first < (int64_t)columns; first += LANES) {
            if (!lanes || !upper) {
                failed = 1;
                continue;
            }
            load_lanes(values, size, columns, (size_t)first, lanes);
            solve_lanes(lower, upper, size, lanes);
            store_lanes(lanes, size, columns, (size_t)first, values);
        }
        free(lanes);
    }
    free(upper);
    return !failed;
}

static double clamp(double value, double limit) { return value < -limit ? -limit : value > limit ? limit : value; }

/// Multiples of LANES channels' steps, and in `errors` what the weights that came in it miss of them.
static void round_lanes(const double *gram, const double *upper, size_t taps, const double *steps, double limit, int sweeps, double *errors,
                        double *codes) {
    for (size_t t = taps; t-- > 0;) {
        const double *row = upper + t * taps;
        double sums[LANES] = {0};
        add_products(row + t + 1, errors + (t + 1) * LANES, taps - t - 1, sums);
        for (size_t k = 0; k < LANES; ++k) {
            const double weight = errors[t * LANES + k];
            const double code = clamp(rint((weight + sums[k] / row[t]) / steps[k]), limit);
            codes[t * LANES + k] = code;
            errors[t * LANES + k] = weight - code * steps[k];
        }
    }
    for (int sweep = 0; sweep < sweeps; ++sweep)
        for (size_t t = 0; t < taps; ++t) {
            double sums[LANES] = {0};
            add_products(gram + t * taps, errors, taps, sums);
            for (size_t k = 0; k < LANES; ++k) {
                const double old = codes[t * LANES + k];
                const double code = clamp(old + rint(sums[k] / (gram[t * taps + t] * steps[k])), limit);
                codes[t * LANES + k] = code;
                errors[t * LANES + k] += (old - code) * steps[k];
            }
        }
}

int eseg_fit_round_together(const double *gram, const double *lower, size_t taps, const double *weights, size_t channels,
                            const double *steps, double limit, int sweeps, int threads, int16_t *codes) {
    double *upper = transposed(lower, taps);
    int failed = !upper;
#pragma omp parallel num_threads(threads) if (upper)
    {
        double *errors = malloc(2 * taps * LANES * sizeof *errors), *lanes = errors ? errors + taps * LANES : NULL;
#pragma omp for schedule(dynamic) reduction(| : failed)
        for (int64_t first = 0; first < (int64_t)channels; first += LANES) {
            if (!errors || !upper) {
                failed = 1;
                continue;
            }
            double step[LANES];
            for (size_t k = 0; k < LANES; ++k) step[k] = (size_t)first + k < channels ? steps[(size_t)first + k] : 1;
            load_lanes(weights, taps, channels, (size_t)first, errors);
            round_lanes(gram, upper, taps, step, limit, sweeps, errors, lanes);
            for (size_t k = 0; k < LANES && (size_t)first + k < channels; ++k)
                for (size_t t = 0; t < taps; ++t) codes[((size_t)first + k) * taps + t] = (int16_t)lanes[t * LANES + k];
        }
        free(errors);
    }
    free(upper);
    return !failed;
}
