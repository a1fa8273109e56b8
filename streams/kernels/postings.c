/* Postings in a table of prints: streams.dedup.buckets. */
#include "buckets.h"
#include "kernels.h"

#include <string.h>

#define TOGETHER 64

enum { ROWS, HELD, BITS, BUCKETS, GROWN, TABLE };

/* The table of the first arguments, with room for a bucket more a set if it is to be wider; what does not fit. */
static const char *table_of(const Arguments *taken, Table *table, int wider)
{
    int64_t bits = NUMBER(*taken, BITS), width = NUMBER(*taken, BUCKETS), grown = NUMBER(*taken, GROWN);
    if (bits < 1 || bits > MOST_BITS || width < FEWEST_BUCKETS || width >= MOST_BUCKETS)
        return "a table of five to nine buckets a set";
    int64_t sets = (int64_t)1 << bits;
    if (grown < 0 || grown > sets)
        return "sets that have grown among all there are";
    int64_t most = width + (wider || grown < sets);
    if (length(taken, HELD) < most << bits || length(taken, ROWS) < WIDTH * (most << bits))
        return "rows for every bucket";
    *table = (Table){ITEMS(*taken, uint32_t, ROWS), ITEMS(*taken, uint8_t, HELD), (int)bits, width, grown};
    return NULL;
}

/* What some numbers are less by, in the sets from `swept` on and everywhere. */
typedef struct {
    int64_t swept;
    int64_t offset;
    int64_t hidden;
} Forgotten;

/* Postings that were found: which print, which number; as many as there is room for. */
typedef struct {
    int64_t *index;
    int64_t *number;
    int64_t room;
    int64_t count;
} Found;

static void read_bucket(const Table *table, uint32_t spread, int64_t print, const Forgotten *forgotten, Found *found)
{
    Place place = place_of(table, spread);
    const uint32_t *row = table->rows + place.bucket * WIDTH;
    uint32_t mask = ((uint32_t)1 << place.shift) - 1, any = 0;
    for (int word = 0; word < WIDTH; word++)
        any |= (row[word] & mask) == place.rest;
    if (!any)
        return;
    int late = (int64_t)(spread >> (32 - table->bits)) >= forgotten->swept;
    int64_t less = (late ? forgotten->offset : 0) + forgotten->hidden;
    for (int word = 0; word < WIDTH; word++) {
        if ((row[word] & mask) != place.rest || !row[word] || (int64_t)(row[word] >> place.shift) <= less)
            continue;
        if (found->count < found->room) {
            found->index[found->count] = print;
            found->number[found->count] = (int64_t)(row[word] >> place.shift) - less;
        }
        found->count++;
    }
}

PyObject *find_postings(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { SPREAD = TABLE, SWEPT, OFFSET, HIDDEN, INDEX, FOUND, FULL };
    Arguments taken;
    Table table;
    if (take(&taken, "41nnn4nnn>8>8>1", given, count) < 0)
        return NULL;
    const char *expected = table_of(&taken, &table, 0);
    if (expected)
        return refuse(&taken, expected);
    Py_ssize_t prints = length(&taken, SPREAD);
    if (length(&taken, INDEX) != length(&taken, FOUND) || length(&taken, FULL) < prints)
        return refuse(&taken, "room for what is found of every print");
    const Forgotten forgotten = {NUMBER(taken, SWEPT), NUMBER(taken, OFFSET), NUMBER(taken, HIDDEN)};
    Found found = {ITEMS(taken, int64_t, INDEX), ITEMS(taken, int64_t, FOUND), length(&taken, INDEX), 0};
    const uint32_t *spread = ITEMS(taken, uint32_t, SPREAD);
    for (Py_ssize_t print = 0; print < prints; print++)
        fetch_bucket(&table, place_of(&table, spread[print]).bucket);
    for (Py_ssize_t print = 0; print < prints; print++) {
        read_bucket(&table, spread[print], print, &forgotten, &found);
        uint64_t bucket = place_of(&table, spread[print]).bucket;
        ITEMS(taken, uint8_t, FULL)[print] = table.rows[bucket * WIDTH + WIDTH - 1] != 0;
    }
    return answer(&taken, found.count);
}

/* Writes a posting; whether its bucket had room. */
static int put(const Table *table, const Place *place, uint32_t number)
{
    uint8_t held = table->held[place->bucket];
    if (held >= WIDTH)
        return 0;
    table->rows[place->bucket * WIDTH + held] = number << place->shift | place->rest;
    table->held[place->bucket] = (uint8_t)(held + 1);
    return 1;
}

PyObject *put_postings(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { SPREAD = TABLE, NUMBERS, OVER };
    Arguments taken;
    Table table;
    if (take(&taken, ">4>1nnn44>8", given, count) < 0)
        return NULL;
    const char *expected = table_of(&taken, &table, 0);
    if (expected)
        return refuse(&taken, expected);
    Py_ssize_t prints = length(&taken, SPREAD), numbers = length(&taken, NUMBERS);
    if ((numbers != 1 && numbers != prints) || length(&taken, OVER) < prints)
        return refuse(&taken, "a number for all prints or each, and room for those that are over");
    const uint32_t *spread = ITEMS(taken, uint32_t, SPREAD), *number = ITEMS(taken, uint32_t, NUMBERS);
    int64_t over = 0;
    Place places[TOGETHER];
    for (Py_ssize_t first = 0; first < prints; first += TOGETHER) {
        Py_ssize_t some = prints - first < TOGETHER ? prints - first : TOGETHER;
        for (Py_ssize_t at = 0; at < some; at++) {
            places[at] = place_of(&table, spread[first + at]);
            fetch_bucket(&table, places[at].bucket);
            FETCH(table.held + places[at].bucket);
        }
        for (Py_ssize_t at = 0; at < some; at++)
            if (!put(&table, &places[at], number[numbers == 1 ? 0 : first + at]))
                ITEMS(taken, int64_t, OVER)[over++] = first + at;
    }
    return answer(&taken, over);
}

/* Postings that are moved, or do not fit. */
typedef struct {
    uint32_t *spread;
    uint32_t *number;
    int64_t count;
} Postings;

/* A number by another one, upwards, by what it is nearly times: to divide takes several times as long. */
static uint64_t divided(uint64_t number, uint64_t by, double nearly)
{
    uint64_t found = (uint64_t)((double)number * nearly);
    while (found * by < number)
        found++;
    while (found > 0 && (found - 1) * by >= number)
        found--;
    return found;
}

/* All postings of a set. */
static void unfold_set(const Table *table, int64_t set, Postings *found)
{
    int shift = shift_of(table, table->width);
    uint64_t buckets = (uint64_t)table->width << table->bits, first = (uint64_t)(set * table->width);
    uint32_t mask = ((uint32_t)1 << shift) - 1;
    double nearly = 1.0 / (double)buckets;
    found->count = 0;
    for (uint64_t bucket = first; bucket < first + (uint64_t)table->width; bucket++) {
        const uint32_t *row = table->rows + bucket * WIDTH;
        for (int at = 0; at < WIDTH && row[at]; at++) {
            uint64_t scaled = bucket << 32 | (uint64_t)(row[at] & mask) << (32 - shift);
            found->spread[found->count] = (uint32_t)divided(scaled, buckets, nearly);
            found->number[found->count++] = row[at] >> shift;
        }
    }
}

/* Moves a set to where it has a bucket more; what does not fit then is added to `over`. */
static void widen_set(const Table *table, const Table *wider, int64_t set, Postings *over)
{
    uint32_t spread[MOST_BUCKETS * WIDTH], number[MOST_BUCKETS * WIDTH];
    Postings moved = {spread, number, 0};
    unfold_set(table, set, &moved);
    int64_t first = set * wider->width;
    memset(wider->rows + first * WIDTH, 0, (size_t)(wider->width * WIDTH) * sizeof(uint32_t));
    memset(wider->held + first, 0, (size_t)wider->width);
    for (int64_t at = 0; at < moved.count; at++) {
        Place place = place_of(wider, spread[at]);
        /* in rows that hold what no table writes a print may seem to be of another set */
        if ((int64_t)place.bucket >= first && (int64_t)place.bucket < first + wider->width &&
            put(wider, &place, number[at]))
            continue;
        over->spread[over->count] = spread[at];
        over->number[over->count++] = number[at];
    }
}

PyObject *widen_sets(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { FIRST = TABLE, PRINTS, NUMBERS };
    Arguments taken;
    Table table;
    if (take(&taken, ">4>1nnnn>4>4", given, count) < 0)
        return NULL;
    const char *expected = table_of(&taken, &table, 1);
    if (expected)
        return refuse(&taken, expected);
    int64_t first = NUMBER(taken, FIRST), room = WIDTH * table.width * (table.grown - first);
    if (first < 0 || first > table.grown || length(&taken, PRINTS) < room || length(&taken, NUMBERS) < room)
        return refuse(&taken, "room for the postings of the sets from the first on");
    const Table wider = {table.rows, table.held, table.bits, table.width + 1, (int64_t)1 << table.bits};
    Postings over = {ITEMS(taken, uint32_t, PRINTS), ITEMS(taken, uint32_t, NUMBERS), 0};
    for (int64_t set = table.grown - 1; set >= first; set--)
        widen_set(&table, &wider, set, &over);
    return answer(&taken, over.count);
}

/* Lets the numbers of a bucket be less, without those that were not greater than that; how many are left. */
static int lower(uint32_t *row, int shift, uint32_t by)
{
    uint32_t words[WIDTH];
    int count = 0;
    for (int at = 0; at < WIDTH; at++) {
        if (row[at] >> shift <= by)
            continue;
        uint32_t word = row[at] - (by << shift);
        int place = count++;
        for (; place > 0 && words[place - 1] < word; place--)
            words[place] = words[place - 1];
        words[place] = word;
    }
    memset(row, 0, WIDTH * sizeof(uint32_t));
    memcpy(row, words, (size_t)count * sizeof(uint32_t));
    return count;
}

PyObject *lower_sets(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { FIRST = TABLE, END, BY };
    Arguments taken;
    Table table;
    if (take(&taken, ">4>1nnnnnn", given, count) < 0)
        return NULL;
    const char *expected = table_of(&taken, &table, 0);
    if (expected)
        return refuse(&taken, expected);
    int64_t first = NUMBER(taken, FIRST), end = NUMBER(taken, END), by = NUMBER(taken, BY), gone = 0;
    if (first < 0 || end > (int64_t)1 << table.bits || by < 0 || by > UINT32_MAX)
        return refuse(&taken, "some of the sets");
    for (int64_t set = first; set < end; set++) {
        int64_t width = width_at(&table, set);
        for (int64_t bucket = set * width; bucket < (set + 1) * width; bucket++) {
            int left = lower(table.rows + bucket * WIDTH, shift_of(&table, width), (uint32_t)by);
            gone += table.held[bucket] - left;
            table.held[bucket] = (uint8_t)left;
        }
    }
    return answer(&taken, gone);
}
