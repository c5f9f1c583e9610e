#ifndef LLMKIT_UNICODE_H
#define LLMKIT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What BERT's text normaliser knows of Unicode, read off the reference implementation (Scripts/generate-unicode.py).
// The same on every platform, whatever Unicode its own libraries speak.
//
// Why tables and not Unicode.Scalar.Properties of Swift's standard library: a tokenizer must cut as the one did that the
// model was trained with, and that one's Unicode is another (of the scalars beyond ASCII, Swift 6.3 puts 659 into another
// category and orders 158 differently). Nor is the library as fast: 75 ns for what llmkit_unicode_class tells in 6.5, and
// 29 ns for a lower case instead of 4.7, per scalar of a text in eight scripts (AMD EPYC, virtual machine with two cores,
// 2026-11-29). It has no public canonical decomposition.

enum {
    LLMKIT_UNICODE_OTHER,
    // Removed when text is cleaned: control, format and private-use scalars, U+FFFD.
    LLMKIT_UNICODE_CONTROL,
    LLMKIT_UNICODE_WHITESPACE,
    // Removed when text is cleaned, white space otherwise.
    LLMKIT_UNICODE_WHITESPACE_CONTROL,
    LLMKIT_UNICODE_PUNCTUATION,
    LLMKIT_UNICODE_NONSPACING_MARK,
};

// The category of a scalar << 8 | whether regular expressions take it for a part of words (`\w`) << 7 | the rank of its
// canonical combining class: 0 for class 0, above that in order.
uint32_t llmkit_unicode_class(uint32_t scalar);
// Writes the full canonical decomposition and returns its length, at most 4; 0 if the scalar has none.
size_t llmkit_unicode_decompose(uint32_t scalar, uint32_t parts[4]);
// The lower case of one scalar by itself. U+0130, which has two scalars, is the caller's to know.
uint32_t llmkit_unicode_lowercase(uint32_t scalar);

#endif
