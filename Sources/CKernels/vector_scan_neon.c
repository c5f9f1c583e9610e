#include "vector_scan.h"

#if defined(__aarch64__) && (defined(__ARM_FEATURE_DOTPROD) || defined(__linux__))

#include <arm_neon.h>
#include <string.h>

#define DOTPROD __attribute__((target("dotprod")))

DOTPROD static inline int8x16_t four_of(const int8_t *bytes) {
    int32_t four;
    memcpy(&four, bytes, sizeof four);
    return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

// What a piece adds to the sums of 4 rows. Four bits are no less when taken for signed.
DOTPROD static inline int32x4_t piece_sums(const uint8_t *rows, int level, const llmkit_head_query *query, int32x4_t sums) {
    const size_t planes = llmkit_piece_planes(level), before = llmkit_planes_before(level);
    for (size_t p = 0; p < planes; p++) {
        const uint8x16_t bytes = vld1q_u8(rows + p * llmkit_plane_bytes);
        const uint8x16_t low = vandq_u8(bytes, vdupq_n_u8(15)), high = vshrq_n_u8(bytes, 4);
        sums = vdotq_s32(sums, vreinterpretq_s8_u8(low), four_of(query->low + 4 * (before + p)));
        sums = vdotq_s32(sums, vreinterpretq_s8_u8(high), four_of(query->high + 4 * (before + p)));
    }
    return sums;
}

// All bits of the rows, of 4, that pass the level; `sums` are those of all pieces up to it.
DOTPROD static inline uint32x4_t passed_rows(const uint8_t *rows, int level, const llmkit_head_query *query, int32x4_t sums) {
    const uint8_t *last = rows + (llmkit_piece_planes(level) - 1) * llmkit_plane_bytes;
    const int32x4_t tails = vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_u8(vld1q_u8(last)), 24));
    return vcgeq_s32(vmlaq_n_s32(sums, tails, query->tails[level]), vdupq_n_s32(query->thresholds[level]));
}

DOTPROD size_t llmkit_scan_neon(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed) {
    static const uint32_t bits[4] = {1, 2, 4, 8};
    const uint32x4_t weights = vld1q_u32(bits);
    const int first_level = query->first_level;
    for (size_t b = first; b < end; b++) {
        uint64_t found = 0;
        for (size_t group = 0; group < 16; group++) {
            int32x4_t sums = vdupq_n_s32(0);
            uint32x4_t rows = vdupq_n_u32(UINT32_MAX);
            for (int level = 0; level < query->level_count; level++) {
                const uint8_t *start = pieces[level] + b * llmkit_piece_block_bytes(level)
                    + group / 4 * llmkit_piece_group_bytes(level) + group % 4 * 16;
                sums = piece_sums(start, level, query, vshlq_s32(sums, vdupq_n_s32(query->shifts[level])));
                if (level < first_level) continue;
                rows = vandq_u32(rows, passed_rows(start, level, query, sums));
                if (vmaxvq_u32(rows) == 0) break;
            }
            found |= (uint64_t)vaddvq_u32(vandq_u32(rows, weights)) << 4 * group;
        }
        if (found) {
            *passed = found;
            return b;
        }
    }
    return end;
}

#endif
