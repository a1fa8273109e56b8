/* Memory of a kernel while it runs, and keys that are given numbers. */
#ifndef WIREWATCH_SCRATCH_H
#define WIREWATCH_SCRATCH_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hashes.h"

/* Different keys, numbered from 0 on as they come: open addressing in a table that is at most half full. */
typedef struct {
    uint64_t *keys;
    int64_t *numbers; /* 0 where the table is empty, else one more than the number */
    uint64_t mask;
    int64_t count;
} Numbering;

/* Room for so many keys; 0, or -1 where there is no memory. */
static inline int numbering_of(Numbering *numbering, int64_t most)
{
    uint64_t size = 8;
    while (size < 2 * (uint64_t)most)
        size *= 2;
    numbering->keys = malloc(size * sizeof(uint64_t));
    numbering->numbers = calloc(size, sizeof(int64_t));
    numbering->mask = size - 1;
    numbering->count = 0;
    return numbering->keys && numbering->numbers ? 0 : -1;
}

static inline void forget(Numbering *numbering)
{
    free(numbering->keys);
    free(numbering->numbers);
}

static inline void empty(Numbering *numbering)
{
    memset(numbering->numbers, 0, (numbering->mask + 1) * sizeof(int64_t));
    numbering->count = 0;
}

static inline uint64_t slot_of(const Numbering *numbering, uint64_t key)
{
    uint64_t slot = mixed(key) & numbering->mask;
    while (numbering->numbers[slot] && numbering->keys[slot] != key)
        slot = (slot + 1) & numbering->mask;
    return slot;
}

/* The number of a key, which gets the next one if it has none. */
static inline int64_t number_of(Numbering *numbering, uint64_t key)
{
    uint64_t slot = slot_of(numbering, key);
    if (!numbering->numbers[slot]) {
        numbering->keys[slot] = key;
        numbering->numbers[slot] = ++numbering->count;
    }
    return numbering->numbers[slot] - 1;
}

/* The number of a key, or -1. */
static inline int64_t known_number(const Numbering *numbering, uint64_t key)
{
    return numbering->numbers[slot_of(numbering, key)] - 1;
}

/* Sorts numbers of so many bits, ascending, with room for as many beside them: digit by digit, the lowest first. */
static inline void sort_numbers(uint64_t *numbers, int64_t count, int bits, uint64_t *room)
{
    uint64_t *from = numbers, *to = room;
    for (int shift = 0; shift < bits; shift += 8) {
        int64_t next[257] = {0};
        for (int64_t at = 0; at < count; at++)
            next[(from[at] >> shift & 0xFF) + 1]++;
        for (int value = 1; value < 257; value++)
            next[value] += next[value - 1];
        for (int64_t at = 0; at < count; at++)
            to[next[from[at] >> shift & 0xFF]++] = from[at];
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != numbers)
        for (int64_t at = 0; at < count; at++)
            numbers[at] = from[at];
}

#endif
