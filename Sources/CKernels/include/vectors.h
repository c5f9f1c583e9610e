#ifndef LLMKIT_VECTORS_H
#define LLMKIT_VECTORS_H

#include <stddef.h>
#include <stdint.h>

// Dot products and the scan of quantised heads, for the processors that have instructions for them.

// A row's head comes in pieces: a bound can be taken after each, and most rows are done with after the first. A piece holds
// four bits for each of some directions, two directions a byte, the even one in the lower half; its last byte belongs to
// the bound after that piece. Heads lie in blocks of 64 rows, each piece apart from the others, and in groups of 16 in there. A
// plane holds four bytes of each row of a group, so that one vector register takes four bytes of many rows and no sum runs
// across lanes: of a piece of P planes, byte d of row r of a block is at [r / 16 * P * 64 + d / 4 * 64 + r % 16 * 4 + d % 4].
enum {
    llmkit_levels = 5,
    llmkit_block_rows = 64,
    llmkit_group_rows = 16,
    llmkit_plane_bytes = 64,
    // 24, 24, 16, 32 and 32 bytes.
    llmkit_head_bytes = 128,
    llmkit_block_bytes = llmkit_head_bytes * llmkit_block_rows,
    // What a sketch holds: see vector_heads.h.
    llmkit_sketch_bytes = 64,
};

// How many planes a piece has, and how many those before it have. A constant in each use: loops over them are unrolled.
static inline size_t llmkit_piece_planes(int level) { return level < 2 ? 6 : level == 2 ? 4 : 8; }
static inline size_t llmkit_planes_before(int level) { return level < 3 ? 6 * (size_t)level : 8 * (size_t)level - 8; }
static inline size_t llmkit_piece_group_bytes(int level) { return llmkit_piece_planes(level) * llmkit_plane_bytes; }
static inline size_t llmkit_piece_block_bytes(int level) {
    return llmkit_piece_group_bytes(level) * (llmkit_block_rows / llmkit_group_rows);
}
// Where a piece begins if a block's pieces lie one after the other.
static inline size_t llmkit_piece_start(int level) { return 4 * llmkit_planes_before(level) * llmkit_block_rows; }

// A query against heads. Later pieces hold directions that matter less, so their products are summed on a finer scale: a
// row's sum over a piece is that over the pieces before it times 2^shift, plus the piece's four-bit numbers times signed
// bytes. A row passes a level when that sum, plus the last byte of the piece times `tails`, reaches the threshold.
typedef struct llmkit_head_query {
    // What the lower and the upper halves of a head's bytes are multiplied with; 0 for the last byte of a piece.
    int8_t low[llmkit_head_bytes];
    int8_t high[llmkit_head_bytes];
    // 0 to 127.
    int8_t tails[llmkit_levels];
    // At most 10 in all; that of the first level counts nothing.
    int32_t shifts[llmkit_levels];
    int32_t thresholds[llmkit_levels];
    // Rows are turned away at levels from first_level to before level_count, which is above it and at least 2; the pieces of
    // later levels are not read.
    int first_level, level_count;
} llmkit_head_query;

// All counts of floats are multiples of 16: rows are padded with zeros.
typedef struct llmkit_vector_kernels {
    const char *name;
    float (*dot)(const float *row, const float *query, size_t count);
    // The row is in IEEE half precision.
    float (*dot_half)(const uint16_t *row, const float *query, size_t count);
    // out[j] = sum over i of vector[i] * matrix[64 * i + j], for j < 64.
    void (*rotate)(const float *matrix, const float *vector, size_t count, float *out);
    // The first block from `first` to before `end` in which rows pass all levels, and which rows; `end` if none does.
    // `pieces` are the blocks' pieces, an array per level.
    size_t (*scan)(
        const uint8_t *const pieces[llmkit_levels], size_t first, size_t end, const llmkit_head_query *query,
        uint64_t *passed);
    // The sum over the 64 bytes of a sketch times those of a direction.
    int32_t (*sketch_dot)(const int8_t *sketch, const int8_t *direction);
} llmkit_vector_kernels;

// The fastest kernels that this processor runs.
const llmkit_vector_kernels *llmkit_vector_kernels_best(void);
// All that it runs, the plain ones first: tests compare them. NULL beyond the last.
const llmkit_vector_kernels *llmkit_vector_kernels_at(size_t index);

// IEEE half precision, rounded to nearest, ties to even.
uint16_t llmkit_half_from_float(float value);
float llmkit_float_from_half(uint16_t half);
void llmkit_halves_from_floats(const float *values, size_t count, uint16_t *halves);
void llmkit_floats_from_halves(const uint16_t *halves, size_t count, float *values);

#endif
