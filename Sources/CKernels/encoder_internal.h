// What the files of the encoder's kernels share.

#ifndef LLMKIT_ENCODER_INTERNAL_H
#define LLMKIT_ENCODER_INTERNAL_H

#include "encoder.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")
// The most rows that a tile of any set of instructions has.
#define ROWS_LIMIT 12
// How many elements of a rotation are kept in registers at once.
#define ROTATED_AT_ONCE 128
// How many steps of the depth ahead weights are fetched.
#define PREFETCH_STEPS 16

INLINE size_t whole_panels(size_t n) { return (n + llmkit_panel_width - 1) / llmkit_panel_width * llmkit_panel_width; }
INLINE size_t whole_quadruples(size_t n) { return (n + 3) / 4 * 4; }

// The nearest whole number, ties to even, with 128 added; 128 for what is none.
INLINE uint8_t byte_of(float x) { return x >= -127.5f && x <= 127.5f ? (uint8_t)((int)nearbyintf(x) + 128) : 128; }

INLINE uint16_t bf16_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

INLINE float float_of(uint16_t bf16) {
    const uint32_t bits = (uint32_t)bf16 << 16;
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

extern const llmkit_kernels llmkit_kernels_plain;
void llmkit_rotate_plain(float *x, size_t count, size_t block);

#if defined(__x86_64__)
extern const llmkit_kernels llmkit_kernels_avx2, llmkit_kernels_avx2_vnni;
extern const llmkit_kernels llmkit_kernels_avx512, llmkit_kernels_avx512_vnni, llmkit_kernels_avx512_bf16;
void llmkit_multiply_s8_avx2(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride, const float *x_scales,
                             const uint8_t *kinds, size_t rows, float *y, size_t y_stride);
#elif defined(__aarch64__)
extern const llmkit_kernels llmkit_kernels_neon, llmkit_kernels_neon_dot;
#endif

#endif
