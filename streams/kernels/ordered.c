/* The order in which matches are looked at: streams.entities.listing. */
#include "kernels.h"
#include "matches.h"
#include "scratch.h"

enum { MATCHES, SHIFTS = 3, SURE, OWNER, ABBREVIATED, UNSURE, SOURCE, ORDER, GUESSED, ENDS, WORDS, LEFT_OUT,
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

/* Which rows are looked at: of sources that are not left out, and sure, asked about, or what the tagger has found. */
static void choose_rows(const Arguments *taken, const Rows *rows, Numbering *guessed, uint8_t *chosen)
{
#define NAME_OF(first, length) ((uint64_t)(first) << 8 | (uint64_t)((length) & 0xFF))
    for (Py_ssize_t at = 0; at < length(taken, GUESSED); at++) {
        int64_t first = ITEMS(*taken, int64_t, GUESSED)[at], words = ITEMS(*taken, int64_t, ENDS)[at] - first;
        if (words > 0 && words <= LONGEST)
            number_of(guessed, NAME_OF(first, words));
    }
    for (Py_ssize_t row = 0; row < rows->matches.count; row++) {
        int64_t alias = rows->matches.alias[row];
        chosen[row] = ITEMS(*taken, int64_t, SOURCE)[rows->owner[alias]] != NUMBER(*taken, LEFT_OUT)
                      && (ITEMS(*taken, uint8_t, SURE)[row] || ITEMS(*taken, uint8_t, UNSURE)[alias]
                          || known_number(guessed, NAME_OF(rows->matches.start[row], rows->matches.length[row])) >= 0);
    }
}

/* The chosen rows by the word they start at, as they come, and then those of each word by what goes first (both are
 * stable); how many.
 */
static Py_ssize_t sort_rows(const Rows *rows, const uint8_t *chosen, int64_t *next, int64_t words, int64_t *sorted)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t row = 0; row < rows->matches.count; row++) {
        next[rows->matches.start[row] + 1] += chosen[row];
        count += chosen[row];
    }
    for (int64_t word = 0; word < words; word++)
        next[word + 1] += next[word];
    for (Py_ssize_t row = 0; row < rows->matches.count; row++)
        if (chosen[row])
            sorted[next[rows->matches.start[row]]++] = row;
    for (Py_ssize_t at = 1; at < count; at++) {
        int64_t row = sorted[at];
        Py_ssize_t place = at;
        while (place > 0 && rows->matches.start[sorted[place - 1]] == rows->matches.start[row]
               && goes_first(rows, sorted[place - 1], row)) {
            sorted[place] = sorted[place - 1];
            place--;
        }
        sorted[place] = row;
    }
    return count;
}

static const char *misfit(const Arguments *taken, const Rows *rows)
{
    if (!even(taken, MATCHES, SURE) || !even(taken, FIRST, BELIEVED) || length(taken, FIRST) != rows->matches.count)
        return "arrays of one item a match";
    if (!even(taken, OWNER, UNSURE) || !even(taken, SOURCE, ORDER) || !even(taken, GUESSED, ENDS))
        return "arrays of one item an alias, an entry, and a span";
    if (NUMBER(*taken, WORDS) < 0 || !within(&rows->matches, (Py_ssize_t)NUMBER(*taken, WORDS), length(taken, OWNER)))
        return "matches within the words and aliases";
    return are_owned(&rows->matches, rows->owner, length(taken, ORDER)) ? NULL : "owners that are entries";
}

/* Writes so many rows in order. */
static void write_rows(const Arguments *taken, const Rows *rows, const int64_t *sorted, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        int64_t row = sorted[at], alias = rows->matches.alias[row];
        ITEMS(*taken, int64_t, FIRST)[at] = rows->matches.start[row];
        ITEMS(*taken, int64_t, LENGTH)[at] = rows->matches.length[row];
        ITEMS(*taken, int64_t, SHIFT)[at] = rows->shift[row];
        ITEMS(*taken, int64_t, ALIAS)[at] = alias;
        ITEMS(*taken, int64_t, ENTRY)[at] = rows->owner[alias];
        ITEMS(*taken, uint8_t, BELIEVED)[at] = ITEMS(*taken, uint8_t, SURE)[row];
    }
}

PyObject *ordered(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88881" "8118888nn>8>8>8>8>8>1", given, count) < 0)
        return NULL;
    const Rows rows = {matches_of(&taken, MATCHES), ITEMS(taken, int64_t, SHIFTS), ITEMS(taken, int64_t, OWNER),
                       ITEMS(taken, int64_t, ORDER), ITEMS(taken, uint8_t, ABBREVIATED)};
    const char *expected = misfit(&taken, &rows);
    if (expected)
        return refuse(&taken, expected);
    int64_t words = NUMBER(taken, WORDS);
    Py_ssize_t kept = 0;
    Numbering guessed;
    int64_t *next = calloc((size_t)words + 1, sizeof(int64_t));
    int64_t *sorted = malloc(((size_t)rows.matches.count + 1) * sizeof(int64_t));
    uint8_t *chosen = malloc((size_t)rows.matches.count + 1);
    int failed = numbering_of(&guessed, length(&taken, GUESSED)) < 0 || !next || !sorted || !chosen;
    if (!failed) {
        choose_rows(&taken, &rows, &guessed, chosen);
        kept = sort_rows(&rows, chosen, next, words, sorted);
        write_rows(&taken, &rows, sorted, kept);
    }
    forget(&guessed);
    free(chosen);
    free(next);
    free(sorted);
    release(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromSsize_t(kept);
}
