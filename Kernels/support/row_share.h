#ifndef ESEG_ROW_SHARE_H
#define ESEG_ROW_SHARE_H

#include <stdint.h>

/// Rows [begin, end) of a thread.
typedef struct row_share {
    int begin, end;
} row_share;

static inline row_share row_share_of(int rows, int thread, int threads) {
    return (row_share){(int)((int64_t)rows * thread / threads), (int)((int64_t)rows * (thread + 1) / threads)};
}

#endif
