// Every kernel in vectors of 4 int32 accumulators. The file that includes this has set the target, `LAYOUT` and `HEADER`, and defined
// `set_weights` and `accumulate` of convolutions and `start_of`, `ring_operand` and `dot` of depthwise ones, and the sizes of its
// tiles.

// Where the number of pixels is not a constant, "#pragma unroll" cannot be followed and need not be.
#pragma clang diagnostic ignored "-Wpass-failed"

#include "conv_tmpl.h"
#include "depthwise_tmpl.h"
#include "affine_tmpl.h"
#include "fusion_tmpl.h"
#include "rows_tmpl.h"
#include "argmax_tmpl.h"
#include "../../argmax_row_tmpl.h"
#include "class_tmpl.h"

#define shuffled(v, at) ((bytes16)vqtbl1q_u8((uint8x16_t)(v), (uint8x16_t)(at)))
#include "../../shuffle_tmpl.h"
