#include "../support/scratch.h"
#include "pieces.h"

enum { MAX_KERNEL = 7 };

/// The input rows that an output row reads, with margins of padding: row y lies in slot y mod kernel.
typedef struct int16_ring {
    int16_t *data;
    size_t row;  ///< codes of a row
    int kernel, margin;
    int next;  ///< the first row that has not been there
} int16_ring;

typedef struct conv_scratch {
    int16_ring ring;
    float *values;
    int16_t *residual;
} conv_scratch;

static int reads_in_place(const eseg_s16_conv_op *op) { return op->layer.kernel == 1 && op->in.bytes == 2; }

static conv_scratch take_scratch(scratch *s, const eseg_s16_conv_op *op) {
    const int channels = padded_channels(&op->out), margin = op->layer.kernel / 2;
    conv_scratch c = {.ring = {.row = (op->in.width + 2 * margin) * op->in.stride + ESEG_SLACK / sizeof(int16_t),
                               .kernel = op->layer.kernel,
                               .margin = margin}};
    if (!reads_in_place(op)) c.ring.data = scratch_take(s, c.ring.kernel * c.ring.row * sizeof(int16_t));
    c.values = scratch_take(s, piece_bytes(channels));
    if (op->layer.residual_multiplier && op->residual.bytes == 1) c.residual = scratch_take(s, piece_bytes(channels));
    return c;
}

size_t eseg_s16_conv_scratch_bytes(const eseg_s16_conv_op *op, int threads) {
    scratch s = {NULL, 0};
    take_scratch(&s, op);
    return s.used * threads;
}

static int16_t *ring_row(const int16_ring *ring, int y) {
    return ring->data + (size_t)((y % ring->kernel + ring->kernel) % ring->kernel) * ring->row;
}

static int16_t *pad(int16_t *to, const int16_t *padding, size_t stride, int pixels) {
    for (int p = 0; p < pixels; ++p, to += stride) memcpy(to, padding, stride * sizeof *to);
    return to;
}

static void load_row(const eseg_kernels *kernels, const eseg_s16_conv_op *op, int16_ring *ring, int y) {
    const eseg_s16_map *in = &op->in;
    const int inside = y >= 0 && y < in->height;
    int16_t *to = pad(ring_row(ring, y), op->layer.padding, in->stride, inside ? ring->margin : in->width + 2 * ring->margin);
    if (!inside) return;
    const size_t count = in->width * in->stride;
    const int16_t *from = piece_codes(kernels, in, y, 0, in->width, to);
    if (from != to) memcpy(to, from, count * sizeof *to);
    pad(to + count, op->layer.padding, in->stride, ring->margin);
}

/// `pixels` values of the row whose kernel rows begin at `rows`.
static void convolve(const eseg_kernels *kernels, const eseg_s16_conv_op *op, const int16_t *const *rows, int pixels, float *values) {
    const eseg_s16_conv_layer *layer = &op->layer;
    const int channels = padded_channels(&op->out);
    if (layer->depthwise) {
        const eseg_s16_depthwise_row row = {.rows = rows,
                                            .kernel = layer->kernel,
                                            .stride = layer->stride,
                                            .pixel_stride = op->in.stride,
                                            .pixels = pixels,
                                            .weights = layer->weights,
                                            .scaling = layer->scaling,
                                            .channels = channels,
                                            .values = values};
        kernels->s16.depthwise_row(&row);
        return;
    }
    const eseg_s16_conv_row row = {.taps = rows,
                                   .tap_count = layer->kernel,
                                   .tap_codes = eseg_s16_tap_codes(kernels, layer->kernel, (int)op->in.stride),
                                   .pixel_stride = layer->stride * op->in.stride,
                                   .pixels = pixels,
                                   .weights = layer->weights,
                                   .scaling = layer->scaling,
                                   .channels = channels,
                                   .values = values};
    kernels->s16.conv_row(&row);
}

static void piece(const eseg_kernels *kernels, const eseg_s16_conv_op *op, const conv_scratch *s, const int16_t *const *rows, int y, int x,
                  int pixels) {
    const int16_t *taps[MAX_KERNEL];
    for (int k = 0; k < op->layer.kernel; ++k) taps[k] = rows[k] + x * op->layer.stride * op->in.stride;
    convolve(kernels, op, taps, pixels, s->values);
    if (op->layer.residual_multiplier) {
        const eseg_s16_add_row row = {.codes = piece_codes(kernels, &op->residual, y, x, pixels, s->residual),
                                      .multipliers = op->layer.residual_multiplier,
                                      .adds = 1,
                                      .relu = op->layer.relu_before_add,
                                      .pixels = pixels,
                                      .channels = padded_channels(&op->out),
                                      .values = s->values};
        kernels->s16.add_row(&row);
    }
    piece_store(kernels, s->values, &op->output, &op->out, y, x, pixels);
}

static void conv_rows(const eseg_kernels *kernels, const eseg_s16_conv_op *op, conv_scratch *s, row_share share) {
    int16_ring *ring = &s->ring;
    ring->next = share.begin * op->layer.stride - ring->margin;
    const int pixels = piece_pixels(padded_channels(&op->out));
    for (int y = share.begin; y < share.end; ++y) {
        const int first = y * op->layer.stride - ring->margin;
        const int16_t *rows[MAX_KERNEL];
        if (reads_in_place(op)) rows[0] = piece_codes(kernels, &op->in, first, 0, op->in.width, NULL);
        else {
            if (ring->next < first) ring->next = first;
            for (; ring->next < first + ring->kernel; ++ring->next) load_row(kernels, op, ring, ring->next);
            for (int k = 0; k < ring->kernel; ++k) rows[k] = ring_row(ring, first + k);
        }
        for (int x = 0; x < op->out.width; x += pixels) piece(kernels, op, s, rows, y, x, least(pixels, op->out.width - x));
    }
}

void eseg_s16_conv_run(const eseg_kernels *kernels, const eseg_s16_conv_op *op, int threads, void *memory) {
    const size_t each = eseg_s16_conv_scratch_bytes(op, 1);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int t = 0; t < threads; ++t) {
        scratch s = {(uint8_t *)memory + t * each, 0};
        conv_scratch own = take_scratch(&s, op);
        conv_rows(kernels, op, &own, row_share_of(op->out.height, t, threads));
    }
}
