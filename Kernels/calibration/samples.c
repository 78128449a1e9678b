#include <math.h>
#include <string.h>

#include "eseg_fitting.h"
#include "residual.h"
#include "vectorized.h"

/// The channels of one pixel, less their zero point.
static void gather_pixel(const eseg_fit_window *window, int y, int x, float *row) {
    const size_t channels = (size_t)window->channels, first = (size_t)window->first_channel;
    const int inside = y >= 0 && y < window->height && x >= 0 && x < window->width;
    const uint8_t *map = window->codes;
    const uint8_t *pixel = inside ? map + ((size_t)y * (size_t)window->width + (size_t)x) * (size_t)window->pixel_bytes : window->padding;
    if (!pixel) {
        memset(row, 0, channels * sizeof *row);
    } else if (window->code_bytes == 2) {
        const int16_t *codes = (const int16_t *)(const void *)pixel;
        for (size_t c = 0; c < channels; ++c) row[c] = (float)codes[first + c];
    } else {
        for (size_t c = 0; c < channels; ++c) row[c] = (float)(pixel[first + c] - window->zero_point);
    }
}

void eseg_fit_gather_windows(const eseg_fit_window *window, const int32_t *positions, size_t count, float *rows) {
    for (size_t i = 0; i < count; ++i) {
        const eseg_axis *down = &window->window.rows, *across = &window->window.columns;
        const int top = positions[i] / window->output_width * down->stride - down->before;
        const int left = positions[i] % window->output_width * across->stride - across->before;
        for (int ky = 0; ky < down->kernel; ++ky)
            for (int kx = 0; kx < across->kernel; ++kx, rows += window->channels)
                gather_pixel(window, top + ky * down->dilation, left + kx * across->dilation, rows);
    }
}

void eseg_fit_center(float *rows, size_t count, size_t columns, double *means, double *powers) {
    memset(means, 0, columns * sizeof *means);
    memset(powers, 0, columns * sizeof *powers);
    for (size_t i = 0; i < count; ++i)
        for (size_t j = 0; j < columns; ++j) means[j] += rows[i * columns + j];
    for (size_t j = 0; j < columns; ++j) means[j] /= (double)count;
    for (size_t i = 0; i < count; ++i)
        for (size_t j = 0; j < columns; ++j) {
            const double centered = rows[i * columns + j] - means[j];
            rows[i * columns + j] = (float)centered;
            powers[j] += centered * centered;
        }
    for (size_t j = 0; j < columns; ++j) powers[j] /= (double)count;
}

void eseg_fit_reorder(float *rows, size_t count, size_t columns, const int32_t *order) {
    float row[columns];
    for (size_t i = 0; i < count; ++i) {
        memcpy(row, rows + i * columns, columns * sizeof *row);
        for (size_t j = 0; j < columns; ++j) rows[i * columns + j] = row[order[j]];
    }
}

void eseg_channel_ranges(const float *values, size_t pixels, size_t channels, float *least, float *greatest) {
    for (size_t i = 0; i < pixels; ++i)
        for (size_t c = 0; c < channels; ++c) {
            const float value = values[i * channels + c];
            least[c] = value < least[c] ? value : least[c];
            greatest[c] = value > greatest[c] ? value : greatest[c];
        }
}

enum { TILE_ROWS = 4, COLUMNS = 16, SAMPLES = 128 };

/// tile[i][j] = Σ a[s][i] · b[s][j] over at most SAMPLES samples, in float.
VECTORIZED static void tile_products(const float *a, size_t rows, const float *b, size_t columns, size_t count,
                                     float tile[TILE_ROWS][COLUMNS]) {
    float sums[TILE_ROWS][COLUMNS] = {{0}};
    for (size_t s = 0; s < count; ++s)
        for (int i = 0; i < TILE_ROWS; ++i)
            for (int j = 0; j < COLUMNS; ++j) sums[i][j] += a[s * rows + (size_t)i] * b[s * columns + (size_t)j];
    memcpy(tile, sums, sizeof sums);
}

/// A tile at the right or lower edge.
static void edge_products(const float *a, size_t rows, size_t height, const float *b, size_t columns, size_t width, size_t count,
                          float tile[TILE_ROWS][COLUMNS]) {
    memset(tile, 0, TILE_ROWS * sizeof *tile);
    for (size_t s = 0; s < count; ++s)
        for (size_t i = 0; i < height; ++i)
            for (size_t j = 0; j < width; ++j) tile[i][j] += a[s * rows + i] * b[s * columns + j];
}

/// Rows `top`..<`top` + TILE_ROWS of the products.
static void row_products(const float *a, size_t rows, const float *b, size_t columns, size_t count, size_t top, double *products) {
    const size_t height = rows - top < TILE_ROWS ? rows - top : TILE_ROWS, first = a == b ? top / COLUMNS * COLUMNS : 0;
    for (size_t i = 0; i < height; ++i) memset(products + (top + i) * columns + first, 0, (columns - first) * sizeof *products);
    for (size_t start = 0; start < count; start += SAMPLES) {
        const size_t samples = count - start < SAMPLES ? count - start : SAMPLES;
        for (size_t left = first; left < columns; left += COLUMNS) {
            const size_t width = columns - left < COLUMNS ? columns - left : COLUMNS;
            const float *x = a + start * rows + top, *y = b + start * columns + left;
            float tile[TILE_ROWS][COLUMNS];
            if (height == TILE_ROWS && width == COLUMNS) tile_products(x, rows, y, columns, samples, tile);
            else edge_products(x, rows, height, y, columns, width, samples, tile);
            for (size_t i = 0; i < height; ++i)
                for (size_t j = 0; j < width; ++j) products[(top + i) * columns + left + j] += (double)tile[i][j];
        }
    }
    for (size_t i = 0; i < height; ++i)
        for (size_t j = first; j < columns; ++j) products[(top + i) * columns + j] /= (double)count;
}

void eseg_fit_cross_products(const float *a, size_t rows, const float *b, size_t columns, size_t count, int threads, double *products) {
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t top = 0; top < (int64_t)rows; top += TILE_ROWS) row_products(a, rows, b, columns, count, (size_t)top, products);
    if (a != b) return;
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < i; ++j) products[i * columns + j] = products[j * columns + i];
}

/// predictions[c] += Σ inputs[t] · weights[t][c].
VECTORIZED static void predict(const float *inputs, size_t taps, const float *weights, size_t channels, float *predictions) {
    for (size_t first = 0; first < channels; first += COLUMNS) {
        const size_t width = channels - first < COLUMNS ? channels - first : COLUMNS;
        float sums[COLUMNS] = {0};
        if (width == COLUMNS) {
            for (size_t t = 0; t < taps; ++t)
                for (size_t k = 0; k < COLUMNS; ++k) sums[k] += inputs[t] * weights[t * channels + first + k];
        } else {
            for (size_t t = 0; t < taps; ++t)
                for (size_t k = 0; k < width; ++k) sums[k] += inputs[t] * weights[t * channels + first + k];
        }
        for (size_t k = 0; k < width; ++k) predictions[first + k] += sums[k];
    }
}

void eseg_fit_residuals(const float *inputs, size_t count, size_t taps, const float *weights, const float *bias, size_t channels,
                        float lower, float upper, int threads, float *targets) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t i = 0; i < (int64_t)count; ++i) {
        float predictions[channels];
        memcpy(predictions, bias, channels * sizeof *predictions);
        predict(inputs + (size_t)i * taps, taps, weights, channels, predictions);
        float *row = targets + (size_t)i * channels;
        for (size_t c = 0; c < channels; ++c) row[c] = eseg_fit_residual(row[c], predictions[c], lower, upper);
    }
}
