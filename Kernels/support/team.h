#ifndef ESEG_SUPPORT_TEAM_H
#define ESEG_SUPPORT_TEAM_H

#include <stdint.h>

// Entry points of LLVM's OpenMP runtime that no other has: functions of omp.h would be those of GCC's libgomp in a program that has that too,
// which knows nothing of these threads. Where code is compiled for a region, it is these threads that run it.
int32_t __kmpc_bound_thread_num(void *place);
int32_t __kmpc_bound_num_threads(void *place);

/// One of the threads that run an operation together.
typedef struct member {
    int index, count;
} member;

/// Runs a statement on each thread of a team of at most `threads`; within it, `me` says which thread it is.
///
/// OpenMP's runtime allocates memory for a region of one thread and, as distributions build it, for every loop that it shares out: so one
/// thread does without it, and members take their shares by themselves.
#define WITH_TEAM(threads, ...)                                                              \
    do {                                                                                     \
        if ((threads) == 1) {                                                                \
            const member me = {0, 1};                                                        \
            __VA_ARGS__;                                                                     \
        } else {                                                                             \
            _Pragma("omp parallel num_threads(threads)")                                     \
            {                                                                                \
                const member me = {__kmpc_bound_thread_num(0), __kmpc_bound_num_threads(0)}; \
                __VA_ARGS__;                                                                 \
            }                                                                                \
        }                                                                                    \
    } while (0)

/// Waits until all of a team have come here.
static inline void team_wait(member me) {
    if (me.count == 1) return;
#pragma omp barrier
}

/// Pieces [begin, end) of some.
typedef struct share {
    int begin, end;
} share;

/// The same of pixels, whose bytes 64 bits count.
typedef struct wide_share {
    int64_t begin, end;
} wide_share;

/// What a member does of `count` pieces.
static inline wide_share wide_share_of(int64_t count, member me) {
    return (wide_share){count * me.index / me.count, count * (me.index + 1) / me.count};
}

static inline share share_of(int count, member me) {
    const wide_share part = wide_share_of(count, me);
    return (share){(int)part.begin, (int)part.end};
}

#endif
