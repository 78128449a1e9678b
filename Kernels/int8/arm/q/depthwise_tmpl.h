// Depthwise: columns of the kernel as products with four rows' bytes; the weights turn to the ring's slot, not the rows. 16 codes
// at a time.

/// Where the kernel's rows lie in a group of 4 slots, if row 0 lies in slot 0, 1, …: bytes of rows 0…3 (0…15) and of row 4 (16…31).
#define ROW(R, C) ((R) < 4 ? 4 * (C) + (R) : (R) == 4 ? 16 + 4 * (C) : 255)
#define SLOT(SLOT, FIRST, SLOTS, C) ROW((SLOTS + SLOT - FIRST) % SLOTS, C)
#define ROWS(FIRST, SLOTS, C) SLOT(0, FIRST, SLOTS, C), SLOT(1, FIRST, SLOTS, C), SLOT(2, FIRST, SLOTS, C), SLOT(3, FIRST, SLOTS, C)
#define TURN(FIRST, SLOTS) \
    { ROWS(FIRST, SLOTS, 0), ROWS(FIRST, SLOTS, 1), ROWS(FIRST, SLOTS, 2), ROWS(FIRST, SLOTS, 3) }
static const uint8_t turn_3[4][16] = {TURN(0, 4), TURN(1, 4), TURN(2, 4), TURN(3, 4)};
static const uint8_t turn_5[8][16] = {TURN(0, 8), TURN(1, 8), TURN(2, 8), TURN(3, 8), TURN(4, 8), TURN(5, 8), TURN(6, 8), TURN(7, 8)};
#undef ROW
#undef SLOT
#undef ROWS
#undef TURN

/// The kernel's columns for a ring whose first row lies in slot `first`.
INLINE void turned_weights(const int8_t *packed, int first, const int kernel, int8x16_t w[10]) {
    if (kernel == 3) {
        const uint8x16_t at = vld1q_u8(turn_3[first]);
        for (int x = 0; x < kernel; ++x) w[x] = vqtbl1q_s8(vld1q_s8(packed + 64 * x), at);
        return;
    }
    const uint8x16_t near = vld1q_u8(turn_5[first]), far = vld1q_u8(turn_5[(first + 4) % 8]);
    for (int x = 0; x < kernel; ++x) {
        const int8x16x2_t rows = {{vld1q_s8(packed + 128 * x), vld1q_s8(packed + 128 * x + 64)}};
        w[2 * x] = vqtbl2q_s8(rows, near);
        w[2 * x + 1] = vqtbl2q_s8(rows, far);
    }
}

/// Stores 4 codes of each of 4 pixels; returns the next pixel's place.
INLINE uint8_t *store_quads(uint8_t *out, size_t stride, uint8x16_t codes) {
    __asm__("st1 {%[codes].s}[0], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[1], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[2], [%[out]], %[stride]\n"
            "st1 {%[codes].s}[3], [%[out]], %[stride]\n"
            : [out] "+r"(out)
            : [codes] "w"(codes), [stride] "r"(stride)
            : "memory");
    return out;
}

/// Steps that wait for a curve: an even number.
enum { WAITING_STEPS = 48 };

#if defined(SLIDES)
#include "slide_tmpl.h"
#else
#include "columns_tmpl.h"
#endif
#include "any_kernel_tmpl.h"

// With a curve and without are functions apart: each loop then gets registers as if it were alone.
#define DEPTHWISE(K, S)                                                                                      \
    static void depthwise_##K##_##S(const eseg_s8_depthwise_row *row) { depthwise_blocks(row, K, S, NULL); } \
    static void curved_##K##_##S(const eseg_s8_depthwise_row *row, const curve *c) { depthwise_blocks(row, K, S, c); }
DEPTHWISE(3, 1)
DEPTHWISE(3, 2)
DEPTHWISE(5, 1)
DEPTHWISE(5, 2)
#undef DEPTHWISE

void KERNEL(depthwise_row)(const eseg_s8_depthwise_row *row) {
    curve held, *c = NULL;
    if (row->scaling.curve) held = load_curve(row->scaling.curve), c = &held;
    if (row->scaling.slope || (row->kernel != 3 && row->kernel != 5)) depthwise_any(row, c);
    else if (row->kernel == 3 && c) (row->stride == 1 ? curved_3_1 : curved_3_2)(row, c);
    else if (row->kernel == 3) (row->stride == 1 ? depthwise_3_1 : depthwise_3_2)(row);
    else if (c) (row->stride == 1 ? curved_5_1 : curved_5_2)(row, c);
    else (row->stride == 1 ? depthwise_5_1 : depthwise_5_2)(row);
}
