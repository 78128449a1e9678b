// Moving, pooling, gating: 16 channels at a time.

void KERNEL(copy_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, uint8_t *out, size_t out_stride) {
    for (int p = 0; p < pixels; ++p)
        for (int c = 0; c < channels; c += 16)
            store_slot(out + p * out_stride + 4 * c, ring_codes(vld1q_u8(in + p * in_stride + c)), channels - c);
}

void KERNEL(pool_row)(const uint8_t *const rows[3], int in_width, size_t in_stride, int out_width, int channels, uint8_t *out,
                      size_t out_stride) {
    for (int c = 0; c < channels; c += 16)
        for (int p = 0; p < out_width; ++p) {
            uint8x16_t max = vdupq_n_u8(0);
            for (int x = 2 * p > 0 ? 2 * p - 1 : 0; x <= 2 * p + 1 && x < in_width; ++x)
                for (int y = 0; y < 3; ++y) max = vmaxq_u8(max, vld1q_u8(rows[y] + x * in_stride + c));
            store_bytes(out + p * out_stride + c, max, channels - c);
        }
}

void KERNEL(sum_row)(const uint8_t *in, size_t in_stride, int pixels, int channels, int32_t *sums) {
    for (int c = 0; c < channels; c += 16) {
        const int count = channels - c < 16 ? channels - c : 16;
        int32_t held[16] = {0};
        memcpy(held, sums + c, count * sizeof *held);
        uint32x4_t sum[4];
        for (int n = 0; n < 4; ++n) sum[n] = vreinterpretq_u32_s32(vld1q_s32(held + LANES * n));
        for (int p = 0; p < pixels; ++p) {
            const uint8x16_t codes = load_bytes(in + p * in_stride + c, count);
            const uint16x8_t low = vmovl_u8(vget_low_u8(codes)), high = vmovl_high_u8(codes);
            sum[0] = vaddw_u16(sum[0], vget_low_u16(low));
            sum[1] = vaddw_high_u16(sum[1], low);
            sum[2] = vaddw_u16(sum[2], vget_low_u16(high));
            sum[3] = vaddw_high_u16(sum[3], high);
        }
        for (int n = 0; n < 4; ++n) vst1q_s32(held + LANES * n, vreinterpretq_s32_u32(sum[n]));
        memcpy(sums + c, held, count * sizeof *held);
    }
}

void KERNEL(gate_row)(uint8_t *codes, size_t stride, int pixels, int channels, const int16_t *gates, int32_t in_zero, int32_t out_zero) {
    const uint8x8_t in = vdup_n_u8((uint8_t)in_zero);
    const int16x8_t out = vdupq_n_s16((int16_t)out_zero);
    for (int c = 0; c < channels; c += 16) {
        const int count = channels - c < 16 ? channels - c : 16;
        int16_t held[16] = {0};
        memcpy(held, gates + c, count * sizeof *held);
        const int16x8_t low_gate = vld1q_s16(held), high_gate = vld1q_s16(held + 8);
        for (int p = 0; p < pixels; ++p) {
            uint8_t *q = codes + p * stride + c;
            const uint8x16_t v = load_bytes(q, count);
            const int16x8_t low = vshlq_n_s16(vreinterpretq_s16_u16(vsubl_u8(vget_low_u8(v), in)), 2);
            const int16x8_t high = vshlq_n_s16(vreinterpretq_s16_u16(vsubl_u8(vget_high_u8(v), in)), 2);
            const uint8x8_t first = vqmovun_s16(vaddq_s16(vqrdmulhq_s16(low, low_gate), out));
            store_bytes(q, vqmovun_high_s16(first, vaddq_s16(vqrdmulhq_s16(high, high_gate), out)), count);
        }
    }
}
