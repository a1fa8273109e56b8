/* Sums of oblivious trees over rows: streams.text.classifier. */
#include "arrays.h"
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
    Py_ssize_t features;
    double *block; /* BLOCK of each feature */
} Trees;

/* The columns of `count` rows from `first` on, each with room for a block: loops of a known length are a few
 * instructions, and what they find in the rest of a block is not read. */
static void take_block(const Trees *trees, Py_ssize_t first, int count)
{
    for (Py_ssize_t feature = 0; feature < trees->features; feature++)
        memcpy(trees->block + feature * BLOCK, trees->table + feature * trees->rows + first, (size_t)count * sizeof(double));
}

/* Which of a block's values are above a threshold, a byte each. */
#ifdef __SSE2__
static inline __m128i above(const double *row, __m128d threshold)
{
    __m128 low = _mm_castpd_ps(_mm_cmpgt_pd(_mm_loadu_pd(row), threshold));
    __m128 high = _mm_castpd_ps(_mm_cmpgt_pd(_mm_loadu_pd(row + 2), threshold));
    return _mm_castps_si128(_mm_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0)));
}

static void compare(const double *row, double threshold, uint8_t *answers)
{
    __m128d limit = _mm_set1_pd(threshold);
    for (int place = 0; place < BLOCK; place += 16) {
        const double *values = row + place;
        __m128i low = _mm_packs_epi32(above(values, limit), above(values + 4, limit));
        __m128i high = _mm_packs_epi32(above(values + 8, limit), above(values + 12, limit));
        __m128i bytes = _mm_and_si128(_mm_packs_epi16(low, high), _mm_set1_epi8(1));
        _mm_storeu_si128((__m128i *)(answers + place), bytes);
    }
}
#else
static void compare(const double *row, double threshold, uint8_t *answers)
{
    for (int place = 0; place < BLOCK; place++)
        answers[place] = row[place] > threshold;
}
#endif

static void answer_questions(const Trees *trees)
{
    for (Py_ssize_t question = 0; question < trees->questions; question++)
        compare(trees->block + trees->columns[question] * BLOCK, trees->thresholds[question],
                trees->answers + question * BLOCK);
}

/* The leaf of each row of a block: what the levels answered as bits. Bytes are doubled by eights, as none overflows. */
static void find_leaves(const Trees *trees, const int64_t *asked, uint8_t *leaves)
{
    uint64_t eights[BLOCK / 8] = {0}, answers[BLOCK / 8];
    for (int level = 0; level < trees->depth; level++) {
        memcpy(answers, trees->answers + asked[level] * BLOCK, BLOCK);
        for (int place = 0; place < BLOCK / 8; place++)
            eights[place] = 2 * eights[place] + answers[place];
    }
    memcpy(leaves, eights, BLOCK);
}

static void add_leaves(const Trees *trees, Py_ssize_t first, int count)
{
    double sums[BLOCK] = {0};
    for (Py_ssize_t tree = 0; tree < trees->trees; tree++) {
        const double *values = trees->values + ((size_t)tree << trees->depth);
        uint8_t leaves[BLOCK];
        find_leaves(trees, trees->asked + tree * trees->depth, leaves);
        for (int place = 0; place < count; place++)
            sums[place] += values[leaves[place]];
    }
    memcpy(trees->sums + first, sums, (size_t)count * sizeof(double));
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
                   length(&taken, COLUMNS), 0, length(&taken, SUMS), depth > 0 && depth <= DEEPEST ? (int)depth : 0, NULL, 0, NULL};
    trees.trees = trees.depth ? length(&taken, ASKED) / trees.depth : 0;
    const char *expected = trees.trees * trees.depth != length(&taken, ASKED) ? "trees of one depth" : NULL;
    if (expected || (trees.rows && (expected = misfit(&trees, &taken))))
        return refuse(&taken, expected);
    trees.features = trees.rows ? length(&taken, TABLE) / trees.rows : 0;
    trees.answers = malloc(((size_t)trees.questions + 1) * BLOCK);
    trees.block = calloc((size_t)trees.features + 1, BLOCK * sizeof(double));
    if (!trees.answers || !trees.block) {
        free(trees.answers);
        free(trees.block);
        return refuse(&taken, "memory");
    }
    for (Py_ssize_t first = 0; first < trees.rows; first += BLOCK) {
        int rows = trees.rows - first < BLOCK ? (int)(trees.rows - first) : BLOCK;
        take_block(&trees, first, rows);
        answer_questions(&trees);
        add_leaves(&trees, first, rows);
    }
    free(trees.answers);
    free(trees.block);
    return done(&taken);
}
