// Whole operations, with any number of threads, against naive arithmetic.

#include <string.h>

#include "s8_layers.h"
#include "s8_naive.h"

static int halved(int size, int stride) { return (size + stride - 1) / stride; }

/// Two maps to be written, with gaps between pixels where `spare`.
typedef struct map_pair {
    outputs bytes;
    eseg_s8_map expected, actual;
} map_pair;

static map_pair take_map_pair(test_case *t, int height, int width, int channels, size_t stride) {
    map_pair m = {.bytes = take_outputs(t, height * width * stride + ESEG_SLACK)};
    m.expected = m.actual = (eseg_s8_map){NULL, height, width, channels, stride};
    m.expected.data = m.bytes.expected;
    m.actual.data = m.bytes.actual;
    return m;
}

static size_t code_stride(test_case *t, int channels) {
    return (size_t)eseg_channel_stride(channels) + 4 * (one_in(t, 4) ? between(t, 0, 3) : 0);
}

/// The windows of common networks, or any.
static eseg_window take_dense_window(test_case *t, int height, int width, int *out_height, int *out_width) {
    if (one_in(t, 2)) return take_window(t, 7, height, width, out_height, out_width);
    const int kernel = PICK(t, 1, 1, 3, 5), stride = kernel == 1 ? 1 : between(t, 1, 2);
    *out_height = halved(height, stride);
    *out_width = halved(width, stride);
    return eseg_square_window(kernel, stride);
}

void check_s8_conv_run(test_case *t) {
    const int height = take_side(t), width = take_side(t), image = one_in(t, 5), out_channels = between(t, 1, 80);
    const int threads = take_threads(t), as_logits = one_in(t, 4), summed = !as_logits && one_in(t, 3);
    int out_height, out_width;
    const eseg_window window = take_dense_window(t, height, width, &out_height, &out_width);
    const int taps = window.rows.kernel * window.columns.kernel, in_channels = image ? 3 : between(t, 1, taps == 1 ? 120 : 24);
    const eseg_s8_map in = take_map(t, height, width, in_channels, image ? 3 : 0);
    random_conv c = take_window_conv(t, window, in_channels, in.stride, out_channels, one_in(t, 4));
    const map_pair out = take_map_pair(t, out_height, out_width, out_channels, code_stride(t, out_channels) * (as_logits ? 2 : 1));
    eseg_s8_conv_op op = {.window = window, .in = in, .out = out.actual, .as_logits = as_logits};
    op.padding = take_padding(t, in.stride, between(t, 0, 255));
    if (summed || as_logits) c.layer.scaling.curve = NULL;
    if (summed) {
        add_residual(t, &c.layer);
        op.residual = take_map(t, out_height, out_width, out_channels, code_stride(t, out_channels));
    }
    op.layer = c.layer;
    describe(t, "%s, %d×%d×%d to %d×%d×%d%s%s%s, %d threads", name_of_window(&window).text, height, width, in_channels, out_height,
             out_width, out_channels, c.layer.int16_weights ? ", int16 weights" : "", summed ? ", residual" : "",
             as_logits ? ", logits" : "", threads);
    naive_conv(&c, &in, op.padding, &op.residual, &out.expected, as_logits);
    eseg_s8_conv_run(t->kernels, &op, threads, take_aligned(t, eseg_s8_conv_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_depthwise_run(test_case *t) {
    const int channels = between(t, 1, 150), threads = take_threads(t);
    const random_depthwise d = take_depthwise(t, PICK(t, 3, 3, 5, 5, 1, 7, 9, 11), between(t, 1, 2), channels);
    const int dilated = d.layer.stride == 1 && one_in(t, 2), down = dilated ? between(t, 1, 9) : 1, across = dilated ? between(t, 1, 9) : 1;
    const eseg_s8_map in = take_map(t, take_side(t), take_side(t), channels, one_in(t, 4) ? channels : 0);
    const int height = halved(in.height, d.layer.stride), width = halved(in.width, d.layer.stride);
    const map_pair out = take_map_pair(t, height, width, channels, code_stride(t, channels));
    describe(t, "kernel %d, stride %d, dilations %d×%d, %d×%d×%d, %d threads", d.layer.kernel, d.layer.stride, down, across, in.height,
             in.width, channels, threads);
    const eseg_s8_depthwise_op op = {d.layer, down, across, in, out.actual};
    naive_depthwise(&d, down, across, &in, &out.expected);
    eseg_s8_depthwise_run(t->kernels, &op, threads, take_aligned(t, eseg_s8_depthwise_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_affine_run(test_case *t) {
    const int channels = between(t, 1, 150), threads = take_threads(t);
    const random_depthwise d = take_depthwise(t, 1, 1, channels);
    const eseg_s8_map in = take_map(t, take_side(t), take_side(t), channels, code_stride(t, channels));
    const map_pair out = take_map_pair(t, in.height, in.width, channels, code_stride(t, channels));
    const eseg_s8_affine_op op = {.weights = take_affine_weights(t, &d), .scaling = d.layer.scaling, .in = in, .out = out.actual};
    describe(t, "%d×%d×%d, %d threads", in.height, in.width, channels, threads);
    naive_depthwise(&d, 1, 1, &in, &out.expected);
    eseg_s8_affine_run(t->kernels, &op, threads);
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_fusion_run(test_case *t) {
    const int height = take_side(t), width = take_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    const random_fusion f =
        one_in(t, 3) ? take_chain(t, height, width, channels) : take_fusion(t, height, width, channels, one_in(t, 8) ? ESEG_MAX_FUSED : 4);
    const map_pair out = take_map_pair(t, height, width, channels, code_stride(t, channels));
    describe(t, "%d inputs%s to %d×%d×%d, shift %d, %d threads", f.fusion.inputs, f.fusion.chained ? ", chained," : "", height, width,
             channels, f.fusion.shift, threads);
    naive_fusion(&f, &out.expected);
    eseg_s8_fusion_run(t->kernels, &f.fusion, &out.actual, threads, take_aligned(t, eseg_s8_fusion_scratch_bytes(&f.fusion, threads)));
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_gate_run(test_case *t) {
    const int height = take_side(t), width = take_side(t), channels = between(t, 1, 150);
    const eseg_gate_layer gate = take_gate(t, channels);
    const map_pair map = take_map_pair(t, height, width, channels, code_stride(t, channels));
    describe(t, "%d×%d×%d, %d squeezed", height, width, channels, gate.squeezed);
    naive_gate(t, &gate, &map.expected);
    eseg_s8_gate_run(t->kernels, &gate, &map.actual, take_aligned(t, eseg_s8_gate_scratch_bytes(&gate)));
    expect_equal(t, &map.bytes, map.actual.stride);
}

/// The map that a block's depthwise convolution reads.
static eseg_s8_map take_narrow(test_case *t, const eseg_s8_block_op *b, const random_conv *front, const random_fusion *f) {
    if (b->front == ESEG_S8_FRONT_COPY) return b->in;
    const eseg_s8_map narrow = take_map(t, b->front_height, b->front_width, b->depthwise.channels, 0), none = {0};
    if (b->front == ESEG_S8_FRONT_FUSION) naive_fusion(f, &narrow);
    else naive_conv(front, &b->in, b->padding, &none, &narrow, 0);
    return narrow;
}

/// The map that a block projects, before its gate.
static eseg_s8_map take_expanded(test_case *t, const eseg_s8_block_op *b, const random_conv *front, const random_depthwise *d,
                                 const random_fusion *f) {
    const int dense = b->front == ESEG_S8_FRONT_DENSE, stride = dense ? 1 : b->depthwise.stride;
    const int height = halved(b->front_height, stride), width = halved(b->front_width, stride);
    const eseg_s8_map expanded = take_map(t, height, width, b->depthwise.channels, 0), none = {0};
    if (dense) {
        naive_conv(front, &b->in, b->padding, &none, &expanded, 0);
    } else {
        const eseg_s8_map narrow = take_narrow(t, b, front, f);
        naive_depthwise(d, 1, 1, &narrow, &expanded);
    }
    return expanded;
}

void check_s8_block_run(test_case *t) {
    eseg_s8_block_op b = {.front = (eseg_s8_front)between(t, ESEG_S8_FRONT_DENSE, ESEG_S8_FRONT_FUSION)};
    const int copied = b.front == ESEG_S8_FRONT_COPY, fused = b.front == ESEG_S8_FRONT_FUSION, threads = take_threads(t);
    const int kernel = b.front == ESEG_S8_FRONT_DENSE ? PICK(t, 3, 5) : b.front == ESEG_S8_FRONT_EXPAND && one_in(t, 3) ? 3 : 1;
    const int large = one_in(t, 100);  // more than one round of strips to a thread
    const int image = one_in(t, 4), in_channels = image ? 3 : between(t, 1, large ? 8 : 40);
    const int middle = copied ? in_channels : large ? 200 : one_in(t, 3) ? between(t, 65, 200) : between(t, 1, 64);
    const int height = large ? 60 : take_side(t), width = large ? 60 : take_side(t);
    b.in = take_map(t, height, width, in_channels, image ? 3 : 0);
    b.padding = take_padding(t, b.in.stride, between(t, 0, 255));
    const random_conv front = take_conv(t, kernel, copied || fused ? 1 : between(t, 1, 2), in_channels, b.in.stride, middle, one_in(t, 6));
    const random_depthwise d = take_depthwise(t, PICK(t, 3, 3, 5, 5, 1, 7, 9, 11), between(t, 1, 2), middle);
    const random_fusion f = one_in(t, 2) ? take_chain(t, height, width, middle) : take_fusion(t, height, width, middle, 4);
    b.conv = front.layer;
    b.depthwise = d.layer;
    b.fusion = f.fusion;
    b.front_height = fused ? f.fusion.height : copied ? b.in.height : halved(b.in.height, front.layer.stride);
    b.front_width = fused ? f.fusion.width : copied ? b.in.width : halved(b.in.width, front.layer.stride);
    const eseg_s8_map expanded = take_expanded(t, &b, &front, &d, &f), none = {0};
    b.gated = one_in(t, 3);
    b.gate = take_gate(t, middle);
    if (b.gated) naive_gate(t, &b.gate, &expanded);
    const int out_channels = between(t, 1, 70);
    random_conv project = take_conv(t, 1, 1, middle, expanded.stride, out_channels, one_in(t, 8));
    const map_pair out = take_map_pair(t, expanded.height, expanded.width, out_channels, code_stride(t, out_channels));
    b.residual = none;
    if (one_in(t, 3)) {
        add_residual(t, &project.layer);
        b.residual = take_map(t, expanded.height, expanded.width, out_channels, code_stride(t, out_channels));
    }
    b.project = project.layer;
    b.out = out.actual;
    describe(t, "front %u, %d×%d×%d, kernel %d/%d, %d expanded channels, depthwise %d/%d, to %d×%d×%d%s%s, %d threads", b.front,
             b.in.height, b.in.width, in_channels, kernel, front.layer.stride, middle, d.layer.kernel, d.layer.stride, expanded.height,
             expanded.width, out_channels, b.gated ? ", gated" : "", b.residual.data ? ", residual" : "", threads);
    naive_conv(&project, &expanded, NULL, &b.residual, &out.expected, 0);
    eseg_s8_block_run(t->kernels, &b, threads, take_aligned(t, eseg_s8_block_scratch_bytes(&b, threads)));
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_pool_run(test_case *t) {
    const eseg_s8_map in = take_map(t, take_side(t), take_side(t), between(t, 1, 150), 0);
    const map_pair out = take_map_pair(t, halved(in.height, 2), halved(in.width, 2), in.channels, code_stride(t, in.channels));
    const int threads = take_threads(t);
    describe(t, "%d×%d×%d, %d threads", in.height, in.width, in.channels, threads);
    naive_pool(&in, &out.expected);
    eseg_s8_pool_run(t->kernels, &in, &out.actual, threads);
    expect_equal(t, &out.bytes, out.actual.stride);
}

void check_s8_argmax_run(test_case *t) {
    eseg_s8_argmax_op op = {.source_height = take_side(t), .source_width = take_side(t), .classes = between(t, 1, 30)};
    op.align_corners = one_in(t, 3);
    op.stride = 2 * (size_t)(op.classes + between(t, 0, 3));
    op.height = between(t, op.source_height, 5 * op.source_height);
    op.width = one_in(t, 3) ? 4 * op.source_width : between(t, op.source_width, 5 * op.source_width);
    if (one_in(t, 4)) op.height = op.source_height, op.width = op.source_width;
    const size_t count = op.source_height * op.source_width * op.stride / sizeof(int16_t);
    int16_t *logits = take(t, count * sizeof *logits + ESEG_SLACK);
    if (one_in(t, 2))
        for (size_t i = 0; i < count; ++i) logits[i] = (int16_t)between(t, -2, 2);
    op.logits = logits;
    const outputs out = take_outputs(t, (size_t)op.height * op.width), doubt = take_outputs(t, (size_t)op.height * op.width);
    op.doubt_scales = take_doubt_scales(t);
    const int threads = take_threads(t), with_doubt = one_in(t, 2);
    describe(t, "%d×%d to %d×%d, %d classes%s, %d threads", op.source_height, op.source_width, op.height, op.width, op.classes,
             op.align_corners ? ", corners aligned" : "", threads);
    naive_argmax(&op, out.expected, doubt.expected);
    op.out = out.actual;
    if (with_doubt) op.doubt = doubt.actual;
    eseg_s8_argmax_run(t->kernels, &op, threads, take_aligned(t, eseg_s8_argmax_scratch_bytes(&op, threads)));
    expect_equal(t, &out, op.width);
    if (with_doubt) expect_equal(t, &doubt, op.width);
}
