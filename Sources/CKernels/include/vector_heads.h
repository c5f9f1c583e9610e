#ifndef LLMKIT_VECTOR_HEADS_H
#define LLMKIT_VECTOR_HEADS_H

#include "vectors.h"

#include <stdbool.h>

// Heads: what 64 bytes can tell of a row, such that an upper bound of its product with any query follows.
//
// R holds 62 nearly orthonormal directions, ordered by the energy that rows have in them. With h = R x, and t the length
// of what of x lies outside of those directions,
//
//     q·x  <=  h(q)·h(x) + t(q) t(x)                                             (Cauchy-Schwarz)
//
// A row keeps b[j] = round(h[j] / step[j]), a signed byte each, and t rounded up to a byte T. A query keeps
// g[j] = round(h[j] step[j] / S), signed bytes too, and its own t rounded up in the same measure. With e the row's
// rounding errors and d the query's,
//
//     h(q)·h(x)  =  S g·b + d·b + h(q)·e  <=  S g·b + |d| |b| + |h(q)| |e|
//
// where |b| and |e| are at most what the model says of all its rows. g·b and the product of the two t are one sum of
// products of bytes, exact in integers; all the rest is one number per query, so a row is compared with one integer.
//
// There are two such bounds: a coarse one over the first 31 directions, a fine one over all 62, each with its own T.
enum { llmkit_coarse_directions = 31, llmkit_directions = 62 };

typedef struct llmkit_head_level {
    // T stands for a tail of tail_least + T * tail_step.
    double tail_least, tail_step;
    // No row's rounding error, |e|, and no row's bytes, |b|, are longer.
    double rounding, length;
} llmkit_head_level;

typedef struct llmkit_head_model {
    size_t dimensions;  // a multiple of 16
    const float *rotation;  // [dimensions][64], of which 62 columns are used
    float steps[llmkit_head_bytes];
    // No eigenvalue of R R' differs from 1 by more.
    double skew;
    llmkit_head_level levels[2];
} llmkit_head_model;

// What a row's head is made of.
typedef struct llmkit_head_parts {
    int8_t bytes[llmkit_head_bytes];
    double tail[2], rounding[2], length[2];
    bool is_clamped;
} llmkit_head_parts;

// Uses the model's rotation and steps only.
llmkit_head_parts llmkit_head_split(const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row);

// Writes a row's 64 bytes. False if the model's limits do not hold for the row: it then has no bound, and must always be
// compared in full.
bool llmkit_head_encode(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, uint8_t *head);

// Lays at most 64 heads out as the two halves of a block.
void llmkit_head_interleave(const uint8_t *heads, size_t rows, uint8_t *coarse, uint8_t *fine);

typedef struct llmkit_head_bound {
    llmkit_head_query query;
    // A row passes if scale * sum + rest >= the cosine asked for, per level.
    double scale[2], rest[2];
    int32_t bias[2];
} llmkit_head_bound;

llmkit_head_bound llmkit_head_prepare(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *query);

// Sets the thresholds such that every row whose product with the query, as the kernels compute it, is at least `cosine`
// passes.
void llmkit_head_aim(llmkit_head_bound *bound, float cosine);

#endif
