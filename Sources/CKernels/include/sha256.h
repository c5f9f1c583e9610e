#ifndef LLMKIT_SHA256_H
#define LLMKIT_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// SHA-256 (FIPS 180-4), fed piecewise. The instructions of the processor are used where there are any.
typedef struct llmkit_sha256 {
    uint32_t state[8];
    uint64_t length;
    size_t used;
    uint8_t buffer[64];
    void (*compress)(uint32_t state[8], const uint8_t *data, size_t blocks);
} llmkit_sha256;

void llmkit_sha256_init(llmkit_sha256 *hash);
// As above, but never with special instructions: tests compare the two.
void llmkit_sha256_init_plain(llmkit_sha256 *hash);
bool llmkit_sha256_is_accelerated(void);

void llmkit_sha256_update(llmkit_sha256 *hash, const void *data, size_t count);
// Feeds one field of a record: its tag, the length of its value (seven bits a byte, the lowest first, all but the last
// with the eighth bit set), the value.
void llmkit_sha256_field(llmkit_sha256 *hash, uint8_t tag, const void *data, size_t count);
// Feeds a tag and a number of 64 bits, little-endian. A tag is either one of numbers or one of texts.
void llmkit_sha256_number(llmkit_sha256 *hash, uint8_t tag, uint64_t value);
void llmkit_sha256_final(llmkit_sha256 *hash, uint8_t digest[32]);

#endif
