/* Samples of the runs of three words, and numbers with the prints beside them: streams.dedup.sketch. */
#include "arrays.h"
#include "kernels.h"
#include "scratch.h"
#include "search.h"

#define AT_LEAST 128
#define AT_MOST 384
#define BELOW ((uint32_t)1 << 29)
#define MOST_NUMBERS 48
#define NOWHERE 0xFFFF
#define NEAR_BY 14
#define STEP_1 0xD6E8FEB86659FD93u
#define STEP_2 0xA0761D6478BD642Fu
#define STEP_3 0xE7037ED1A0B428DBu

enum { HASHES, NUMERIC, FIRSTS, PRINTS, KEPT, WHOLE, NUMBERS, NUMBERED, ARGUMENTS };

/* The words of one text. */
typedef struct {
    const uint64_t *hash;
    const uint8_t *numeric;
    int64_t count;
} Words;

/* The sampled prints of one text, ascending. */
typedef struct {
    uint32_t *prints;
    int64_t count;
} Sample;

static uint32_t print_of(const Words *words, int64_t at)
{
    const uint64_t *hash = words->hash + at;
    if (words->count == 1)
        return (uint32_t)(mixed(hash[0] * STEP_1) >> 32);
    if (words->count == 2)
        return (uint32_t)(mixed(hash[0] * STEP_1 + hash[1] * STEP_1) >> 32);
    return (uint32_t)(mixed(hash[0] * STEP_1 + hash[1] * STEP_2 + hash[2] * STEP_3) >> 32);
}

static int64_t runs_of(const Words *words) { return words->count > 2 ? words->count - 2 : words->count > 0; }

/* Samples the prints of a text into `sample`; whether these are all. */
static int sampled(const Words *words, uint64_t *every, uint64_t *room, Sample *sample)
{
    int64_t count = runs_of(words), different = 0, below = 0;
    for (int64_t run = 0; run < count; run++)
        every[run] = print_of(words, run);
    sort_numbers(every, count, 32, room);
    for (int64_t run = 0; run < count; run++)
        if (!run || every[run] != every[different - 1]) {
            every[different++] = every[run];
            below += every[run] < BELOW;
        }
    int64_t kept = below < AT_LEAST ? AT_LEAST : below > AT_MOST ? AT_MOST : below;
    sample->count = different <= AT_LEAST ? different : kept;
    for (int64_t print = 0; print < sample->count; print++)
        sample->prints[print] = (uint32_t)every[print];
    return different <= AT_LEAST;
}

SEARCH(among_prints, uint32_t)

/* Which sampled print the run at a word has, if it is sampled and without a number; else NOWHERE. */
static int landmark(const Words *words, const Sample *sample, int64_t at)
{
    if (words->numeric[at] || words->numeric[at + 1] || words->numeric[at + 2])
        return NOWHERE;
    int64_t place = among_prints(sample->prints, sample->count, print_of(words, at));
    return place < 0 ? NOWHERE : (int)place;
}

/* The rows of the numbers of a text, in the order in which they first stand; how many. */
static int64_t write_numbers(const Words *words, const Sample *sample, Numbering *known, uint16_t *row)
{
    if (words->count < 3)
        return 0;
    for (int64_t at = 0; at < words->count && known->count < MOST_NUMBERS; at++) {
        uint16_t hash = (uint16_t)(words->hash[at] >> 48);
        if (!words->numeric[at] || known_number(known, hash) >= 0)
            continue;
        int before = NOWHERE, after = NOWHERE;
        for (int64_t run = at - 3; run >= 0 && run >= at - NEAR_BY && before == NOWHERE; run--)
            before = landmark(words, sample, run);
        for (int64_t run = at + 1; run < words->count - 2 && run <= at + NEAR_BY && after == NOWHERE; run++)
            after = landmark(words, sample, run);
        uint16_t *place = row + 3 * number_of(known, hash);
        place[0] = hash;
        place[1] = (uint16_t)before;
        place[2] = (uint16_t)after;
    }
    return known->count;
}

static const char *misfit(const Arguments *taken)
{
    const int64_t *firsts = ITEMS(*taken, int64_t, FIRSTS);
    Py_ssize_t texts = length(taken, FIRSTS) - 1, words = length(taken, HASHES);
    if (length(taken, NUMERIC) != words)
        return "arrays of one item a word";
    if (texts < 0 || firsts[0] < 0 || firsts[texts] > words)
        return "first words of every text, and an end";
    for (Py_ssize_t text = 0; text < texts; text++)
        if (firsts[text] > firsts[text + 1])
            return "first words in order";
    if (length(taken, PRINTS) != texts * AT_MOST || length(taken, NUMBERS) != texts * MOST_NUMBERS * 3)
        return "room for the prints and numbers of every text";
    if (length(taken, KEPT) != texts || length(taken, WHOLE) != texts || length(taken, NUMBERED) != texts)
        return "arrays of one item a text";
    return NULL;
}

static void write_sample(const Arguments *taken, Py_ssize_t text, uint64_t *every, uint64_t *room, Numbering *known)
{
    int64_t first = ITEMS(*taken, int64_t, FIRSTS)[text], end = ITEMS(*taken, int64_t, FIRSTS)[text + 1];
    const Words words = {ITEMS(*taken, uint64_t, HASHES) + first, ITEMS(*taken, uint8_t, NUMERIC) + first, end - first};
    Sample sample = {ITEMS(*taken, uint32_t, PRINTS) + text * AT_MOST, 0};
    ITEMS(*taken, uint8_t, WHOLE)[text] = (uint8_t)sampled(&words, every, room, &sample);
    ITEMS(*taken, int64_t, KEPT)[text] = sample.count;
    empty(known);
    uint16_t *row = ITEMS(*taken, uint16_t, NUMBERS) + text * MOST_NUMBERS * 3;
    ITEMS(*taken, int64_t, NUMBERED)[text] = write_numbers(&words, &sample, known, row);
}

PyObject *samples(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "818>4>8>1>2>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    size_t words = (size_t)length(&taken, HASHES) + 1;
    uint64_t *every = malloc(words * sizeof(uint64_t)), *room = malloc(words * sizeof(uint64_t));
    Numbering known;
    int failed = numbering_of(&known, MOST_NUMBERS) < 0 || !every || !room;
    for (Py_ssize_t text = 0; !failed && text < length(&taken, KEPT); text++)
        write_sample(&taken, text, every, room, &known);
    forget(&known);
    free(every);
    free(room);
    release(&taken);
    if (failed)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}
