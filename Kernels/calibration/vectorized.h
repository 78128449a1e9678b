#ifndef ESEG_VECTORIZED_H
#define ESEG_VECTORIZED_H

/// Compiles a function for AVX2 too, and chooses at run time. Lanes are independent sums and products are not contracted, so that both give
/// the same bytes. What chooses runs before ThreadSanitizer does, so that nothing is chosen there.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORIZED
#endif

#endif
