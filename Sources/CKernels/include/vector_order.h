#ifndef LLMKIT_VECTOR_ORDER_H
#define LLMKIT_VECTOR_ORDER_H

#include "vector_heads.h"

// Puts rows that lie near each other next to each other, so that those which pass a filter meet in few blocks: splits
// the rows in two by 2-means, and each part again, down to parts of at most `part` rows, or of rows that are all alike.
// All parts but the last are multiples of 64 rows. `order` holds the places of the sketches to be put in order; `ends`, with
// room for a number per 64 rows or fraction, where the parts end. Returns how many there are.
size_t llmkit_sketch_order(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const int8_t *sketches, uint32_t *order,
    size_t count, size_t part, uint32_t *ends);

#endif
