/* What articles tell of, as streams.dedup.alike keeps it. */
#ifndef WIREWATCH_TELLINGS_H
#define WIREWATCH_TELLINGS_H

#include "arrays.h"

#include <string.h>

#define KINDS 3
#define TERMS 100
#define SLOTS 512

static const int MOST[KINDS] = {64, 24, 12};

/* An article as it is kept: its terms, squared lengths by kind, when it was told, its strand and its decision. */
typedef struct {
    uint32_t terms[TERMS], norms[KINDS];
    int64_t time;
} Row;

enum { ROW_BYTES = 4 * TERMS + 4 * KINDS + 3 * 8 };

static inline void read_row(Row *row, const char *rows, int64_t at)
{
    const char *from = rows + at * ROW_BYTES;
    memcpy(row->terms, from, sizeof row->terms);
    memcpy(row->norms, from + sizeof row->terms, sizeof row->norms);
    memcpy(&row->time, from + sizeof row->terms + sizeof row->norms, sizeof row->time);
}

/* The terms of an article by kind and low bits: for each the latest place that has these, counted from 1. */
typedef struct {
    uint32_t keys[SLOTS];
    uint8_t places[SLOTS];
    int64_t count;
    uint8_t kinds[TERMS + 1], weights[TERMS + 1];
} Asked;

static inline uint32_t key_of(uint32_t term, int kind) { return ((term >> 8 & 0xFFFF) | (uint32_t)kind << 16) + 1; }

static inline uint32_t slot_of(const Asked *asked, uint32_t key)
{
    uint32_t slot = (key ^ key >> 9) & (SLOTS - 1);
    while (asked->keys[slot] && asked->keys[slot] != key)
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

/* Reads the terms of an article, words, names and numbers of which there are `sizes`; what does not fit, or NULL. */
static inline const char *read_asked(Asked *asked, const uint32_t *every, int64_t count, const int64_t *sizes)
{
    memset(asked, 0, sizeof *asked);
    for (int kind = 0; kind < KINDS; kind++) {
        if (sizes[kind] < 0 || sizes[kind] > MOST[kind] || asked->count + sizes[kind] > count)
            return "terms of three kinds";
        for (int64_t end = asked->count + sizes[kind]; asked->count < end;) {
            uint32_t term = every[asked->count++], slot = slot_of(asked, key_of(term, kind));
            asked->keys[slot] = key_of(term, kind);
            asked->places[slot] = (uint8_t)asked->count;
            asked->kinds[asked->count] = (uint8_t)kind;
            asked->weights[asked->count] = (uint8_t)term;
        }
    }
    return asked->count == count ? NULL : "terms of three kinds";
}

static inline int place_of(const Asked *asked, uint32_t term, int kind)
{
    return asked->places[slot_of(asked, key_of(term, kind))];
}

#endif
