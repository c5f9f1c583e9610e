#include "unicode.h"

struct decomposition {
    uint32_t scalar;
    uint16_t start;
    uint16_t count;
};

struct case_run {
    uint32_t first;
    uint32_t last;
    uint32_t step;
    int32_t offset;
};

#include "unicode_tables.h"

uint32_t llmkit_unicode_class(uint32_t scalar) {
    if (scalar > 0x10FFFF) return LLMKIT_UNICODE_OTHER;
    // The last run that begins at or before the scalar.
    size_t low = 0, high = sizeof classes / sizeof *classes;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (classes[middle] >> 11 <= scalar) low = middle + 1;
        else high = middle;
    }
    return low == 0 ? LLMKIT_UNICODE_OTHER : classes[low - 1] & 0x7FF;
}

size_t llmkit_unicode_decompose(uint32_t scalar, uint32_t parts[4]) {
    enum { first_syllable = 0xAC00, syllables = 11172, vowels = 21, trails = 28 };
    if (scalar - first_syllable < syllables) {
        // Hangul syllables: The Unicode Standard, section 3.12.
        uint32_t index = scalar - first_syllable;
        parts[0] = 0x1100 + index / (vowels * trails);
        parts[1] = 0x1161 + index / trails % vowels;
        parts[2] = 0x11A7 + index % trails;
        return index % trails ? 3 : 2;
    }
    size_t low = 0, high = sizeof decompositions / sizeof *decompositions;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (decompositions[middle].scalar < scalar) low = middle + 1;
        else high = middle;
    }
    if (low == sizeof decompositions / sizeof *decompositions || decompositions[low].scalar != scalar) return 0;
    size_t count = decompositions[low].count;
    for (size_t i = 0; i < count; i++) parts[i] = pool[decompositions[low].start + i];
    return count;
}

uint32_t llmkit_unicode_lowercase(uint32_t scalar) {
    // The first run that ends at or after the scalar.
    size_t low = 0, high = sizeof lowercase / sizeof *lowercase;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lowercase[middle].last < scalar) low = middle + 1;
        else high = middle;
    }
    if (low == sizeof lowercase / sizeof *lowercase) return scalar;
    const struct case_run *run = &lowercase[low];
    if (scalar < run->first || (scalar - run->first) % run->step != 0) return scalar;
    return (uint32_t)((int32_t)scalar + run->offset);
}
