#include "encoder_internal.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define LANES 8
#define VECTORS 2
#define ROWS 6
#define NAME(x) x##_avx2
#include "encoder_body.h"

// Eight bits become sixteen, even and odd bytes apart: the instruction that multiplies bytes as they are saturates.
typedef struct { __m256i even, odd; } bytes_avx2;
INLINE bytes_avx2 weights_avx2(const uint8_t *p) {
    const __m256i w = _mm256_loadu_si256((const __m256i *)p);
    return (bytes_avx2){_mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8), _mm256_srai_epi16(w, 8)};
}
INLINE bytes_avx2 factor_avx2(int32_t bits) {
    const __m256i x = _mm256_set1_epi32(bits);
    return (bytes_avx2){_mm256_and_si256(x, _mm256_set1_epi16(0xFF)), _mm256_srli_epi16(x, 8)};
}
INLINE __m256i dot_avx2(__m256i sums, bytes_avx2 x, bytes_avx2 w) {
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(x.even, w.even));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(x.odd, w.odd));
}
INLINE void finish_s8_avx2(const llmkit_matrix_s8 *w, __m256i sums, float x_scale, uint8_t kind,
                           size_t column, float *y) {
    const float *bias = w->bias + kind * whole_panels(w->columns) + column;
    const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), _mm256_loadu_ps(w->scales + column));
    _mm256_storeu_ps(y, _mm256_fmadd_ps(scaled, _mm256_set1_ps(x_scale), _mm256_loadu_ps(bias)));
}
#define DOT_LANES 8
#define DOT_ROWS 4
#define DOT_NAME(x) s8_##x##_avx2
#define sums_t __m256i
#define weights_t bytes_avx2
#define factor_t bytes_avx2
#define START(v) _mm256_loadu_si256((const __m256i *)(w->offsets + column + 8 * (v)))
#define WEIGHTS(p) weights_avx2(p)
#define FACTOR(bits) factor_avx2(bits)
#define DOT(sums, x, w) dot_avx2(sums, x, w)
#define FINISH(sums, r, v) \
    finish_s8_avx2(w, sums, x_scales[r], kinds[r], column + 8 * (v), y + (size_t)(r) * y_stride + 8 * (v))
#define MATRIX llmkit_matrix_s8
#define INPUT uint8_t
#define STEP 4
#define SCALES 1
#include "encoder_dots.h"

typedef struct { __m256 even, odd; } halves_avx2;
INLINE halves_avx2 split_avx2(__m256i x) {
    return (halves_avx2){
        _mm256_castsi256_ps(_mm256_slli_epi32(x, 16)),
        _mm256_castsi256_ps(_mm256_and_si256(x, _mm256_set1_epi32((int)0xFFFF0000))),
    };
}
#define DOT_LANES 8
#define DOT_ROWS 4
#define DOT_NAME(x) bf16_##x##_avx2
#define sums_t __m256
#define weights_t halves_avx2
#define factor_t halves_avx2
#define START(v) _mm256_loadu_ps(w->bias + column + 8 * (v))
#define WEIGHTS(p) split_avx2(_mm256_loadu_si256((const __m256i *)(p)))
#define FACTOR(bits) split_avx2(_mm256_set1_epi32(bits))
#define DOT(sums, x, w) _mm256_fmadd_ps((x).odd, (w).odd, _mm256_fmadd_ps((x).even, (w).even, sums))
#define FINISH(sums, r, v) _mm256_storeu_ps(y + (size_t)(r) * y_stride + 8 * (v), sums)
#define MATRIX llmkit_matrix_bf16
#define INPUT uint16_t
#define STEP 2
#define SCALES 0
#include "encoder_dots.h"

void llmkit_multiply_s8_avx2(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride,
                             const float *x_scales, const uint8_t *kinds, size_t rows, float *y,
                             size_t y_stride) {
    s8_product_avx2(w, x, x_stride, x_scales, kinds, rows, y, y_stride);
}
static void multiply_bf16_avx2(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows, float *y,
                               size_t y_stride) {
    bf16_product_avx2(w, x, x_stride, NULL, NULL, rows, y, y_stride);
}

#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)
#define DOT_LANES 8
#define DOT_ROWS 6
#define DOT_NAME(x) s8_##x##_avx2_vnni
#define sums_t __m256i
#define weights_t __m256i
#define factor_t __m256i
#define START(v) _mm256_loadu_si256((const __m256i *)(w->offsets + column + 8 * (v)))
#define WEIGHTS(p) _mm256_loadu_si256((const __m256i *)(p))
#define FACTOR(bits) _mm256_set1_epi32(bits)
#define DOT(sums, x, w) _mm256_dpbusd_avx_epi32(sums, x, w)
#define FINISH(sums, r, v) \
    finish_s8_avx2(w, sums, x_scales[r], kinds[r], column + 8 * (v), y + (size_t)(r) * y_stride + 8 * (v))
#define MATRIX llmkit_matrix_s8
#define INPUT uint8_t
#define STEP 4
#define SCALES 1
#include "encoder_dots.h"

static void multiply_s8_avx2_vnni(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride,
                                  const float *x_scales, const uint8_t *kinds, size_t rows, float *y,
                                  size_t y_stride) {
    s8_product_avx2_vnni(w, x, x_stride, x_scales, kinds, rows, y, y_stride);
}
#pragma clang attribute pop

const llmkit_kernels llmkit_kernels_avx2 = {
    .name = "avx2",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_avx2,
    .multiply_bf16 = multiply_bf16_avx2,
    .multiply_s8 = llmkit_multiply_s8_avx2,
    .round_bf16 = round_bf16_avx2,
    .quantize = quantize_avx2,
    .rotate = rotate_avx2,
    .activate = activate_avx2,
    .add_norm = add_norm_avx2,
    .attend = attend_avx2,
};

const llmkit_kernels llmkit_kernels_avx2_vnni = {
    .name = "avx2-vnni",
    .is_vectorized = true,
    .multiply_f32 = multiply_f32_avx2,
    .multiply_bf16 = multiply_bf16_avx2,
    .multiply_s8 = multiply_s8_avx2_vnni,
    .round_bf16 = round_bf16_avx2,
    .quantize = quantize_avx2,
    .rotate = rotate_avx2,
    .activate = activate_avx2,
    .add_norm = add_norm_avx2,
    .attend = attend_avx2,
};

#endif
