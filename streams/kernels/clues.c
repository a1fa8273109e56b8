/* What is known of each word besides its letters: clues_of of streams.entities.clues. */
#include "arrays.h"
#include "characters.h"
#include "kernels.h"
#include "marks.h"
#include "scratch.h"

#define MANY 4
#define OF_DOCUMENT 0x9E3779B97F4A7C15u

enum { HASHES, CASE, GAP, OPENING, NUMERIC, LOWS, HIGHS, LINE, MARKS, DOCUMENT, ROWS,
       OPENS, SENTENCE, STYLE, ELSEWHERE, SHAPE, ARGUMENTS };

typedef struct {
    const uint8_t *word_case, *gap, *number;
    const int64_t *low, *high, *line;
    Py_ssize_t count;
} Words;

/* How often a word stands in its article: small, capitalised inside sentences, and in the segments at all. */
typedef struct {
    int64_t small, inside, every;
} Written;

static int64_t least(int64_t one, int64_t other) { return one < other ? one : other; }

/* How the line of words from `word` on is written, and where it ends. */
static uint64_t style_of(const Words *words, Py_ssize_t word, Py_ssize_t *end)
{
    int64_t line = words->line[word], all = 0, tall = 0, initial = 0, capitals = 0;
    for (; word < words->count && words->line[word] == line; word++) {
        int counts = words->high[word] - words->low[word] > 3;
        all++;
        tall += counts;
        initial += counts && words->word_case[word] != LOWER;
        capitals += counts && words->word_case[word] == CAPITALS;
    }
    *end = word;
    return capitals * 2 > tall ? 2 : initial * 4 > tall * 3 && all > 3;
}

/* Fills `elsewhere` for the words of the segments; -1 where there is no memory. */
static int look_elsewhere(const Arguments *taken, const uint8_t *opens)
{
    const uint64_t *hash = ITEMS(*taken, uint64_t, HASHES);
    const int64_t *document = ITEMS(*taken, int64_t, DOCUMENT), *rows = ITEMS(*taken, int64_t, ROWS);
    const uint8_t *word_case = ITEMS(*taken, uint8_t, CASE);
    uint64_t *elsewhere = ITEMS(*taken, uint64_t, ELSEWHERE);
    Py_ssize_t count = length(taken, ROWS), words = length(taken, HASHES);
    Numbering names;
    Written *written = calloc((size_t)count + 1, sizeof(Written));
    if (numbering_of(&names, count) < 0 || !written) {
        forget(&names);
        free(written);
        return -1;
    }
    for (Py_ssize_t row = 0; row < count; row++) {
        int64_t word = rows[row];
        Written *here = &written[number_of(&names, mixed(hash[word] + (uint64_t)document[word] * OF_DOCUMENT))];
        here->every++;
        here->inside += !opens[word];
    }
    for (Py_ssize_t word = 0; word < words; word++) {
        if (word_case[word] != LOWER)
            continue;
        int64_t name = known_number(&names, mixed(hash[word] + (uint64_t)document[word] * OF_DOCUMENT));
        if (name >= 0)
            written[name].small++;
    }
    for (Py_ssize_t row = 0; row < count; row++) {
        int64_t word = rows[row];
        Written here = written[known_number(&names, mixed(hash[word] + (uint64_t)document[word] * OF_DOCUMENT))];
        elsewhere[word] = (uint64_t)(least(here.small, 2) * 9 + least(here.inside, 2) * 3 + least(here.every - 1, 2));
    }
    forget(&names);
    free(written);
    return 0;
}

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t words = length(taken, HASHES);
    for (int place = CASE; place < ARGUMENTS; place++)
        if (place != ROWS && length(taken, place) != words)
            return "arrays of one item a word";
    return are_below(ITEMS(*taken, int64_t, ROWS), length(taken, ROWS), words) ? NULL : "rows that are words";
}

PyObject *clues(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "81111888288>1>8>8>8>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    const Words words = {ITEMS(taken, uint8_t, CASE), ITEMS(taken, uint8_t, GAP), ITEMS(taken, uint8_t, NUMERIC),
                         ITEMS(taken, int64_t, LOWS), ITEMS(taken, int64_t, HIGHS), ITEMS(taken, int64_t, LINE),
                         length(&taken, HASHES)};
    const uint8_t *opening = ITEMS(taken, uint8_t, OPENING);
    const uint16_t *marks = ITEMS(taken, uint16_t, MARKS);
    uint8_t *opens = ITEMS(taken, uint8_t, OPENS);
    uint64_t *style = ITEMS(taken, uint64_t, STYLE), *shape = ITEMS(taken, uint64_t, SHAPE), styled = 0;
    int64_t *sentence = ITEMS(taken, int64_t, SENTENCE), sentences = 0;
    Py_ssize_t line_end = 0;
    int abbreviated = 0;
    for (Py_ssize_t word = 0; word < words.count; word++) {
        int64_t letters = words.high[word] - words.low[word];
        if (word == line_end)
            styled = style_of(&words, word, &line_end);
        /* not after the period of an abbreviation */
        opens[word] = opening[word] && !(abbreviated && words.gap[word] == DOTTED);
        sentence[word] = sentences += opens[word];
        style[word] = styled;
        shape[word] = (uint64_t)(words.word_case[word] * 16 + words.number[word] * 8 + least(letters, MANY));
        abbreviated = words.word_case[word] != LOWER && (letters == 1 || marks[word] & ABBREVIATED);
        ITEMS(taken, uint64_t, ELSEWHERE)[word] = 0;
    }
    if (look_elsewhere(&taken, opens) < 0) {
        release(&taken);
        return PyErr_NoMemory();
    }
    return done(&taken);
}
