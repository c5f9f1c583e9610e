#include "sha256.h"

#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__aarch64__) && (defined(__ARM_FEATURE_SHA2) || defined(__ARM_FEATURE_CRYPTO))
#include <arm_neon.h>
#define LLMKIT_ARM_SHA2 1
#endif

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2).
static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotate_right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static inline uint32_t load_big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void compress_plain(uint32_t state[8], const uint8_t *data, size_t blocks) {
    for (; blocks > 0; blocks--, data += 64) {
        uint32_t w[64];
        for (int t = 0; t < 16; t++) w[t] = load_big_endian(data + 4 * t);
        for (int t = 16; t < 64; t++) {
            uint32_t s0 = rotate_right(w[t - 15], 7) ^ rotate_right(w[t - 15], 18) ^ w[t - 15] >> 3;
            uint32_t s1 = rotate_right(w[t - 2], 17) ^ rotate_right(w[t - 2], 19) ^ w[t - 2] >> 10;
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++) {
            uint32_t S1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
            uint32_t t1 = h + S1 + ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
            uint32_t S0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
            uint32_t t2 = S0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

#if defined(__x86_64__)

// The instructions keep the state as two vectors, {A B E F} and {C D G H}, and do two rounds each.
__attribute__((target("sha,sse4.1,ssse3")))
static void compress_accelerated(uint32_t state[8], const uint8_t *data, size_t blocks) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

    for (; blocks > 0; blocks--, data += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            __m128i words;
            if (group < 4) {
                words = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data + 16 * group)), big_endian);
            } else {
                const __m128i w7 = _mm_alignr_epi8(w[(group + 3) & 3], w[(group + 2) & 3], 4);
                words = _mm_sha256msg1_epu32(w[group & 3], w[(group + 1) & 3]);
                words = _mm_sha256msg2_epu32(_mm_add_epi32(words, w7), w[(group + 3) & 3]);
            }
            w[group & 3] = words;
            words = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(round_constants + 4 * group)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static bool detect(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    const bool has_sse = (c >> 9 & 1) && (c >> 19 & 1);
    if (!has_sse || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    return b >> 29 & 1;
}

#elif defined(LLMKIT_ARM_SHA2)

static void compress_accelerated(uint32_t state[8], const uint8_t *data, size_t blocks) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; blocks > 0; blocks--, data += 64) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t w[4];
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            uint32x4_t words;
            if (group < 4) {
                words = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(data + 16 * group)));
            } else {
                words = vsha256su0q_u32(w[group & 3], w[(group + 1) & 3]);
                words = vsha256su1q_u32(words, w[(group + 2) & 3], w[(group + 3) & 3]);
            }
            w[group & 3] = words;
            words = vaddq_u32(words, vld1q_u32(round_constants + 4 * group));
            const uint32x4_t abcd_round = abcd;
            abcd = vsha256hq_u32(abcd, efgh, words);
            efgh = vsha256h2q_u32(efgh, abcd_round, words);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

static bool detect(void) { return true; }

#else

static void compress_accelerated(uint32_t state[8], const uint8_t *data, size_t blocks) {
    compress_plain(state, data, blocks);
}

static bool detect(void) { return false; }

#endif

bool llmkit_sha256_is_accelerated(void) {
    // Asking the processor is slow, in virtual machines very: once is enough. 0 stands for not asked yet.
    static _Atomic int answer = 0;
    int known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (known == 0) {
        known = detect() ? 1 : 2;
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return known == 1;
}

void llmkit_sha256_init_plain(llmkit_sha256 *hash) {
    // The first 32 bits of the fractional parts of the square roots of the first 8 primes (section 5.3.3).
    static const uint32_t start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
    hash->used = 0;
    hash->compress = compress_plain;
}

void llmkit_sha256_init(llmkit_sha256 *hash) {
    llmkit_sha256_init_plain(hash);
    if (llmkit_sha256_is_accelerated()) hash->compress = compress_accelerated;
}

void llmkit_sha256_update(llmkit_sha256 *hash, const void *data, size_t count) {
    const uint8_t *bytes = data;
    if (count == 0) return;
    hash->length += count;
    if (hash->used > 0) {
        const size_t room = 64 - hash->used;
        const size_t take = count < room ? count : room;
        memcpy(hash->buffer + hash->used, bytes, take);
        hash->used += take;
        bytes += take;
        count -= take;
        if (hash->used < 64) return;
        hash->compress(hash->state, hash->buffer, 1);
        hash->used = 0;
    }
    if (count >= 64) {
        hash->compress(hash->state, bytes, count / 64);
        bytes += count / 64 * 64;
        count %= 64;
    }
    if (count > 0) memcpy(hash->buffer, bytes, count);
    hash->used = count;
}

void llmkit_sha256_field(llmkit_sha256 *hash, uint8_t tag, const void *data, size_t count) {
    uint8_t head[11] = {tag};
    size_t used = 1;
    for (uint64_t rest = count;; rest >>= 7) {
        head[used++] = (uint8_t)(rest < 0x80 ? rest : rest | 0x80);
        if (rest < 0x80) break;
    }
    llmkit_sha256_update(hash, head, used);
    llmkit_sha256_update(hash, data, count);
}

void llmkit_sha256_number(llmkit_sha256 *hash, uint8_t tag, uint64_t value) {
    uint8_t field[9] = {tag};
    for (int i = 0; i < 8; i++) field[1 + i] = (uint8_t)(value >> (8 * i));
    llmkit_sha256_update(hash, field, sizeof field);
}

void llmkit_sha256_final(llmkit_sha256 *hash, uint8_t digest[32]) {
    const uint64_t bits = hash->length * 8;
    uint8_t tail[72] = {0x80};
    const size_t zeros = (hash->used < 56 ? 55 : 119) - hash->used;
    for (int i = 0; i < 8; i++) tail[1 + zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
    llmkit_sha256_update(hash, tail, zeros + 9);
    for (int i = 0; i < 8; i++) {
        const uint32_t word = hash->state[i];
        digest[4 * i] = (uint8_t)(word >> 24);
        digest[4 * i + 1] = (uint8_t)(word >> 16);
        digest[4 * i + 2] = (uint8_t)(word >> 8);
        digest[4 * i + 3] = (uint8_t)word;
    }
}
