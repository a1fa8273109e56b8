/* The table of prints of streams.dedup.buckets, where it stands. */
#ifndef WIREWATCH_BUCKETS_H
#define WIREWATCH_BUCKETS_H

#include "arrays.h"

#define WIDTH 32
#define FEWEST_BUCKETS 5
#define MOST_BUCKETS 10
#define MOST_BITS 28

/* Buckets of so many words, in sets of `width`, from the set `grown` on of one more. */
typedef struct {
    uint32_t *rows;
    uint8_t *held;
    int bits;
    int64_t width;
    int64_t grown;
} Table;

/* Where the posting of a print has its word: the bucket, what the word keeps of the print, and in how many bits. */
typedef struct {
    uint64_t bucket;
    uint32_t rest;
    int shift;
} Place;

static inline int64_t width_at(const Table *table, int64_t set) { return table->width + (set >= table->grown); }

static inline int shift_of(const Table *table, int64_t width) { return 30 - table->bits - (width == MOST_BUCKETS); }

static inline Place place_of(const Table *table, uint32_t spread)
{
    int64_t width = width_at(table, spread >> (32 - table->bits));
    uint64_t scaled = (uint64_t)spread * ((uint64_t)width << table->bits);
    Place place = {scaled >> 32, (uint32_t)scaled >> (table->bits + 2 + (width == MOST_BUCKETS)),
                   shift_of(table, width)};
    return place;
}

/* Asks for the words of a bucket, which are soon read: the table is larger than the processor's cache. */
static inline void fetch_bucket(const Table *table, uint64_t bucket)
{
    FETCH(table->rows + bucket * WIDTH);
    FETCH(table->rows + bucket * WIDTH + WIDTH / 2);
}

#endif
