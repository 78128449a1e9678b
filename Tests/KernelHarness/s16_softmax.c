// Shares of channels, with any number of threads, against naive arithmetic.

#include <math.h>

#include "../../Kernels/support/exact_exp.h"
#include "eseg_channels.h"
#include "s16_maps.h"

void check_s16_softmax_run(test_case *t) {
    const int height = take_wide_side(t), width = take_wide_side(t), channels = between(t, 1, 100), threads = take_threads(t);
    eseg_s16_softmax_op op = {.in = take_filled_s16_map(t, height, width, channels), .output = take_s16_output(t, between(t, 1, 2))};
    op.output.curve = ESEG_S16_LINEAR;
    op.output.table = NULL;
    op.output.inverse = (float)exp2(uniform(t, 6, 16));
    op.step = (float)exp2(uniform(t, -14, 2));
    const s16_pair out = take_s16_pair(t, height, width, channels, &op.output);
    op.out = out.actual;
    describe(t, "%d×%d×%d of %d bytes to %d bytes, %d threads", height, width, channels, op.in.bytes, op.output.bytes, threads);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            float values[128] = {0}, sum = 0;
            int most = s16_code(&op.in, y, x, 0);
            for (int c = 1; c < channels; ++c) most = s16_code(&op.in, y, x, c) > most ? s16_code(&op.in, y, x, c) : most;
            for (int c = 0; c < channels; ++c) {
                values[c] = exact_exp((float)(s16_code(&op.in, y, x, c) - most) * op.step);
                sum += values[c];
            }
            for (int c = 0; c < channels; ++c) values[c] = values[c] / sum * op.output.inverse;
            put_values(&out.expected, y, x, values, &op.output);
        }
    eseg_s16_softmax_run(t->kernels, &op, threads, take_aligned(t, eseg_s16_softmax_scratch_bytes(&op, threads)));
    expect_equal(t, &out.bytes, out.actual.stride * out.actual.bytes);
}
