/* Which terms of an article are boilerplate of its site: streams.dedup.sites. */
#include "kernels.h"
#include "tellings.h"

#include <math.h>

#define STRANGERS 0.5
#define STRANGE 0.02

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
