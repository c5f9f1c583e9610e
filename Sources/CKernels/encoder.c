// For MAP_ANONYMOUS and madvise.
#define _GNU_SOURCE

#include "encoder.h"
#include "encoder_internal.h"

#include <sys/mman.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

size_t llmkit_attend_scratch(size_t rows, size_t head_size) {
    const size_t padded_rows = whole_panels(rows), padded_size = whole_panels(head_size);
    return padded_rows * head_size + rows * padded_size + (padded_rows + padded_size) * ROWS_LIMIT;
}

// MARK: what the processor has

enum { kernels_limit = 6 };

// Fills in the kernels that this processor can run, worst first, and tells how many.
static size_t detect(const llmkit_kernels *found[kernels_limit]) {
    size_t count = 0;
    found[count++] = &llmkit_kernels_plain;
#if defined(__x86_64__)
    unsigned a, b, c, d, features, more, a1 = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return count;
    const bool has_fma = (c >> 12 & 1) && (c >> 27 & 1);
    if (!has_fma || !__get_cpuid_count(7, 0, &a, &features, &more, &d)) return count;
    if (a >= 1 && !__get_cpuid_count(7, 1, &a1, &b, &c, &d)) a1 = 0;
    // Whether the system saves the wide registers: XCR0's bits of SSE and AVX, and of the three parts of AVX-512.
    unsigned saved, high;
    __asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    if ((saved & 0x06) != 0x06 || !(features >> 5 & 1)) return count;
    found[count++] = &llmkit_kernels_avx2;
    if (a1 >> 4 & 1) found[count++] = &llmkit_kernels_avx2_vnni;
    // F, DQ, BW, VL.
    const unsigned avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    if ((saved & 0xE6) != 0xE6 || (features & avx512) != avx512) return count;
    found[count++] = &llmkit_kernels_avx512;
    const bool has_vnni = more >> 11 & 1, has_bf16 = a1 >> 5 & 1;
    if (has_vnni) found[count++] = &llmkit_kernels_avx512_vnni;
    if (has_vnni && has_bf16) found[count++] = &llmkit_kernels_avx512_bf16;
#elif defined(__aarch64__)
    found[count++] = &llmkit_kernels_neon;
#if defined(__APPLE__)
    found[count++] = &llmkit_kernels_neon_dot;
#elif defined(__linux__)
    // HWCAP_ASIMDDP.
    if (getauxval(AT_HWCAP) >> 20 & 1) found[count++] = &llmkit_kernels_neon_dot;
#endif
#endif
    return count;
}

const llmkit_kernels *llmkit_kernels_at(size_t index) {
    const llmkit_kernels *found[kernels_limit];
    return index < detect(found) ? found[index] : NULL;
}

const llmkit_kernels *llmkit_kernels_best(void) {
    const llmkit_kernels *found[kernels_limit];
    return found[detect(found) - 1];
}

// MARK: packing

void llmkit_channel_statistics(const float *x, size_t stride, const uint8_t *kinds, size_t rows, size_t count,
                               float *means, float *deviations) {
    size_t members[llmkit_kinds] = {0};
    memset(means, 0, llmkit_kinds * count * sizeof(float));
    memset(deviations, 0, count * sizeof(float));
    for (size_t row = 0; row < rows; row++) {
        float *sums = means + kinds[row] * count;
        for (size_t i = 0; i < count; i++) sums[i] += x[row * stride + i];
        members[kinds[row]]++;
    }
    for (size_t kind = 0; kind < llmkit_kinds; kind++) {
        const float share = members[kind] > 0 ? 1 / (float)members[kind] : 0;
        for (size_t i = 0; i < count; i++) means[kind * count + i] *= share;
    }
    for (size_t row = 0; row < rows; row++) {
        const float *mean = means + kinds[row] * count;
        for (size_t i = 0; i < count; i++) {
            const float difference = x[row * stride + i] - mean[i];
            deviations[i] += difference * difference;
        }
    }
    for (size_t i = 0; i < count; i++) deviations[i] = sqrtf(deviations[i] / (float)rows);
}

void llmkit_smooth(float *weights, size_t depth, size_t columns, const float *means, const float *deviations,
                   const float *bias, float *biases, size_t stride, float *factors) {
    memset(factors, 0, depth * sizeof(float));
    for (size_t column = 0; column < columns; column++) {
        const float *w = weights + column * depth;
        for (size_t kind = 0; kind < llmkit_kinds; kind++) {
            float shifted = bias[column];
            for (size_t i = 0; i < depth; i++) shifted += w[i] * means[kind * depth + i];
            biases[kind * stride + column] = shifted;
        }
        for (size_t i = 0; i < depth; i++) factors[i] += w[i] * w[i];
    }
    float sum = 0;
    for (size_t i = 0; i < depth; i++) sum += deviations[i];
    // A channel that hardly moved in the texts at hand may move in others.
    const float least = fmaxf(0.05f * sum / (float)depth, 1e-9f);
    for (size_t i = 0; i < depth; i++) {
        const float weight = fmaxf(sqrtf(factors[i] / (float)columns), 1e-9f);
        factors[i] = sqrtf(weight / fmaxf(deviations[i], least));
    }
    for (size_t column = 0; column < columns; column++) {
        float *w = weights + column * depth;
        for (size_t i = 0; i < depth; i++) w[i] /= factors[i];
    }
}

void llmkit_pack_f32(const float *weights, size_t stride, size_t depth, size_t columns, float *panels) {
    for (size_t first = 0; first < columns; first += llmkit_panel_width, panels += depth * llmkit_panel_width) {
        const size_t left = columns - first, width = left < llmkit_panel_width ? left : llmkit_panel_width;
        for (size_t c = 0; c < llmkit_panel_width; c++) {
            const float *column = weights + (first + c) * stride;
            for (size_t k = 0; k < depth; k++) panels[k * llmkit_panel_width + c] = c < width ? column[k] : 0;
        }
    }
}

void llmkit_pack_bf16(const float *weights, size_t stride, size_t depth, size_t columns, uint16_t *panels) {
    const size_t padded = (depth + 1) / 2 * 2;
    for (size_t first = 0; first < columns; first += llmkit_panel_width, panels += padded * llmkit_panel_width) {
        const size_t left = columns - first, width = left < llmkit_panel_width ? left : llmkit_panel_width;
        for (size_t c = 0; c < llmkit_panel_width; c++) {
            const float *column = weights + (first + c) * stride;
            for (size_t k = 0; k < padded; k++) {
                panels[(k / 2 * llmkit_panel_width + c) * 2 + k % 2] =
                    c < width && k < depth ? bf16_of(column[k]) : 0;
            }
        }
    }
}

void llmkit_pack_s8(const float *weights, size_t stride, size_t depth, size_t columns, int8_t *panels, float *scales,
                    int32_t *offsets) {
    const size_t padded = whole_quadruples(depth);
    for (size_t first = 0; first < columns; first += llmkit_panel_width, panels += padded * llmkit_panel_width) {
        const size_t left = columns - first, width = left < llmkit_panel_width ? left : llmkit_panel_width;
        for (size_t c = 0; c < llmkit_panel_width; c++) {
            const float *column = weights + (first + c) * stride;
            float largest = 0;
            for (size_t k = 0; c < width && k < depth; k++) {
                if (fabsf(column[k]) > largest) largest = fabsf(column[k]);
            }
            const float inverse = largest > 0 ? 127 / largest : 0;
            int32_t sum = 0;
            for (size_t k = 0; k < padded; k++) {
                const int value = c < width && k < depth ? (int)byte_of(column[k] * inverse) - 128 : 0;
                panels[(k / 4 * llmkit_panel_width + c) * 4 + k % 4] = (int8_t)value;
                sum += value;
            }
            scales[first + c] = largest / 127;
            offsets[first + c] = -128 * sum;
        }
    }
}

// MARK: memory

enum { huge_page = 2 << 20 };

// How many bytes are really taken: whole huge pages, and room to start at one.
static size_t mapped(size_t bytes) { return (bytes + huge_page - 1) / huge_page * huge_page + huge_page; }

void *llmkit_weights_allocate(size_t bytes) {
    uint8_t *memory = mmap(NULL, mapped(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    // What lies outside of the whole huge pages is given back, so that freeing needs only the address and the size.
    const size_t before = (huge_page - (uintptr_t)memory % huge_page) % huge_page;
    const size_t after = huge_page - before;
    if (before > 0) munmap(memory, before);
    if (after > 0) munmap(memory + mapped(bytes) - after, after);
#if defined(MADV_HUGEPAGE)
    madvise(memory + before, mapped(bytes) - huge_page, MADV_HUGEPAGE);
#endif
    return memory + before;
}

void llmkit_weights_free(void *memory, size_t bytes) {
    if (memory) munmap(memory, mapped(bytes) - huge_page);
}
