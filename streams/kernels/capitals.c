/* What of each article is looked at: streams.entities.screening. */
#include "arrays.h"
#include "characters.h"
#include "kernels.h"
#include "marks.h"

#define COMMON 3

enum { CASE, SCRIPT, OPENS, GAP, LEVEL, MARKS, ARTICLES, NUMBERS, EDGES, SMALL };

/* Whether a capitalised word may name something. */
static int may_name(const Arguments *taken, int64_t word, int64_t words)
{
    int word_case = ITEMS(*taken, uint8_t, CASE)[word], next = word + 1 < words;
    if (word_case == LOWER || ITEMS(*taken, uint8_t, SCRIPT)[word] != LATIN)
        return 0;
    if (ITEMS(*taken, uint8_t, LEVEL)[word] < COMMON || (!ITEMS(*taken, uint8_t, OPENS)[word] && word_case == INITIAL))
        return 1;
    return next && ITEMS(*taken, uint16_t, MARKS)[word + 1] & REPORTS && ITEMS(*taken, uint8_t, GAP)[word + 1] == SOFT;
}

PyObject *capitals(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "1111128>8>8>8", given, count) < 0)
        return NULL;
    Py_ssize_t words = length(&taken, CASE), articles = length(&taken, SMALL);
    const int64_t *edges = ITEMS(taken, int64_t, ARTICLES);
    for (int place = SCRIPT; place <= NUMBERS; place++)
        if (place != ARTICLES && length(&taken, place) != words)
            return refuse(&taken, "arrays of one item a word");
    if (length(&taken, ARTICLES) != articles + 1 || length(&taken, EDGES) != articles + 1)
        return refuse(&taken, "an edge of every article, and an end");
    for (Py_ssize_t article = 0; article < articles; article++)
        if (edges[article] < 0 || edges[article] > edges[article + 1] || edges[article + 1] > words)
            return refuse(&taken, "articles in order");
    int64_t found = 0;
    for (Py_ssize_t article = 0; article < articles; article++) {
        int64_t small = 0;
        ITEMS(taken, int64_t, EDGES)[article] = found;
        for (int64_t word = edges[article]; word < edges[article + 1]; word++) {
            small += (ITEMS(taken, uint16_t, MARKS)[word] & FUNCTION) != 0;
            ITEMS(taken, int64_t, NUMBERS)[found] = word;
            found += may_name(&taken, word, words);
        }
        ITEMS(taken, int64_t, SMALL)[article] = small;
    }
    ITEMS(taken, int64_t, EDGES)[articles] = found;
    return answer(&taken, found);
}
