/* Terms of articles while they are found: streams.dedup.terms. */
#ifndef WIREWATCH_TERMS_H
#define WIREWATCH_TERMS_H

#include "arrays.h"
#include "scratch.h"
#include "search.h"

#define WHOLE 1000
#define LONG 6
#define KINDS 3

enum { WORDS, NAMES, NUMBERS };

enum { HASHES, STARTS, OPENING, NUMERIC, LETTERS, FIRSTS, CASED, BY_PLACE, RARE_IDS, IDF, UNSEEN,
       DATES, MEANT, CASES, DATED_IDS, FACTORS, TERMS, SIZES, ARGUMENTS };

/* A word that is read: of the body or the title of one article. */
typedef struct {
    uint64_t hash;
    int64_t letters, counts, same;
    int capital, numeric, of_body;
} Told;

/* How often a word of the body is in upper case behind the first word, and in lower case; whether it is called so. */
typedef struct {
    int64_t seen, plain;
    int called;
} Written;

/* A term of one kind: what its occurrences count together, and the letters of the first. */
typedef struct {
    uint64_t id;
    int64_t counted, letters;
    int kind;
} Term;

typedef struct {
    Told *told;
    Written *written;
    Term *terms;
    uint64_t *keys, *room;
    Numbering same, numbered;
} Memory;

SEARCH(among_hashes, uint64_t)
SEARCH(among_ids, uint32_t)
SEARCH(among_dated, int64_t)

/* Writes the heaviest terms of a kind, with weights up to 255; how many. */
int64_t write_heaviest(const Arguments *taken, Memory *memory, int kind, uint32_t *terms);

#endif
