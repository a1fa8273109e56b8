/* How like articles are by their terms, and which terms are boilerplate: streams.dedup.alike and .sites. */
#include "arrays.h"
#include "kernels.h"

#include <math.h>
#include <string.h>

#define KINDS 3
#define TERMS 100
#define SLOTS 512
#define STRANGERS 0.5
#define STRANGE 0.02
#define HOUR 3600

static const int MOST[KINDS] = {64, 24, 12};
static const double SHARES[KINDS] = {0.50, 0.35, 0.25};

/* An article as it is kept: its terms, squared lengths by kind, when it was told, its strand and its decision. */
typedef struct {
    uint32_t terms[TERMS], norms[KINDS];
    int64_t time;
} Row;

enum { ROW_BYTES = 4 * TERMS + 4 * KINDS + 3 * 8 };

static void read_row(Row *row, const char *rows, int64_t at)
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

static uint32_t key_of(uint32_t term, int kind) { return ((term >> 8 & 0xFFFF) | (uint32_t)kind << 16) + 1; }

static uint32_t slot_of(const Asked *asked, uint32_t key)
{
    uint32_t slot = (key ^ key >> 9) & (SLOTS - 1);
    while (asked->keys[slot] && asked->keys[slot] != key)
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

/* Reads the terms of an article, words, names and numbers of which there are `sizes`; what does not fit, or NULL. */
static const char *read_asked(Asked *asked, const uint32_t *every, int64_t count, const int64_t *sizes)
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

static int place_of(const Asked *asked, uint32_t term, int kind)
{
    return asked->places[slot_of(asked, key_of(term, kind))];
}

static void write_cosines(const Asked *asked, const double *squares, const Row *row, double *cosines, int *both)
{
    int at = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        uint32_t dot = 0;
        for (int end = at + MOST[kind]; at < end; at++)
            if (row->terms[at] & 0xFF)
                dot += asked->weights[place_of(asked, row->terms[at], kind)] * (row->terms[at] & 0xFF);
        double lengths = (double)row->norms[kind] * squares[kind];
        cosines[kind] = fmin((double)dot / sqrt(fmax(lengths, 1)), 1.0);
        both[kind] = lengths > 0;
    }
}

static double likeness(const double *cosines, const int *both)
{
    double shares[KINDS], counted[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
        shares[kind] = both[kind] * SHARES[kind];
        counted[kind] = shares[kind] * cosines[kind];
    }
    double telling = counted[0] + counted[1], total = telling + fmin(counted[2], telling);
    return total / fmax(shares[0] + shares[1] + shares[2], SHARES[2]);
}

/* The hours between two times, at most `most`. */
static int64_t hours_between(int64_t one, int64_t other, int64_t most)
{
    uint64_t apart = one > other ? (uint64_t)one - (uint64_t)other : (uint64_t)other - (uint64_t)one;
    return apart / HOUR < (uint64_t)most ? (int64_t)(apart / HOUR) : most;
}

PyObject *alike(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { EVERY, SIZES, ROWS, TIME, FADING, UNDATED, ALIKE, WHENEVER };
    Arguments taken;
    Asked asked;
    if (take(&taken, "481n88>8>8", given, count) < 0)
        return NULL;
    if (length(&taken, SIZES) != KINDS || length(&taken, UNDATED) != 1 || !length(&taken, FADING))
        return refuse(&taken, "three sizes, and what fades");
    const char *expected =
        read_asked(&asked, ITEMS(taken, uint32_t, EVERY), length(&taken, EVERY), ITEMS(taken, int64_t, SIZES));
    if (expected)
        return refuse(&taken, expected);
    int64_t rows = length(&taken, ALIKE);
    if (length(&taken, ROWS) != rows * ROW_BYTES || length(&taken, WHENEVER) != rows)
        return refuse(&taken, "rows of articles, and room for two likenesses of each");
    double squares[KINDS] = {0};
    for (int64_t place = 1; place <= asked.count; place++)
        squares[asked.kinds[place]] += (double)asked.weights[place] * asked.weights[place];
    for (int64_t at = 0; at < rows; at++) {
        Row row;
        double cosines[KINDS], faded = ITEMS(taken, double, UNDATED)[0];
        int both[KINDS];
        read_row(&row, ITEMS(taken, char, ROWS), at);
        write_cosines(&asked, squares, &row, cosines, both);
        double whenever = likeness(cosines, both);
        if (row.time && NUMBER(taken, TIME))
            faded = ITEMS(taken, double, FADING)[hours_between(row.time, NUMBER(taken, TIME),
                                                               length(&taken, FADING) - 1)];
        ITEMS(taken, double, WHENEVER)[at] = whenever;
        ITEMS(taken, double, ALIKE)[at] = rint(whenever * faded * 1e9) / 1e9;
    }
    return done(&taken);
}

PyObject *told(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    static const int ASKED[KINDS] = {14, 10, 4};
    enum { EVERY, SIZES, ROW, LOOKED_UP };
    Arguments taken;
    if (take(&taken, "48>4>4", given, count) < 0)
        return NULL;
    if (length(&taken, SIZES) != KINDS || length(&taken, ROW) != TERMS + KINDS || length(&taken, LOOKED_UP) < TERMS)
        return refuse(&taken, "three sizes, and room for terms");
    const uint32_t *every = ITEMS(taken, uint32_t, EVERY);
    const int64_t *sizes = ITEMS(taken, int64_t, SIZES);
    uint32_t *row = ITEMS(taken, uint32_t, ROW), *asked = ITEMS(taken, uint32_t, LOOKED_UP);
    int64_t read = 0, looked_up = 0;
    memset(row, 0, (TERMS + KINDS) * sizeof *row);
    for (int kind = 0, first = 0; kind < KINDS; first += MOST[kind++]) {
        if (sizes[kind] < 0 || sizes[kind] > MOST[kind] || read + sizes[kind] > length(&taken, EVERY))
            return refuse(&taken, "terms of three kinds");
        for (int at = 0; at < sizes[kind]; at++) {
            uint32_t term = every[read++], weight = term & 0xFF;
            row[first + at] = term;
            row[TERMS + kind] += weight * weight;
            if (at < ASKED[kind] && weight)
                asked[looked_up++] = term >> 8 | (uint32_t)kind << 24;
        }
    }
    return answer(&taken, looked_up);
}

/* How often each of an article's terms stands in others, all and those that are strangers, by place. */
typedef struct {
    int64_t holders[TERMS + 1], strangers[TERMS + 1];
} Held;

static void count_holders(const Asked *asked, const char *rows, int64_t count, uint8_t *found, int64_t *holders)
{
    for (int64_t at = 0; at < count; at++) {
        Row row;
        read_row(&row, rows, at);
        for (int kind = 0, term = 0; kind < KINDS; kind++)
            for (int end = term + MOST[kind]; term < end; term++) {
                int place = row.terms[term] ? place_of(asked, row.terms[term], kind) : 0;
                found[at * TERMS + term] = (uint8_t)place;
                holders[place]++;
            }
    }
    holders[0] = 0;
}

/* Whether an article is not like another one, by cosine of all terms but the common ones. */
static int is_strange(const Asked *asked, const int64_t *holders, double least, const Row *row, const uint8_t *found)
{
    uint32_t dot = 0, square = 0, own = 0;
    for (int64_t place = 1; place <= asked->count; place++)
        own += (double)holders[place] >= least ? 0 : (uint32_t)asked->weights[place] * asked->weights[place];
    for (int term = 0; term < TERMS; term++) {
        uint32_t weight = row->terms[term] & 0xFF;
        if (found[term] && (double)holders[found[term]] >= least)
            continue;
        dot += asked->weights[found[term]] * weight;
        square += weight * weight;
    }
    return (double)dot < STRANGE * sqrt((double)square * (double)own) || dot == 0;
}

static void count_strangers(const Asked *asked, double least, const char *rows, int64_t count, const uint8_t *found,
                            Held *held)
{
    for (int64_t at = 0; at < count; at++) {
        Row row;
        read_row(&row, rows, at);
        if (!is_strange(asked, held->holders, least, &row, found + at * TERMS))
            continue;
        for (int term = 0; term < TERMS; term++)
            held->strangers[found[at * TERMS + term]]++;
    }
}

PyObject *weeds(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { EVERY, SIZES, ROWS, LEAST, FOUND, WEEDS };
    Arguments taken;
    Asked asked;
    Held held = {{0}, {0}};
    if (take(&taken, "4818>1>1", given, count) < 0)
        return NULL;
    if (length(&taken, SIZES) != KINDS || length(&taken, LEAST) != 1)
        return refuse(&taken, "three sizes, and a number");
    const char *expected =
        read_asked(&asked, ITEMS(taken, uint32_t, EVERY), length(&taken, EVERY), ITEMS(taken, int64_t, SIZES));
    if (expected)
        return refuse(&taken, expected);
    int64_t rows = length(&taken, ROWS) / ROW_BYTES, common = 0, weeded = 0;
    if (length(&taken, ROWS) != rows * ROW_BYTES || length(&taken, FOUND) < rows * TERMS)
        return refuse(&taken, "rows of articles, and room for their terms");
    if (length(&taken, WEEDS) != asked.count)
        return refuse(&taken, "room for every term");
    const char *row = ITEMS(taken, char, ROWS);
    double least = ITEMS(taken, double, LEAST)[0];
    count_holders(&asked, row, rows, ITEMS(taken, uint8_t, FOUND), held.holders);
    for (int64_t place = 1; place <= asked.count; place++)
        common += (double)held.holders[place] >= least;
    if (common)
        count_strangers(&asked, least, row, rows, ITEMS(taken, uint8_t, FOUND), &held);
    for (int64_t place = 1; place <= asked.count; place++) {
        double holders = (double)held.holders[place];
        int weed = holders >= least && (double)held.strangers[place] >= fmax(least, STRANGERS * holders);
        ITEMS(taken, uint8_t, WEEDS)[place - 1] = (uint8_t)weed;
        weeded += weed;
    }
    return answer(&taken, weeded);
}
