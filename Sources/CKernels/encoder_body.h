// The kernels over vectors of LANES floats, for one set of instructions. Included once for each, with
//
//   LANES            floats in a vector
//   VECTORS          vectors side by side in a tile of a product; LANES * VECTORS divides 32
//   ROWS             rows of a tile: ROWS * VECTORS sums, VECTORS weights and one activation fit the registers
//   NAME(x)          x with the set's suffix
//   PREFETCH_STEPS   how many steps of the depth ahead weights are fetched

typedef float NAME(vf) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(vi) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(vu) __attribute__((vector_size(4 * LANES)));
typedef float NAME(vf_loose) __attribute__((vector_size(4 * LANES), aligned(4)));
#define vf NAME(vf)
#define vi NAME(vi)
#define vu NAME(vu)

INLINE vf NAME(load)(const float *p) { return *(const NAME(vf_loose) *)p; }
INLINE void NAME(store)(float *p, vf x) { *(NAME(vf_loose) *)p = x; }
INLINE vf NAME(splat)(float x) { return x - (vf){}; }
INLINE vf NAME(fma)(vf a, vf b, vf c) { return FUSED(a, b, c); }

INLINE float NAME(sum)(vf x) {
    float lanes[LANES], sum = 0;
    NAME(store)(lanes, x);
    for (int i = 0; i < LANES; i++) sum += lanes[i];
    return sum;
}

INLINE float NAME(largest)(vf x) {
    float lanes[LANES];
    NAME(store)(lanes, x);
    float largest = lanes[0];
    for (int i = 1; i < LANES; i++) largest = lanes[i] > largest ? lanes[i] : largest;
    return largest;
}

// The first `count` of the lanes, zeros after them.
INLINE vf NAME(load_some)(const float *p, size_t count) {
    float lanes[LANES] = {0};
    for (size_t i = 0; i < count; i++) lanes[i] = p[i];
    return NAME(load)(lanes);
}

INLINE void NAME(store_some)(float *p, vf x, size_t count) {
    float lanes[LANES];
    NAME(store)(lanes, x);
    for (size_t i = 0; i < count; i++) p[i] = lanes[i];
}

// exp(x) for x <= 0, relative error 2e-7; 0 below -87.
//
// x = n log 2 + r with |r| <= log(2) / 2; exp(r) by a polynomial. Adding 1.5 * 2^23 rounds to a whole number n, which
// then stands in the lowest bits.
INLINE vf NAME(exp)(vf x) {
    const vf magic = NAME(splat)(12582912.0f);
    vf low = (vf)((vi)x & (vi)(x > -87.0f));
    vf t = NAME(fma)(low, NAME(splat)(1.44269504f), magic);
    vf n = t - magic;
    vf r = NAME(fma)(n, NAME(splat)(-0.693359375f), low);
    r = NAME(fma)(n, NAME(splat)(2.12194440e-4f), r);
    vf p = NAME(splat)(1.9875691500e-4f);
    p = NAME(fma)(p, r, NAME(splat)(1.3981999507e-3f));
    p = NAME(fma)(p, r, NAME(splat)(8.3334519073e-3f));
    p = NAME(fma)(p, r, NAME(splat)(4.1665795894e-2f));
    p = NAME(fma)(p, r, NAME(splat)(1.6666665459e-1f));
    p = NAME(fma)(p, r, NAME(splat)(5.0000001201e-1f));
    p = NAME(fma)(p, r * r, r + 1.0f);
    vu scaled = (vu)p + ((vu)t << 23);
    return (vf)((vi)scaled & (vi)(x > -87.0f));
}

// x Phi(x) = x / 2 (1 + erf(x / sqrt 2)), absolute error 1e-6 at most, for |x| < 5 4e-7.
//
// erf(x / sqrt 2) / x is a quotient of polynomials of x^2, fitted to the least absolute error of erf (1e-8) on
// [0, 5.4]; beyond, erf is one to the last bit but one.
INLINE vf NAME(gelu)(vf x) {
    vf c = __builtin_elementwise_max(__builtin_elementwise_min(x, NAME(splat)(5.4f)), NAME(splat)(-5.4f));
    vf t = c * c;
    vf p = NAME(splat)(4.677350062820551e-08f), q = NAME(splat)(1.2165897942395532e-06f);
    p = NAME(fma)(p, t, NAME(splat)(1.271999553864589e-05f));
    q = NAME(fma)(q, t, NAME(splat)(7.239967817440629e-05f));
    p = NAME(fma)(p, t, NAME(splat)(0.0003286406572442502f));
    q = NAME(fma)(q, t, NAME(splat)(0.001858973759226501f));
    p = NAME(fma)(p, t, NAME(splat)(0.009301685728132725f));
    q = NAME(fma)(q, t, NAME(splat)(0.028378615155816078f));
    p = NAME(fma)(p, t, NAME(splat)(0.06674421578645706f));
    q = NAME(fma)(q, t, NAME(splat)(0.2503175735473633f));
    p = NAME(fma)(p, t, NAME(splat)(0.797884464263916f));
    q = NAME(fma)(q, t, NAME(splat)(1.0f));
    vf half = x * 0.5f;
    return NAME(fma)(half, c * (p / q), half);
}

// x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) = x / (1 + exp(-2 ...)), computed for -|x| and mirrored.
INLINE vf NAME(gelu_tanh)(vf x) {
    vf a = __builtin_elementwise_max(x, -x);
    vf e = NAME(exp)(-1.5957691216f * (a + 0.044715f * a * a * a));
    vf small = a * e / (1.0f + e);
    return __builtin_elementwise_max(x, NAME(splat)(0)) - small;
}

INLINE vf NAME(activated)(llmkit_activation function, vf x) {
    switch (function) {
    case llmkit_activation_gelu_tanh: return NAME(gelu_tanh)(x);
    case llmkit_activation_relu: return __builtin_elementwise_max(x, NAME(splat)(0));
    default: return NAME(gelu)(x);
    }
}

INLINE void NAME(activate_rows)(llmkit_activation function, float *x, size_t stride, size_t rows, size_t count) {
    for (size_t row = 0; row < rows; row++, x += stride) {
        size_t i = 0;
        for (; i + LANES <= count; i += LANES) NAME(store)(x + i, NAME(activated)(function, NAME(load)(x + i)));
        if (i < count) {
            NAME(store_some)(x + i, NAME(activated)(function, NAME(load_some)(x + i, count - i)), count - i);
        }
    }
}

static void NAME(activate)(llmkit_activation function, float *x, size_t stride, size_t rows, size_t count) {
    switch (function) {
    case llmkit_activation_gelu: NAME(activate_rows)(llmkit_activation_gelu, x, stride, rows, count); break;
    case llmkit_activation_gelu_tanh: NAME(activate_rows)(llmkit_activation_gelu_tanh, x, stride, rows, count); break;
    case llmkit_activation_relu: NAME(activate_rows)(llmkit_activation_relu, x, stride, rows, count); break;
    }
}

static void NAME(add_norm)(float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows, size_t count,
                           const float *weight, const float *bias, float epsilon) {
    for (size_t row = 0; row < rows; row++, x += x_stride) {
        vf sum = {};
        float rest = 0;
        size_t i = 0;
        if (y) {
            for (; i + LANES <= count; i += LANES) {
                vf v = NAME(load)(x + i) + NAME(load)(y + i);
                NAME(store)(x + i, v);
                sum += v;
            }
            for (; i < count; i++) rest += x[i] += y[i];
            y += y_stride;
        } else {
            for (; i + LANES <= count; i += LANES) sum += NAME(load)(x + i);
            for (; i < count; i++) rest += x[i];
        }
        const float mean = (NAME(sum)(sum) + rest) / (float)count;
        vf squares = {};
        rest = 0;
        for (i = 0; i + LANES <= count; i += LANES) {
            vf d = NAME(load)(x + i) - mean;
            squares = NAME(fma)(d, d, squares);
        }
        for (; i < count; i++) rest += (x[i] - mean) * (x[i] - mean);
        const float scale = 1 / sqrtf((NAME(sum)(squares) + rest) / (float)count + epsilon);
        for (i = 0; i + LANES <= count; i += LANES) {
            vf d = (NAME(load)(x + i) - mean) * scale;
            NAME(store)(x + i, NAME(fma)(d, NAME(load)(weight + i), NAME(load)(bias + i)));
        }
        for (; i < count; i++) x[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
}

// A tile of a product: `rows` rows by `vectors` vectors of columns. Both are constants wherever this is inlined, so
// that the sums live in registers. `start` holds what the sums start from, or is NULL.
INLINE void NAME(tile_f32)(const int rows, const int vectors, const float *x, size_t x_stride, size_t depth,
                           const float *panel, const float *start, float *y, size_t y_stride) {
    vf sums[ROWS][VECTORS];
    // Addresses of the form base + stride * {1, 2} take a register for every four rows and one for the stride.
    const float *base[(ROWS + 3) / 4];
    UNROLL for (int i = 0; i < (rows + 3) / 4; i++) base[i] = x + (size_t)(4 * i) * x_stride;
    UNROLL for (int v = 0; v < vectors; v++) {
        vf first = start ? NAME(load)(start + LANES * v) : (vf){};
        UNROLL for (int r = 0; r < rows; r++) sums[r][v] = first;
    }
    // Unrolled, this loop runs out of registers.
    _Pragma("clang loop unroll(disable)")
    for (size_t k = 0; k < depth; k++, panel += llmkit_panel_width) {
        vf w[VECTORS];
        UNROLL for (int v = 0; v < vectors; v++) {
            w[v] = NAME(load)(panel + LANES * v);
            __builtin_prefetch(panel + LANES * v + PREFETCH_STEPS * llmkit_panel_width);
        }
        UNROLL for (int r = 0; r < rows; r++) {
            vf factor = NAME(splat)(base[r / 4][(size_t)(r % 4) * x_stride]);
            UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = NAME(fma)(factor, w[v], sums[r][v]);
        }
        UNROLL for (int i = 0; i < (rows + 3) / 4; i++) base[i]++;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) NAME(store)(y + (size_t)r * y_stride + LANES * v, sums[r][v]);
    }
}

#define CASE(r)                                                                                                     \
    case r:                                                                                                         \
        if (r <= ROWS) NAME(tile_f32)(r <= ROWS ? r : 1, vectors, x, x_stride, depth, panel, start, y, y_stride);   \
        break;
// Not inlined: each is a function of its own, which keeps the compiler's work and the code small.
#define TILES(vectors_)                                                                                             \
    static NOINLINE void NAME(tiles_##vectors_)(size_t rows, const float *x, size_t x_stride, size_t depth,         \
                                                const float *panel, const float *start, float *y,                   \
                                                size_t y_stride) {                                                  \
        const int vectors = vectors_;                                                                               \
        switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)   \
                        CASE(12) }                                                                                  \
    }
TILES(1)
TILES(2)
#undef TILES
#undef CASE

// How many rows the next block of a product has, so that all have about the same.
INLINE size_t NAME(block)(size_t left) {
    const size_t blocks = (left + ROWS - 1) / ROWS;
    return (left + blocks - 1) / blocks;
}

// y = x times the panels that lie `panel_size` floats apart, for `columns` columns, in whole vectors.
static void NAME(product)(const float *x, size_t x_stride, size_t rows, size_t depth, const float *panels,
                          size_t panel_size, size_t columns, const float *start, float *y, size_t y_stride) {
    for (size_t column = 0; column < columns; column += llmkit_panel_width, panels += panel_size) {
        const size_t width = columns - column < llmkit_panel_width ? columns - column : llmkit_panel_width;
        for (size_t done = 0, block; done < rows; done += block) {
            block = NAME(block)(rows - done);
            for (size_t c = 0; c < width; c += LANES * VECTORS) {
                float *target = y + done * y_stride + column + c;
                const float *from = start ? start + column + c : NULL;
                if (width - c > LANES) {
                    NAME(tiles_2)(block, x + done * x_stride, x_stride, depth, panels + c, from, target, y_stride);
                } else {
                    NAME(tiles_1)(block, x + done * x_stride, x_stride, depth, panels + c, from, target, y_stride);
                }
            }
        }
    }
}

static void NAME(multiply_f32)(const llmkit_matrix_f32 *w, const float *x, size_t x_stride, size_t rows, float *y,
                               size_t y_stride) {
    NAME(product)(x, x_stride, rows, w->depth, w->panels, w->depth * llmkit_panel_width, w->columns, w->bias, y,
                  y_stride);
}

// Turns scores into exp(score - largest) and returns their sum.
INLINE float NAME(exponentials)(float *scores, size_t count) {
    float largest = scores[0];
    size_t i = 0;
    if (count >= LANES) {
        vf most = NAME(load)(scores);
        for (i = LANES; i + LANES <= count; i += LANES) {
            most = __builtin_elementwise_max(most, NAME(load)(scores + i));
        }
        largest = NAME(largest)(most);
    }
    for (; i < count; i++) largest = scores[i] > largest ? scores[i] : largest;
    vf sum = {};
    for (i = 0; i + LANES <= count; i += LANES) {
        vf e = NAME(exp)(NAME(load)(scores + i) - largest);
        NAME(store)(scores + i, e);
        sum += e;
    }
    float total = NAME(sum)(sum);
    if (i < count) {
        NAME(store_some)(scores + i, NAME(exp)(NAME(load_some)(scores + i, count - i) - largest), count - i);
        for (; i < count; i++) total += scores[i];
    }
    return total;
}

static void NAME(attend)(const float *qkv, size_t qkv_stride, size_t rows, size_t heads, size_t head_size,
                         float *scratch, float *y, size_t y_stride) {
    const size_t width = heads * head_size;
    const size_t padded_rows = whole_panels(rows), padded_size = whole_panels(head_size);
    float *keys = scratch, *values = keys + padded_rows * head_size, *scores = values + rows * padded_size;
    float *mixed = scores + padded_rows * ROWS_LIMIT;
    for (size_t head = 0; head < heads; head++) {
        const float *q = qkv + head * head_size, *k = q + width, *v = k + width;
        // The keys stand across the panels, the values along them.
        for (size_t row = 0; row < rows; row++) {
            float *key = keys + row / llmkit_panel_width * llmkit_panel_width * head_size + row % llmkit_panel_width;
            for (size_t i = 0; i < head_size; i++) key[i * llmkit_panel_width] = k[row * qkv_stride + i];
            for (size_t i = 0; i < head_size; i += llmkit_panel_width) {
                const size_t some = head_size - i < llmkit_panel_width ? head_size - i : llmkit_panel_width;
                memcpy(values + i * rows + row * llmkit_panel_width, v + row * qkv_stride + i, some * sizeof(float));
            }
        }
        for (size_t done = 0, block; done < rows; done += block) {
            block = NAME(block)(rows - done);
            NAME(product)(q + done * qkv_stride, qkv_stride, block, head_size, keys, head_size * llmkit_panel_width,
                          rows, NULL, scores, padded_rows);
            float sums[ROWS];
            for (size_t row = 0; row < block; row++) {
                sums[row] = NAME(exponentials)(scores + row * padded_rows, rows);
            }
            NAME(product)(scores, padded_rows, block, rows, values, rows * llmkit_panel_width, head_size, NULL, mixed,
                          padded_size);
            for (size_t row = 0; row < block; row++) {
                const float scale = 1 / sums[row];
                float *target = y + (done + row) * y_stride + head * head_size;
                const float *source = mixed + row * padded_size;
                size_t i = 0;
                for (; i + LANES <= head_size; i += LANES) NAME(store)(target + i, NAME(load)(source + i) * scale);
                for (; i < head_size; i++) target[i] = source[i] * scale;
            }
        }
    }
}

// One stage of the transform within a vector: lane i becomes lane i with lane i + distance added, which in turn
// becomes the difference.
#if LANES == 16
#define SWAPPED(x, d)                                                                                               \
    ((d) == 1   ? __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)               \
     : (d) == 2 ? __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)               \
     : (d) == 4 ? __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)               \
                : __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
#elif LANES == 8
#define SWAPPED(x, d)                                                                                               \
    ((d) == 1   ? __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6)                                             \
     : (d) == 2 ? __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5)                                             \
                : __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3))
#else
#define SWAPPED(x, d)                                                                                               \
    ((d) == 1 ? __builtin_shufflevector(x, x, 1, 0, 3, 2) : __builtin_shufflevector(x, x, 2, 3, 0, 1))
#endif

INLINE vf NAME(rotated_lanes)(vf x, size_t block) {
    UNROLL for (int d = 1; d < LANES; d *= 2) {
        if ((size_t)d >= block) break;
        vf sign;
        UNROLL for (int i = 0; i < LANES; i++) sign[i] = i & d ? -1 : 1;
        x = NAME(fma)(x, sign, SWAPPED(x, d));
    }
    return x;
}
#undef SWAPPED

// The stages between vectors, of `vectors` vectors at once: a constant wherever this is inlined.
INLINE void NAME(rotate_vectors)(float *x, const int vectors) {
    vf v[ROTATED_AT_ONCE / LANES];
    UNROLL for (int i = 0; i < vectors; i++) v[i] = NAME(rotated_lanes)(NAME(load)(x + LANES * i), LANES);
    UNROLL for (int d = 1; d < vectors; d *= 2) {
        UNROLL for (int i = 0; i < vectors; i++) {
            if (i & d) continue;
            vf a = v[i], b = v[i + d];
            v[i] = a + b;
            v[i + d] = a - b;
        }
    }
    UNROLL for (int i = 0; i < vectors; i++) NAME(store)(x + LANES * i, v[i]);
}

// The stages between elements at least `distance` apart, a multiple of LANES.
INLINE void NAME(rotate_far)(float *x, size_t count, size_t distance, size_t block) {
    for (size_t d = distance; d < block; d *= 2) {
        for (size_t i = 0; i < count; i += 2 * d) {
            for (size_t k = i; k < i + d; k += LANES) {
                vf a = NAME(load)(x + k), b = NAME(load)(x + k + d);
                NAME(store)(x + k, a + b);
                NAME(store)(x + k + d, a - b);
            }
        }
    }
}

static void NAME(rotate)(float *x, size_t count, size_t block) {
    if (block >= ROTATED_AT_ONCE) {
        for (size_t i = 0; i < count; i += ROTATED_AT_ONCE) NAME(rotate_vectors)(x + i, ROTATED_AT_ONCE / LANES);
        NAME(rotate_far)(x, count, ROTATED_AT_ONCE, block);
    } else if (block >= LANES) {
        for (size_t i = 0; i < count; i += LANES) NAME(store)(x + i, NAME(rotated_lanes)(NAME(load)(x + i), LANES));
        NAME(rotate_far)(x, count, LANES, block);
    } else {
        llmkit_rotate_plain(x, count, block);
    }
}

static void NAME(quantize)(const llmkit_matrix_s8 *w, const float *x, size_t x_stride, const uint8_t *kinds,
                           size_t rows, float *scratch, uint8_t *y, size_t y_stride, float *y_scales) {
    typedef uint8_t bytes __attribute__((vector_size(LANES), aligned(1)));
    const size_t count = w->depth;
    const vf magic = NAME(splat)(12582912.0f);
    for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        const float *shift = w->shift + kinds[row] * count;
        size_t i = 0;
        for (; i + LANES <= count; i += LANES) {
            vf v = (NAME(load)(x + i) - NAME(load)(shift + i)) * NAME(load)(w->factor + i);
            NAME(store)(scratch + i, v);
        }
        for (; i < count; i++) scratch[i] = (x[i] - shift[i]) * w->factor[i];
        NAME(rotate)(scratch, count, w->rotation);
        vf most = {};
        float largest = 0;
        for (i = 0; i + LANES <= count; i += LANES) {
            vf v = NAME(load)(scratch + i);
            most = __builtin_elementwise_max(most, __builtin_elementwise_max(v, -v));
        }
        for (; i < count; i++) largest = fabsf(scratch[i]) > largest ? fabsf(scratch[i]) : largest;
        const float in_lanes = NAME(largest)(most);
        if (in_lanes > largest) largest = in_lanes;
        const float inverse = largest > 0 ? 127 / largest : 0;
        y_scales[row] = largest / 127;
        // Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits.
        for (i = 0; i + LANES <= count; i += LANES) {
            vf t = NAME(fma)(NAME(load)(scratch + i), NAME(splat)(inverse), magic);
            *(bytes *)(y + i) = __builtin_convertvector((vu)t + 128, bytes);
        }
        for (; i < count; i++) y[i] = byte_of(scratch[i] * inverse);
        for (; i < whole_quadruples(count); i++) y[i] = 128;
    }
}

static void NAME(round_bf16)(const float *x, size_t x_stride, size_t rows, size_t count, uint16_t *y,
                             size_t y_stride) {
    typedef uint16_t halves __attribute__((vector_size(2 * LANES), aligned(2)));
    for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        size_t i = 0;
        for (; i + LANES <= count; i += LANES) {
            vu bits = (vu)NAME(load)(x + i);
            bits = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
            *(halves *)(y + i) = __builtin_convertvector(bits, halves);
        }
        for (; i < count; i++) y[i] = bf16_of(x[i]);
        if (count & 1) y[count] = 0;
    }
}

#undef vf
#undef vi
#undef vu
