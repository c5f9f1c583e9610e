#include "encoder_internal.h"

// Never run: no machine of this kind was at hand.
#if defined(__aarch64__)

#include <arm_neon.h>

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define LANES 4
#define VECTORS 2
#define ROWS 12
#define NAME(x) x##_neon
#include "encoder_body.h"

typedef struct { float32x4_t even, odd; } halves_neon;
INLINE halves_neon split_neon(uint32x4_t x) {
    return (halves_neon){
        vreinterpretq_f32_u32(vshlq_n_u32(x, 16)), vreinterpretq_f32_u32(vandq_u32(x, vdupq_n_u32(0xFFFF0000))),
    };
}
#define DOT_LANES 4
#define DOT_ROWS 8
#define DOT_NAME(x) bf16_##x##_neon
#define sums_t float32x4_t
#define weights_t halves_neon
#define factor_t halves_neon
#define START(v) vld1q_f32(w->bias + column + 4 * (v))
#define WEIGHTS(p) split_neon(vreinterpretq_u32_u8(vld1q_u8(p)))
#define FACTOR(bits) split_neon(vdupq_n_u32((uint32_t)(bits)))
#define DOT(sums, x, w) vfmaq_f32(vfmaq_f32(sums, (x).even, (w).even), (x).odd, (w).odd)
#define FINISH(sums, r, v) vst1q_f32(y + (size_t)(r) * y_stride + 4 * (v), sums)
#define MATRIX llmkit_matrix_bf16
#define INPUT uint16_t
#define STEP 2
#define SCALES 0
#include "encoder_dots.h"

static void multiply_bf16_neon(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows, float *y,
                               size_t y_stride) {
    bf16_product_neon(w, x, x_stride, NULL, NULL, rows, y, y_stride);
}

INLINE void finish_s8_neon(const llmkit_matrix_s8 *w, int32x4_t sums, float x_scale, uint8_t kind,
                           size_t column, float *y) {
    const float *bias = w->bias + kind * whole_panels(w->columns) + column;
    const float32x4_t scaled = vmulq_f32(vcvtq_f32_s32(sums), vld1q_f32(w->scales + column));
    vst1q_f32(y, vfmaq_n_f32(vld1q_f32(bias), scaled, x_scale));
}

// Without dot products: bytes are multiplied to sixteen bits, and their sums are added up in pairs. Activations lose
// their 128, and with it the offsets.
INLINE int32x4_t dot_neon(int32x4_t sums, int8x16_t x, int8x16_t w) {
    const int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(x), vget_low_s8(w)));
    const int32x4_t high = vpaddlq_s16(vmull_high_s8(x, w));
    return vaddq_s32(sums, vpaddq_s32(low, high));
}
INLINE int8x16_t factor_neon(int32_t bits) {
    return veorq_s8(vreinterpretq_s8_s32(vdupq_n_s32(bits)), vdupq_n_s8((int8_t)-128));
}
#define DOT_LANES 4
#define DOT_ROWS 8
#define DOT_NAME(x) s8_##x##_neon
#define sums_t int32x4_t
#define weights_t int8x16_t
#define factor_t int8x16_t
#define START(v) vdupq_n_s32(0)
#define WEIGHTS(p) vreinterpretq_s8_u8(vld1q_u8(p))
#define FACTOR(bits) factor_neon(bits)
#define DOT(sums, x, w) dot_neon(sums, x, w)
#define FINISH(sums, r, v) \
    finish_s8_neon(w, sums, x_scales[r], kinds[r], column + 4 * (v), y + (size_t)(r) * y_stride + 4 * (v))
#define MATRIX llmkit_matrix_s8
#define INPUT uint8_t
#define STEP 4
#define SCALES 1
#include "encoder_dots.h"

static void multiply_s8_neon(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride,
                             const float *x_scales, const uint8_t *kinds, size_t rows, float *y,
                             size_t y_stride) {
    s8_product_neon(w, x, x_stride, x_scales, kinds, rows, y, y_stride);
}

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define DOT_LANES 4
#define DOT_ROWS 12
#define DOT_NAME(x) s8_##x##_neon_dot
#define sums_t int32x4_t
#define weights_t int8x16_t
#define factor_t int8x16_t
#define START(v) vdupq_n_s32(0)
#define WEIGHTS(p) vreinterpretq_s8_u8(vld1q_u8(p))
#define FACTOR(bits) factor_neon(bits)
#define DOT(sums, x, w) vdotq_s32(sums, x, w)
#define FINISH(sums, r, v) \
    finish_s8_neon(w, sums, x_scales[r], kinds[r], column + 4 * (v), y + (size_t)(r) * y_stride + 4 * (v))
#define MATRIX llmkit_matrix_s8
#define INPUT uint8_t
#define STEP 4
#define SCALES 1
#include "encoder_dots.h"

static void multiply_s8_neon_dot(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride,
                                 const float *x_scales, const uint8_t *kinds, size_t rows, float *y,
                                 size_t y_stride) {
    s8_product_neon_dot(w, x, x_stride, x_scales, kinds, rows, y, y_stride);
}
#pragma clang attribute pop

const llmkit_kernels llmkit_kernels_neon = {
    .name = "neon",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_neon,
    .multiply_bf16 = multiply_bf16_neon,
    .multiply_s8 = multiply_s8_neon,
    .round_bf16 = round_bf16_neon,
    .quantize = quantize_neon,
    .rotate = rotate_neon,
    .activate = activate_neon,
    .add_norm = add_norm_neon,
    .attend = attend_neon,
};

const llmkit_kernels llmkit_kernels_neon_dot = {
    .name = "neon-dot",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_neon,
    .multiply_bf16 = multiply_bf16_neon,
    .multiply_s8 = multiply_s8_neon_dot,
    .round_bf16 = round_bf16_neon,
    .quantize = quantize_neon,
    .rotate = rotate_neon,
    .activate = activate_neon,
    .add_norm = add_norm_neon,
    .attend = attend_neon,
};

#endif
