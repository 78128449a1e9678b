/// Every kernel, in terms of one instruction set's vectors. The file that includes this has defined them and sets the target.
#include "activation_tmpl.h"
#include "conv_tmpl.h"
#include "depthwise_tmpl.h"
#include "image_tmpl.h"
#include "resample_tmpl.h"
#include "gate_tmpl.h"
