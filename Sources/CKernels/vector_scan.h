#ifndef LLMKIT_VECTOR_SCAN_H
#define LLMKIT_VECTOR_SCAN_H

#include "vectors.h"

// The scans of heads and the products of sketches, for the tables of kernels in vectors.c. What each does is said there.

size_t llmkit_scan_plain(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed);
int32_t llmkit_sketch_dot_plain(const int8_t *sketch, const int8_t *direction);

#if defined(__x86_64__)
size_t llmkit_scan_avx2(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed);
size_t llmkit_scan_avx512(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed);
int32_t llmkit_sketch_dot_avx2(const int8_t *sketch, const int8_t *direction);
#elif defined(__aarch64__)
size_t llmkit_scan_neon(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed);
#endif

#endif
