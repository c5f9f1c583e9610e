#ifndef LLMKIT_ENCODER_H
#define LLMKIT_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The arithmetic of a transformer encoder, once in plain C and once for each set of vector instructions.
//
// Matrices of activations are rows of floats, one row a token, each starting `stride` elements after the one before.
// Weights are packed in advance: 32 output columns stand side by side for each step of the depth (a panel), so that
// the inner loop reads memory straight ahead. BLAS packs them anew at each call, which for the few tokens of a question
// costs more than the product.

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define LLMKIT_NULLABLE _Nullable
#else
#define LLMKIT_NULLABLE
#endif

enum {
    // How many output columns a panel holds.
    llmkit_panel_width = 32,
    // How many elements at most one Walsh-Hadamard transform mixes.
    llmkit_rotation_limit = 512,
    // Rows are of a kind: the first token of a text, the last one, or one between. What frames every text is nearly the
    // same vector each time, and far from all others.
    llmkit_kind_between = 0,
    llmkit_kind_first = 1,
    llmkit_kind_last = 2,
    llmkit_kinds = 3,
};

typedef enum llmkit_activation {
    llmkit_activation_gelu,
    llmkit_activation_gelu_tanh,
    llmkit_activation_relu,
} llmkit_activation;

// Float weights: for each panel, for each step of the depth, the 32 columns. Columns past the last are zero.
typedef struct llmkit_matrix_f32 {
    const float *panels;
    const float *bias;  // as many as the columns, rounded up to whole panels
    size_t depth, columns;
} llmkit_matrix_f32;

// Weights rounded to bfloat16: for each panel, for each two steps of the depth, 32 pairs.
typedef struct llmkit_matrix_bf16 {
    const uint16_t *panels;
    const float *bias;
    size_t depth, columns;
} llmkit_matrix_bf16;

// Weights of eight bits: for each panel, for each four steps of the depth, 32 quadruples.
//
// What is multiplied are not the activations x and the weights w themselves. From x the `shift` of the row's kind is
// subtracted (its product is part of that kind's bias), each element is multiplied by its `factor`, whose inverse is
// part of the weights, and both are rotated by a Walsh-Hadamard transform, which no product notices, but which spreads
// the few large elements evenly, so that eight bits suffice. Then a row of x gets a scale of its own, and a column of w
// has one.
typedef struct llmkit_matrix_s8 {
    const int8_t *panels;
    const float *bias;       // for each kind of row, as many as the columns, rounded up to whole panels
    const float *scales;     // of the columns
    const int32_t *offsets;  // -128 times the sum of the column: activations are stored with 128 added
    const float *shift;      // for each kind of row
    const float *factor;
    size_t depth, columns, rotation;  // `rotation` is a power of two that divides `depth`
} llmkit_matrix_s8;

typedef struct llmkit_kernels {
    const char *name;
    bool is_vectorized;

    // y = x W + bias for `rows` rows. Of y, what lies behind the last column up to a whole panel may be overwritten.
    void (*multiply_f32)(const llmkit_matrix_f32 *w, const float *x, size_t x_stride, size_t rows, float *y,
                         size_t y_stride);
    // As above, with both factors rounded to bfloat16 and sums in float. `x` is what `round_bf16` made.
    void (*multiply_bf16)(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows, float *y,
                          size_t y_stride);
    // As above, for what `quantize` made of x: the sums are exact integers.
    void (*multiply_s8)(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride, const float *x_scales,
                        const uint8_t *kinds, size_t rows, float *y, size_t y_stride);

    // Rounds rows to the nearest bfloat16, ties to even. An odd count is filled up with a zero.
    void (*round_bf16)(const float *x, size_t x_stride, size_t rows, size_t count, uint16_t *y, size_t y_stride);
    // Shifts, multiplies, rotates and rounds rows to eight bits, with 128 added, and tells each row's scale. `scratch`
    // holds a row. A count that is no multiple of four is filled up with zeros (128).
    void (*quantize)(const llmkit_matrix_s8 *w, const float *x, size_t x_stride, const uint8_t *kinds, size_t rows,
                     float *scratch, uint8_t *y, size_t y_stride, float *y_scales);
    // The Walsh-Hadamard transform of each `block` of x, a power of two, without its factor 1 / sqrt(block).
    void (*rotate)(float *x, size_t count, size_t block);

    void (*activate)(llmkit_activation function, float *x, size_t stride, size_t rows, size_t count);
    // x = layer norm(x + y) of each row; y may be NULL.
    void (*add_norm)(float *x, size_t x_stride, const float *LLMKIT_NULLABLE y, size_t y_stride, size_t rows,
                     size_t count, const float *weight, const float *bias, float epsilon);
    // Self-attention within one text of `rows` tokens. A row of `qkv` holds the queries of all heads, which have been
    // divided by sqrt(size of a head) already, then the keys, then the values.
    void (*attend)(const float *qkv, size_t qkv_stride, size_t rows, size_t heads, size_t head_size, float *scratch,
                   float *y, size_t y_stride);
} llmkit_kernels;

// How many floats `attend` needs as scratch, which must be aligned to 64 bytes.
size_t llmkit_attend_scratch(size_t rows, size_t head_size);

// The kernels this processor can run: 0 is plain C, the last is the best. NULL past the last. Tests compare them all.
const llmkit_kernels *LLMKIT_NULLABLE llmkit_kernels_at(size_t index);
const llmkit_kernels *llmkit_kernels_best(void);

// What the columns of `rows` rows are like: for each kind of row their means, zero without such rows, and for all rows
// the roots of the mean squares of what is left without them.
void llmkit_channel_statistics(const float *x, size_t stride, const uint8_t *kinds, size_t rows, size_t count,
                               float *means, float *deviations);

// Makes weights ready for eight bits: fills in each kind's `biases`, `stride` apart, with the product of its means
// added to the bias, and multiplies each channel of the weights by a share whose inverse is its `factor`. The share is
// the square root of (deviation of the inputs / root mean square of the weights), which minimises the sum of the
// squares of both sides' rounding errors.
void llmkit_smooth(float *weights, size_t depth, size_t columns, const float *means, const float *deviations,
                   const float *bias, float *biases, size_t stride, float *factors);

// Packs `columns` columns into panels. Column c of the product is row c of `weights`, as PyTorch stores linear layers.
void llmkit_pack_f32(const float *weights, size_t stride, size_t depth, size_t columns, float *panels);
void llmkit_pack_bf16(const float *weights, size_t stride, size_t depth, size_t columns, uint16_t *panels);
// Rounds each column to eight bits with a scale of its own, and fills in `offsets`.
void llmkit_pack_s8(const float *weights, size_t stride, size_t depth, size_t columns, int8_t *panels, float *scales,
                    int32_t *offsets);

// Memory for weights that are read from end to end at each call: aligned to 64 bytes, zeroed, on huge pages where the
// system has them, which spares most of the misses of the address cache. NULL if there is none left.
void *LLMKIT_NULLABLE llmkit_weights_allocate(size_t bytes);
void llmkit_weights_free(void *memory, size_t bytes);

#undef LLMKIT_NULLABLE
#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
