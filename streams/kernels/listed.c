/* Spans of ordered matches: streams.entities.listing. */
#include "kernels.h"
#include "matches.h"
#include "scratch.h"

/* The article of a word, when words are asked about in order. */
static int64_t article_of(const int64_t *articles, Py_ssize_t count, int64_t *article, int64_t word)
{
    while (*article < count && articles[*article] <= word)
        ++*article;
    return *article;
}

enum { OF_FIRST, OF_ENTRY, OF_ALIAS, OF_SURE, ARTICLES, UNSURE, DESCRIBED, SAME, FOUND };

PyObject *supported(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88818118>1", given, count) < 0)
        return NULL;
    Py_ssize_t rows = length(&taken, OF_FIRST), articles = length(&taken, ARTICLES);
    const int64_t *first = ITEMS(taken, int64_t, OF_FIRST), *entry = ITEMS(taken, int64_t, OF_ENTRY);
    const int64_t *alias = ITEMS(taken, int64_t, OF_ALIAS), *same = ITEMS(taken, int64_t, SAME);
    const uint8_t *sure = ITEMS(taken, uint8_t, OF_SURE), *unsure = ITEMS(taken, uint8_t, UNSURE);
    uint8_t *found = ITEMS(taken, uint8_t, FOUND);
    if (!even(&taken, OF_FIRST, OF_SURE) || length(&taken, FOUND) != rows || !even(&taken, UNSURE, DESCRIBED))
        return refuse(&taken, "arrays of one item a match, and an alias");
    if (!are_below(entry, rows, length(&taken, SAME)) || !are_below(alias, rows, length(&taken, UNSURE)))
        return refuse(&taken, "entries and aliases that there are");
    Numbering named;
    int failed = numbering_of(&named, rows) < 0;
    int64_t described = 0, article = 0;
    for (Py_ssize_t row = 0; !failed && row < rows; row++) {
        uint64_t number = (uint64_t)article_of(ITEMS(taken, int64_t, ARTICLES), articles, &article, first[row]);
        if (sure[row])
            number_of(&named, number << 32 | (uint64_t)same[entry[row]]);
    }
    article = 0;
    for (Py_ssize_t row = 0; !failed && row < rows; row++) {
        uint64_t number = (uint64_t)article_of(ITEMS(taken, int64_t, ARTICLES), articles, &article, first[row]);
        found[row] = unsure[alias[row]] && known_number(&named, number << 32 | (uint64_t)same[entry[row]]) >= 0;
        described += unsure[alias[row]] && ITEMS(taken, uint8_t, DESCRIBED)[alias[row]];
    }
    forget(&named);
    release(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(described);
}

enum { FIRST, LENGTH, SHIFT, ALIAS, ENTRY, SURE, AT, LOW, ENDS, ABBREVIATED, KINDS,
       SPAN_FIRST, SPAN_LAST, SPAN_START, SPAN_END, SPAN_KIND, SPAN_BEGIN, MEANT, OTHERS, ARGUMENTS };

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t words = length(taken, LOW), rows = length(taken, FIRST);
    if (!even(taken, FIRST, SURE) || !even(taken, SPAN_FIRST, OTHERS) || length(taken, SPAN_FIRST) < rows)
        return "arrays of one item a match";
    if (length(taken, ENDS) != words)
        return "arrays of one item a word";
    for (Py_ssize_t row = 0; row < rows; row++) {
        int64_t first = ITEMS(*taken, int64_t, FIRST)[row], size = ITEMS(*taken, int64_t, LENGTH)[row];
        if (first < 0 || first >= words || size < 1 || size > words - first)
            return "matches of words";
        int64_t letter = ITEMS(*taken, int64_t, LOW)[first], shift = ITEMS(*taken, int64_t, SHIFT)[row];
        if (letter < 0 || shift < 0 || letter >= length(taken, AT) || shift >= length(taken, AT) - letter)
            return "words of letters";
    }
    if (!are_below(ITEMS(*taken, int64_t, ALIAS), rows, length(taken, ABBREVIATED))
        || !are_below(ITEMS(*taken, int64_t, ENTRY), rows, length(taken, KINDS)))
        return "entries and aliases that there are";
    return NULL;
}

/* Writes the span that a row begins, unless it is that of the row before; how many spans there are by then. */
static int64_t written(const Arguments *taken, Py_ssize_t row, int64_t spans, int64_t meant)
{
    int64_t first = ITEMS(*taken, int64_t, FIRST)[row], last = first + ITEMS(*taken, int64_t, LENGTH)[row];
    int64_t letter = ITEMS(*taken, int64_t, LOW)[first] + ITEMS(*taken, int64_t, SHIFT)[row];
    int64_t start = ITEMS(*taken, int64_t, AT)[letter], end = ITEMS(*taken, int64_t, ENDS)[last - 1];
    end += ITEMS(*taken, uint8_t, ABBREVIATED)[ITEMS(*taken, int64_t, ALIAS)[row]] != 0;
#define AS_BEFORE(column, value) (ITEMS(*taken, int64_t, column)[spans - 1] == (value))
    if (spans && AS_BEFORE(SPAN_FIRST, first) && AS_BEFORE(SPAN_LAST, last) && AS_BEFORE(SPAN_START, start)
        && AS_BEFORE(SPAN_END, end))
        return spans;
    ITEMS(*taken, int64_t, SPAN_FIRST)[spans] = first;
    ITEMS(*taken, int64_t, SPAN_LAST)[spans] = last;
    ITEMS(*taken, int64_t, SPAN_START)[spans] = start;
    ITEMS(*taken, int64_t, SPAN_END)[spans] = end;
    ITEMS(*taken, int64_t, SPAN_KIND)[spans] = ITEMS(*taken, int64_t, KINDS)[ITEMS(*taken, int64_t, ENTRY)[row]];
    ITEMS(*taken, int64_t, SPAN_BEGIN)[spans] = meant;
    return spans + 1;
}

PyObject *listed(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88888188818>8>8>8>8>8>8>8>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    int64_t spans = 0, meant = 0, others = 0;
    for (Py_ssize_t row = 0; row < length(&taken, FIRST); row++) {
        if (ITEMS(taken, uint8_t, SURE)[row]) {
            spans = written(&taken, row, spans, meant);
            ITEMS(taken, int64_t, MEANT)[meant++] = ITEMS(taken, int64_t, ENTRY)[row];
        } else {
            ITEMS(taken, int64_t, OTHERS)[others++] = row;
        }
    }
    release(&taken);
    return Py_BuildValue("LL", (long long)spans, (long long)others);
}
