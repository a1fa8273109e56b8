/* BLAKE2b of 8 bytes of many texts (RFC 7693): streams.dedup.bulk.hashes_of. */
#include "arrays.h"
#include "kernels.h"

#include <string.h>

#define BLOCK 128
#define ROUNDS 12
#define DIGEST 8

static const uint64_t INITIAL[8] = {0x6A09E667F3BCC908u, 0xBB67AE8584CAA73Bu, 0x3C6EF372FE94F82Bu, 0xA54FF53A5F1D36F1u,
                                    0x510E527FADE682D1u, 0x9B05688C2B3E6C1Fu, 0x1F83D9ABFB41BD6Bu, 0x5BE0CD19137E2179u};

static const uint8_t ORDER[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t turned_right(uint64_t word, int bits) { return word >> bits | word << (64 - bits); }

static uint64_t word_of(const uint8_t *bytes)
{
    uint64_t word = 0;
    for (int at = 7; at >= 0; at--)
        word = word << 8 | bytes[at];
    return word;
}

static void mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y)
{
    v[a] += v[b] + x;
    v[d] = turned_right(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = turned_right(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = turned_right(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = turned_right(v[b] ^ v[c], 63);
}

static void compress(uint64_t *state, const uint8_t *block, uint64_t read, int last)
{
    uint64_t v[16], message[16];
    for (int at = 0; at < 16; at++)
        message[at] = word_of(block + 8 * at);
    memcpy(v, state, 8 * sizeof *v);
    memcpy(v + 8, INITIAL, sizeof INITIAL);
    v[12] ^= read;
    v[14] ^= last ? ~(uint64_t)0 : 0;
    for (int round = 0; round < ROUNDS; round++) {
        const uint8_t *s = ORDER[round % 10];
        for (int at = 0; at < 4; at++)
            mix(v, at, at + 4, at + 8, at + 12, message[s[2 * at]], message[s[2 * at + 1]]);
        for (int at = 0; at < 4; at++)
            mix(v, at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4, message[s[8 + 2 * at]],
                message[s[9 + 2 * at]]);
    }
    for (int at = 0; at < 8; at++)
        state[at] ^= v[at] ^ v[at + 8];
}

static uint64_t digest_of(const uint8_t *text, int64_t size)
{
    uint64_t state[8], read = 0;
    uint8_t rest[BLOCK] = {0};
    memcpy(state, INITIAL, sizeof INITIAL);
    state[0] ^= 0x01010000 ^ DIGEST;
    for (; size > BLOCK; text += BLOCK, size -= BLOCK)
        compress(state, text, read += BLOCK, 0);
    memcpy(rest, text, (size_t)size);
    compress(state, rest, read + (uint64_t)size, 1);
    return state[0];
}

PyObject *digests(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { TEXTS, ENDS, FOUND };
    Arguments taken;
    if (take(&taken, "18>8", given, count) < 0)
        return NULL;
    if (length(&taken, ENDS) != length(&taken, FOUND))
        return refuse(&taken, "an end of every text");
    int64_t start = 0;
    for (Py_ssize_t at = 0; at < length(&taken, ENDS); at++) {
        int64_t end = ITEMS(taken, int64_t, ENDS)[at];
        if (end < start || end > length(&taken, TEXTS))
            return refuse(&taken, "ends of texts, ascending");
        ITEMS(taken, uint64_t, FOUND)[at] = digest_of(ITEMS(taken, const uint8_t, TEXTS) + start, end - start);
        start = end;
    }
    return done(&taken);
}
