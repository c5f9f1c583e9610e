#include "vector_scan.h"

static uint8_t byte_at(const uint8_t *block, size_t row, size_t place, int level) {
    const uint8_t *group = block + row / llmkit_group_rows * llmkit_piece_group_bytes(level);
    return group[place / 4 * llmkit_plane_bytes + row % llmkit_group_rows * 4 + place % 4];
}

// Two four-bit numbers a byte, but for the last byte of the piece, which `low` and `high` leave out.
static int32_t piece_sum(const uint8_t *block, size_t row, int level, const llmkit_head_query *query) {
    const size_t bytes = 4 * llmkit_piece_planes(level), before = 4 * llmkit_planes_before(level);
    int32_t sum = 0;
    for (size_t d = 0; d + 1 < bytes; d++) {
        const uint8_t byte = byte_at(block, row, d, level);
        sum += (byte & 15) * query->low[before + d] + (byte >> 4) * query->high[before + d];
    }
    return sum;
}

static int passes(const uint8_t *const blocks[llmkit_levels], size_t row, const llmkit_head_query *query) {
    int32_t sum = 0;
    for (int level = 0; level < query->level_count; level++) {
        sum = sum * (1 << query->shifts[level]) + piece_sum(blocks[level], row, level, query);
        if (level < query->first_level) continue;
        const uint8_t tail = byte_at(blocks[level], row, 4 * llmkit_piece_planes(level) - 1, level);
        if (sum + tail * query->tails[level] < query->thresholds[level]) return 0;
    }
    return 1;
}

size_t llmkit_scan_plain(
    const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query, uint64_t *passed) {
    for (size_t b = first; b < end; b++) {
        const uint8_t *blocks[llmkit_levels];
        for (int level = 0; level < llmkit_levels; level++) blocks[level] = pieces[level] + b * llmkit_piece_block_bytes(level);
        uint64_t rows = 0;
        for (size_t r = 0; r < llmkit_block_rows; r++) rows |= (uint64_t)passes(blocks, r, query) << r;
        if (rows) {
            *passed = rows;
            return b;
        }
    }
    return end;
}

int32_t llmkit_sketch_dot_plain(const int8_t *sketch, const int8_t *direction) {
    int32_t sum = 0;
    for (size_t d = 0; d < llmkit_sketch_bytes; d++) sum += sketch[d] * direction[d];
    return sum;
}
