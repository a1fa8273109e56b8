/* Where names can stand: find_segments of streams.entities.segments. */
#include "arrays.h"
#include "characters.h"
#include "kernels.h"
#include "marks.h"

#include <stdlib.h>

#define LONGEST_SEGMENT 16
#define LETTERS_OF_CODES 3

enum { CASE, GAP, SCRIPT, NUMERIC, LOWS, HIGHS, CODE, MARKS, ROW, FIRST, ARGUMENTS };

/* What is known of a word besides its marks. */
enum { JOINED = 1, CAPITAL = 2, SMALL = 4, BEFORE = 8, AFTER = 16, MEMBER = 32, OWNER = 64 };

typedef struct {
    const uint8_t *word_case, *gap, *script, *number;
    const int64_t *low, *high;
    const uint32_t *code;
    const uint16_t *marks;
    uint8_t *is;
    Py_ssize_t count;
} Words;

static int abbreviated(const Words *words, Py_ssize_t word)
{
    return words->word_case[word] != LOWER
           && (words->high[word] - words->low[word] == 1 || words->marks[word] & ABBREVIATED);
}

/* Whether a word can belong to the same name as the word before it. */
static int joined(const Words *words, Py_ssize_t word)
{
    int gap = words->gap[word];
    int near = gap == SOFT || gap == HYPHENED || gap == TIGHT;
    near = near || (gap == DOTTED && word > 0 && abbreviated(words, word - 1));
    return near && !(words->marks[word] & WEEKDAY);
}

static int capital(const Words *words, Py_ssize_t word)
{
    if (words->word_case[word] == LOWER || words->script[word] != LATIN)
        return 0;
    int numbered = word + 1 < words->count && words->number[word + 1] && words->gap[word + 1] == HYPHENED;
    return !(numbered && words->high[word] - words->low[word] <= LETTERS_OF_CODES);
}

static int small(const Words *words, Py_ssize_t word, int preceding)
{
    int possessive = words->marks[word] & LETTER_S && preceding & OWNER && words->gap[word] == HYPHENED;
    return words->word_case[word] == LOWER && !words->number[word] && (words->marks[word] & JOINS || possessive);
}

/* Whether a word in no capitals belongs to a name by the words around it. */
static int belongs(const Words *words, Py_ssize_t word)
{
    int is = words->is[word];
    int preceding = word > 0 ? words->is[word - 1] : 0;
    int following = word + 1 < words->count ? words->is[word + 1] : 0;
    int lower = words->word_case[word] == LOWER && !words->number[word];
    int ampersand = words->code[words->low[word]] == '&';
    if ((is & SMALL || ampersand) && is & BEFORE && is & AFTER)
        return 1;
    if (is & SMALL && is & BEFORE && following & SMALL && following & JOINED && following & AFTER)
        return 1;
    if (is & SMALL && is & AFTER && is & JOINED && preceding & SMALL && preceding & BEFORE)
        return 1;
    if (lower && is & AFTER && words->marks[word] & LEADS)
        return 1;
    return words->number[word] && is & AFTER && words->code[words->high[word] - 1] >= 'a';
}

static void know(const Words *words)
{
    uint8_t *is = words->is;
    for (Py_ssize_t word = 0; word < words->count; word++) {
        int preceding = word > 0 ? is[word - 1] : 0;
        is[word] = 0;
        if (joined(words, word))
            is[word] |= JOINED;
        if (capital(words, word)) {
            int saint = word > 0 && words->marks[word - 1] & SAINT && preceding & CAPITAL;
            is[word] |= CAPITAL | (words->marks[word] & PLURAL || saint ? OWNER : 0);
        }
        if (small(words, word, preceding))
            is[word] |= SMALL;
        if (is[word] & JOINED && preceding & CAPITAL)
            is[word] |= BEFORE;
        if (word > 0 && is[word] & JOINED && is[word] & CAPITAL)
            is[word - 1] |= AFTER;
    }
    for (Py_ssize_t word = 0; word < words->count; word++)
        if (is[word] & CAPITAL || belongs(words, word))
            is[word] |= MEMBER;
}

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t words = length(taken, CASE), letters = length(taken, CODE);
    for (int place = CASE; place <= ROW; place++)
        if (place != CODE && length(taken, place) != words)
            return "arrays of one item a word";
    if (length(taken, FIRST) != words + 1)
        return "room for the start of every word, and an end";
    const int64_t *low = ITEMS(*taken, int64_t, LOWS), *high = ITEMS(*taken, int64_t, HIGHS);
    for (Py_ssize_t word = 0; word < words; word++)
        if (low[word] < 0 || low[word] >= high[word] || high[word] > letters)
            return "words of one letter at least";
    return NULL;
}

PyObject *segments(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "11118842>8>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    Words words = {ITEMS(taken, uint8_t, CASE), ITEMS(taken, uint8_t, GAP), ITEMS(taken, uint8_t, SCRIPT),
                   ITEMS(taken, uint8_t, NUMERIC), ITEMS(taken, int64_t, LOWS), ITEMS(taken, int64_t, HIGHS),
                   ITEMS(taken, uint32_t, CODE), ITEMS(taken, uint16_t, MARKS), NULL, length(&taken, CASE)};
    words.is = malloc((size_t)words.count + 1);
    if (!words.is) {
        release(&taken);
        return PyErr_NoMemory();
    }
    know(&words);
    int64_t *row = ITEMS(taken, int64_t, ROW), *first = ITEMS(taken, int64_t, FIRST), start = 0;
    Py_ssize_t rows = 0, found = 0;
    int preceding = 0;
    for (Py_ssize_t word = 0; word < words.count; word++) {
        /* a number belongs to the name before it; numbers after numbers do not */
        int member = words.is[word] & MEMBER;
        int numbered = words.number[word] && words.is[word] & JOINED && word > 0 && words.is[word - 1] & MEMBER;
        if (member || numbered) {
            int goes_on = rows > 0 && preceding && words.is[word] & JOINED;
            if (!goes_on || rows - start == LONGEST_SEGMENT)
                first[found++] = start = rows;
            row[rows++] = word;
        }
        preceding = member || numbered;
    }
    first[found] = rows;
    free(words.is);
    release(&taken);
    return Py_BuildValue("nn", rows, found);
}
