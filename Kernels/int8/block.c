// A block's two halves over strips of rows. Where the expanded map fits into L2, or a gate needs all of it, it is computed whole, in
// parallel over chunks of channels and strips, and then projected in parallel over pixels. Else each thread takes strips through both
// halves, and the rings of all chunks go on from strip to strip.

#include <string.h>

#include "../support/scratch.h"
#include "../support/team.h"
#include "front.h"

enum { WHOLE_BYTES = 512 << 10, STRIP_BYTES = 192 << 10 };

/// How a block is cut up.
typedef struct cut {
    int whole;
    int strips;         ///< of output rows
    int chunk, chunks;  ///< of expanded channels
    size_t expanded_stride;
} cut;

static int expanded_channels(const eseg_s8_block_op *b) {
    return b->front == ESEG_S8_FRONT_DENSE ? b->conv.channels : b->depthwise.channels;
}

static cut cut_block(const eseg_s8_block_op *b, int threads) {
    const int height = b->out.height, channels = expanded_channels(b);
    cut c = {.chunk = eseg_s8_front_chunk(b), .expanded_stride = eseg_channel_stride(channels)};
    c.chunks = (channels + c.chunk - 1) / c.chunk;
    const size_t row = b->out.width * c.expanded_stride, bytes = row * height;
    const int enough_chunks = threads == 1 || c.chunks >= 3 * threads;
    c.whole = b->gated || (bytes <= WHOLE_BYTES && enough_chunks);
    if (c.whole) {
        c.strips = enough_chunks ? 1 : threads;
    } else {
        int rounds = (int)((bytes / threads + STRIP_BYTES - 1) / STRIP_BYTES);
        c.strips = (rounds < 1 ? 1 : rounds) * threads;
    }
    if (c.strips > height) c.strips = height;
    return c;
}

static int strip_begin(const eseg_s8_block_op *b, const cut *c, int strip) { return (int)((int64_t)b->out.height * strip / c->strips); }

static int longest_strip(const eseg_s8_block_op *b, const cut *c) { return (b->out.height + c->strips - 1) / c->strips; }

static size_t ring_bytes(const ring *r) { return (eseg_s8_ring_bytes(r) + 63) & ~(size_t)63; }

/// Rings that a thread keeps.
static int ring_count(const cut *c) { return c->whole ? 1 : c->chunks; }

static front_scratch take_front(scratch *s, const eseg_s8_block_op *b, const cut *c) {
    front_scratch f = {0};
    if (eseg_s8_front_is_padded(b)) {
        f.padded.margin = b->conv.kernel / 2;
        f.padded.right = f.padded.margin;
        f.padded.row_stride = padded_row_stride(&b->in, f.padded.margin, f.padded.right);
        f.padded.data = scratch_take(s, eseg_s8_front_padded_rows(b, longest_strip(b, c)) * f.padded.row_stride);
    }
    if (b->front == ESEG_S8_FRONT_DENSE) return f;
    f.in_row_stride = b->in.width * b->in.stride;
    f.rows = eseg_s8_ring_of(b->depthwise.kernel, b->front_width, c->chunk);
    f.rows.data = scratch_take(s, ring_count(c) * ring_bytes(&f.rows));
    if (b->front == ESEG_S8_FRONT_FUSION) f.fusion = eseg_s8_fusion_take(s, &b->fusion);
    return f;
}

/// The expanded map, or one thread's strip of it.
static uint8_t *take_expanded(scratch *s, const eseg_s8_block_op *b, const cut *c) {
    const size_t rows = c->whole ? (size_t)b->out.height : (size_t)longest_strip(b, c);
    return scratch_take(s, rows * b->out.width * c->expanded_stride + ESEG_SLACK);
}

typedef struct gate_memory {
    int64_t *sums;    ///< [threads][channels] of the codes that a thread has computed
    float *squeezed;  ///< [threads][squeezed]: the same for all
    int16_t *gates;
} gate_memory;

static gate_memory take_gate(scratch *s, const eseg_s8_block_op *b, int threads) {
    gate_memory m = {scratch_take(s, (size_t)threads * b->gate.channels * sizeof(int64_t)),
                     scratch_take(s, (size_t)threads * b->gate.squeezed * sizeof(float)),
                     scratch_take(s, b->gate.channels * sizeof(int16_t))};
    return m;
}

size_t eseg_s8_block_scratch_bytes(const eseg_s8_block_op *b, int threads) {
    const cut c = cut_block(b, threads);
    scratch s = {NULL, 0};
    if (b->gated) take_gate(&s, b, threads);
    if (c.whole) take_expanded(&s, b, &c);
    for (int t = 0; t < threads; ++t) {
        take_front(&s, b, &c);
        if (!c.whole) take_expanded(&s, b, &c);
    }
    return s.used;
}

static void front(const eseg_kernels *kernels, const eseg_s8_block_op *b, const cut *c, front_scratch *f, int strip, int chunk,
                  uint8_t *expanded) {
    const int begin = chunk * c->chunk, channels = expanded_channels(b), end = begin + c->chunk < channels ? begin + c->chunk : channels;
    const int first = strip_begin(b, c, strip), last = strip_begin(b, c, strip + 1);
    const front_codes out = {expanded + begin, c->expanded_stride, b->out.width * c->expanded_stride};
    (b->front == ESEG_S8_FRONT_DENSE ? eseg_s8_front_dense : eseg_s8_front_depthwise)(kernels, b, f, first, last, begin, end, &out);
}

static void run_strips(const eseg_kernels *kernels, const eseg_s8_block_op *b, const cut *c, member me, scratch s) {
    front_scratch f = take_front(&s, b, c);
    uint8_t *expanded = take_expanded(&s, b, c);
    uint8_t *rings = f.rows.data;
    for (int chunk = 0; chunk < c->chunks && b->front != ESEG_S8_FRONT_DENSE; ++chunk) {
        f.rows.data = rings + chunk * ring_bytes(&f.rows);
        eseg_s8_ring_pad_columns(kernels, &f.rows, b->depthwise.padding);
    }
    const share strips = share_of(c->strips, me);
    for (int strip = strips.begin; strip < strips.end; ++strip) {
        const int next = f.next;
        eseg_s8_front_pad(b, &f, strip_begin(b, c, strip), strip_begin(b, c, strip + 1));
        for (int chunk = 0; chunk < c->chunks; ++chunk) {
            if (rings) f.rows.data = rings + chunk * ring_bytes(&f.rows);
            f.next = next;
            front(kernels, b, c, &f, strip, chunk, expanded);
        }
        f.goes_on = 1;
        const int first = strip_begin(b, c, strip) * b->out.width, end = strip_begin(b, c, strip + 1) * b->out.width;
        eseg_s8_conv_pointwise(kernels, &b->project, expanded - (ptrdiff_t)(first * c->expanded_stride), c->expanded_stride, &b->residual,
                               &b->out, 0, first, end - first);
    }
}

/// Fills the expanded map together. With a gate, each thread sums the codes that it computes, row by row, as they are in its cache.
static void fill_whole(const eseg_kernels *kernels, const eseg_s8_block_op *b, const cut *c, member me, scratch s, uint8_t *expanded,
                       const gate_memory *gate) {
    front_scratch f = take_front(&s, b, c);
    if (b->gated) {
        f.sums = gate->sums + (size_t)me.index * b->gate.channels;
        memset(f.sums, 0, b->gate.channels * sizeof *f.sums);
    }
    if (b->front != ESEG_S8_FRONT_DENSE) eseg_s8_ring_pad_columns(kernels, &f.rows, b->depthwise.padding);
    const share tasks = share_of(c->strips * c->chunks, me);
    int prepared = -1;
    for (int task = tasks.begin; task < tasks.end; ++task) {
        const int strip = task / c->chunks;
        if (strip != prepared) eseg_s8_front_pad(b, &f, strip_begin(b, c, strip), strip_begin(b, c, strip + 1));
        prepared = strip;
        front(kernels, b, c, &f, strip, task % c->chunks, expanded + (size_t)strip_begin(b, c, strip) * b->out.width * c->expanded_stride);
    }
}

/// A thread's share of the gates. What little is squeezed each thread computes for itself, which saves waiting for another.
static void open_gates(const eseg_gate_layer *layer, int pixels, member me, const gate_memory *gate) {
    float *squeezed = gate->squeezed + (size_t)me.index * layer->squeezed;
    eseg_gate_squeeze(layer, gate->sums, me.count, pixels, squeezed);
    const share blocks = share_of(eseg_blocks(layer->channels), me);
    const int end = blocks.end * ESEG_LANES;
    eseg_gate_excite(layer, squeezed, blocks.begin * ESEG_LANES, end < layer->channels ? end : layer->channels, gate->gates);
}

static void project(const eseg_kernels *kernels, const eseg_s8_block_op *b, const cut *c, uint8_t *expanded, const gate_memory *gate,
                    share pixels) {
    enum { STEP = 96 };
    for (int p = pixels.begin, end = pixels.end; p < end; p += b->gated ? STEP : end - p) {
        const int count = b->gated && end - p > STEP ? STEP : end - p;
        if (b->gated)
            kernels->s8.gate_row(expanded + p * c->expanded_stride, c->expanded_stride, count, b->gate.channels, gate->gates,
                                 b->gate.in_zero_point, b->gate.out_zero_point);
        eseg_s8_conv_pointwise(kernels, &b->project, expanded, c->expanded_stride, &b->residual, &b->out, 0, p, count);
    }
}

/// What a block's threads share.
typedef struct block_memory {
    gate_memory gate;
    uint8_t *expanded;  ///< the whole expanded map, or NULL
} block_memory;

static void run_whole(const eseg_kernels *kernels, const eseg_s8_block_op *b, const cut *c, member me, scratch mine,
                      const block_memory *shared) {
    const gate_memory *gate = &shared->gate;
    const int pixels = b->out.width * b->out.height;
    fill_whole(kernels, b, c, me, mine, shared->expanded, gate);
    team_wait(me);
    if (b->gated) {
        open_gates(&b->gate, pixels, me, gate);
        team_wait(me);
    }
    project(kernels, b, c, shared->expanded, gate, share_of(pixels, me));
}

void eseg_s8_block_run(const eseg_kernels *kernels, const eseg_s8_block_op *b, int threads, void *memory) {
    const cut c = cut_block(b, threads);
    scratch s = {memory, 0};
    block_memory shared = {0};
    if (b->gated) shared.gate = take_gate(&s, b, threads);
    if (c.whole) shared.expanded = take_expanded(&s, b, &c);
    scratch one = {NULL, 0};
    take_front(&one, b, &c);
    if (!c.whole) take_expanded(&one, b, &c);
    WITH_TEAM(threads, {
        const scratch mine = scratch_part(&s, me.index, one.used);
        if (c.whole) run_whole(kernels, b, &c, me, mine, &shared);
        else run_strips(kernels, b, &c, me, mine);
    });
}
