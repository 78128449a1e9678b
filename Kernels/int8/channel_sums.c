#include "eseg_s8_ops.h"

// In pieces whose sums an int32 holds.
void eseg_s8_add_channel_sums(const eseg_kernels *kernels, const uint8_t *in, size_t stride, int pixels, int channels, int64_t *sums) {
    enum { CHANNELS = 64, PIXELS = INT32_MAX / 255 };
    for (int c = 0; c < channels; c += CHANNELS) {
        const int count = channels - c < CHANNELS ? channels - c : CHANNELS;
        for (int p = 0, piece; p < pixels; p += piece) {
            piece = pixels - p < PIXELS ? pixels - p : PIXELS;
            int32_t part[CHANNELS] = {0};
            kernels->s8.sum_row(in + p * stride + c, stride, piece, count, part);
            for (int k = 0; k < count; ++k) sums[c + k] += part[k];
        }
    }
}
