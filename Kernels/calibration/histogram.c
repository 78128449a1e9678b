#include "eseg_calibration.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 1024, LANES = 16 };

static float least_of(float a, float b) { return b < a ? b : a; }
static float greatest_of(float a, float b) { return b > a ? b : a; }

int eseg_value_range(const float *values, size_t count, int threads, float *least, float *greatest) {
    float low = values[0], high = values[0];
    int finite = 1;
    const int64_t blocks = (int64_t)((count + BLOCK - 1) / BLOCK);
#pragma omp parallel for num_threads(threads) schedule(static) reduction(min : low) reduction(max : high) reduction(& : finite)
    for (int64_t block = 0; block < blocks; ++block) {
        const float *in = values + block * BLOCK;
        size_t length = count - (size_t)block * BLOCK < BLOCK ? count - (size_t)block * BLOCK : BLOCK, i = 0;
        float lows[LANES], highs[LANES];
        int bad[LANES] = {0};
        for (int k = 0; k < LANES; ++k) lows[k] = highs[k] = in[0];
        for (; i + LANES <= length; i += LANES)
            for (int k = 0; k < LANES; ++k) {
                lows[k] = least_of(lows[k], in[i + k]);
                highs[k] = greatest_of(highs[k], in[i + k]);
                bad[k] |= !(fabsf(in[i + k]) <= 3.40282347e38f);
            }
        for (; i < length; ++i) {
            lows[0] = least_of(lows[0], in[i]);
            highs[0] = greatest_of(highs[0], in[i]);
            bad[0] |= !(fabsf(in[i]) <= 3.40282347e38f);
        }
        for (int k = 0; k < LANES; ++k) {
            low = least_of(low, lows[k]);
            high = greatest_of(high, highs[k]);
            finite &= !bad[k];
        }
    }
    *least = low;
    *greatest = high;
    return finite;
}

/// floor(value · inverse_width) − first, clamped to the bins.
static int32_t bin(float value, float inverse_width, int32_t first) {
    float position = value * inverse_width;
    int32_t index = (int32_t)position;
    index -= position < (float)index;
    index -= first;
    index = index < 0 ? 0 : index;
    return index < ESEG_HISTOGRAM_BINS ? index : ESEG_HISTOGRAM_BINS - 1;
}

/// Counts one block into two tables in turns, so that runs of equal values do not wait for each other.
static void count_block(const float *values, size_t length, float inverse_width, int32_t first, uint32_t tables[2][ESEG_HISTOGRAM_BINS]) {
    int32_t bins[BLOCK];
    for (size_t i = 0; i < length; ++i) bins[i] = bin(values[i], inverse_width, first);
    for (size_t i = 0; i < length; ++i) ++tables[i & 1][bins[i]];
}

void eseg_histogram_add(const float *values, size_t count, float inverse_width, int32_t first, int threads, uint64_t *counts) {
    const int64_t blocks = (int64_t)((count + BLOCK - 1) / BLOCK);
#pragma omp parallel num_threads(threads)
    {
        uint32_t tables[2][ESEG_HISTOGRAM_BINS];
        memset(tables, 0, sizeof tables);
#pragma omp for schedule(static)
        for (int64_t block = 0; block < blocks; ++block) {
            size_t begin = (size_t)block * BLOCK;
            count_block(values + begin, count - begin < BLOCK ? count - begin : BLOCK, inverse_width, first, tables);
        }
#pragma omp critical(eseg_histogram)
        for (int i = 0; i < ESEG_HISTOGRAM_BINS; ++i) counts[i] += (uint64_t)tables[0][i] + tables[1][i];
    }
}

void eseg_channel_moments(const float *values, size_t pixels, int channels, int threads, double *sums, double *squares) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int begin = 0; begin < channels; begin += LANES) {
        const int length = channels - begin < LANES ? channels - begin : LANES;
        double sum[LANES] = {0}, square[LANES] = {0};
        for (size_t pixel = 0; pixel < pixels; ++pixel) {
            const float *in = values + pixel * (size_t)channels + begin;
            for (int k = 0; k < length; ++k) {
                sum[k] += (double)in[k];
                square[k] += (double)in[k] * (double)in[k];
            }
        }
        for (int k = 0; k < length; ++k) {
            sums[begin + k] += sum[k];
            squares[begin + k] += square[k];
        }
    }
}
