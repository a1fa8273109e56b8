/* Which matches go on as the name does: written_out of streams.entities.matching. */
#include "characters.h"
#include "kernels.h"
#include "marks.h"
#include "matches.h"

enum { MATCHES, INTERRUPTED = 3, ENDS_SHORT, CASE, GAP, NUMERIC, STARTS, ENDS, LOWS, HIGHS, MARKS, CODE,
       KEEP, ARGUMENTS };

typedef struct {
    const uint8_t *word_case, *gap, *number;
    const int64_t *start, *end, *low, *high;
    const uint16_t *marks;
    Py_ssize_t count;
} Words;

static int abbreviated(const Words *words, int64_t word)
{
    return words->word_case[word] != LOWER
           && (words->high[word] - words->low[word] == 1 || words->marks[word] & ABBREVIATED);
}

/* Whether a word stands after a comma, or after a period and a space that follow no abbreviation. */
static int interrupted(const Words *words, int64_t word)
{
    if (words->gap[word] == COMMAED)
        return 1;
    return words->gap[word] == DOTTED && !abbreviated(words, word - 1) && words->start[word] - words->end[word - 1] > 1;
}

static int is_whole(const Words *words, int64_t start, int64_t last)
{
    for (int64_t word = start + 1; word <= last; word++)
        if (interrupted(words, word))
            return 0;
    return 1;
}

/* Whether a word is a month with a number after it. */
static int is_date(const Words *words, int64_t word)
{
    int64_t following = word + 1;
    return words->marks[word] & MONTH && following < words->count && words->number[following]
           && (words->gap[following] == SOFT || words->gap[following] == DOTTED);
}

PyObject *written_out(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "8881111188" "8824>1", given, count) < 0)
        return NULL;
    const Matches matches = matches_of(&taken, MATCHES);
    const Words words = {ITEMS(taken, uint8_t, CASE), ITEMS(taken, uint8_t, GAP), ITEMS(taken, uint8_t, NUMERIC),
                         ITEMS(taken, int64_t, STARTS), ITEMS(taken, int64_t, ENDS), ITEMS(taken, int64_t, LOWS),
                         ITEMS(taken, int64_t, HIGHS), ITEMS(taken, uint16_t, MARKS), length(&taken, CASE)};
    if (!even(&taken, MATCHES, MATCHES + 2) || length(&taken, KEEP) != matches.count)
        return refuse(&taken, "arrays of one item a match");
    if (!even(&taken, INTERRUPTED, ENDS_SHORT) || !even(&taken, CASE, MARKS))
        return refuse(&taken, "arrays of one item an alias, and a word");
    if (!within(&matches, words.count, length(&taken, INTERRUPTED)))
        return refuse(&taken, "matches within the words and aliases");
    Py_ssize_t letters = length(&taken, CODE);
    for (Py_ssize_t word = 0; word < words.count; word++)
        if (words.high[word] < 0 || letters == 0)
            return refuse(&taken, "words of letters");
    const uint8_t *with_period = ITEMS(taken, uint8_t, ENDS_SHORT), *with_comma = ITEMS(taken, uint8_t, INTERRUPTED);
    for (Py_ssize_t row = 0; row < matches.count; row++) {
        int64_t start = matches.start[row], last = start + matches.length[row] - 1, alias = matches.alias[row];
        int64_t behind = words.high[last] < letters ? words.high[last] : letters - 1;
        uint32_t after = ITEMS(taken, uint32_t, CODE)[behind];
        int keep = after != '$' && (after == '.' || !with_period[alias]);
        keep = keep && !(start == last && is_date(&words, start));
        ITEMS(taken, uint8_t, KEEP)[row] = keep && (with_comma[alias] || is_whole(&words, start, last));
    }
    return done(&taken);
}
