#include <string.h>

#include "image_yuv.h"

// ITU-R BT.601 in 1/65536: R = y·(Y − black) + rv·V, G = y·(Y − black) − gu·U − gv·V, B = y·(Y − black) + bu·U, chroma centerd on 128.
typedef struct matrix {
    int32_t black, y, rv, gu, gv, bu;
} matrix;

enum { FRACTION_BITS = 16, HALF = 1 << (FRACTION_BITS - 1) };

static const matrix limited_range = {16, 76309, 104597, 25675, 53279, 132201};
static const matrix full_range = {0, 65536, 91881, 22554, 46802, 116130};

// A piece of a row, one sample of each kind a pixel: spreading shared samples first leaves one loop of arithmetic, over whole vectors.
enum { PIECE = 256 };

typedef struct piece {
    uint8_t y[PIECE], u[PIECE], v[PIECE];
} piece;

static inline uint8_t clamped(int32_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static void convert(matrix m, const piece *from, uint8_t *restrict rgb, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int32_t y = m.y * (from->y[i] - m.black) + HALF, u = from->u[i] - 128, v = from->v[i] - 128;
        rgb[3 * i] = clamped((y + m.rv * v) >> FRACTION_BITS);
        rgb[3 * i + 1] = clamped((y - m.gu * u - m.gv * v) >> FRACTION_BITS);
        rgb[3 * i + 2] = clamped((y + m.bu * u) >> FRACTION_BITS);
    }
}

// Each sample for two pixels; `step` is a constant in every call, so that each call becomes a loop of its own.
static inline void spread(const uint8_t *from, size_t step, uint8_t *restrict to, size_t count) {
    for (size_t i = 0; i < count / 2; i++) to[2 * i] = to[2 * i + 1] = from[i * step];
    if (count % 2) to[count - 1] = from[count / 2 * step];
}

static inline void pick_alternate(const uint8_t *from, uint8_t *restrict to, size_t count) {
    for (size_t i = 0; i < count; i++) to[i] = from[2 * i];
}

// `x` is even.
static void load(const image_yuv *image, size_t row, size_t x, piece *to, size_t count) {
    const ptrdiff_t at = (ptrdiff_t)row, chroma_at = image->layout == IMAGE_YUV_420 || image->layout == IMAGE_YUV_NV12 ? at / 2 : at;
    const uint8_t *y = image->planes[0] + at * image->strides[0];
    const uint8_t *u = image->planes[1] + chroma_at * image->strides[1], *v = image->planes[2] + chroma_at * image->strides[2];
    if (image->layout == IMAGE_YUV_YUYV) pick_alternate(y + 2 * x, to->y, count);
    else memcpy(to->y, y + x, count);
    switch (image->layout) {
    case IMAGE_YUV_GRAY:
        memset(to->u, 128, count);
        memset(to->v, 128, count);
        break;
    case IMAGE_YUV_420:
    case IMAGE_YUV_422:
        spread(u + x / 2, 1, to->u, count);
        spread(v + x / 2, 1, to->v, count);
        break;
    case IMAGE_YUV_444:
        memcpy(to->u, u + x, count);
        memcpy(to->v, v + x, count);
        break;
    case IMAGE_YUV_NV12:
        spread(u + x, 2, to->u, count);
        spread(u + x + 1, 2, to->v, count);
        break;
    case IMAGE_YUV_YUYV:
        spread(y + 2 * x + 1, 4, to->u, count);
        spread(y + 2 * x + 3, 4, to->v, count);
        break;
    }
}

void image_yuv_to_rgb(const image_yuv *image, uint8_t *rgb) {
    matrix m = image->full_range ? full_range : limited_range;
    piece samples;
    for (size_t row = 0; row < image->height; row++) {
        for (size_t x = 0; x < image->width; x += PIECE) {
            size_t count = image->width - x < PIECE ? image->width - x : PIECE;
            load(image, row, x, &samples, count);
            convert(m, &samples, rgb, count);
            rgb += 3 * count;
        }
    }
}
