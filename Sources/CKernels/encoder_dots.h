// Products whose inner step takes four bytes of each row and of each column: four times eight bits, or a pair of
// bfloat16. Included once for each kind and set of instructions, with
//
//   DOT_LANES          columns in a vector: as many as it has lanes of 32 bits; DOT_LANES * 2 divides 32
//   DOT_ROWS           rows of a tile; at most 12
//   DOT_NAME(x)        x with the set's suffix
//   sums_t, weights_t, factor_t    what sums, prepared weights and prepared activations are kept in
//   START(v)           the sums of vector v of the tile before the first step
//   WEIGHTS(p)         the weights at p, prepared once for all rows
//   FACTOR(bits)       four bytes of a row, prepared once for all columns
//   DOT(sums, f, w)    the sums after the step
//   FINISH(sums, r, v) the floats of row r and vector v of the tile
//   MATRIX, INPUT      the types of the matrix and of the rows' elements
//   STEP               elements of a row in a step
//   SCALES             0, or 1 for rows that have a scale and a kind: `x_scales`, `kinds`

INLINE void DOT_NAME(tile)(const int rows, const int vectors, const MATRIX *w, const uint8_t *x, size_t x_stride,
                           const float *x_scales, const uint8_t *kinds, size_t column, const uint8_t *panel, float *y,
                           size_t y_stride) {
    sums_t sums[DOT_ROWS][2];
    const uint8_t *base[(DOT_ROWS + 3) / 4];
    const size_t steps = (w->depth + STEP - 1) / STEP;
    (void)x_scales, (void)kinds;
    UNROLL for (int i = 0; i < (rows + 3) / 4; i++) base[i] = x + (size_t)(4 * i) * x_stride;
    UNROLL for (int v = 0; v < vectors; v++) {
        sums_t first = START(v);
        UNROLL for (int r = 0; r < rows; r++) sums[r][v] = first;
    }
    _Pragma("clang loop unroll(disable)")
    for (size_t k = 0; k < steps; k++, panel += 4 * llmkit_panel_width) {
        weights_t weights[2];
        UNROLL for (int v = 0; v < vectors; v++) {
            weights[v] = WEIGHTS(panel + 4 * DOT_LANES * v);
            __builtin_prefetch(panel + 4 * DOT_LANES * v + PREFETCH_STEPS * 4 * llmkit_panel_width);
        }
        UNROLL for (int r = 0; r < rows; r++) {
            int32_t bits;
            memcpy(&bits, base[r / 4] + (size_t)(r % 4) * x_stride, 4);
            factor_t factor = FACTOR(bits);
            UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = DOT(sums[r][v], factor, weights[v]);
        }
        UNROLL for (int i = 0; i < (rows + 3) / 4; i++) base[i] += 4;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) FINISH(sums[r][v], r, v);
    }
}

#define CASE(r)                                                                                                     \
    case r:                                                                                                         \
        if (r <= DOT_ROWS) {                                                                                        \
            DOT_NAME(tile)(r <= DOT_ROWS ? r : 1, vectors, w, x, x_stride, x_scales, kinds, column, panel, y,       \
                           y_stride);                                                                               \
        }                                                                                                           \
        break;
#define TILES(vectors_)                                                                                             \
    static NOINLINE void DOT_NAME(tiles_##vectors_)(size_t rows, const MATRIX *w, const uint8_t *x,                 \
                                                    size_t x_stride, const float *x_scales, const uint8_t *kinds,   \
                                                    size_t column, const uint8_t *panel, float *y,                  \
                                                    size_t y_stride) {                                              \
        const int vectors = vectors_;                                                                               \
        switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)   \
                        CASE(12) }                                                                                  \
    }
TILES(1)
TILES(2)
#undef TILES
#undef CASE

INLINE void DOT_NAME(product)(const MATRIX *w, const INPUT *x, size_t x_stride, const float *x_scales,
                              const uint8_t *kinds, size_t rows, float *y, size_t y_stride) {
    const size_t steps = (w->depth + STEP - 1) / STEP, bytes = x_stride * sizeof(INPUT);
    const uint8_t *panel = (const uint8_t *)w->panels, *from = (const uint8_t *)x;
    for (size_t column = 0; column < w->columns; column += llmkit_panel_width) {
        const size_t left = w->columns - column, width = left < llmkit_panel_width ? left : llmkit_panel_width;
        for (size_t done = 0, block; done < rows; done += block) {
            const size_t blocks = (rows - done + DOT_ROWS - 1) / DOT_ROWS;
            block = (rows - done + blocks - 1) / blocks;
            for (size_t c = 0; c < width; c += 2 * DOT_LANES) {
                (width - c > DOT_LANES ? DOT_NAME(tiles_2) : DOT_NAME(tiles_1))(
                    block, w, from + done * bytes, bytes, SCALES ? x_scales + done : NULL, SCALES ? kinds + done : NULL,
                    column + c, panel + 4 * c, y + done * y_stride + column + c, y_stride);
            }
        }
        panel += 4 * llmkit_panel_width * steps;
    }
}

#undef DOT_LANES
#undef DOT_ROWS
#undef DOT_NAME
#undef sums_t
#undef weights_t
#undef factor_t
#undef START
#undef WEIGHTS
#undef FACTOR
#undef DOT
#undef FINISH
#undef MATRIX
#undef INPUT
#undef STEP
#undef SCALES
