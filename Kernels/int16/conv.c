// Convolutions, dense and depthwise. Each thread computes rows of the last one of a chain; what a window reads of another one before it is
// computed row by row where it is read, and is never a map.

#include <limits.h>

#include "../support/input_rows.h"
#include "pieces.h"

/// A multiple of the pixels of most tiles.
enum { TILE_PIXELS = 24 };

typedef struct conv_scratch {
    input_rows rows;
    float *values;
    int16_t *residual;
} conv_scratch;

/// Whether a depthwise window is one that `depthwise_row` slides: 3×3 or 5×5, without gaps.
static int is_plain(const eseg_window *window) {
    const eseg_axis *rows = &window->rows, *columns = &window->columns;
    return rows->kernel == columns->kernel && (rows->kernel == 3 || rows->kernel == 5) && rows->dilation == 1 && columns->dilation == 1 &&
           columns->stride <= 2;
}

/// Whether rows outside the map are left out: a depthwise layer reads no image, so that its padding is 0.
static int skips_rows(const eseg_s16_conv_op *op) { return op->layer.depthwise && !is_plain(&op->layer.window); }

/// Of a depthwise window that is not slid, only the rows inside the map are there: what lies outside adds nothing.
static input_rows input_rows_of(const eseg_s16_conv_op *op, int from_map) {
    const eseg_axis *columns = &op->layer.window.columns;
    const int reach = eseg_axis_reach(&op->layer.window.rows);
    input_rows rows = {.count = skips_rows(op) ? least(reach, op->in.height) : reach,
                       .left = columns->before,
                       .right = padding_behind(columns, op->out.width, op->in.width),
                       .next = INT_MIN};
    rows.in_place = from_map && op->in.bytes == 2 && !rows.left && !rows.right;
    rows.stride = (rows.left + op->in.width + rows.right) * op->in.stride * sizeof(int16_t) + ESEG_SLACK;
    return rows;
}

/// What a thread computes a chain's rows with.
typedef struct member_chain {
    const eseg_kernels *kernels;
    const eseg_s16_conv_op *ops;
    conv_scratch scratch[ESEG_S16_CHAIN];
} member_chain;

static conv_scratch take_conv(scratch *s, const eseg_s16_conv_op *op, int from_map) {
    const int channels = padded_channels(&op->out);
    conv_scratch c = {.rows = input_rows_of(op, from_map)};
    c.rows.data = scratch_take(s, input_rows_bytes(&c.rows));
    c.values = scratch_take(s, piece_bytes(channels));
    if (op->layer.residual_multiplier && op->residual.bytes == 1) c.residual = scratch_take(s, piece_bytes(channels));
    return c;
}

static member_chain take_chain(scratch *s, const eseg_kernels *kernels, const eseg_s16_conv_chain *chain) {
    member_chain m = {.kernels = kernels, .ops = chain->ops};
    for (int k = 0; k < chain->count; ++k) m.scratch[k] = take_conv(s, &chain->ops[k], k == 0);
    return m;
}

size_t eseg_s16_conv_scratch_bytes(const eseg_s16_conv_chain *chain, int threads) {
    scratch s = {NULL, 0};
    take_chain(&s, NULL, chain);
    return s.used * threads;
}

static int16_t *row_at(const input_rows *rows, const eseg_s16_map *in, int y) {
    return (int16_t *)input_row(rows, in->data, in->width * in->stride * sizeof(int16_t), in->height, y);
}

static int16_t *pad(int16_t *to, const int16_t *padding, size_t stride, int pixels) {
    for (int p = 0; p < pixels; ++p, to += stride) memcpy(to, padding, stride * sizeof *to);
    return to;
}

static void conv_row(member_chain *chain, int k, int y, uint8_t *out);

/// Row `y` of what convolution `k` reads, from its map or by the convolution before.
static void load_row(member_chain *chain, int k, int y) {
    const eseg_s16_conv_op *op = &chain->ops[k];
    const eseg_s16_map *in = &op->in;
    const input_rows *rows = &chain->scratch[k].rows;
    const int inside = y >= 0 && y < in->height;
    if (inside && rows->in_place) return;
    int16_t *to = pad(row_at(rows, in, y), op->layer.padding, in->stride, inside ? rows->left : rows->left + in->width + rows->right);
    if (!inside) return;
    const size_t count = in->width * in->stride;
    if (k > 0) {
        conv_row(chain, k - 1, y, (uint8_t *)to);
    } else {
        const int16_t *from = piece_codes(chain->kernels, in, y, 0, in->width, to);
        if (from != to) memcpy(to, from, count * sizeof *to);
    }
    pad(to + count, op->layer.padding, in->stride, rows->right);
}

/// The rows of a window that are read: some of them from `first` on.
typedef struct window_rows {
    int first, count;
    const int16_t *at[ESEG_MAX_TAPS];
} window_rows;

/// Computes the `pixels` pixels whose windows' first columns begin at `rows`.
static void convolve(const eseg_kernels *kernels, const eseg_s16_conv_op *op, const window_rows *rows, int pixels, eseg_s16_target to) {
    const eseg_s16_conv_layer *layer = &op->layer;
    const eseg_axis *across = &layer->window.columns;
    const size_t stride = op->in.stride, pixel_stride = across->stride * stride;
    const int channels = padded_channels(&op->out), gapless = across->dilation == 1 || across->kernel == 1;
    if (layer->depthwise && is_plain(&layer->window)) {
        const eseg_s16_depthwise_row row = {.rows = rows->at,
                                            .kernel = across->kernel,
                                            .stride = across->stride,
                                            .pixel_stride = stride,
                                            .pixels = pixels,
                                            .weights = layer->weights,
                                            .scaling = layer->scaling,
                                            .channels = channels,
                                            .to = to};
        kernels->s16.depthwise_row(&row);
        return;
    }
    const int each = gapless && !layer->depthwise ? 1 : across->kernel, count = rows->count * each;
    const int16_t *taps[ESEG_MAX_TAPS];
    for (int t = 0; t < count; ++t) taps[t] = rows->at[t / each] + (size_t)(t % each) * across->dilation * stride;
    if (layer->depthwise) {
        const int16_t *weights = layer->weights + (size_t)rows->first * each * eseg_blocks(channels) * ESEG_LANES;
        const eseg_s16_depthwise_taps_row row = {taps, count, pixel_stride, pixels, weights, layer->scaling, channels, to};
        kernels->s16.depthwise_taps_row(&row);
        return;
    }
    const eseg_s16_conv_row row = {.taps = taps,
                                   .tap_count = count,
                                   .tap_codes = eseg_s16_tap_codes(kernels, across->kernel / each, (int)stride),
                                   .pixel_stride = pixel_stride,
                                   .pixels = pixels,
                                   .weights = layer->weights,
                                   .scaling = layer->scaling,
                                   .channels = channels,
                                   .to = to};
    kernels->s16.conv_row(&row);
}

/// Whether sums become codes with nothing between.
static int stores_codes(const eseg_s16_conv_op *op) {
    return !op->layer.residual_multiplier && !op->layer.scaling.slope && !op->output.curve && !op->output.table;
}

static eseg_s16_target codes_at(uint8_t *out, const eseg_s16_conv_op *op) {
    const eseg_s16_map *map = &op->out;
    const int channels = padded_channels(map);
    return (eseg_s16_target){.output = &op->output,
                             .codes = out,
                             .stride = map->stride * map->bytes,
                             .count = map->stride == (size_t)channels ? channels : map->channels};
}

/// `pixels` pixels of row `y` from pixel `x` on, to `out`.
static void piece(const eseg_kernels *kernels, const eseg_s16_conv_op *op, const conv_scratch *s, const window_rows *rows, int y, int x,
                  int pixels, uint8_t *out) {
    window_rows here = {.first = rows->first, .count = rows->count};
    for (int k = 0; k < rows->count; ++k) here.at[k] = rows->at[k] + x * op->layer.window.columns.stride * op->in.stride;
    if (stores_codes(op)) {
        convolve(kernels, op, &here, pixels, codes_at(out, op));
        return;
    }
    convolve(kernels, op, &here, pixels, (eseg_s16_target){.values = s->values});
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
    pixels_to(kernels, s->values, &op->output, &op->out, pixels, out);
}

/// The rows of convolution `k`'s window at its output row `y`, loaded if they are not there yet.
static window_rows rows_of(member_chain *chain, int k, int y) {
    const eseg_s16_conv_op *op = &chain->ops[k];
    input_rows *input = &chain->scratch[k].rows;
    const eseg_axis *down = &op->layer.window.rows;
    const int first = y * down->stride - down->before;
    const int skips = skips_rows(op), begin = skips && first < 0 ? 0 : first, end = first + eseg_axis_reach(down);
    if (input->next < begin) input->next = begin;
    for (; input->next < (skips ? least(end, op->in.height) : end); ++input->next) load_row(chain, k, input->next);
    window_rows rows = {0};
    for (int i = 0; i < down->kernel; ++i) {
        const int row = first + i * down->dilation;
        if (skips && (row < 0 || row >= op->in.height)) continue;
        if (rows.count == 0) rows.first = i;
        rows.at[rows.count++] = row_at(input, &op->in, row);
    }
    return rows;
}

/// Row `y` of convolution `k`, to `out`.
static void conv_row(member_chain *chain, int k, int y, uint8_t *out) {
    const eseg_s16_conv_op *op = &chain->ops[k];
    const window_rows rows = rows_of(chain, k, y);
    const int fitting = piece_pixels(padded_channels(&op->out)),
              pixels = fitting > TILE_PIXELS ? fitting / TILE_PIXELS * TILE_PIXELS : fitting;
    for (int x = 0; x < op->out.width; x += pixels)
        piece(chain->kernels, op, &chain->scratch[k], &rows, y, x, least(pixels, op->out.width - x),
              out + x * op->out.stride * op->out.bytes);
}

static void last_rows(const eseg_kernels *kernels, const eseg_s16_conv_chain *chain, share part, scratch s) {
    member_chain own = take_chain(&s, kernels, chain);
    const int last = chain->count - 1;
    for (int y = part.begin; y < part.end; ++y) conv_row(&own, last, y, pixel_of(&chain->ops[last].out, y, 0));
}

void eseg_s16_conv_run(const eseg_kernels *kernels, const eseg_s16_conv_chain *chain, int threads, void *memory) {
    const scratch all = {memory, 0};
    const size_t each = eseg_s16_conv_scratch_bytes(chain, 1);
    const int height = chain->ops[chain->count - 1].out.height;
    WITH_TEAM(threads, last_rows(kernels, chain, share_of(height, me), scratch_part(&all, me.index, each)));
}
