#include "pieces.h"

enum { MOST_SUMMED = 65535 };  // pixels whose codes an int32 can sum up

/// What all threads share, and each one's part of the sums.
typedef struct shared_scratch {
    int64_t *sums;  ///< [threads][channels]
    float *squeezed;
    float *factors;
} shared_scratch;

typedef struct own_scratch {
    int16_t *widened;
    int32_t *part;
    float *values;
} own_scratch;

static shared_scratch take_shared(scratch *s, const eseg_s16_gate_op *op, int threads) {
    const int channels = padded_channels(&op->in), padded = eseg_blocks(channels) * ESEG_LANES;
    shared_scratch c;
    c.sums = scratch_take(s, (size_t)threads * channels * sizeof *c.sums);
    c.squeezed = scratch_take(s, op->gate.squeezed * sizeof *c.squeezed);
    c.factors = scratch_take(s, padded * sizeof *c.factors);
    return c;
}

static own_scratch take_own(scratch *s, const eseg_s16_gate_op *op) {
    const int channels = padded_channels(&op->in);
    own_scratch c = {0};
    if (op->in.bytes == 1) c.widened = scratch_take(s, piece_bytes(channels));
    c.part = scratch_take(s, channels * sizeof *c.part + ESEG_SLACK);
    c.values = scratch_take(s, piece_bytes(channels));
    return c;
}

size_t eseg_s16_gate_scratch_bytes(const eseg_s16_gate_op *op, int threads) {
    scratch shared = {NULL, 0}, own = {NULL, 0};
    take_shared(&shared, op, threads);
    take_own(&own, op);
    return shared.used + own.used * threads;
}

static void sum_rows(const eseg_kernels *kernels, const eseg_s16_gate_op *op, const own_scratch *s, share rows, int64_t *sums) {
    const int channels = padded_channels(&op->in), most = least(piece_pixels(channels), MOST_SUMMED);
    memset(sums, 0, channels * sizeof *sums);
    for (int y = rows.begin; y < rows.end; ++y)
        for (int x = 0; x < op->in.width; x += most) {
            const int pixels = least(most, op->in.width - x);
            memset(s->part, 0, channels * sizeof *s->part);
            kernels->s16.sum_row(piece_codes(kernels, &op->in, y, x, pixels, s->widened), pixels, channels, s->part);
            for (int c = 0; c < channels; ++c) sums[c] += s->part[c];
        }
}

static void scale_rows(const eseg_kernels *kernels, const eseg_s16_gate_op *op, const own_scratch *s, share rows, const float *factors) {
    const int channels = padded_channels(&op->in), most = piece_pixels(channels);
    for (int y = rows.begin; y < rows.end; ++y)
        for (int x = 0; x < op->in.width; x += most) {
            const int pixels = least(most, op->in.width - x);
            const eseg_s16_add_row row = {.codes = piece_codes(kernels, &op->in, y, x, pixels, s->widened),
                                          .multipliers = factors,
                                          .pixels = pixels,
                                          .channels = channels,
                                          .values = s->values};
            kernels->s16.add_row(&row);
            piece_store(kernels, s->values, &op->output, &op->out, y, x, pixels);
        }
}

static void gate_rows(const eseg_kernels *kernels, const eseg_s16_gate_op *op, member me, const shared_scratch *shared, scratch s) {
    const own_scratch own = take_own(&s, op);
    const share rows = share_of(op->in.height, me);
    const int channels = padded_channels(&op->in);
    sum_rows(kernels, op, &own, rows, shared->sums + (size_t)me.index * channels);
    team_wait(me);
    if (me.index == 0) {
        for (int t = 1; t < me.count; ++t)
            for (int c = 0; c < channels; ++c) shared->sums[c] += shared->sums[(size_t)t * channels + c];
        memset(shared->factors, 0, eseg_blocks(channels) * ESEG_LANES * sizeof *shared->factors);
        eseg_gate_factors(&op->gate, shared->sums, op->in.height * op->in.width, shared->squeezed, shared->factors);
    }
    team_wait(me);
    scale_rows(kernels, op, &own, rows, shared->factors);
}

void eseg_s16_gate_run(const eseg_kernels *kernels, const eseg_s16_gate_op *op, int threads, void *memory) {
    scratch all = {memory, 0}, counted = {NULL, 0};
    const shared_scratch shared = take_shared(&all, op, threads);
    take_own(&counted, op);
    WITH_TEAM(threads, gate_rows(kernels, op, me, &shared, scratch_part(&all, me.index, counted.used)));
}
