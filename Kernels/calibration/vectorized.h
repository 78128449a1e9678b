#ifndef ESEG_VECTORIZED_H
#define ESEG_VECTORIZED_H

/// Compiles a function for AVX2 too, and chooses at run time. Lanes are independent sums and products are not contracted, so that both give
/// the same bytes.
#ifdef __x86_64__
#define VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORIZED
#endif

#endif
