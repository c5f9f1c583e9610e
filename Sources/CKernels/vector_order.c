#include "vector_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_samples = 512, rounds = 5 };

// A head's byte is worth its direction's step; the bytes of the tails count nothing.
static void weigh(const llmkit_head_model *model, float weights[llmkit_head_bytes]) {
    memset(weights, 0, llmkit_head_bytes * sizeof *weights);
    for (int j = 0; j < llmkit_directions; j++) {
        weights[j < llmkit_coarse_directions ? j : j + 1] = model->steps[j];
    }
}

static float project(const uint8_t *head, const float *direction) {
    float sums[16] = {0};
    for (size_t d = 0; d < llmkit_head_bytes; d += 16) {
        for (size_t j = 0; j < 16; j++) sums[j] += (float)(head[d + j] - 128) * direction[d + j];
    }
    float sum = 0;
    for (size_t j = 0; j < 16; j++) sum += sums[j];
    return sum;
}

typedef struct projected {
    float value;
    uint32_t row;
} projected;

// Moves the `left` smallest to the front (Hoare's selection, as Wirth has it).
static void split_at(projected *rows, size_t count, size_t left) {
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1;
    const ptrdiff_t middle = (ptrdiff_t)left;
    while (low < high) {
        const float pivot = rows[middle].value;
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

// The direction that tells the two means apart, such that means lie at equal distances from 0 of the projection.
static bool find_direction(
    const float *weights, const uint8_t *heads, const uint32_t *order, size_t count, float *direction) {
    const size_t samples = count < most_samples ? count : most_samples;
    float means[2][llmkit_head_bytes];
    // The two start from rows far from each other.
    const uint8_t *ends[2] = {heads + (size_t)order[0] * llmkit_head_bytes, NULL};
    for (int end = 0; end < 2; end++) {
        float farthest = -1;
        const uint8_t *from = ends[0], *found = from;
        for (size_t s = 0; s < samples; s++) {
            const uint8_t *head = heads + (size_t)order[s * count / samples] * llmkit_head_bytes;
            float square = 0;
            for (size_t d = 0; d < llmkit_head_bytes; d++) {
                const float difference = (float)(head[d] - from[d]) * weights[d];
                square += difference * difference;
            }
            if (square > farthest) {
                farthest = square;
                found = head;
            }
        }
        if (farthest <= 0) return false;
        ends[end == 0 ? 1 : 0] = found;
        if (end == 0) {
            const uint8_t *swapped = ends[0];
            ends[0] = ends[1];
            ends[1] = swapped;
        }
    }
    for (int side = 0; side < 2; side++) {
        for (size_t d = 0; d < llmkit_head_bytes; d++) means[side][d] = (float)(ends[side][d] - 128) * weights[d];
    }
    for (int round = 0; round <= rounds; round++) {
        // Spherical means: lengths do not count.
        for (int side = 0; side < 2; side++) {
            float square = 0;
            for (size_t d = 0; d < llmkit_head_bytes; d++) square += means[side][d] * means[side][d];
            const float factor = square > 0 ? 1 / sqrtf(square) : 0;
            for (size_t d = 0; d < llmkit_head_bytes; d++) means[side][d] *= factor;
        }
        for (size_t d = 0; d < llmkit_head_bytes; d++) direction[d] = (means[1][d] - means[0][d]) * weights[d];
        if (round == rounds) break;
        size_t counts[2] = {0, 0};
        memset(means, 0, sizeof means);
        for (size_t s = 0; s < samples; s++) {
            const uint8_t *head = heads + (size_t)order[s * count / samples] * llmkit_head_bytes;
            const int side = project(head, direction) > 0;
            counts[side]++;
            for (size_t d = 0; d < llmkit_head_bytes; d++) means[side][d] += (float)(head[d] - 128) * weights[d];
        }
        if (counts[0] == 0 || counts[1] == 0) break;
    }
    return true;
}

typedef struct ordering {
    const uint8_t *heads;
    float weights[llmkit_head_bytes];
    uint32_t *order;
    projected *scratch;
    size_t part;
    uint32_t *ends;
    size_t end_count;
} ordering;

// How many of the rows go to the left, a multiple of 64; 0 if they cannot be told apart.
static size_t split(ordering *o, size_t first, size_t count) {
    uint32_t *order = o->order + first;
    float direction[llmkit_head_bytes];
    if (!find_direction(o->weights, o->heads, order, count, direction)) return 0;
    size_t negative = 0;
    for (size_t i = 0; i < count; i++) {
        o->scratch[i] = (projected){project(o->heads + (size_t)order[i] * llmkit_head_bytes, direction), order[i]};
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

size_t llmkit_head_order(
    const llmkit_head_model *model, const uint8_t *heads, uint32_t *order, size_t count, size_t part, uint32_t *ends) {
    ordering o = {.heads = heads, .order = order, .ends = ends};
    weigh(model, o.weights);
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
