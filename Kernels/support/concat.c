#include "eseg_concat.h"

#include "copy.h"

void eseg_concat_copy(const eseg_concat_slice *slice, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (size_t p = 0; p < slice->pixels; ++p)
        copy_pixel((char *)slice->out + p * slice->out_stride, (const char *)slice->in + p * slice->in_stride, slice->bytes);
}
