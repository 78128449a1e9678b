#include "eseg_channels.h"

#include "team.h"

#define GREATEST(TYPE, NAME)                                                           \
    static void NAME(const eseg_channel_max_op *op, size_t pixel) {                    \
        const TYPE *from = (const TYPE *)op->in + pixel * op->in_stride;               \
        TYPE most = from[0];                                                           \
        for (int c = 1; c < op->channels; ++c) most = from[c] > most ? from[c] : most; \
        ((TYPE *)op->out)[pixel * op->out_stride] = most;                              \
    }
GREATEST(uint8_t, greatest_u8)
GREATEST(int16_t, greatest_s16)
GREATEST(float, greatest_f32)

static void greatest(const eseg_channel_max_op *op, wide_share pixels) {
    for (int64_t p = pixels.begin; p < pixels.end; ++p) switch (op->element) {
        case ESEG_ELEMENT_U8: greatest_u8(op, p); break;
        case ESEG_ELEMENT_S16: greatest_s16(op, p); break;
        case ESEG_ELEMENT_F32: greatest_f32(op, p); break;
        }
}

void eseg_channel_max_run(const eseg_channel_max_op *op, int threads) { WITH_TEAM(threads, greatest(op, wide_share_of(op->pixels, me))); }
