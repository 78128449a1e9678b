#ifndef ESEG_KERNELS_H
#define ESEG_KERNELS_H

#include "eseg_affinity.h"
#include "eseg_calibration.h"
#include "eseg_dispatch.h"
#include "eseg_f32.h"
#include "eseg_fitting.h"
#include "eseg_gate.h"
#include "eseg_isa.h"
#include "eseg_maps.h"
#include "eseg_resize.h"
#include "eseg_s16.h"
#include "eseg_s16_ops.h"
#include "eseg_s8.h"
#include "eseg_s8_ops.h"
#include "eseg_sha256.h"
#include "eseg_weights.h"

#endif
