#include "vector_heads.h"

#include <math.h>
#include <string.h>

// Where a direction's byte and the tails' bytes lie in a head.
static int place(int direction) { return direction < llmkit_coarse_directions ? direction : direction + 1; }
static const int tail_place[2] = {llmkit_coarse_directions, llmkit_head_bytes - 1};
static const int directions[2] = {llmkit_coarse_directions, llmkit_directions};

// Vectors count as unit vectors up to this length: VectorIndex admits no longer ones.
static const double longest = 1.0011;

// A sum of n products in single precision is off by at most gamma |a| |b|, in whatever order it is summed and whether or
// not products are rounded by themselves (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
static double gamma_of(size_t count) {
    const double n = (double)count + 2;
    return n * 0x1p-24 / (1 - n * 0x1p-24);
}

// How far the computed h may lie from R x.
static double head_error(const llmkit_head_model *model) {
    return gamma_of(model->dimensions) * 8 * longest * (1 + model->skew);
}

// At least the length of what lies outside of the directions. Of |x|² at least |h|² / (1 + skew) lies inside.
static double tail_length(const llmkit_head_model *model, double square, double head_square) {
    const double head = fmax(0, sqrt(head_square) - head_error(model));
    const double rest = square * (1 + gamma_of(model->dimensions)) - head * head / (1 + model->skew);
    return sqrt(fmax(0, rest)) * (1 + 1e-9);
}

llmkit_head_parts llmkit_head_split(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row) {
    llmkit_head_parts parts;
    memset(&parts, 0, sizeof parts);
    float head[64];
    kernels->rotate(model->rotation, row, model->dimensions, head);
    const double square = kernels->dot(row, row, model->dimensions);
    double head_square = 0, rounding = 0, length = 0;
    for (int j = 0, level = 0; j < llmkit_directions; j++) {
        const float steps = model->steps[j] > 0 ? head[j] / model->steps[j] : 0;
        float whole = rintf(steps);
        if (!(fabsf(whole) <= 127)) {
            parts.is_clamped = true;
            whole = 0;
        }
        parts.bytes[place(j)] = (int8_t)whole;
        const double error = (double)head[j] - (double)whole * model->steps[j];
        head_square += (double)head[j] * head[j];
        rounding += error * error;
        length += (double)whole * whole;
        if (j + 1 == directions[level]) {
            parts.tail[level] = tail_length(model, square, head_square);
            parts.rounding[level] = sqrt(rounding);
            parts.length[level] = sqrt(length);
            level++;
        }
    }
    return parts;
}

bool llmkit_head_encode(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, uint8_t *head) {
    const llmkit_head_parts parts = llmkit_head_split(model, kernels, row);
    bool fits = !parts.is_clamped;
    for (int j = 0; j < llmkit_directions; j++) head[place(j)] = (uint8_t)(parts.bytes[place(j)] + 128);
    for (int level = 0; level < 2; level++) {
        const llmkit_head_level *limits = &model->levels[level];
        const double steps = ceil((parts.tail[level] - limits->tail_least) / limits->tail_step);
        fits = fits && steps <= 255 && parts.rounding[level] <= limits->rounding && parts.length[level] <= limits->length;
        head[tail_place[level]] = (uint8_t)(steps > 255 ? 255 : steps > 0 ? steps : 0);
    }
    return fits;
}

void llmkit_head_interleave(const uint8_t *heads, size_t rows, uint8_t *coarse, uint8_t *fine) {
    for (size_t r = 0; r < rows; r++) {
        const uint8_t *head = heads + r * llmkit_head_bytes;
        for (size_t p = 0; p < llmkit_coarse_bytes / 4; p++) {
            memcpy(coarse + p * llmkit_plane_bytes + 4 * r, head + 4 * p, 4);
            memcpy(fine + p * llmkit_plane_bytes + 4 * r, head + llmkit_coarse_bytes + 4 * p, 4);
        }
    }
}

llmkit_head_bound llmkit_head_prepare(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *query) {
    llmkit_head_bound bound;
    memset(&bound, 0, sizeof bound);
    float head[64];
    kernels->rotate(model->rotation, query, model->dimensions, head);
    const double square = kernels->dot(query, query, model->dimensions);
    double head_square = 0, products[llmkit_directions], greatest = 0;
    for (int j = 0, level = 0; j < llmkit_directions; j++) {
        head_square += (double)head[j] * head[j];
        products[j] = (double)head[j] * model->steps[j];
        greatest = fmax(greatest, fabs(products[j]));
        if (j + 1 < directions[level]) continue;

        const llmkit_head_level *limits = &model->levels[level];
        const double tail = tail_length(model, square, head_square), tail_product = tail * limits->tail_step;
        const double scale = fmax(fmax(greatest, tail_product) / 127 * (1 + 1e-9), 1e-30);
        int8_t *bytes = level == 0 ? bound.query.coarse : bound.query.fine;
        double errors = 0;
        int32_t sum = 0;
        for (int i = 0; i <= j; i++) {
            const double whole = rint(products[i] / scale), error = products[i] - whole * scale;
            bytes[place(i)] = (int8_t)whole;
            sum += (int32_t)whole;
            errors += error * error;
        }
        bytes[tail_place[level]] = (int8_t)fmin(127, ceil(tail_product / scale));
        bound.scale[level] = scale;
        bound.bias[level] = 128 * sum;
        // The rounding of both h, of R, and of the product that is compared in the end.
        const double slack = 2.02 * longest * head_error(model) + 2.02 * model->skew
            + gamma_of(model->dimensions) * longest * longest + 1e-7;
        bound.rest[level] = slack
            + (tail * limits->tail_least + sqrt(head_square) * limits->rounding + sqrt(errors) * limits->length) * (1 + 1e-9);
        level++;
    }
    return bound;
}

static int32_t threshold(const llmkit_head_bound *bound, int level, double cosine) {
    const double sum = floor((cosine - bound->rest[level]) / bound->scale[level]) - 1 + bound->bias[level];
    return (int32_t)fmax(-1e9, fmin(1e9, sum));
}

void llmkit_head_aim(llmkit_head_bound *bound, float cosine) {
    bound->query.coarse_threshold = threshold(bound, 0, cosine);
    bound->query.fine_threshold = threshold(bound, 1, cosine);
}
