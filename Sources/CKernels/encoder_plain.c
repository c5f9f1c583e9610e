#include "encoder_internal.h"

static void multiply_f32_plain(const llmkit_matrix_f32 *w, const float *x, size_t x_stride, size_t rows, float *y,
                               size_t y_stride) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < w->columns; column++) {
            const float *panel = w->panels + column / llmkit_panel_width * llmkit_panel_width * w->depth
                                 + column % llmkit_panel_width;
            float sum = w->bias[column];
            for (size_t k = 0; k < w->depth; k++) sum += x[row * x_stride + k] * panel[k * llmkit_panel_width];
            y[row * y_stride + column] = sum;
        }
    }
}

static void multiply_bf16_plain(const llmkit_matrix_bf16 *w, const uint16_t *x, size_t x_stride, size_t rows, float *y,
                                size_t y_stride) {
    const size_t pairs = (w->depth + 1) / 2;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < w->columns; column++) {
            const uint16_t *panel = w->panels + column / llmkit_panel_width * llmkit_panel_width * 2 * pairs
                                    + column % llmkit_panel_width * 2;
            float sum = w->bias[column];
            for (size_t k = 0; k < w->depth; k++) {
                sum += float_of(x[row * x_stride + k]) * float_of(panel[k / 2 * 2 * llmkit_panel_width + k % 2]);
            }
            y[row * y_stride + column] = sum;
        }
    }
}

static void multiply_s8_plain(const llmkit_matrix_s8 *w, const uint8_t *x, size_t x_stride, const float *x_scales,
                              const uint8_t *kinds, size_t rows, float *y, size_t y_stride) {
    const size_t quadruples = whole_quadruples(w->depth) / 4;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < w->columns; column++) {
            const int8_t *panel = w->panels + column / llmkit_panel_width * llmkit_panel_width * 4 * quadruples
                                  + column % llmkit_panel_width * 4;
            int32_t sum = w->offsets[column];
            for (size_t k = 0; k < w->depth; k++) {
                sum += x[row * x_stride + k] * panel[k / 4 * 4 * llmkit_panel_width + k % 4];
            }
            y[row * y_stride + column] = (float)sum * w->scales[column] * x_scales[row]
                                         + w->bias[kinds[row] * whole_panels(w->columns) + column];
        }
    }
}

static void round_bf16_plain(const float *x, size_t x_stride, size_t rows, size_t count, uint16_t *y,
                             size_t y_stride) {
    for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        for (size_t i = 0; i < count; i++) y[i] = bf16_of(x[i]);
        if (count & 1) y[count] = 0;
    }
}

void llmkit_rotate_plain(float *x, size_t count, size_t block) {
    for (size_t distance = 1; distance < block; distance *= 2) {
        for (size_t i = 0; i < count; i++) {
            if (i & distance) continue;
            const float a = x[i], b = x[i + distance];
            x[i] = a + b;
            x[i + distance] = a - b;
        }
    }
}

static void quantize_plain(const llmkit_matrix_s8 *w, const float *x, size_t x_stride, const uint8_t *kinds,
                           size_t rows, float *scratch, uint8_t *y, size_t y_stride, float *y_scales) {
    for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        const float *shift = w->shift + kinds[row] * w->depth;
        for (size_t i = 0; i < w->depth; i++) scratch[i] = (x[i] - shift[i]) * w->factor[i];
        llmkit_rotate_plain(scratch, w->depth, w->rotation);
        float largest = 0;
        for (size_t i = 0; i < w->depth; i++) largest = fmaxf(largest, fabsf(scratch[i]));
        const float inverse = largest > 0 ? 127 / largest : 0;
        y_scales[row] = largest / 127;
        for (size_t i = 0; i < w->depth; i++) y[i] = byte_of(scratch[i] * inverse);
        for (size_t i = w->depth; i < whole_quadruples(w->depth); i++) y[i] = 128;
    }
}

static void activate_plain(llmkit_activation function, float *x, size_t stride, size_t rows, size_t count) {
    for (size_t row = 0; row < rows; row++, x += stride) {
        for (size_t i = 0; i < count; i++) {
            const float v = x[i];
            switch (function) {
            case llmkit_activation_gelu: x[i] = 0.5f * v * (1 + erff(v * 0.70710678f)); break;
            case llmkit_activation_gelu_tanh:
                x[i] = 0.5f * v * (1 + tanhf(0.79788456f * (v + 0.044715f * v * v * v)));
                break;
            case llmkit_activation_relu: x[i] = v > 0 ? v : 0; break;
            }
        }
    }
}

static void add_norm_plain(float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows, size_t count,
                           const float *weight, const float *bias, float epsilon) {
    for (size_t row = 0; row < rows; row++, x += x_stride) {
        float sum = 0, squares = 0;
        for (size_t i = 0; i < count; i++) {
            if (y) x[i] += y[row * y_stride + i];
            sum += x[i];
        }
        const float mean = sum / (float)count;
        for (size_t i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
        const float scale = 1 / sqrtf(squares / (float)count + epsilon);
        for (size_t i = 0; i < count; i++) x[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
}

static void attend_plain(const float *qkv, size_t qkv_stride, size_t rows, size_t heads, size_t head_size,
                         float *scratch, float *y, size_t y_stride) {
    const size_t width = heads * head_size;
    for (size_t head = 0; head < heads; head++) {
        for (size_t row = 0; row < rows; row++) {
            const float *q = qkv + row * qkv_stride + head * head_size;
            float *target = y + row * y_stride + head * head_size;
            float largest = -INFINITY, sum = 0;
            for (size_t other = 0; other < rows; other++) {
                const float *k = qkv + other * qkv_stride + width + head * head_size;
                float score = 0;
                for (size_t i = 0; i < head_size; i++) score += q[i] * k[i];
                scratch[other] = score;
                largest = fmaxf(largest, score);
            }
            for (size_t other = 0; other < rows; other++) {
                sum += scratch[other] = expf(scratch[other] - largest);
            }
            for (size_t i = 0; i < head_size; i++) {
                float mixed = 0;
                for (size_t other = 0; other < rows; other++) {
                    mixed += scratch[other] * qkv[other * qkv_stride + 2 * width + head * head_size + i];
                }
                target[i] = mixed / sum;
            }
        }
    }
}

const llmkit_kernels llmkit_kernels_plain = {
    .name = "plain",
    .multiply_f32 = multiply_f32_plain,
    .multiply_bf16 = multiply_bf16_plain,
    .multiply_s8 = multiply_s8_plain,
    .round_bf16 = round_bf16_plain,
    .quantize = quantize_plain,
    .rotate = llmkit_rotate_plain,
    .activate = activate_plain,
    .add_norm = add_norm_plain,
    .attend = attend_plain,
};
