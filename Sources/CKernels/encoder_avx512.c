#include "encoder_internal.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define LANES 16
#define VECTORS 2
#define ROWS 12
#define NAME(x) x##_avx512
#include "encoder_body.h"

typedef struct { __m512 even, odd; } halves_avx512;
INLINE halves_avx512 split_avx512(__m512i x) {
    return (halves_avx512){
        _mm512_castsi512_ps(_mm512_slli_epi32(x, 16)),
        _mm512_castsi512_ps(_mm512_and_si512(x, _mm512_set1_epi32((int)0xFFFF0000))),
    };
}
#define DOT_LANES 16
#define DOT_ROWS 10
#define DOT_NAME(x) bf16_##x##_avx512
#define sums_t __m512
#define weights_t halves_avx512
#define factor_t halves_avx512
#define START(v) _mm512_loadu_ps(w->bias + column + 16 * (v))
#define WEIGHTS(p) split_avx512(_mm512_loadu_si512(p))
#define FACTOR(bits) split_avx512(_mm512_set1_epi32(bits))
#define DOT(sums, x, w) _mm512_fmadd_ps((x).odd, (w).odd, _mm512_fmadd_ps((x).even, (w).even, sums))
#define FINISH(sums, r, v) _mm512_storeu_ps(y + (size_t)(r) * y_stride + 16 * (v), sums)
#define MATRIX llmkit_matrix_bf16
#define INPUT uint16_t
#define STEP 2
#define SCALES 0
#include "encoder_dots.h"

static void multiply_bf16_avx512(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows,
                                 float *y, size_t y_stride) {
    bf16_product_avx512(w, x, x_stride, NULL, NULL, rows, y, y_stride);
}

#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,avx512bf16"))), \
                             apply_to = function)
#define DOT_LANES 16
#define DOT_ROWS 12
#define DOT_NAME(x) bf16_##x##_avx512_bf16
#define sums_t __m512
#define weights_t __m512bh
#define factor_t __m512bh
#define START(v) _mm512_loadu_ps(w->bias + column + 16 * (v))
#define WEIGHTS(p) (__m512bh)_mm512_loadu_si512(p)
#define FACTOR(bits) (__m512bh)_mm512_set1_epi32(bits)
#define DOT(sums, x, w) _mm512_dpbf16_ps(sums, x, w)
#define FINISH(sums, r, v) _mm512_storeu_ps(y + (size_t)(r) * y_stride + 16 * (v), sums)
#define MATRIX llmkit_matrix_bf16
#define INPUT uint16_t
#define STEP 2
#define SCALES 0
#include "encoder_dots.h"

static void multiply_bf16_avx512_bf16(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows,
                                      float *y, size_t y_stride) {
    bf16_product_avx512_bf16(w, x, x_stride, NULL, NULL, rows, y, y_stride);
}
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,avx512vnni"))), \
                             apply_to = function)
INLINE void finish_s8_avx512(const llmkit_matrix_s8 *w, __m512i sums, float x_scale, uint8_t kind,
                             size_t column, float *y) {
    const float *bias = w->bias + kind * whole_panels(w->columns) + column;
    const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), _mm512_loadu_ps(w->scales + column));
    _mm512_storeu_ps(y, _mm512_fmadd_ps(scaled, _mm512_set1_ps(x_scale), _mm512_loadu_ps(bias)));
}
#define DOT_LANES 16
#define DOT_ROWS 12
#define DOT_NAME(x) s8_##x##_avx512_vnni
#define sums_t __m512i
#define weights_t __m512i
#define factor_t __m512i
#define START(v) _mm512_loadu_si512(w->offsets + column + 16 * (v))
#define WEIGHTS(p) _mm512_loadu_si512(p)
#define FACTOR(bits) _mm512_set1_epi32(bits)
#define DOT(sums, x, w) _mm512_dpbusd_epi32(sums, x, w)
#define FINISH(sums, r, v) \
    finish_s8_avx512(w, sums, x_scales[r], kinds[r], column + 16 * (v), y + (size_t)(r) * y_stride + 16 * (v))
#define MATRIX llmkit_matrix_s8
#define INPUT uint8_t
#define STEP 4
#define SCALES 1
#include "encoder_dots.h"

static void multiply_s8_avx512_vnni(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride,
                                    const float *x_scales, const uint8_t *kinds, size_t rows, float *y,
                                    size_t y_stride) {
    s8_product_avx512_vnni(w, x, x_stride, x_scales, kinds, rows, y, y_stride);
}
#pragma clang attribute pop

const llmkit_kernels llmkit_kernels_avx512 = {
    .name = "avx512",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_avx512,
    .multiply_bf16 = multiply_bf16_avx512,
    .multiply_s8 = llmkit_multiply_s8_avx2,
    .round_bf16 = round_bf16_avx512,
    .quantize = quantize_avx512,
    .rotate = rotate_avx512,
    .activate = activate_avx512,
    .add_norm = add_norm_avx512,
    .attend = attend_avx512,
};

const llmkit_kernels llmkit_kernels_avx512_vnni = {
    .name = "avx512-vnni",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_avx512,
    .multiply_bf16 = multiply_bf16_avx512,
    .multiply_s8 = multiply_s8_avx512_vnni,
    .round_bf16 = round_bf16_avx512,
    .quantize = quantize_avx512,
    .rotate = rotate_avx512,
    .activate = activate_avx512,
    .add_norm = add_norm_avx512,
    .attend = attend_avx512,
};

const llmkit_kernels llmkit_kernels_avx512_bf16 = {
    .name = "avx512-vnni-bf16",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_avx512,
    .multiply_bf16 = multiply_bf16_avx512_bf16,
    .multiply_s8 = multiply_s8_avx512_vnni,
    .round_bf16 = round_bf16_avx512,
    .quantize = quantize_avx512,
    .rotate = rotate_avx512,
    .activate = activate_avx512,
    .add_norm = add_norm_avx512,
    .attend = attend_avx512,
};

#endif
