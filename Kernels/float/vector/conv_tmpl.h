/// Implicit GEMM: a tile computes up to TILE_PIXELS output pixels of one row times TILE_VECTORS vectors of output channels.
/// In NHWC the taps of one kernel row are kernel * channels consecutive floats, so a tile reads the map itself, without im2col;
/// only tiles that overlap the left or right border read a padded copy of their input.

typedef struct tile {
    const float *input;  ///< tap (0, 0), channel 0 of the first pixel
    ptrdiff_t row_step, pixel_step;
    int rows, run;  ///< kernel rows, and floats of each
    const float *weights, *bias, *slopes;
    ptrdiff_t panel_step;
    bounds limits, sum_limits;  ///< sum_limits: of the sum with the residual
    const float *residual;
    float *output;
    ptrdiff_t output_step;
    int channels;  ///< that are left from here on
} tile;

#ifdef MULTIPLIES_BY_LANE
#include "multiply_by_lane_tmpl.h"
#else
#include "multiply_by_broadcast_tmpl.h"
#endif

/// Takes the tile by value: what is stored could else change it.
INLINE void compute_tile(const tile t, const int pixels, const int vectors) {
    vec sums[TILE_PIXELS][TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; ++p)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; ++v) sums[p][v] = v_load(t.bias + v * LANES);
    multiply(&t, pixels, vectors, sums);
    const vec low = v_set(t.limits.low), high = v_set(t.limits.high);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; ++p)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; ++v) {
            ptrdiff_t at = p * t.output_step + v * LANES;
            int n = v < vectors - 1 ? LANES : t.channels - v * LANES;
            vec sum = v_min(v_max(sums[p][v], low), high);
            if (t.residual) sum = v_clamp(v_add(sum, v_load_n(t.residual + at, n)), t.sum_limits);
            v_store_n(t.output + at, sum, n);
        }
}

typedef void (*tile_function)(const tile *);

#define TILE(pixels, vectors) \
    static void tile_##pixels##_##vectors(const tile *t) { compute_tile(*t, pixels, vectors); }
#if TILE_VECTORS == 2
#define TILES(pixels) \
    TILE(pixels, 1)   \
    TILE(pixels, 2)
#define NAMES(pixels) \
    { tile_##pixels##_1, tile_##pixels##_2 }
#else
#define TILES(pixels) \
    TILE(pixels, 1)   \
    TILE(pixels, 2)   \
    TILE(pixels, 3)   \
    TILE(pixels, 4)
#define NAMES(pixels) \
    { tile_##pixels##_1, tile_##pixels##_2, tile_##pixels##_3, tile_##pixels##_4 }
#endif

TILES(1)
TILES(2)
TILES(3)
TILES(4)
TILES(5)
TILES(6)
#if TILE_PIXELS > 6
TILES(7)
TILES(8)
TILES(9)
TILES(10)
TILES(11)
TILES(12)
#endif

static const tile_function tile_functions[TILE_PIXELS][TILE_VECTORS] = {
    NAMES(1), NAMES(2), NAMES(3), NAMES(4),  NAMES(5),  NAMES(6),
#if TILE_PIXELS > 6
    NAMES(7), NAMES(8), NAMES(9), NAMES(10), NAMES(11), NAMES(12),
#endif
};
#undef TILE
#undef TILES
#undef NAMES

/// An activation that does not clamp, and the residual after it, in place on a tile that was just written.
static void curve_tile(const tile *t, int pixels, int channels, eseg_f32_activation activation) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; c += LANES) {
            ptrdiff_t at = p * t->output_step + c;
            vec slopes = t->slopes ? v_load_n(t->slopes + c, channels - c) : v_set(0);
            vec y = v_curved(v_load_n(t->output + at, channels - c), activation, slopes);
            if (t->residual) y = v_clamp(v_add(y, v_load_n(t->residual + at, channels - c)), t->sum_limits);
            v_store_n(t->output + at, y, channels - c);
        }
}

static void run_tile(tile t, int pixels, eseg_f32_activation activation) {
    int vectors = least(divide_up(t.channels, LANES), TILE_VECTORS);
    tile_function compute = tile_functions[pixels - 1][vectors - 1];
    if (!is_curved(activation)) return compute(&t);
    tile linear = t;
    linear.residual = NULL;
    compute(&linear);
    curve_tile(&t, pixels, least(t.channels, vectors * LANES), activation);
}

/// Output pixels of one row that a tile covers, and the kernel rows inside the map.
typedef struct place {
    int y, x, pixels;
} place;

/// Pixels of input under the columns of a tile.
static int tile_columns(const eseg_f32_conv_op *op, place at) { return eseg_axis_span(&op->window.columns, at.pixels); }

/// Copies the input under a tile, zeros where it lies outside the map: [rows][columns][channels].
static void copy_padded(const eseg_f32_conv_op *op, const float *input, place at, taps rows, float *patch) {
    int channels = op->input.channels, width = op->input.width, columns = tile_columns(op, at);
    int left = origin_of(&op->window.columns, at.x);
    taps inside = taps_inside(left, columns, 1, width);
    for (int ky = rows.first; ky < rows.last; ++ky, patch += (size_t)columns * channels) {
        const float *row = input + (size_t)(origin_of(&op->window.rows, at.y) + ky * op->window.rows.dilation) * width * channels;
        memset(patch, 0, sizeof(float) * (size_t)inside.first * channels);
        if (inside.first < inside.last)
            memcpy(patch + (size_t)inside.first * channels, row + (ptrdiff_t)(left + inside.first) * channels,
                   sizeof(float) * (size_t)(inside.last - inside.first) * channels);
        memset(patch + (size_t)inside.last * channels, 0, sizeof(float) * (size_t)(columns - inside.last) * channels);
    }
}

/// Gathers the pixels under a tile whose columns are dilated: [rows][pixels][kernel columns][channels].
static void gather_dilated(const eseg_f32_conv_op *op, const float *input, place at, taps rows, float *patch) {
    const eseg_axis *across = &op->window.columns;
    const int channels = op->input.channels, width = op->input.width;
    for (int ky = rows.first; ky < rows.last; ++ky) {
        const float *row = input + (size_t)(origin_of(&op->window.rows, at.y) + ky * op->window.rows.dilation) * width * channels;
        for (int p = 0; p < at.pixels; ++p)
            for (int kx = 0; kx < across->kernel; ++kx, patch += channels) {
                const int x = origin_of(across, at.x + p) + kx * across->dilation;
                if (x < 0 || x >= width) memset(patch, 0, sizeof(float) * (size_t)channels);
                else memcpy(patch, row + (size_t)x * channels, sizeof(float) * (size_t)channels);
            }
    }
}

/// The tile of the first channels of the pixels at a place.
INLINE tile tile_at(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, place at, float *scratch) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    int in = op->input.channels, out = op->output.channels, run = across->kernel * in;
    int top = origin_of(down, at.y), left = origin_of(across, at.x), columns = tile_columns(op, at);
    taps rows = taps_inside(top, down->kernel, down->dilation, op->input.height);
    bool dilated = across->dilation > 1 && across->kernel > 1, overlaps = left < 0 || left + columns > op->input.width;
    size_t to = ((size_t)at.y * op->output.width + at.x) * out;
    if (dilated) gather_dilated(op, input, at, rows, scratch);
    else if (overlaps) copy_padded(op, input, at, rows, scratch);
    const ptrdiff_t row_step = dilated ? at.pixels * across->kernel : overlaps ? columns : op->input.width * down->dilation;
    return (tile){
        .input = dilated || overlaps ? scratch : input + ((ptrdiff_t)(top + rows.first * down->dilation) * op->input.width + left) * in,
        .row_step = row_step * in,
        .pixel_step = dilated ? run : (ptrdiff_t)across->stride * in,
        .rows = rows.last - rows.first,
        .run = run,
        .weights = op->weights + (size_t)rows.first * run * PANEL,
        .panel_step = (ptrdiff_t)down->kernel * run * PANEL,
        .bias = op->bias,
        .slopes = op->slopes,
        .limits = bounds_of(op->activation),
        .sum_limits = bounds_of(op->sum_activation),
        .residual = residual ? residual + to : NULL,
        .output = output + to,
        .output_step = out,
        .channels = out,
    };
}

/// Output channels of the largest tile: whole panels.
#define TILE_CHANNELS (TILE_VECTORS * LANES)

/// Computes the channels first..<last, first at the start of a tile, of the pixels at a place.
static void convolve_place(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, place at, int first,
                           int last, float *scratch) {
    tile t = tile_at(op, input, residual, output, at, scratch);
    for (int channel = first; channel < last; channel += TILE_CHANNELS) {
        tile part = t;
        part.weights += channel / PANEL * t.panel_step;
        part.bias += channel;
        if (op->slopes) part.slopes += channel;
        if (residual) part.residual += channel;
        part.output += channel;
        part.channels -= channel;
        run_tile(part, at.pixels, op->activation);
    }
}

/// Weights that stay in L2 while the tiles pass, and maps that stay there while the weights pass.
#define RESIDENT_WEIGHTS (48 * 1024)
#define RESIDENT_INPUT (64 * 1024)

/// Small weights: every tile meets all of them. Large weights: a tile's channels at a time meet a block of rows.
static void convolve_rows(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, int first, int last,
                          float *scratch) {
    int width = op->output.width, out = op->output.channels;
    int tiles = divide_up(width, TILE_PIXELS);
    const int kernel = op->window.rows.kernel;
    size_t weights = (size_t)kernel * op->window.columns.kernel * op->input.channels * out;
    size_t row = (size_t)op->input.width * op->input.channels * op->window.rows.stride;
    bool small = weights <= RESIDENT_WEIGHTS;
    int block_rows = small ? 1 : greatest(1, (int)(RESIDENT_INPUT / row));
    int block_tiles = small ? 1 : divide_up(tiles, greatest(1, (int)(row * kernel / RESIDENT_INPUT)));
    int block_channels = small ? out : TILE_CHANNELS;
    for (int y0 = first; y0 < last; y0 += block_rows)
        for (int t0 = 0; t0 < tiles; t0 += block_tiles)
            for (int channel = 0; channel < out; channel += block_channels)
                for (int y = y0; y < least(y0 + block_rows, last); ++y)
                    for (int t = t0; t < least(t0 + block_tiles, tiles); ++t) {
                        int x = (int)((int64_t)width * t / tiles), end = (int)((int64_t)width * (t + 1) / tiles);
                        convolve_place(op, input, residual, output, (place){y, x, end - x}, channel, least(channel + block_channels, out),
                                       scratch);
                    }
}

/// A 1x1 convolution at stride 1 sees its map as one long row.
void KERNEL(conv_rows)(const eseg_f32_conv_op *op, const float *input, const float *residual, float *output, int first, int last,
                       float *scratch) {
    const eseg_axis *down = &op->window.rows, *across = &op->window.columns;
    const bool flattens = down->kernel == 1 && across->kernel == 1 && down->stride == 1 && across->stride == 1 && !down->before &&
                          !across->before && op->input.width == op->output.width && op->input.height == op->output.height;
    if (!flattens) return convolve_rows(op, input, residual, output, first, last, scratch);
    eseg_f32_conv_op flat = *op;
    size_t from = (size_t)first * op->input.width, pixels = (size_t)(last - first) * op->input.width;
    flat.input = (eseg_f32_shape){1, (int)pixels, op->input.channels};
    flat.output = (eseg_f32_shape){1, (int)pixels, op->output.channels};
    convolve_rows(&flat, input + from * op->input.channels, residual ? residual + from * op->output.channels : NULL,
                  output + from * op->output.channels, 0, 1, scratch);
}
