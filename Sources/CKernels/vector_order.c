#include "vector_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_samples = 256, rounds = 4 };

typedef struct projected {
    int32_t value;
    uint32_t row;
} projected;

// Moves the `left` smallest to the front (Hoare's selection, as Wirth has it).
static void split_at(projected *rows, size_t count, size_t left) {
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1;
    const ptrdiff_t middle = (ptrdiff_t)left;
    while (low < high) {
        const int32_t pivot = rows[middle].value;
        ptrdiff_t i = low, j = high;
        do {
            while (rows[i].value < pivot) i++;
            while (rows[j].value > pivot) j--;
            if (i <= j) {
                const projected swapped = rows[i];
                rows[i++] = rows[j];
                rows[j--] = swapped;
            }
        } while (i <= j);
        if (j < middle) low = i;
        if (middle < i) high = j;
    }
}

typedef struct ordering {
    const llmkit_vector_kernels *kernels;
    const int8_t *sketches;
    // What a byte of a sketch is worth: its direction's step.
    float weights[llmkit_sketch_bytes];
    uint32_t *order;
    projected *scratch;
    size_t part;
    uint32_t *ends;
    size_t end_count;
} ordering;

static const int8_t *sketch_of(const ordering *o, uint32_t row) { return o->sketches + (size_t)row * llmkit_sketch_bytes; }

// The direction from one mean to the other, in measures of a sketch's bytes. Lengths do not count: the means are compared
// as unit vectors. A direction in whole numbers will do.
static bool direction_between(const ordering *o, float means[2][llmkit_sketch_bytes], int8_t *direction) {
    float factors[2], greatest = 0, exact[llmkit_sketch_bytes];
    for (int side = 0; side < 2; side++) {
        float square = 0;
        for (size_t d = 0; d < llmkit_sketch_bytes; d++) square += means[side][d] * means[side][d];
        factors[side] = square > 0 ? 1 / sqrtf(square) : 0;
    }
    for (size_t d = 0; d < llmkit_sketch_bytes; d++) {
        exact[d] = (means[1][d] * factors[1] - means[0][d] * factors[0]) * o->weights[d];
        greatest = fmaxf(greatest, fabsf(exact[d]));
    }
    if (!(greatest > 0)) return false;
    for (size_t d = 0; d < llmkit_sketch_bytes; d++) direction[d] = (int8_t)rintf(exact[d] * (127 / greatest));
    return true;
}

static void set_mean(const ordering *o, float *mean, uint32_t row) {
    const int8_t *sketch = sketch_of(o, row);
    for (size_t d = 0; d < llmkit_sketch_bytes; d++) mean[d] = (float)sketch[d] * o->weights[d];
}

// 2-means over a sample of the rows, from two rows that lie far apart. False if all are alike.
static bool find_direction(const ordering *o, const uint32_t *order, size_t count, int8_t *direction) {
    const size_t samples = count < most_samples ? count : most_samples;
    float means[2][llmkit_sketch_bytes];
    uint32_t ends[2] = {order[0], order[0]};
    for (int turn = 0; turn < 2; turn++) {
        const int8_t *from = sketch_of(o, ends[0]);
        float farthest = -1;
        for (size_t s = 0; s < samples; s += 4) {
            const int8_t *sketch = sketch_of(o, order[s * count / samples]);
            float square = 0;
            for (size_t d = 0; d < llmkit_sketch_bytes; d++) {
                const float difference = (float)(sketch[d] - from[d]) * o->weights[d];
                square += difference * difference;
            }
            if (square <= farthest) continue;
            farthest = square;
            ends[1] = order[s * count / samples];
        }
        if (turn == 0) {
            const uint32_t swapped = ends[0];
            ends[0] = ends[1];
            ends[1] = swapped;
        }
    }
    for (int side = 0; side < 2; side++) set_mean(o, means[side], ends[side]);
    if (!direction_between(o, means, direction)) return false;
    for (int round = 0; round < rounds; round++) {
        int32_t sums[2][llmkit_sketch_bytes] = {{0}};
        size_t counts[2] = {0, 0};
        for (size_t s = 0; s < samples; s++) {
            const int8_t *sketch = sketch_of(o, order[s * count / samples]);
            const int side = o->kernels->sketch_dot(sketch, direction) > 0;
            counts[side]++;
            for (size_t d = 0; d < llmkit_sketch_bytes; d++) sums[side][d] += sketch[d];
        }
        if (counts[0] == 0 || counts[1] == 0) break;
        for (int side = 0; side < 2; side++) {
            for (size_t d = 0; d < llmkit_sketch_bytes; d++) means[side][d] = (float)sums[side][d] * o->weights[d];
        }
        if (!direction_between(o, means, direction)) break;
    }
    return true;
}

// How many of the rows go to the left, a multiple of 64; 0 if they cannot be told apart.
static size_t split(ordering *o, size_t first, size_t count) {
    uint32_t *order = o->order + first;
    int8_t direction[llmkit_sketch_bytes] = {0};
    if (!find_direction(o, order, count, direction)) return 0;
    size_t negative = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 16 < count) __builtin_prefetch(sketch_of(o, order[i + 16]));
        o->scratch[i] = (projected){o->kernels->sketch_dot(sketch_of(o, order[i]), direction), order[i]};
        negative += o->scratch[i].value <= 0;
    }
    // The border between the two, moved to a whole number of blocks that leaves an eighth on either side.
    const size_t blocks = (count + llmkit_block_rows - 1) / llmkit_block_rows;
    const size_t least = blocks / 8 > 1 ? blocks / 8 : 1;
    size_t left = (negative + llmkit_block_rows / 2) / llmkit_block_rows;
    left = left < least ? least : left > blocks - least ? blocks - least : left;
    left *= llmkit_block_rows;
    if (left >= count) return 0;
    split_at(o->scratch, count, left);
    for (size_t i = 0; i < count; i++) order[i] = o->scratch[i].row;
    return left;
}

static void order_rows(ordering *o, size_t first, size_t count) {
    for (size_t left; count > o->part && (left = split(o, first, count)) > 0; first += left, count -= left) {
        order_rows(o, first, left);
    }
    o->ends[o->end_count++] = (uint32_t)(first + count);
}

size_t llmkit_sketch_order(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const int8_t *sketches, uint32_t *order,
    size_t count, size_t part, uint32_t *ends) {
    ordering o = {.kernels = kernels, .sketches = sketches, .order = order, .ends = ends};
    memcpy(o.weights, model->sketch_steps, sizeof o.weights);
    o.part = part < llmkit_block_rows ? llmkit_block_rows : part;
    o.scratch = malloc((count + 1) * sizeof *o.scratch);
    if (count == 0 || !o.scratch) {
        free(o.scratch);
        if (count > 0) ends[0] = (uint32_t)count;
        return count > 0;
    }
    order_rows(&o, 0, count);
    free(o.scratch);
    return o.end_count;
}
