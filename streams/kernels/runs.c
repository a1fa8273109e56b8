/* Spans of labelled words: what Guesser.spans of streams.entities.guessing makes of the answers of the model. */
#include "arrays.h"
#include "characters.h"
#include "kernels.h"
#include "marks.h"
#include "scratch.h"

#define LABELS 9
#define KINDS 4
#define PERSON 0
#define COMMON 3

enum { SCORES, ANSWERS, ROWS, SEGMENTS, HASHES, CASE, GAP, NUMERIC, ORDINARY, OPENS, MARKS, DOCUMENT, ASKED,
       FIRST, LAST, KIND, OPENING, ARGUMENTS };

typedef struct {
    const float *scores;
    const int64_t *labels, *rows, *segments, *document;
    const uint64_t *hash;
    const uint8_t *word_case, *gap, *number, *ordinary, *opens, *asked;
    const uint16_t *marks;
    Py_ssize_t count, segment_count, words;
} Answers;

/* A labelled run of rows, the number of its name in the article, and what kind it is by its own label. */
typedef struct {
    int64_t begin, end, name;
    int kind;
} Run;

/* What speaks for the kinds of a name in all of an article. */
typedef struct {
    double total[KINDS];
    int low, high;
} Vote;

/* Whether a word stands after what only a person's name stands after: Mr Jordan. */
static int addressed(const Answers *answers, int64_t word)
{
    return word > 0 && answers->marks[word - 1] & HONORIFIC && answers->word_case[word - 1] != LOWER
           && (answers->gap[word] == SOFT || answers->gap[word] == DOTTED);
}

/* The label of a row; what follows an honorific begins a person's name if nothing else does. */
static int64_t label_of(const Answers *answers, int64_t row)
{
    int64_t word = answers->rows[row], label = answers->labels[row];
    int called = label == 0 && answers->word_case[word] != LOWER && answers->ordinary[word] < 2
                 && addressed(answers, word);
    return called ? 2 * PERSON + 1 : label;
}

/* The runs, which begin with a label B and go on with labels I of the same segment; how many there are. */
static int64_t find_runs(const Answers *answers, Run *runs)
{
    int64_t found = 0;
    for (Py_ssize_t segment = 0; segment < answers->segment_count; segment++)
        for (int64_t row = answers->segments[segment]; row < answers->segments[segment + 1]; row++) {
            int64_t label = label_of(answers, row), end = row + 1;
            if (label % 2 == 0)
                continue;
            while (end < answers->segments[segment + 1]) {
                int64_t inside = label_of(answers, end);
                if (inside == 0 || inside % 2)
                    break;
                end++;
            }
            runs[found++] = (Run){row, end, 0, (int)((label - 1) / 2)};
        }
    return found;
}

static uint64_t name_of(const Answers *answers, const Run *run)
{
    uint64_t sum = 0;
    int64_t first = answers->rows[run->begin], last = answers->rows[run->end - 1];
    for (int64_t word = first; word <= last; word++)
        sum += answers->hash[word] * 3;
    return mixed(sum + (uint64_t)answers->document[first] * 0x9E3779B97F4A7C15u);
}

/* Sums what speaks for each kind over the runs of each name. The sums of labels I run over all rows: `inside` holds
 * them up to the row at hand, exactly, so that what an article is made of does not depend on those before it.
 */
static void vote(const Answers *answers, Run *runs, int64_t count, Numbering *names, Vote *votes, double *inside)
{
    for (int64_t row = 0; row < answers->count; row++)
        for (int kind = 0; kind < KINDS; kind++)
            inside[(row + 1) * KINDS + kind] = inside[row * KINDS + kind]
                                               + answers->scores[row * LABELS + 2 + 2 * kind];
    for (int64_t number = 0; number < count; number++) {
        Run *run = &runs[number];
        int64_t known = names->count;
        run->name = number_of(names, name_of(answers, run));
        Vote *vote = &votes[run->name];
        if (run->name == known)
            *vote = (Vote){{0}, KINDS, 0};
        vote->low = run->kind < vote->low ? run->kind : vote->low;
        vote->high = run->kind > vote->high ? run->kind : vote->high;
        for (int kind = 0; kind < KINDS; kind++) {
            double suits = answers->scores[run->begin * LABELS + 1 + 2 * kind] + inside[run->end * KINDS + kind];
            vote->total[kind] += suits - inside[(run->begin + 1) * KINDS + kind];
        }
    }
}

static int kind_of_name(const Vote *vote)
{
    int best = 0;
    if (vote->low >= vote->high)
        return vote->low;
    for (int kind = 1; kind < KINDS; kind++)
        if (vote->total[kind] > vote->total[best])
            best = kind;
    return best;
}

/* Where a span ends without a day, and without small words at its end. */
static int64_t shortened(const Answers *answers, int64_t first, int64_t last)
{
#define IS_SMALL(word) (answers->word_case[word] == LOWER && !answers->number[word])
    if (last - first > 2 && IS_SMALL(last - 2) && answers->marks[last - 1] & DAY)
        last -= 2;
    while (last - first > 1 && IS_SMALL(last - 1))
        last--;
    return last;
}

static const char *misfit(const Arguments *taken, const Answers *answers)
{
    for (int place = HASHES; place <= DOCUMENT; place++)
        if (length(taken, place) != answers->words)
            return "arrays of one item a word";
    for (int place = FIRST; place < ARGUMENTS; place++)
        if (length(taken, place) != answers->count)
            return "room for a span of every row";
    if (length(taken, SCORES) != answers->count * LABELS || length(taken, ROWS) != answers->count)
        return "scores of nine labels a row";
    if (answers->segment_count < 0 || answers->segments[0] != 0
        || answers->segments[answers->segment_count] != answers->count)
        return "segments of all rows";
    for (Py_ssize_t segment = 0; segment < answers->segment_count; segment++)
        if (answers->segments[segment] > answers->segments[segment + 1])
            return "segments in order";
    for (Py_ssize_t row = 0; row < answers->count; row++) {
        int64_t word = answers->rows[row];
        if (word < 0 || word >= answers->words || answers->labels[row] < 0 || answers->labels[row] >= LABELS)
            return "rows that are words, and labels";
        if (row && answers->rows[row - 1] >= word)
            return "rows in order";
        if (answers->document[word] < 0 || answers->document[word] >= length(taken, ASKED))
            return "a flag for every article";
    }
    return NULL;
}

/* Writes the spans that are kept; how many there are. */
static int64_t written(const Arguments *taken, const Answers *answers, const Run *runs, int64_t count,
                       const Vote *votes)
{
    int64_t kept = 0;
    for (int64_t number = 0; number < count; number++) {
        int64_t first = answers->rows[runs[number].begin], last = answers->rows[runs[number].end - 1] + 1;
        int opening = answers->opens[first] && answers->ordinary[first] >= COMMON;
        int kind = addressed(answers, first) ? PERSON : kind_of_name(&votes[runs[number].name]);
        last = shortened(answers, first, last);
        if (!answers->asked[answers->document[first]] || (last - first == 1 && opening))
            continue;
        ITEMS(*taken, int64_t, FIRST)[kept] = first;
        ITEMS(*taken, int64_t, LAST)[kept] = last;
        ITEMS(*taken, int64_t, KIND)[kept] = kind;
        ITEMS(*taken, uint8_t, OPENING)[kept] = (uint8_t)opening;
        kept++;
    }
    return kept;
}

PyObject *runs(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "4888811111281>8>8>8>1", given, count) < 0)
        return NULL;
    const Answers answers = {ITEMS(taken, float, SCORES), ITEMS(taken, int64_t, ANSWERS), ITEMS(taken, int64_t, ROWS),
                             ITEMS(taken, int64_t, SEGMENTS), ITEMS(taken, int64_t, DOCUMENT),
                             ITEMS(taken, uint64_t, HASHES), ITEMS(taken, uint8_t, CASE), ITEMS(taken, uint8_t, GAP),
                             ITEMS(taken, uint8_t, NUMERIC), ITEMS(taken, uint8_t, ORDINARY),
                             ITEMS(taken, uint8_t, OPENS), ITEMS(taken, uint8_t, ASKED), ITEMS(taken, uint16_t, MARKS),
                             length(&taken, ANSWERS), length(&taken, SEGMENTS) - 1, length(&taken, HASHES)};
    const char *expected = misfit(&taken, &answers);
    if (expected)
        return refuse(&taken, expected);
    size_t rows = (size_t)answers.count;
    Run *found = malloc((rows + 1) * sizeof(Run));
    Vote *votes = malloc((rows + 1) * sizeof(Vote));
    double *inside = calloc((rows + 1) * KINDS, sizeof(double));
    Numbering names;
    int failed = numbering_of(&names, answers.count) < 0 || !found || !votes || !inside;
    int64_t kept = 0;
    if (!failed) {
        int64_t runs = find_runs(&answers, found);
        vote(&answers, found, runs, &names, votes, inside);
        kept = written(&taken, &answers, found, runs, votes);
    }
    forget(&names);
    free(found);
    free(votes);
    free(inside);
    release(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(kept);
}
