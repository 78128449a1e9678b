#ifndef AVXVNNI_EVEX_H
#define AVXVNNI_EVEX_H

#include "eseg_dispatch.h"

/// AVX-VNNI's kernels in instructions of AVX-512 VNNI; NULL where this CPU lacks those too.
const eseg_kernels *avxvnni_evex(void);

#endif
