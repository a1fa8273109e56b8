/* Which matches need no second opinion: believed of streams.entities.matching. */
#include "characters.h"
#include "kernels.h"
#include "marks.h"
#include "matches.h"

#include <stdlib.h>

#define WELL_KNOWN_CITY 5
#define SHORTEST_STEM 3
#define PARTS_OF_NAMES ((uint64_t)1 << 10 | (uint64_t)1 << 11)

enum { USER, KNOWLEDGE, COUNTRIES, LEGISLATORS, WIKIDATA, PLACES, COMPANIES, NAMES };
enum { MATCHES, SHIFTS = 3, OWNER, UNSURE, SOURCE, WEIGHT, TYPE, CASE, GAP, SCRIPT, STARTS, ENDS, LOWS, HIGHS, LEVEL,
       MARKS, TABLES, GPE, PERSON, UNTYPED, SURE, ARGUMENTS };

typedef struct {
    Matches matches;
    const int64_t *shift, *source, *weight, *type, *start, *end, *low, *high, *owner;
    const uint8_t *unsure, *word_case, *gap, *script, *level;
    const uint16_t *marks;
    const uint64_t *tables;
    int64_t gpe, person, untyped;
} Seen;

/* Whether a word stands after what only a person's name stands after: Mr Jordan. */
static int addressed(const Seen *seen, int64_t word)
{
    return word > 0 && seen->marks[word - 1] & HONORIFIC && seen->word_case[word - 1] != LOWER
           && (seen->gap[word] == SOFT || seen->gap[word] == DOTTED);
}

/* Whether a match is a very short word of a script without capitals, which means something else too. */
static int everyday(const Seen *seen, Py_ssize_t row, int64_t entry)
{
    int64_t word = seen->matches.start[row], letters = seen->high[word] - seen->low[word];
    int caseless = seen->script[word] == ARABIC || seen->script[word] == HEBREW;
    int plain = seen->end[word] - seen->start[word] == letters;
    return caseless && seen->matches.length[row] == 1 && letters - seen->shift[row] <= SHORTEST_STEM && plain
           && seen->type[entry] != seen->gpe;
}

static int is_sure(const Seen *seen, Py_ssize_t row, int64_t entry)
{
    int64_t word = seen->matches.start[row], source = seen->source[entry], weight = seen->weight[entry];
    int several = seen->matches.length[row] > 1;
    int alone = seen->level[word] <= 1 && !(seen->tables[word] & PARTS_OF_NAMES);
    int listed = source <= KNOWLEDGE || source == COUNTRIES || source == LEGISLATORS;
    int sure = listed && !seen->unsure[seen->matches.alias[row]];
    sure = sure || (source == PLACES && weight >= WELL_KNOWN_CITY && alone);
    if (source == WIKIDATA && seen->type[entry] != seen->untyped)
        sure = sure || (several && weight > 0)
               || (seen->type[entry] == seen->gpe && weight >= WELL_KNOWN_CITY - 1 && alone);
    return sure && !everyday(seen, row, entry)
           && (several || seen->type[entry] == seen->person || !addressed(seen, word));
}

static int is_namesake(const Seen *seen, int64_t entry)
{
    int placed = seen->source[entry] == PLACES
                 || (seen->source[entry] == WIKIDATA && seen->type[entry] == seen->gpe);
    return placed && seen->weight[entry] >= WELL_KNOWN_CITY;
}

static const char *misfit(const Arguments *taken, const Seen *seen)
{
    if (!even(taken, MATCHES, SHIFTS) || length(taken, SURE) != seen->matches.count)
        return "arrays of one item a match";
    if (!even(taken, OWNER, UNSURE) || !even(taken, SOURCE, TYPE) || !even(taken, CASE, TABLES))
        return "arrays of one item an alias, an entry, and a word";
    if (!within(&seen->matches, length(taken, CASE), length(taken, OWNER)))
        return "matches within the words and aliases";
    return are_owned(&seen->matches, seen->owner, length(taken, TYPE)) ? NULL : "owners that are entries";
}

PyObject *believed(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "8888818881118888128nnn>1", given, count) < 0)
        return NULL;
    const Seen seen = {
        matches_of(&taken, MATCHES), ITEMS(taken, int64_t, SHIFTS), ITEMS(taken, int64_t, SOURCE),
        ITEMS(taken, int64_t, WEIGHT), ITEMS(taken, int64_t, TYPE), ITEMS(taken, int64_t, STARTS),
        ITEMS(taken, int64_t, ENDS), ITEMS(taken, int64_t, LOWS), ITEMS(taken, int64_t, HIGHS),
        ITEMS(taken, int64_t, OWNER), ITEMS(taken, uint8_t, UNSURE), ITEMS(taken, uint8_t, CASE),
        ITEMS(taken, uint8_t, GAP), ITEMS(taken, uint8_t, SCRIPT), ITEMS(taken, uint8_t, LEVEL),
        ITEMS(taken, uint16_t, MARKS), ITEMS(taken, uint64_t, TABLES), NUMBER(taken, GPE), NUMBER(taken, PERSON),
        NUMBER(taken, UNTYPED),
    };
    const char *expected = misfit(&taken, &seen);
    if (expected)
        return refuse(&taken, expected);
    uint8_t *said = calloc((size_t)length(&taken, CASE) * (LONGEST + 1) + 1, 1), *sure = ITEMS(taken, uint8_t, SURE);
    if (!said) {
        release(&taken);
        return PyErr_NoMemory();
    }
#define SAID(row) said[seen.matches.start[row] * (LONGEST + 1) + seen.matches.length[row]]
    for (Py_ssize_t row = 0; row < seen.matches.count; row++) {
        sure[row] = (uint8_t)is_sure(&seen, row, seen.owner[seen.matches.alias[row]]);
        SAID(row) |= sure[row];
    }
    /* a city called like what is sure is not passed over */
    for (Py_ssize_t row = 0; row < seen.matches.count; row++)
        sure[row] |= SAID(row) && is_namesake(&seen, seen.owner[seen.matches.alias[row]]);
    free(said);
    return done(&taken);
}
