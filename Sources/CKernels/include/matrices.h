#ifndef LLMKIT_MATRICES_H
#define LLMKIT_MATRICES_H

#include <stdbool.h>
#include <stddef.h>

// Products of matrices for builds without OpenBLAS: plain loops in the order that the compiler can make vectors of.

// How the matrices of C = A B lie, row after row. A stride is the count of numbers from one row to the next as they lie.
typedef struct {
    size_t rows, columns, depth;
    size_t a_stride, b_stride, c_stride;
    bool a_transposed, b_transposed;
    // Whether the product is added to what is there.
    bool adds;
} llmkit_product;

void llmkit_multiply_f32(llmkit_product p, const float *_Nonnull a, const float *_Nonnull b, float *_Nonnull c);
void llmkit_multiply_f64(llmkit_product p, const double *_Nonnull a, const double *_Nonnull b, double *_Nonnull c);

#endif
