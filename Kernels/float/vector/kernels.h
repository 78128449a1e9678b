/// Every kernel, in terms of one instruction set's vectors. The file that includes this has defined them and sets the target.
#include "activation.h"
#include "convolution.h"
#include "depthwise.h"
#include "image.h"
#include "resample.h"
#include "squeeze_excite.h"

#define VECTOR_KERNELS                    \
    {                                     \
        .convolution = convolution,       \
        .depthwise = depthwise,           \
        .max_pool = max_pool,             \
        .fusion = fusion,                 \
        .pyramid_sum = pyramid_sum,       \
        .channel_sums = channel_sums,     \
        .gates = gates,                   \
        .scale_channels = scale_channels, \
        .normalize = normalize,           \
        .argmax = argmax,                 \
    }
