/* Sums of oblivious trees over rows: streams.text.classifier. */
#include "arrays.h"
#include "kernels.h"

#include <stdlib.h>

enum { COLUMNS, THRESHOLDS, ASKED, VALUES, TABLE, SUMS };
enum { BLOCK = 32, DEEPEST = 8 };
/* Rows that are looked at together: a compiler makes a few instructions of what is done to all of them. */

typedef struct {
    const int64_t *columns, *asked;
    const double *thresholds, *values, *table;
    double *sums;
    Py_ssize_t questions, trees, rows;
    int depth;
    uint8_t *answers; /* BLOCK of each question */
} Trees;

static void answer_questions(const Trees *trees, Py_ssize_t first, int count)
{
    for (Py_ssize_t question = 0; question < trees->questions; question++) {
        const double *row = trees->table + trees->columns[question] * trees->rows + first;
        double threshold = trees->thresholds[question];
        uint8_t *answers = trees->answers + question * BLOCK;
        for (int place = 0; place < count; place++)
            answers[place] = row[place] > threshold;
    }
}

static void add_leaves(const Trees *trees, Py_ssize_t first, int count)
{
    double sums[BLOCK] = {0};
    for (Py_ssize_t tree = 0; tree < trees->trees; tree++) {
        const int64_t *asked = trees->asked + tree * trees->depth;
        const double *values = trees->values + ((size_t)tree << trees->depth);
        uint8_t leaves[BLOCK] = {0};
        for (int level = 0; level < trees->depth; level++) {
            const uint8_t *answers = trees->answers + asked[level] * BLOCK;
            for (int place = 0; place < BLOCK; place++)
                leaves[place] = (uint8_t)(2 * leaves[place] + answers[place]);
        }
        for (int place = 0; place < count; place++)
            sums[place] += values[leaves[place]];
    }
    for (int place = 0; place < count; place++)
        trees->sums[first + place] = sums[place];
}

static const char *misfit(const Trees *trees, const Arguments *taken)
{
    if (trees->depth < 1 || trees->depth > DEEPEST || trees->trees << trees->depth != length(taken, VALUES))
        return "a value for every leaf";
    if (length(taken, THRESHOLDS) != trees->questions || trees->questions == 0)
        return "a threshold for every question";
    Py_ssize_t features = trees->rows ? length(taken, TABLE) / trees->rows : 0;
    if (features * trees->rows != length(taken, TABLE))
        return "every feature of every row";
    if (!are_below(trees->columns, trees->questions, features))
        return "questions about features of the table";
    return are_below(trees->asked, length(taken, ASKED), trees->questions) ? NULL : "trees of these questions";
}

PyObject *tree_sums(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88888>8n", given, count) < 0)
        return NULL;
    int64_t depth = NUMBER(taken, SUMS + 1);
    Trees trees = {ITEMS(taken, int64_t, COLUMNS), ITEMS(taken, int64_t, ASKED), ITEMS(taken, double, THRESHOLDS),
                   ITEMS(taken, double, VALUES), ITEMS(taken, double, TABLE), ITEMS(taken, double, SUMS),
                   length(&taken, COLUMNS), 0, length(&taken, SUMS), depth > 0 && depth <= DEEPEST ? (int)depth : 0, NULL};
    trees.trees = trees.depth ? length(&taken, ASKED) / trees.depth : 0;
    const char *expected = trees.trees * trees.depth != length(&taken, ASKED) ? "trees of one depth" : NULL;
    if (expected || (trees.rows && (expected = misfit(&trees, &taken))))
        return refuse(&taken, expected);
    trees.answers = calloc((size_t)trees.questions + 1, BLOCK);
    if (!trees.answers)
        return refuse(&taken, "memory");
    for (Py_ssize_t first = 0; first < trees.rows; first += BLOCK) {
        int rows = trees.rows - first < BLOCK ? (int)(trees.rows - first) : BLOCK;
        answer_questions(&trees, first, rows);
        add_leaves(&trees, first, rows);
    }
    free(trees.answers);
    return done(&taken);
}
