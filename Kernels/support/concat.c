#include "eseg_concat.h"

#include "copy.h"
#include "team.h"

static void copy_pixels(const eseg_concat_slice *slice, wide_share pixels) {
    for (int64_t p = pixels.begin; p < pixels.end; ++p)
        copy_pixel((char *)slice->out + p * slice->out_stride, (const char *)slice->in + p * slice->in_stride, slice->bytes);
}

void eseg_concat_copy(const eseg_concat_slice *slice, int threads) {
    WITH_TEAM(threads, copy_pixels(slice, wide_share_of(slice->pixels, me)));
}
