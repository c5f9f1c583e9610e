#include "vectors.h"

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

static int32_t head_sum_plain(const uint8_t *half_block, size_t row, const int8_t *query) {
    int32_t sum = 0;
    for (size_t d = 0; d < llmkit_coarse_bytes; d++) {
        sum += half_block[d / 4 * llmkit_plane_bytes + row * 4 + d % 4] * query[d];
    }
    return sum;
}

static size_t scan_plain(
    const uint8_t *coarse_blocks, const uint8_t *fine_blocks, size_t first, size_t end, const llmkit_head_query *query,
    uint64_t *passed) {
    for (size_t b = first; b < end; b++) {
        const uint8_t *coarse_block = coarse_blocks + b * llmkit_half_block_bytes;
        const uint8_t *fine_block = fine_blocks + b * llmkit_half_block_bytes;
        uint64_t rows = 0;
        for (size_t r = 0; r < llmkit_block_rows; r++) {
            if (head_sum_plain(coarse_block, r, query->coarse) < query->coarse_threshold) continue;
            const int32_t sum = head_sum_plain(coarse_block, r, query->fine)
                + head_sum_plain(fine_block, r, query->fine + llmkit_coarse_bytes);
            rows |= (uint64_t)(sum >= query->fine_threshold) << r;
        }
        if (rows) {
            *passed = rows;
            return b;
        }
    }
    return end;
}

static int32_t head_dot_plain(const uint8_t *head, const int8_t *direction) {
    int32_t sum = 0;
    for (size_t d = 0; d < llmkit_head_bytes; d++) sum += ((int32_t)head[d] - 128) * direction[d];
    return sum;
}

static const llmkit_vector_kernels plain = {
    "plain", dot_plain, dot_half_plain, rotate_plain, scan_plain, head_dot_plain,
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

// The sums of 8 rows. Two products of an unsigned and a signed byte overflow 16 bits, one does not: so the even and the
// odd bytes are multiplied apart.
AVX2 static __m256i head_sums_avx2(const uint8_t *rows, const int8_t *query) {
    const __m256i ones = _mm256_set1_epi16(1);
    const __m256i even = _mm256_set1_epi16(0x00ff);
    __m256i sums = _mm256_setzero_si256();
    for (size_t p = 0; p < llmkit_coarse_bytes / 4; p++) {
        int32_t four;
        memcpy(&four, query + 4 * p, sizeof four);
        const __m256i factors = _mm256_set1_epi32(four);
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(rows + p * llmkit_plane_bytes));
        const __m256i evens = _mm256_maddubs_epi16(bytes, _mm256_and_si256(factors, even));
        const __m256i odds = _mm256_maddubs_epi16(bytes, _mm256_andnot_si256(even, factors));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(evens, ones));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(odds, ones));
    }
    return sums;
}

AVX2 static size_t scan_avx2(
    const uint8_t *coarse_blocks, const uint8_t *fine_blocks, size_t first, size_t end, const llmkit_head_query *query,
    uint64_t *passed) {
    const __m256i coarse_below = _mm256_set1_epi32(query->coarse_threshold - 1);
    const __m256i fine_below = _mm256_set1_epi32(query->fine_threshold - 1);
    for (size_t b = first; b < end; b++) {
        const uint8_t *coarse_block = coarse_blocks + b * llmkit_half_block_bytes;
        const uint8_t *fine_block = fine_blocks + b * llmkit_half_block_bytes;
        uint64_t rows = 0;
        for (int group = 0; group < 8; group++) {
            const __m256i coarse = head_sums_avx2(coarse_block + 32 * group, query->coarse);
            if (_mm256_testz_si256(_mm256_cmpgt_epi32(coarse, coarse_below), _mm256_set1_epi32(-1))) continue;
            const __m256i fine = _mm256_add_epi32(
                head_sums_avx2(coarse_block + 32 * group, query->fine),
                head_sums_avx2(fine_block + 32 * group, query->fine + llmkit_coarse_bytes));
            const __m256i both = _mm256_and_si256(
                _mm256_cmpgt_epi32(coarse, coarse_below), _mm256_cmpgt_epi32(fine, fine_below));
            rows |= (uint64_t)(uint8_t)_mm256_movemask_ps(_mm256_castsi256_ps(both)) << 8 * group;
        }
        if (rows) {
            *passed = rows;
            return b;
        }
    }
    return end;
}

AVX2 static int32_t head_dot_avx2(const uint8_t *head, const int8_t *direction) {
    __m256i sums = _mm256_setzero_si256();
    for (size_t d = 0; d < llmkit_head_bytes; d += 16) {
        const __m256i bytes = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(head + d)));
        const __m256i factors = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(direction + d)));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_sub_epi16(bytes, _mm256_set1_epi16(128)), factors));
    }
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

static const llmkit_vector_kernels avx2 = {
    "avx2", dot_avx2, dot_half_avx2, rotate_avx2, scan_avx2, head_dot_avx2,
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

AVX512 static size_t scan_avx512(
    const uint8_t *coarse_blocks, const uint8_t *fine_blocks, size_t first, size_t end, const llmkit_head_query *query,
    uint64_t *passed) {
    int32_t coarse[llmkit_coarse_bytes / 4], fine[llmkit_head_bytes / 4];
    memcpy(coarse, query->coarse, sizeof coarse);
    memcpy(fine, query->fine, sizeof fine);
    __m512i factors[llmkit_coarse_bytes / 4];
#pragma clang loop unroll(full)
    for (int p = 0; p < llmkit_coarse_bytes / 4; p++) factors[p] = _mm512_set1_epi32(coarse[p]);
    const __m512i coarse_threshold = _mm512_set1_epi32(query->coarse_threshold);
    const __m512i fine_threshold = _mm512_set1_epi32(query->fine_threshold);
    for (size_t b = first; b < end; b++) {
        const uint8_t *coarse_block = coarse_blocks + b * llmkit_half_block_bytes;
        const uint8_t *fine_block = fine_blocks + b * llmkit_half_block_bytes;
        __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
#pragma clang loop unroll(full)
        for (int p = 0; p < llmkit_coarse_bytes / 4; p++) {
            const uint8_t *plane = coarse_block + p * llmkit_plane_bytes;
            s0 = _mm512_dpbusd_epi32(s0, _mm512_loadu_si512(plane), factors[p]);
            s1 = _mm512_dpbusd_epi32(s1, _mm512_loadu_si512(plane + 64), factors[p]);
            s2 = _mm512_dpbusd_epi32(s2, _mm512_loadu_si512(plane + 128), factors[p]);
            s3 = _mm512_dpbusd_epi32(s3, _mm512_loadu_si512(plane + 192), factors[p]);
        }
        uint64_t rows = (uint64_t)_mm512_cmpge_epi32_mask(s0, coarse_threshold)
            | (uint64_t)_mm512_cmpge_epi32_mask(s1, coarse_threshold) << 16
            | (uint64_t)_mm512_cmpge_epi32_mask(s2, coarse_threshold) << 32
            | (uint64_t)_mm512_cmpge_epi32_mask(s3, coarse_threshold) << 48;
        if (!rows) continue;
        uint64_t both = 0;
        for (int group = 0; group < 4; group++) {
            const uint64_t mask = rows >> 16 * group & 0xffff;
            if (!mask) continue;
            __m512i a = _mm512_setzero_si512(), c = a;
            for (int p = 0; p < llmkit_coarse_bytes / 4; p++) {
                const size_t place = (size_t)p * llmkit_plane_bytes + 64 * (size_t)group;
                const __m512i second = _mm512_set1_epi32(fine[llmkit_coarse_bytes / 4 + p]);
                a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(coarse_block + place), _mm512_set1_epi32(fine[p]));
                c = _mm512_dpbusd_epi32(c, _mm512_loadu_si512(fine_block + place), second);
            }
            both |= (mask & _mm512_cmpge_epi32_mask(_mm512_add_epi32(a, c), fine_threshold)) << 16 * group;
        }
        if (both) {
            *passed = both;
            return b;
        }
    }
    return end;
}

static const llmkit_vector_kernels avx512 = {
    "avx512", dot_avx512, dot_half_avx512, rotate_avx512, scan_avx512, head_dot_avx2,
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

#define DOTPROD __attribute__((target("dotprod")))

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

// The sums of 4 rows, less 128 times the sum of the query's bytes: the instruction wants signed bytes on both sides.
DOTPROD static int32x4_t head_sums_neon(const uint8_t *rows, const int8_t *query) {
    int32x4_t sums = vdupq_n_s32(0);
    for (int p = 0; p < llmkit_coarse_bytes / 4; p++) {
        int32_t four;
        memcpy(&four, query + 4 * p, sizeof four);
        const uint8x16_t bytes = veorq_u8(vld1q_u8(rows + p * llmkit_plane_bytes), vdupq_n_u8(0x80));
        sums = vdotq_s32(sums, vreinterpretq_s8_u8(bytes), vreinterpretq_s8_s32(vdupq_n_s32(four)));
    }
    return sums;
}

DOTPROD static size_t scan_neon(
    const uint8_t *coarse_blocks, const uint8_t *fine_blocks, size_t first, size_t end, const llmkit_head_query *query,
    uint64_t *passed) {
    int32_t coarse_sum = 0, fine_sum = 0;
    for (int d = 0; d < llmkit_coarse_bytes; d++) coarse_sum += query->coarse[d];
    for (int d = 0; d < llmkit_head_bytes; d++) fine_sum += query->fine[d];
    const int32x4_t coarse_threshold = vdupq_n_s32(query->coarse_threshold - 128 * coarse_sum);
    const int32x4_t fine_threshold = vdupq_n_s32(query->fine_threshold - 128 * fine_sum);
    static const uint32_t bits[4] = {1, 2, 4, 8};
    const uint32x4_t weights = vld1q_u32(bits);
    for (size_t b = first; b < end; b++) {
        const uint8_t *coarse_block = coarse_blocks + b * llmkit_half_block_bytes;
        const uint8_t *fine_block = fine_blocks + b * llmkit_half_block_bytes;
        uint64_t rows = 0;
        for (int group = 0; group < 16; group++) {
            const int32x4_t coarse = head_sums_neon(coarse_block + 16 * group, query->coarse);
            const uint32x4_t near = vcgeq_s32(coarse, coarse_threshold);
            if (vmaxvq_u32(near) == 0) continue;
            const int32x4_t fine = vaddq_s32(
                head_sums_neon(coarse_block + 16 * group, query->fine),
                head_sums_neon(fine_block + 16 * group, query->fine + llmkit_coarse_bytes));
            const uint32x4_t both = vandq_u32(vandq_u32(near, vcgeq_s32(fine, fine_threshold)), weights);
            rows |= (uint64_t)vaddvq_u32(both) << 4 * group;
        }
        if (rows) {
            *passed = rows;
            return b;
        }
    }
    return end;
}

static const llmkit_vector_kernels neon = {
    "neon", dot_neon, dot_half_neon, rotate_neon, scan_neon, head_dot_plain,
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
