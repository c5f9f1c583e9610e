// The product of two matrices of NUMBER. If B lies transposed, each entry is the product of two rows, in LANES sums that
// need not wait for each other; else rows of B are added up, which touches every number in the order in which it lies.

static NUMBER NAMED(dot)(const NUMBER *a, size_t step, const NUMBER *b, size_t count) {
    NUMBER sums[LANES] = {0};
    size_t k = 0;
    if (step == 1) {
        for (; k + LANES <= count; k += LANES)
            for (size_t lane = 0; lane < LANES; lane++) sums[lane] += a[k + lane] * b[k + lane];
    }
    NUMBER sum = 0;
    for (; k < count; k++) sum += a[k * step] * b[k];
    for (size_t lane = 0; lane < LANES; lane++) sum += sums[lane];
    return sum;
}

void NAMED(llmkit_multiply)(llmkit_product p, const NUMBER *a, const NUMBER *b, NUMBER *c) {
    size_t a_row = p.a_transposed ? 1 : p.a_stride, a_step = p.a_transposed ? p.a_stride : 1;
    for (size_t i = 0; i < p.rows; i++) {
        NUMBER *restrict row = c + i * p.c_stride;
        if (!p.adds)
            for (size_t j = 0; j < p.columns; j++) row[j] = 0;
        if (p.b_transposed) {
            for (size_t j = 0; j < p.columns; j++)
                row[j] += NAMED(dot)(a + i * a_row, a_step, b + j * p.b_stride, p.depth);
        } else {
            for (size_t k = 0; k < p.depth; k++) {
                NUMBER share = a[i * a_row + k * a_step];
                const NUMBER *restrict from = b + k * p.b_stride;
                for (size_t j = 0; j < p.columns; j++) row[j] += share * from[j];
            }
        }
    }
}
