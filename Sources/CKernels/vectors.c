#include "vectors.h"

#include "vector_scan.h"

#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif
#endif

uint16_t llmkit_half_from_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint16_t sign = bits >> 16 & 0x8000;
    bits &= 0x7fffffff;
    if (bits > 0x7f800000) return sign | 0x7e00;
    if (bits >= 0x477ff000) return sign | 0x7c00;
    if (bits >= 0x38800000) {
        // The carry of the rounding may run into the exponent, which is right.
        const uint32_t rebased = bits - 0x38000000;
        return sign | (uint16_t)((rebased + 0xfff + (rebased >> 13 & 1)) >> 13);
    }
    if (bits < 0x33000000) return sign;
    const uint32_t mantissa = (bits & 0x7fffff) | 0x800000, shift = 126 - (bits >> 23);
    const uint32_t whole = mantissa >> shift, rest = mantissa & ((1u << shift) - 1), half = 1u << (shift - 1);
    return sign | (uint16_t)(whole + (rest > half || (rest == half && (whole & 1))));
}

float llmkit_float_from_half(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, mantissa = half & 0x3ff;
    float value;
    if (exponent == 0) {
        value = (float)mantissa * 0x1p-24f;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        bits |= sign;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    const uint32_t bits = sign | (exponent == 31 ? 0x7f800000 : (exponent + 112) << 23) | mantissa << 13;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void llmkit_halves_from_floats(const float *values, size_t count, uint16_t *halves) {
    for (size_t i = 0; i < count; i++) halves[i] = llmkit_half_from_float(values[i]);
}

void llmkit_floats_from_halves(const uint16_t *halves, size_t count, float *values) {
    for (size_t i = 0; i < count; i++) values[i] = llmkit_float_from_half(halves[i]);
}

// MARK: Plain

static float dot_plain(const float *row, const float *query, size_t count) {
    float sums[16] = {0};
    for (size_t i = 0; i < count; i += 16) {
        for (size_t j = 0; j < 16; j++) sums[j] += row[i + j] * query[i + j];
    }
    for (size_t width = 8; width > 0; width /= 2) {
        for (size_t j = 0; j < width; j++) sums[j] += sums[j + width];
    }
    return sums[0];
}

static float dot_half_plain(const uint16_t *row, const float *query, size_t count) {
    float sums[16] = {0};
    for (size_t i = 0; i < count; i += 16) {
        for (size_t j = 0; j < 16; j++) sums[j] += llmkit_float_from_half(row[i + j]) * query[i + j];
    }
    for (size_t width = 8; width > 0; width /= 2) {
        for (size_t j = 0; j < width; j++) sums[j] += sums[j + width];
    }
    return sums[0];
}

static void rotate_plain(const float *matrix, const float *vector, size_t count, float *out) {
    float sums[64] = {0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < 64; j++) sums[j] += vector[i] * matrix[64 * i + j];
    }
    memcpy(out, sums, sizeof sums);
}

static const llmkit_vector_kernels plain = {
    "plain", dot_plain, dot_half_plain, rotate_plain, llmkit_scan_plain, llmkit_sketch_dot_plain,
};

#if defined(__x86_64__)

// MARK: AVX2

#define AVX2 __attribute__((target("avx2,fma,f16c")))

AVX2 static float sum_of_lanes(__m256 low, __m256 high) {
    const __m256 eight = _mm256_add_ps(low, high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

AVX2 static float dot_avx2(const float *row, const float *query, size_t count) {
    __m256 low = _mm256_setzero_ps(), high = low;
    for (size_t i = 0; i < count; i += 16) {
        low = _mm256_fmadd_ps(_mm256_loadu_ps(row + i), _mm256_loadu_ps(query + i), low);
        high = _mm256_fmadd_ps(_mm256_loadu_ps(row + i + 8), _mm256_loadu_ps(query + i + 8), high);
    }
    return sum_of_lanes(low, high);
}

AVX2 static float dot_half_avx2(const uint16_t *row, const float *query, size_t count) {
    __m256 low = _mm256_setzero_ps(), high = low;
    for (size_t i = 0; i < count; i += 16) {
        const __m256i halves = _mm256_loadu_si256((const __m256i *)(row + i));
        const __m256 a = _mm256_cvtph_ps(_mm256_castsi256_si128(halves));
        const __m256 b = _mm256_cvtph_ps(_mm256_extracti128_si256(halves, 1));
        low = _mm256_fmadd_ps(a, _mm256_loadu_ps(query + i), low);
        high = _mm256_fmadd_ps(b, _mm256_loadu_ps(query + i + 8), high);
    }
    return sum_of_lanes(low, high);
}

AVX2 static void rotate_avx2(const float *matrix, const float *vector, size_t count, float *out) {
    __m256 sums[8];
    for (int j = 0; j < 8; j++) sums[j] = _mm256_setzero_ps();
    for (size_t i = 0; i < count; i++) {
        const __m256 factor = _mm256_broadcast_ss(vector + i);
        for (int j = 0; j < 8; j++) {
            sums[j] = _mm256_fmadd_ps(factor, _mm256_loadu_ps(matrix + 64 * i + 8 * j), sums[j]);
        }
    }
    for (int j = 0; j < 8; j++) _mm256_storeu_ps(out + 8 * j, sums[j]);
}

static const llmkit_vector_kernels avx2 = {
    "avx2", dot_avx2, dot_half_avx2, rotate_avx2, llmkit_scan_avx2, llmkit_sketch_dot_avx2,
};

// MARK: AVX-512 with VNNI

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

AVX512 static float dot_avx512(const float *row, const float *query, size_t count) {
    __m512 even = _mm512_setzero_ps(), odd = even;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        even = _mm512_fmadd_ps(_mm512_loadu_ps(row + i), _mm512_loadu_ps(query + i), even);
        odd = _mm512_fmadd_ps(_mm512_loadu_ps(row + i + 16), _mm512_loadu_ps(query + i + 16), odd);
    }
    if (i < count) even = _mm512_fmadd_ps(_mm512_loadu_ps(row + i), _mm512_loadu_ps(query + i), even);
    return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

AVX512 static float dot_half_avx512(const uint16_t *row, const float *query, size_t count) {
    __m512 even = _mm512_setzero_ps(), odd = even;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m512 a = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(row + i)));
        const __m512 b = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(row + i + 16)));
        even = _mm512_fmadd_ps(a, _mm512_loadu_ps(query + i), even);
        odd = _mm512_fmadd_ps(b, _mm512_loadu_ps(query + i + 16), odd);
    }
    if (i < count) {
        const __m512 a = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(row + i)));
        even = _mm512_fmadd_ps(a, _mm512_loadu_ps(query + i), even);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(even, odd));
}

AVX512 static void rotate_avx512(const float *matrix, const float *vector, size_t count, float *out) {
    // Eight sums that do not wait for each other hide the latency of the multiplications.
    __m512 sums[2][4];
    for (int j = 0; j < 4; j++) sums[0][j] = sums[1][j] = _mm512_setzero_ps();
    for (size_t i = 0; i < count; i += 2) {
        const __m512 a = _mm512_set1_ps(vector[i]), b = _mm512_set1_ps(vector[i + 1]);
        for (int j = 0; j < 4; j++) {
            sums[0][j] = _mm512_fmadd_ps(a, _mm512_loadu_ps(matrix + 64 * i + 16 * j), sums[0][j]);
            sums[1][j] = _mm512_fmadd_ps(b, _mm512_loadu_ps(matrix + 64 * i + 64 + 16 * j), sums[1][j]);
        }
    }
    for (int j = 0; j < 4; j++) _mm512_storeu_ps(out + 16 * j, _mm512_add_ps(sums[0][j], sums[1][j]));
}

static const llmkit_vector_kernels avx512 = {
    "avx512", dot_avx512, dot_half_avx512, rotate_avx512, llmkit_scan_avx512, llmkit_sketch_dot_avx2,
};

static int detect(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) return 1;
    const int has_512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vnni");
    return has_512 ? 3 : 2;
}

static const llmkit_vector_kernels *const all[] = {&plain, &avx2, &avx512};

#elif defined(__aarch64__) && (defined(__ARM_FEATURE_DOTPROD) || defined(__linux__))

// MARK: NEON with dot products

static float dot_neon(const float *row, const float *query, size_t count) {
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (size_t i = 0; i < count; i += 16) {
        for (int j = 0; j < 4; j++) {
            sums[j] = vfmaq_f32(sums[j], vld1q_f32(row + i + 4 * j), vld1q_f32(query + i + 4 * j));
        }
    }
    return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3])));
}

static float dot_half_neon(const uint16_t *row, const float *query, size_t count) {
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (size_t i = 0; i < count; i += 16) {
        for (int j = 0; j < 4; j++) {
            const float32x4_t four = vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(row + i + 4 * j)));
            sums[j] = vfmaq_f32(sums[j], four, vld1q_f32(query + i + 4 * j));
        }
    }
    return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[2]), vaddq_f32(sums[1], sums[3])));
}

static void rotate_neon(const float *matrix, const float *vector, size_t count, float *out) {
    float32x4_t sums[16];
    for (int j = 0; j < 16; j++) sums[j] = vdupq_n_f32(0);
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < 16; j++) sums[j] = vfmaq_n_f32(sums[j], vld1q_f32(matrix + 64 * i + 4 * j), vector[i]);
    }
    for (int j = 0; j < 16; j++) vst1q_f32(out + 4 * j, sums[j]);
}

static const llmkit_vector_kernels neon = {
    "neon", dot_neon, dot_half_neon, rotate_neon, llmkit_scan_neon, llmkit_sketch_dot_plain,
};

static int detect(void) {
#if defined(__linux__)
    return getauxval(AT_HWCAP) & HWCAP_ASIMDDP ? 2 : 1;
#else
    return 2;
#endif
}

static const llmkit_vector_kernels *const all[] = {&plain, &neon};

#else

static int detect(void) { return 1; }

static const llmkit_vector_kernels *const all[] = {&plain};

#endif

static size_t usable(void) {
    // Asking the processor is slow, in virtual machines very: once is enough. 0 stands for not asked yet.
    static _Atomic int answer = 0;
    int known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (known == 0) {
        known = detect();
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return (size_t)known;
}

const llmkit_vector_kernels *llmkit_vector_kernels_best(void) { return all[usable() - 1]; }

const llmkit_vector_kernels *llmkit_vector_kernels_at(size_t index) { return index < usable() ? all[index] : NULL; }
