#ifndef ESEG_FUSION_H
#define ESEG_FUSION_H

#include "eseg_s8_ops.h"
#include "../support/scratch.h"

/// What one thread keeps while it computes rows of a weighted sum.
typedef struct fusion_scratch {
    uint8_t *pooled[ESEG_MAX_FUSED];        ///< a row of pooled codes
    int32_t *accumulators[ESEG_MAX_FUSED];  ///< chained: the row of sums of the map and all coarser ones that was computed last
    int row[ESEG_MAX_FUSED];                ///< which row that is, −1: none
    int channel[ESEG_MAX_FUSED];            ///< and its first channel
} fusion_scratch;

fusion_scratch eseg_s8_fusion_take(scratch *s, const eseg_s8_fusion_op *fusion);

/// Writes channels [begin, end) of row `y` to a ring slot or, packed, one after the other.
void eseg_s8_fusion_row_into(const eseg_kernels *kernels, const eseg_s8_fusion_op *fusion, fusion_scratch *scratch, int y, int begin,
                             int end, int packed, uint8_t *out, size_t out_stride);

#endif
