#include "vector_heads.h"

#include <math.h>
#include <string.h>

// Vectors count as unit vectors up to this length: VectorIndex admits no longer ones.
static const double longest = 1.0011;

// A sum of n products in single precision is off by at most gamma |a| |b|, in whatever order it is summed and whether or
// not products are rounded by themselves (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
static double gamma_of(size_t count) {
    const double n = (double)count + 2;
    return n * 0x1p-24 / (1 - n * 0x1p-24);
}

// How far the computed h may lie from R x.
static double head_error(const llmkit_head_model *model, int level) {
    return gamma_of(model->dimensions) * sqrt(llmkit_level_directions(level)) * longest * (1 + model->skew);
}

// At least the length of what lies outside of the directions. Of |x|² at least |h|² / (1 + skew) lies inside.
static double tail_length(const llmkit_head_model *model, int level, double square, double head_square) {
    const double head = fmax(0, sqrt(head_square) - head_error(model, level));
    const double rest = square * (1 + gamma_of(model->dimensions)) - head * head / (1 + model->skew);
    return sqrt(fmax(0, rest)) * (1 + 1e-9);
}

// Where a direction's four bits lie: the last byte of each piece is kept free.
static size_t byte_of(int direction) {
    int level = 0;
    while (direction >= llmkit_level_directions(level)) level++;
    return (size_t)direction / 2 + (size_t)level;
}

static size_t tail_byte_of(int level) { return 4 * (llmkit_planes_before(level) + llmkit_piece_planes(level)) - 1; }

void llmkit_head_rotate(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, size_t count,
    float head[llmkit_rotation_columns]) {
    for (size_t part = 0; part * 64 < count; part++) {
        kernels->rotate(model->rotation + part * model->dimensions * 64, row, model->dimensions, head + part * 64);
    }
}

llmkit_head_parts llmkit_head_split(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row) {
    llmkit_head_parts parts;
    memset(&parts, 0, sizeof parts);
    float head[llmkit_rotation_columns];
    llmkit_head_rotate(model, kernels, row, llmkit_directions, head);
    for (int j = 0; j < llmkit_sketch_bytes; j++) {
        const float steps = model->sketch_steps[j] > 0 ? rintf(head[j] / model->sketch_steps[j]) : 0;
        parts.sketch[j] = (int8_t)fmaxf(-127, fminf(127, steps));
    }
    const double square = kernels->dot(row, row, model->dimensions);
    double head_square = 0, rounding = 0, length = 0;
    for (int j = 0, level = 0; j < llmkit_directions; j++) {
        const float steps = model->steps[j] > 0 ? (head[j] - model->low[j]) / model->steps[j] : 0;
        // What lies beyond is kept as the nearest there is: its rounding error says how far off that is.
        const float whole = fmaxf(0, fminf(15, rintf(steps)));
        parts.numbers[j] = (uint8_t)whole;
        const double error = (double)head[j] - ((double)model->low[j] + (double)whole * model->steps[j]);
        head_square += (double)head[j] * head[j];
        rounding += error * error;
        length += ((double)whole - 7.5) * ((double)whole - 7.5);
        if (j + 1 == llmkit_level_directions(level)) {
            parts.head[level] = sqrt(head_square);
            parts.rounding[level] = sqrt(rounding);
            parts.rest[level] = tail_length(model, level, square, head_square);
            parts.length[level] = sqrt(length);
            level++;
        }
    }
    return parts;
}

bool llmkit_head_encode(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *row, uint8_t *head, int8_t *sketch) {
    const llmkit_head_parts parts = llmkit_head_split(model, kernels, row);
    if (sketch) memcpy(sketch, parts.sketch, sizeof parts.sketch);
    memset(head, 0, llmkit_head_bytes);
    for (int j = 0; j < llmkit_directions; j++) head[byte_of(j)] |= (uint8_t)(parts.numbers[j] << (j % 2 ? 4 : 0));
    bool fits = true;
    for (int level = 0; level < llmkit_levels; level++) {
        const llmkit_head_level *limits = &model->levels[level];
        const double rounding = limits->weight * parts.rounding[level], rest = parts.rest[level];
        const double tail = sqrt(rounding * rounding + rest * rest) * (1 + 1e-9);
        const double steps = ceil((tail - limits->tail_least) / limits->tail_step);
        // Written such that what is not a number does not fit.
        fits = fits && steps <= 255 && parts.length[level] <= limits->length;
        head[tail_byte_of(level)] = (uint8_t)(steps > 255 ? 255 : steps > 0 ? steps : 0);
    }
    return fits;
}

void llmkit_head_interleave(const uint8_t *heads, size_t rows, uint8_t *const pieces[llmkit_levels]) {
    for (int level = 0; level < llmkit_levels; level++) {
        for (size_t p = 0; p < llmkit_piece_planes(level); p++) {
            const uint8_t *from = heads + 4 * (llmkit_planes_before(level) + p);
            for (size_t r = 0; r < rows; r++) {
                const size_t group = r / llmkit_group_rows * llmkit_piece_group_bytes(level);
                uint8_t *plane = pieces[level] + group + p * llmkit_plane_bytes;
                memcpy(plane + r % llmkit_group_rows * 4, from + r * llmkit_head_bytes, 4);
            }
        }
    }
}

// Sums of 32 bits, and thresholds of 30, hold what is shifted by so much in all.
enum { most_shifts = 10 };

// The finest scales, each a power of two times the one before, on which the greatest products are still bytes.
static void choose_scales(llmkit_head_bound *bound, const double greatest[llmkit_levels]) {
    double needed[llmkit_levels];
    for (int level = 0; level < bound->query.level_count; level++) {
        needed[level] = fmax(greatest[level] / 127 * (1 + 1e-9), 1e-30);
    }
    // Scales never grow again.
    for (int level = bound->query.level_count - 1; level > 0; level--) {
        needed[level - 1] = fmax(needed[level - 1], needed[level]);
    }
    bound->scale[0] = needed[0];
    // The sums stay below 2^19 before they are shifted: 246 products of four bits and a signed byte, and one of two bytes.
    int left = most_shifts;
    for (int level = 1; level < bound->query.level_count; level++) {
        int shift = 0;
        while (shift < left && ldexp(bound->scale[level - 1], -shift - 1) >= needed[level]) shift++;
        left -= shift;
        bound->query.shifts[level] = shift;
        bound->scale[level] = ldexp(bound->scale[level - 1], -shift);
    }
}

llmkit_head_bound llmkit_head_prepare(
    const llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *query, int first, int count) {
    llmkit_head_bound bound;
    memset(&bound, 0, sizeof bound);
    bound.query.first_level = first;
    bound.query.level_count = count;
    const int directions = llmkit_level_directions(count - 1);
    float head[llmkit_rotation_columns];
    llmkit_head_rotate(model, kernels, query, (size_t)directions, head);
    const double square = kernels->dot(query, query, model->dimensions);
    // M(q) and the greatest product of each level.
    double products[llmkit_directions], tails[llmkit_levels], greatest[llmkit_levels] = {0}, head_square = 0;
    for (int j = 0, level = 0; j < directions; j++) {
        head_square += (double)head[j] * head[j];
        products[j] = (double)head[j] * model->steps[j];
        greatest[level] = fmax(greatest[level], fabs(products[j]));
        if (j + 1 < llmkit_level_directions(level)) continue;
        const llmkit_head_level *limits = &model->levels[level];
        const double rest = tail_length(model, level, square, head_square);
        tails[level] = sqrt(head_square / (limits->weight * limits->weight) + rest * rest) * (1 + 1e-9);
        if (level >= first) greatest[level] = fmax(greatest[level], tails[level] * limits->tail_step);
        level++;
    }
    choose_scales(&bound, greatest);
    double errors = 0, error_square = 0, lowest = 0;
    for (int j = 0, level = 0; j < directions; j++) {
        const double scale = bound.scale[level];
        const double whole = rint(products[j] / scale), error = products[j] - whole * scale;
        (j % 2 ? bound.query.high : bound.query.low)[byte_of(j)] = (int8_t)whole;
        errors += error;
        error_square += error * error;
        lowest += (double)head[j] * model->low[j];
        if (j + 1 < llmkit_level_directions(level)) continue;
        const llmkit_head_level *limits = &model->levels[level];
        bound.query.tails[level] = (int8_t)fmin(127, ceil(tails[level] * limits->tail_step / scale));
        // The rounding of both h, of R, and of the product that is compared in the end.
        const double slack = 2.02 * longest * head_error(model, level) + 2.02 * model->skew
            + gamma_of(model->dimensions) * longest * longest + 1e-7;
        bound.rest[level] = slack + lowest + 7.5 * errors
            + (tails[level] * limits->tail_least + sqrt(error_square) * limits->length) * (1 + 1e-9);
        // Of what Cauchy and Schwarz allow for, near rows have some part in fact.
        bound.excess = 0.6 * tails[level] * (limits->tail_least + 127 * limits->tail_step);
        level++;
    }
    return bound;
}

void llmkit_head_aim(llmkit_head_bound *bound, float cosine) {
    for (int level = bound->query.first_level; level < bound->query.level_count; level++) {
        const double sum = floor((cosine - bound->rest[level]) / bound->scale[level]) - 1;
        bound->query.thresholds[level] = (int32_t)fmax(-1e9, fmin(1e9, sum));
    }
}
