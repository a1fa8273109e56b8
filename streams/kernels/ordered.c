/* The order in which matches are looked at: spans_of of streams.entities.matching; and what is among other keys. */
#include "kernels.h"
#include "matches.h"
#include "scratch.h"

enum { MATCHES, SHIFTS = 3, SURE, OWNER, ABBREVIATED, SOURCE, ORDER, WORDS, LEFT_OUT,
       FIRST, LENGTH, SHIFT, ALIAS, ENTRY, BELIEVED, ARGUMENTS };

typedef struct {
    Matches matches;
    const int64_t *shift, *owner, *order;
    const uint8_t *abbreviated;
} Rows;

/* Whether of two matches that start at one word the second goes first: the longer, the one with fewer letters left
 * out, the one that ends with a period, the preferred.
 */
static int goes_first(const Rows *rows, int64_t one, int64_t other)
{
    const Matches *matches = &rows->matches;
    if (matches->length[one] != matches->length[other])
        return matches->length[other] > matches->length[one];
    if (rows->shift[one] != rows->shift[other])
        return rows->shift[other] < rows->shift[one];
    int64_t alias = matches->alias[one], second = matches->alias[other];
    if (rows->abbreviated[alias] != rows->abbreviated[second])
        return rows->abbreviated[second];
    return rows->order[rows->owner[second]] > rows->order[rows->owner[alias]];
}

/* Rows by the word they start at, as they come, and then those of each word by what goes first (both are stable). */
static void sort_rows(const Rows *rows, int64_t *next, int64_t words, int64_t *sorted)
{
    for (Py_ssize_t row = 0; row < rows->matches.count; row++)
        next[rows->matches.start[row] + 1]++;
    for (int64_t word = 0; word < words; word++)
        next[word + 1] += next[word];
    for (Py_ssize_t row = 0; row < rows->matches.count; row++)
        sorted[next[rows->matches.start[row]]++] = row;
    for (Py_ssize_t at = 1; at < rows->matches.count; at++) {
        int64_t row = sorted[at];
        Py_ssize_t place = at;
        while (place > 0 && rows->matches.start[sorted[place - 1]] == rows->matches.start[row]
               && goes_first(rows, sorted[place - 1], row)) {
            sorted[place] = sorted[place - 1];
            place--;
        }
        sorted[place] = row;
    }
}

static const char *misfit(const Arguments *taken, const Rows *rows)
{
    if (!even(taken, MATCHES, SURE) || !even(taken, FIRST, BELIEVED) || length(taken, FIRST) != rows->matches.count)
        return "arrays of one item a match";
    if (!even(taken, OWNER, ABBREVIATED) || !even(taken, SOURCE, ORDER))
        return "arrays of one item an alias, and an entry";
    if (NUMBER(*taken, WORDS) < 0 || !within(&rows->matches, (Py_ssize_t)NUMBER(*taken, WORDS), length(taken, OWNER)))
        return "matches within the words and aliases";
    for (Py_ssize_t row = 0; row < rows->matches.count; row++) {
        int64_t entry = rows->owner[rows->matches.alias[row]];
        if (entry < 0 || entry >= length(taken, ORDER))
            return "owners that are entries";
    }
    return NULL;
}

/* Writes the rows in order, but for those of the source that is left out; how many. */
static int64_t written(const Arguments *taken, const Rows *rows, const int64_t *sorted)
{
    int64_t count = 0;
    for (Py_ssize_t at = 0; at < rows->matches.count; at++) {
        int64_t row = sorted[at], alias = rows->matches.alias[row], entry = rows->owner[alias];
        if (ITEMS(*taken, int64_t, SOURCE)[entry] == NUMBER(*taken, LEFT_OUT))
            continue;
        ITEMS(*taken, int64_t, FIRST)[count] = rows->matches.start[row];
        ITEMS(*taken, int64_t, LENGTH)[count] = rows->matches.length[row];
        ITEMS(*taken, int64_t, SHIFT)[count] = rows->shift[row];
        ITEMS(*taken, int64_t, ALIAS)[count] = alias;
        ITEMS(*taken, int64_t, ENTRY)[count] = entry;
        ITEMS(*taken, uint8_t, BELIEVED)[count] = ITEMS(*taken, uint8_t, SURE)[row];
        count++;
    }
    return count;
}

PyObject *ordered(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88881" "8188nn>8>8>8>8>8>1", given, count) < 0)
        return NULL;
    const Rows rows = {matches_of(&taken, MATCHES), ITEMS(taken, int64_t, SHIFTS), ITEMS(taken, int64_t, OWNER),
                       ITEMS(taken, int64_t, ORDER), ITEMS(taken, uint8_t, ABBREVIATED)};
    const char *expected = misfit(&taken, &rows);
    if (expected)
        return refuse(&taken, expected);
    int64_t words = NUMBER(taken, WORDS), kept = 0;
    int64_t *next = calloc((size_t)words + 1, sizeof(int64_t));
    int64_t *sorted = malloc(((size_t)rows.matches.count + 1) * sizeof(int64_t));
    int failed = !next || !sorted;
    if (!failed) {
        sort_rows(&rows, next, words, sorted);
        kept = written(&taken, &rows, sorted);
    }
    free(next);
    free(sorted);
    release(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(kept);
}

PyObject *among(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88>1", given, count) < 0)
        return NULL;
    if (length(&taken, 0) != length(&taken, 2))
        return refuse(&taken, "a flag for every key");
    Numbering known;
    if (numbering_of(&known, length(&taken, 1)) < 0) {
        forget(&known);
        release(&taken);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t row = 0; row < length(&taken, 1); row++)
        number_of(&known, ITEMS(taken, uint64_t, 1)[row]);
    for (Py_ssize_t row = 0; row < length(&taken, 0); row++)
        ITEMS(taken, uint8_t, 2)[row] = known_number(&known, ITEMS(taken, uint64_t, 0)[row]) >= 0;
    forget(&known);
    return done(&taken);
}
