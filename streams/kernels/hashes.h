/* Hashes of words, as streams.text.hashing and streams.entities.tokens compute them, modulo 2^64. */
#ifndef WIREWATCH_HASHES_H
#define WIREWATCH_HASHES_H

#include <stdint.h>

#define MULTIPLIER 0x9E3779B97F4A7C15u

static inline uint64_t mixed(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBu;
    return hash ^ (hash >> 31);
}

/* The hash of letters from low to high: what Letters.hashed takes from its sums. */
static inline uint64_t hash_of(const uint32_t *code, int64_t low, int64_t high)
{
    uint64_t sum = 0;
    while (high > low)
        sum = sum * MULTIPLIER + (code[--high] + (uint64_t)1);
    return mixed(sum);
}

#endif
