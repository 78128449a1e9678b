#include "ring.h"

#include <string.h>

#include "../support/input_rows.h"

ring eseg_s8_ring_of(int kernel, int width, int channels) {
    ring r = {.pixel_stride = 4 * (size_t)channels, .slots = (kernel + 3) / 4 * 4, .margin = kernel / 2, .width = width};
    r.group_stride = (width + 2 * r.margin + RING_SPARE_PIXELS) * r.pixel_stride;
    return r;
}

size_t eseg_s8_ring_bytes(const ring *r) { return r->slots / 4 * r->group_stride + ESEG_SLACK; }

void eseg_s8_ring_pad_columns(const eseg_kernels *kernels, const ring *r, int code) {
    code ^= kernels->s8.layout->ring_flip;
    for (int g = 0; g < r->slots / 4; ++g) {
        uint8_t *group = r->data + g * r->group_stride;
        memset(group, code, r->margin * r->pixel_stride);
        memset(group + (r->margin + r->width) * r->pixel_stride, code, (r->margin + RING_SPARE_PIXELS) * r->pixel_stride);
    }
}

int eseg_s8_ring_slot(const ring *r, int y) { return slot_of(y, r->slots); }

uint8_t *eseg_s8_ring_row(const ring *r, int y) {
    int slot = eseg_s8_ring_slot(r, y);
    return r->data + slot / 4 * r->group_stride + r->margin * r->pixel_stride + slot % 4;
}

void eseg_s8_ring_fill_row(const eseg_kernels *kernels, const ring *r, int y, int code) {
    uint8_t codes[RING_MAX_CHANNELS + ESEG_SLACK];
    memset(codes, code, sizeof codes);
    kernels->s8.copy_row(codes, 0, r->width, (int)r->pixel_stride / 4, eseg_s8_ring_row(r, y), r->pixel_stride);
}
