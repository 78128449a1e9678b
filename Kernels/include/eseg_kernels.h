#ifndef ESEG_KERNELS_H
#define ESEG_KERNELS_H

#include "eseg_affinity.h"
#include "eseg_calibration.h"
#include "eseg_fitting.h"
#include "eseg_cpu.h"
#include "eseg_float.h"
#include "eseg_int16.h"
#include "eseg_int16_ops.h"
#include "eseg_int8.h"
#include "eseg_peak.h"
#include "eseg_resize.h"
#include "eseg_int8_ops.h"
#include "eseg_sha256.h"
#include "eseg_weights.h"

#endif
