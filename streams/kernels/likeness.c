/* How like articles are by their terms: streams.dedup.alike. */
#include "kernels.h"
#include "tellings.h"

#include <math.h>

#define HOUR 3600

static const double SHARES[KINDS] = {0.50, 0.35, 0.25};

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
