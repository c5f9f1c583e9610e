#include "vector_scan.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

static inline int32_t four_of(const int8_t *bytes) {
    int32_t four;
    memcpy(&four, bytes, sizeof four);
    return four;
}

// The last byte of a piece in the place it has in its plane.
static inline int32_t tail_factor(const llmkit_head_query *query, int level) { return (int32_t)((uint32_t)query->tails[level] << 24); }

// MARK: AVX2

#define AVX2 __attribute__((target("avx2")))

// What a piece adds to the sums of 8 rows. Two products of four bits and a signed byte fit 16 bits.
AVX2 static inline __m256i piece_sums_avx2(const uint8_t *rows, int level, const llmkit_head_query *query) {
    const __m256i ones = _mm256_set1_epi16(1), half = _mm256_set1_epi8(15);
    const size_t planes = llmkit_piece_planes(level), before = llmkit_planes_before(level);
    __m256i sums = _mm256_setzero_si256();
    for (size_t p = 0; p < planes; p++) {
        const __m256i low = _mm256_set1_epi32(four_of(query->low + 4 * (before + p)));
        const __m256i high = _mm256_set1_epi32(four_of(query->high + 4 * (before + p)));
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(rows + p * llmkit_plane_bytes));
        const __m256i products = _mm256_add_epi16(
            _mm256_maddubs_epi16(_mm256_and_si256(bytes, half), low),
            _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), half), high));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(products, ones));
    }
    return sums;
}

// The rows, of 8, that pass the level; `sums` are those of all pieces up to it.
AVX2 static inline uint32_t passed_avx2(const uint8_t *rows, int level, const llmkit_head_query *query, __m256i sums) {
    const __m256i last = _mm256_loadu_si256((const __m256i *)(rows + (llmkit_piece_planes(level) - 1) * llmkit_plane_bytes));
    const __m256i tails = _mm256_mullo_epi32(_mm256_srli_epi32(last, 24), _mm256_set1_epi32(query->tails[level]));
    const __m256i near = _mm256_cmpgt_epi32(_mm256_add_epi32(sums, tails), _mm256_set1_epi32(query->thresholds[level] - 1));
    return (uint8_t)_mm256_movemask_ps(_mm256_castsi256_ps(near));
}

AVX2 size_t llmkit_scan_avx2(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed) {
    const int first_level = query->first_level, level_count = query->level_count;
    for (size_t b = first; b < end; b++) {
        uint64_t found = 0;
        for (size_t group = 0; group < 8; group++) {
            __m256i sums = _mm256_setzero_si256();
            uint32_t rows = 0xff;
#pragma clang loop unroll(full)
            for (int level = 0; level < llmkit_levels; level++) {
                const uint8_t *start = pieces[level] + b * llmkit_piece_block_bytes(level)
                    + group / 2 * llmkit_piece_group_bytes(level) + group % 2 * 32;
                sums = _mm256_sll_epi32(sums, _mm_cvtsi32_si128(query->shifts[level]));
                sums = _mm256_add_epi32(sums, piece_sums_avx2(start, level, query));
                if (level < first_level) continue;
                rows &= passed_avx2(start, level, query, sums);
                if (!rows || level + 1 == level_count) break;
            }
            found |= (uint64_t)rows << 8 * group;
        }
        if (found) {
            *passed = found;
            return b;
        }
    }
    return end;
}

AVX2 int32_t llmkit_sketch_dot_avx2(const int8_t *sketch, const int8_t *direction) {
    __m256i sums = _mm256_setzero_si256();
    for (size_t d = 0; d < llmkit_sketch_bytes; d += 16) {
        const __m256i bytes = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(sketch + d)));
        const __m256i factors = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(direction + d)));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(bytes, factors));
    }
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

// MARK: AVX-512 with VNNI

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

// Adds a piece to the sums of 16 rows, in two parts that do not wait for each other.
AVX512 static inline void add_piece_avx512(
    const uint8_t *rows, int level, const llmkit_head_query *query, __m512i *even, __m512i *odd) {
    const __m512i half = _mm512_set1_epi8(15);
    const size_t planes = llmkit_piece_planes(level), before = llmkit_planes_before(level);
#pragma clang loop unroll(full)
    for (size_t p = 0; p < planes; p++) {
        const __m512i bytes = _mm512_loadu_si512(rows + p * llmkit_plane_bytes);
        const __m512i low = _mm512_set1_epi32(four_of(query->low + 4 * (before + p)));
        const __m512i high = _mm512_set1_epi32(four_of(query->high + 4 * (before + p)));
        *even = _mm512_dpbusd_epi32(*even, _mm512_and_si512(bytes, half), low);
        *odd = _mm512_dpbusd_epi32(*odd, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), half), high);
    }
}

// The rows, of 16, that pass the level; `sums` are those of all pieces up to it.
AVX512 static inline uint32_t passed_avx512(const uint8_t *rows, int level, const llmkit_head_query *query, __m512i sums) {
    const __m512i last = _mm512_loadu_si512(rows + (llmkit_piece_planes(level) - 1) * llmkit_plane_bytes);
    const __m512i all = _mm512_dpbusd_epi32(sums, last, _mm512_set1_epi32(tail_factor(query, level)));
    return _mm512_cmpge_epi32_mask(all, _mm512_set1_epi32(query->thresholds[level]));
}

// From the second piece on, for the rows of 16 that are left.
AVX512 static inline uint32_t refine_avx512(
    const uint8_t *const pieces[llmkit_levels], size_t block, size_t group, const llmkit_head_query *query, __m512i even,
    __m512i odd, uint32_t rows) {
    const int first_level = query->first_level, level_count = query->level_count;
#pragma clang loop unroll(full)
    for (int level = 1; level < llmkit_levels; level++) {
        const uint8_t *start = pieces[level] + block * llmkit_piece_block_bytes(level) + group * llmkit_piece_group_bytes(level);
        const __m128i shift = _mm_cvtsi32_si128(query->shifts[level]);
        even = _mm512_sll_epi32(even, shift);
        odd = _mm512_sll_epi32(odd, shift);
        add_piece_avx512(start, level, query, &even, &odd);
        if (level < first_level) continue;
        rows &= passed_avx512(start, level, query, _mm512_add_epi32(even, odd));
        if (!rows || level + 1 == level_count) break;
    }
    return rows;
}

AVX512 static size_t scan_all_avx512(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed) {
    for (size_t b = first; b < end; b++) {
        uint64_t found = 0;
        for (size_t group = 0; group < 4; group++) {
            __m512i even = _mm512_setzero_si512(), odd = even;
            add_piece_avx512(pieces[0] + b * llmkit_piece_block_bytes(0) + group * llmkit_piece_group_bytes(0), 0, query, &even, &odd);
            found |= (uint64_t)refine_avx512(pieces, b, group, query, even, odd, 0xffff) << 16 * group;
        }
        if (found) {
            *passed = found;
            return b;
        }
    }
    return end;
}

AVX512 size_t llmkit_scan_avx512(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed) {
    if (query->first_level > 0) return scan_all_avx512(pieces, first, end, query, passed);
    for (size_t b = first; b < end; b++) {
        const uint8_t *block = pieces[0] + b * llmkit_piece_block_bytes(0);
        __m512i even[4], odd[4];
        uint64_t rows = 0;
#pragma clang loop unroll(full)
        for (size_t group = 0; group < 4; group++) {
            even[group] = odd[group] = _mm512_setzero_si512();
            add_piece_avx512(block + group * llmkit_piece_group_bytes(0), 0, query, &even[group], &odd[group]);
            const __m512i sums = _mm512_add_epi32(even[group], odd[group]);
            rows |= (uint64_t)passed_avx512(block + group * llmkit_piece_group_bytes(0), 0, query, sums) << 16 * group;
        }
        if (!rows) continue;
        uint64_t found = 0;
#pragma clang loop unroll(full)
        for (size_t group = 0; group < 4; group++) {
            const uint32_t left = rows >> 16 * group & 0xffff;
            if (!left) continue;
            found |= (uint64_t)refine_avx512(pieces, b, group, query, even[group], odd[group], left) << 16 * group;
        }
        if (found) {
            *passed = found;
            return b;
        }
    }
    return end;
}

#endif
