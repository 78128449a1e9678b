#include "eseg_rearrange.h"

#include "copy.h"
#include "team.h"

#define SELECT(TYPE, NAME)                                                 \
    static void NAME(const eseg_select_op *op, size_t pixel) {             \
        const TYPE *from = (const TYPE *)op->in + pixel * op->in_stride;   \
        TYPE *to = (TYPE *)op->out + pixel * op->out_stride;               \
        for (int c = 0; c < op->count; ++c) to[c] = from[op->channels[c]]; \
    }
SELECT(uint8_t, select_1)
SELECT(uint16_t, select_2)
SELECT(uint32_t, select_4)

static int32_t source_byte(const int32_t *channels, int element_bytes, int byte) {
    return channels[byte / element_bytes] * element_bytes + byte % element_bytes;
}

/// The pieces of output bytes [to, to + 16): vectors from the lowest byte that no piece has on, none of them past the input pixel's end
/// where it is as long as one.
static int vector_pieces(const int32_t *channels, int element_bytes, size_t in_bytes, int to, eseg_shuffle_piece *pieces, int most) {
    int count = 0;
    for (int32_t next = 0;; ++count) {
        int32_t from = INT32_MAX;
        for (int b = 0; b < ESEG_SHUFFLE_BYTES; ++b) {
            const int32_t at = source_byte(channels, element_bytes, to + b);
            if (at >= next && at < from) from = at;
        }
        if (from == INT32_MAX || count == most) return from == INT32_MAX ? count : 0;
        const int32_t last = in_bytes > ESEG_SHUFFLE_BYTES ? (int32_t)in_bytes - ESEG_SHUFFLE_BYTES : 0, end = from + ESEG_SHUFFLE_BYTES;
        eseg_shuffle_piece *piece = &pieces[count];
        piece->from = from < last ? from : last;
        piece->to = to;
        for (int b = 0; b < ESEG_SHUFFLE_BYTES; ++b) {
            const int32_t at = source_byte(channels, element_bytes, to + b);
            piece->bytes[b] = at >= from && at < end ? (uint8_t)(at - piece->from) : 0x80;
        }
        next = end;
    }
}

int eseg_select_pieces(const int32_t *channels, int count, int element_bytes, size_t in_bytes, eseg_shuffle_piece *pieces, int most) {
    const int bytes = count * element_bytes;
    int taken = 0;
    if (bytes < ESEG_SHUFFLE_BYTES) return 0;
    for (int to = 0; to < bytes; to += ESEG_SHUFFLE_BYTES) {
        // The last vector lies behind the one before it as far as it can.
        const int begin = to + ESEG_SHUFFLE_BYTES <= bytes ? to : bytes - ESEG_SHUFFLE_BYTES;
        const int added = vector_pieces(channels, element_bytes, in_bytes, begin, pieces + taken, most - taken);
        if (!added) return 0;
        taken += added;
    }
    return taken;
}

/// Pixels that stay in the first cache while their vectors are shuffled.
enum { SHUFFLED_PIXELS = 32 };

static void shuffle(const eseg_kernels *kernels, const eseg_select_op *op, size_t first) {
    const size_t in_stride = op->in_stride * op->element_bytes, out_stride = op->out_stride * op->element_bytes, left = op->pixels - first;
    const eseg_shuffle_row row = {.in = (const uint8_t *)op->in + first * in_stride,
                                  .in_stride = in_stride,
                                  .out = (uint8_t *)op->out + first * out_stride,
                                  .out_stride = out_stride,
                                  .pixels = left < SHUFFLED_PIXELS ? (int)left : SHUFFLED_PIXELS,
                                  .pieces = op->pieces,
                                  .piece_count = op->piece_count};
    kernels->s8.shuffle_row(&row);
}

static void shuffle_pixels(const eseg_kernels *kernels, const eseg_select_op *op, wide_share rounds) {
    for (int64_t i = rounds.begin; i < rounds.end; ++i) shuffle(kernels, op, i * SHUFFLED_PIXELS);
}

static void select_pixels(const eseg_select_op *op, wide_share pixels) {
    for (int64_t p = pixels.begin; p < pixels.end; ++p) switch (op->element_bytes) {
        case 1: select_1(op, p); break;
        case 2: select_2(op, p); break;
        default: select_4(op, p);
        }
}

void eseg_select_run(const eseg_kernels *kernels, const eseg_select_op *op, int threads) {
    const size_t rounds = (op->pixels + SHUFFLED_PIXELS - 1) / SHUFFLED_PIXELS;
    if (op->piece_count) WITH_TEAM(threads, shuffle_pixels(kernels, op, wide_share_of(rounds, me)));
    else WITH_TEAM(threads, select_pixels(op, wide_share_of(op->pixels, me)));
}

/// Copies `run` bytes of each of `count` pixels.
static inline __attribute__((always_inline)) void spread_runs(char *restrict out, const char *restrict in, size_t out_stride,
                                                              size_t in_stride, int count, const size_t run) {
    for (int x = 0; x < count; ++x) copy_pixel(out + x * out_stride, in + x * in_stride, run);
}

static void spread_row(const eseg_depth_to_space_op *op, int y, int i) {
    const size_t bytes = op->element_bytes, run = op->channels * bytes, pixel = op->out_stride * bytes, in_stride = op->in_stride * bytes;
    const char *in = (const char *)op->in + (size_t)y * op->width * in_stride + i * op->block * run;
    char *out = (char *)op->out + (size_t)(y * op->block + i) * op->width * op->block * pixel;
    for (int j = 0; j < op->block; ++j, in += run, out += pixel) switch (run) {
        case 1: spread_runs(out, in, op->block * pixel, in_stride, op->width, 1); break;
        case 2: spread_runs(out, in, op->block * pixel, in_stride, op->width, 2); break;
        case 4: spread_runs(out, in, op->block * pixel, in_stride, op->width, 4); break;
        default: spread_runs(out, in, op->block * pixel, in_stride, op->width, run);
        }
}

static void spread_rows(const eseg_depth_to_space_op *op, share rows) {
    for (int y = rows.begin; y < rows.end; ++y)
        for (int i = 0; i < op->block; ++i) spread_row(op, y, i);
}

void eseg_depth_to_space_run(const eseg_depth_to_space_op *op, int threads) {
    WITH_TEAM(threads, spread_rows(op, share_of(op->height, me)));
}
