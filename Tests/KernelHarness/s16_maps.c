#include "s16_maps.h"

#include <math.h>

#include "s8_naive.h"

int take_wide_side(test_case *t) { return one_in(t, 3) ? between(t, 1, 3) : between(t, 1, one_in(t, 8) ? 90 : 20); }

static eseg_s16_map take_map_of_stride(test_case *t, int height, int width, int channels, int stride) {
    const int bytes = between(t, 1, 2);
    const size_t count = (size_t)height * width * stride;
    void *data = bytes == 1 ? (void *)take_codes(t, count) : take_s16_codes(t, count);
    return (eseg_s16_map){data, bytes, height, width, channels, stride, bytes == 1 ? between(t, 0, 255) : 0};
}

eseg_s16_map take_s16_map(test_case *t, int height, int width, int channels) {
    return take_map_of_stride(t, height, width, channels, eseg_channel_stride(channels));
}

eseg_s16_map take_filled_s16_map(test_case *t, int height, int width, int channels) {
    const int apart = one_in(t, 3) ? between(t, 1, 20) : 0;
    const eseg_s16_map map = take_map_of_stride(t, height, width, channels, eseg_channel_stride(channels) + apart);
    for (size_t p = 0; p < (size_t)height * width; ++p)
        for (size_t at = p * map.stride + channels; at < (p + 1) * map.stride; ++at)
            if (map.bytes == 1) ((uint8_t *)map.data)[at] = (uint8_t)map.zero_point;
            else ((int16_t *)map.data)[at] = 0;
    return map;
}

s16_pair take_s16_pair(test_case *t, int height, int width, int channels, const eseg_s16_output *output) {
    const int packed = output->bytes == 2 && one_in(t, 4), stride = packed ? channels : eseg_channel_stride(channels);
    s16_pair m = {.bytes = take_outputs(t, (size_t)height * width * stride * output->bytes)};
    m.expected = m.actual = (eseg_s16_map){NULL, output->bytes, height, width, channels, stride, output->zero_point};
    m.expected.data = m.bytes.expected;
    m.actual.data = m.bytes.actual;
    return m;
}

int s16_code(const eseg_s16_map *map, int y, int x, int c) {
    if (y < 0 || y >= map->height || x < 0 || x >= map->width) return 0;
    const size_t at = ((size_t)y * map->width + x) * map->stride + c;
    return map->bytes == 1 ? ((uint8_t *)map->data)[at] - map->zero_point : ((int16_t *)map->data)[at];
}

void put_values(const eseg_s16_map *map, int y, int x, const float *values, const eseg_s16_output *output) {
    uint8_t *to = (uint8_t *)map->data + ((size_t)y * map->width + x) * map->stride * map->bytes;
    if (!output->table) reference()->s16.store(values, map->stride, output, to);
    else
        for (size_t c = 0; c < map->stride; ++c) to[c] = naive_code(llrintf(values[c]), output->table, output->zero_point);
}
