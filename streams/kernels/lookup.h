/* Sorted hashes that are found by their first bits: streams.entities.lookup. */
#ifndef WIREWATCH_LOOKUP_H
#define WIREWATCH_LOOKUP_H

#include "arrays.h"

typedef struct {
    const uint64_t *hashes;
    const int32_t *first;
    Py_ssize_t count;
    int shift;
} Lookup;

/* The lookup of two arguments from `place` on, hashes and first; -1 with an exception where they do not fit. */
int lookup_of(Lookup *lookup, const Arguments *taken, int place);

/* Asks for what is soon read of a hash: the buckets are larger than the processor's cache. */
static inline void fetch(const Lookup *lookup, uint64_t hash)
{
    FETCH(&lookup->first[hash >> lookup->shift]);
}

/* Asks for the hashes that are compared with one, whose bucket was asked for before. */
static inline void fetch_bucket(const Lookup *lookup, uint64_t hash)
{
    int64_t at = lookup->first[hash >> lookup->shift];
    if (at >= 0 && at < lookup->count)
        FETCH(&lookup->hashes[at]);
}

/* The position of a hash, or -1. */
static inline int64_t position(const Lookup *lookup, uint64_t hash)
{
    uint64_t bucket = hash >> lookup->shift;
    int64_t at = lookup->first[bucket], end = lookup->first[bucket + 1];
    end = end < lookup->count ? end : lookup->count;
    for (at = at < 0 ? 0 : at; at < end; at++)
        if (lookup->hashes[at] == hash)
            return at;
    return -1;
}

#endif
