#include "vector_heads.h"

#include <math.h>
#include <string.h>

// For numbers that are normally distributed, sixteen even steps leave the least error when each is so many standard
// deviations wide (Max, Quantizing for minimum distortion, 1960, table II).
static const double best_step = 0.3352;

typedef struct spread {
    double sum, square_sum;
    float least, greatest;
} spread;

static void choose_steps(llmkit_head_model *model, const spread *spreads, size_t rows) {
    for (int j = 0; j < llmkit_directions; j++) {
        const double mean = spreads[j].sum / (double)rows;
        const double variance = fmax(0, spreads[j].square_sum / (double)rows - mean * mean);
        const double range = (double)spreads[j].greatest - spreads[j].least;
        // Where all lies closer together than is usual, its range has no use for what lies beyond.
        const double step = fmin(best_step * sqrt(variance), range / 15);
        model->steps[j] = (float)step;
        model->low[j] = step < range / 15 ? (float)(mean - 7.5 * step) : spreads[j].least;
    }
    for (int j = 0; j < llmkit_sketch_bytes; j++) {
        model->sketch_steps[j] = fmaxf(fabsf(spreads[j].least), fabsf(spreads[j].greatest)) / 127;
    }
}

void llmkit_head_fit(
    llmkit_head_model *model, const llmkit_vector_kernels *kernels, const float *sample, size_t rows) {
    spread spreads[llmkit_rotation_columns];
    memset(spreads, 0, sizeof spreads);
    for (size_t row = 0; row < rows; row++) {
        float head[llmkit_rotation_columns];
        llmkit_head_rotate(model, kernels, sample + row * model->dimensions, llmkit_rotation_columns, head);
        for (int j = 0; j < llmkit_rotation_columns; j++) {
            spreads[j].sum += head[j];
            spreads[j].square_sum += (double)head[j] * head[j];
            spreads[j].least = row == 0 ? head[j] : fminf(spreads[j].least, head[j]);
            spreads[j].greatest = row == 0 ? head[j] : fmaxf(spreads[j].greatest, head[j]);
        }
    }
    choose_steps(model, spreads, rows);

    double heads[llmkit_levels] = {0}, roundings[llmkit_levels] = {0}, lengths[llmkit_levels] = {0};
    for (size_t row = 0; row < rows; row++) {
        const llmkit_head_parts parts = llmkit_head_split(model, kernels, sample + row * model->dimensions);
        for (int level = 0; level < llmkit_levels; level++) {
            heads[level] += parts.head[level];
            roundings[level] += parts.rounding[level];
            lengths[level] = fmax(lengths[level], parts.length[level]);
        }
    }
    for (int level = 0; level < llmkit_levels; level++) {
        const double ratio = roundings[level] > 0 ? heads[level] / roundings[level] : 1;
        model->levels[level].weight = sqrt(fmin(1e4, fmax(1e-4, ratio)));
        // Rows that exceed a limit get no bound, and cost time: so limits are a little wider than the sample needs.
        model->levels[level].length = lengths[level] * 1.02 + 1;
    }

    double least[llmkit_levels], greatest[llmkit_levels] = {0};
    for (int level = 0; level < llmkit_levels; level++) least[level] = INFINITY;
    for (size_t row = 0; row < rows; row++) {
        const llmkit_head_parts parts = llmkit_head_split(model, kernels, sample + row * model->dimensions);
        for (int level = 0; level < llmkit_levels; level++) {
            const double tail = hypot(model->levels[level].weight * parts.rounding[level], parts.rest[level]);
            least[level] = fmin(least[level], tail);
            greatest[level] = fmax(greatest[level], tail);
        }
    }
    for (int level = 0; level < llmkit_levels; level++) {
        llmkit_head_level *limits = &model->levels[level];
        limits->tail_least = isfinite(least[level]) ? least[level] * 0.98 : 0;
        limits->tail_step = fmax(1e-6, (greatest[level] * 1.05 - limits->tail_least) / 255);
    }
}
