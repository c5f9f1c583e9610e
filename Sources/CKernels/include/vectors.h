#ifndef LLMKIT_VECTORS_H
#define LLMKIT_VECTORS_H

#include <stddef.h>
#include <stdint.h>

// Dot products and the scan of quantised heads, for the processors that have instructions for them.

// Heads lie in blocks of 64 rows, the coarse halves and the fine halves apart, because most blocks are done with after the
// coarse one. A plane holds four bytes of each row of a block, so that one vector register takes four bytes of many rows
// and no sum runs across lanes: byte d of row r of a half block is at [d / 4 * 256 + r * 4 + d % 4].
enum {
    llmkit_block_rows = 64,
    llmkit_head_bytes = 64,
    llmkit_coarse_bytes = 32,
    llmkit_plane_bytes = 256,
    llmkit_half_block_bytes = llmkit_coarse_bytes * llmkit_block_rows,
};

// A query against heads: a row passes when the sum of unsigned head byte times signed query byte reaches the threshold,
// first over the coarse half, then over the whole.
typedef struct llmkit_head_query {
    int8_t coarse[llmkit_coarse_bytes];
    int8_t fine[llmkit_head_bytes];
    int32_t coarse_threshold;
    int32_t fine_threshold;
} llmkit_head_query;

// All counts of floats are multiples of 16: rows are padded with zeros.
typedef struct llmkit_vector_kernels {
    const char *name;
    float (*dot)(const float *row, const float *query, size_t count);
    // The row is in IEEE half precision.
    float (*dot_half)(const uint16_t *row, const float *query, size_t count);
    // out[j] = sum over i of vector[i] * matrix[64 * i + j], for j < 64.
    void (*rotate)(const float *matrix, const float *vector, size_t count, float *out);
    // The first block from `first` to before `end` in which rows pass, and which rows; `end` if none does.
    size_t (*scan)(
        const uint8_t *coarse, const uint8_t *fine, size_t first, size_t end, const llmkit_head_query *query,
        uint64_t *passed);
    // The sum over the 64 bytes of one head, each less 128, times those of a direction.
    int32_t (*head_dot)(const uint8_t *head, const int8_t *direction);
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
