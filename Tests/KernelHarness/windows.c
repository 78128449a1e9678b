// Random windows.

#include <stdio.h>

#include "harness.h"

static eseg_axis take_axis(test_case *t, int most, int extent, int *count) {
    eseg_axis axis = {.kernel = between(t, 1, most), .stride = between(t, 1, 3), .dilation = one_in(t, 2) ? 1 : between(t, 2, 4)};
    const int reach = eseg_axis_reach(&axis);
    axis.before = one_in(t, 4) ? 0 : between(t, 0, reach - 1);
    const int lacking = reach - extent - axis.before;
    *count = (extent + axis.before + between(t, lacking > 0 ? lacking : 0, reach - 1) - reach) / axis.stride + 1;
    return axis;
}

eseg_window take_window(test_case *t, int most, int height, int width, int *out_height, int *out_width) {
    eseg_window window;
    window.rows = take_axis(t, most, height, out_height);
    window.columns = take_axis(t, most, width, out_width);
    return window;
}

window_name name_of_window(const eseg_window *window) {
    const eseg_axis *rows = &window->rows, *columns = &window->columns;
    window_name name;
    snprintf(name.text, sizeof name.text, "window %d×%d, strides %d×%d, dilations %d×%d, before %d×%d", rows->kernel, columns->kernel,
             rows->stride, columns->stride, rows->dilation, columns->dilation, rows->before, columns->before);
    return name;
}
