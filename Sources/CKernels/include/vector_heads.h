#ifndef LLMKIT_VECTOR_HEADS_H
#define LLMKIT_VECTOR_HEADS_H

#include "vectors.h"

#include <stdbool.h>

// Heads: what 128 bytes can tell of a row, such that an upper bound of its product with any query follows.
//
// R holds 246 nearly orthonormal directions, ordered by the energy that rows have in them. With h the first D numbers of
// R x, and t the length of what of x lies outside of those directions,
//
//     q·x  <=  h(q)·h(x) + t(q) t(x)                                             (Cauchy-Schwarz)
//
// A row keeps four bits n[j] of each h[j], which stand for low[j] + n[j] step[j]. With e what they leave of h(x), and any
// w > 0,
//
//     h(q)·e + t(q) t(x)  <=  |(h(q) / w, t(q))| |(w e, t(x))|  =  M(q) m(x)      (Cauchy-Schwarz again)
//
// so that one number per row, m(x), stands for all that is left out. It is kept as a byte T, rounded up. w² is the ratio
// of the lengths of h and e, as it is in the mean of the rows: there the bound is sharpest.
//
// A query keeps g[j] = round(h(q)[j] step[j] / S), signed bytes, and M(q) rounded up in the same measure. With d the
// query's rounding errors, and 7.5 the middle of what four bits hold,
//
//     h(q)·(low + n step)  =  h(q)·low + S g·n + 7.5 sum of d + d·(n - 7.5)
//
// where |n - 7.5| is at most what the model says of all its rows. g·n and the product of T and M are one sum of products
// of bytes, exact in integers; all the rest is one number per query, so a row is compared with one integer. S differs from
// one piece of the head to the next by powers of two, as the numbers in them get smaller.
//
// There is such a bound for each of five values of D, each with its own w and T.
enum { llmkit_directions = 246, llmkit_rotation_columns = 256 };

// How many directions the bound of a level takes.
static inline int llmkit_level_directions(int level) {
    return level == 0 ? 46 : level == 1 ? 92 : level == 2 ? 122 : level == 3 ? 184 : 246;
}

typedef struct llmkit_head_level {
    // w, above 0.
    double weight;
    // T stands for an m(x) of tail_least + T * tail_step.
    double tail_least, tail_step;
    // |n - 7.5| is longer for no row.
    double length;
} llmkit_head_level;

typedef struct llmkit_head_model {
    size_t dimensions;  // a multiple of 16
    const float *rotation;  // [4][dimensions][64], of which 246 columns are used, the first 64 of them first
    float low[llmkit_directions], steps[llmkit_directions];
    // What a byte of a sketch stands for.
    float sketch_steps[llmkit_sketch_bytes];
    // No eigenvalue of R R' differs from 1 by more.
    double skew;
    llmkit_head_level levels[llmkit_levels];
} llmkit_head_model;

// What a row's head is made of.
typedef struct llmkit_head_parts {
    uint8_t numbers[llmkit_directions];
    // Of the first directions, for comparing rows with each other: no bound depends on it.
    int8_t sketch[llmkit_sketch_bytes];
    // Per level: the lengths of h, of e, of what lies outside, and of n - 7.5.
    double head[llmkit_levels], rounding[llmkit_levels], rest[llmkit_levels], length[llmkit_levels];
} llmkit_head_parts;

// The first numbers of R x, at least `count`.
void llmkit_head_rotate(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, size_t count,
    float head[llmkit_rotation_columns]);

// Chooses the steps and limits of a model whose rotation and skew are known, for rows like those of the sample.
void llmkit_head_fit(
    llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *sample, size_t rows);

// Uses the model's rotation and steps only.
llmkit_head_parts llmkit_head_split(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row);

// Writes a row's 128 bytes, and its sketch unless that is NULL. False if the model's limits do not hold for the row: it then
// has no bound, and must always be compared in full.
bool llmkit_head_encode(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, uint8_t *head, int8_t *sketch);

// Lays at most 64 heads out as a block: each piece's part of it.
void llmkit_head_interleave(const uint8_t *heads, size_t rows, uint8_t *const pieces[llmkit_levels]);

typedef struct llmkit_head_bound {
    llmkit_head_query query;
    // A row passes a level if scale * sum + rest >= the cosine asked for.
    double scale[llmkit_levels], rest[llmkit_levels];
    // By how much the last level's bound exceeds the products of most rows, roughly.
    double excess;
} llmkit_head_bound;

// A bound that looks at levels from `first` to before `count`.
llmkit_head_bound llmkit_head_prepare(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *query, int first, int count);

// Sets the thresholds such that every row whose product with the query, as the kernels compute it, is at least `cosine`
// passes.
void llmkit_head_aim(llmkit_head_bound *bound, float cosine);

#endif
