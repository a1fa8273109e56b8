/* The best labels of segments: viterbi of streams.entities.model. */
#include "arrays.h"
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#define LABELS 9

enum { SCORES, SEGMENTS, STARTING, FOLLOWS, CHOSEN };

static int best_of(const float *score)
{
    int best = 0;
    for (int label = 1; label < LABELS; label++)
        if (score[label] > score[best])
            best = label;
    return best;
}

/* The labels of one segment; `best` holds the scores of its words, and then those of the best ways to each label. */
static void decode(float *best, int64_t size, const float *starting, const float *follows, int64_t *chosen)
{
    for (int label = 0; label < LABELS; label++)
        best[label] += starting[label];
    for (int64_t word = 1; word < size; word++) {
        const float *before = best + (word - 1) * LABELS;
        for (int label = 0; label < LABELS; label++) {
            float most = before[0] + follows[label];
            for (int earlier = 1; earlier < LABELS; earlier++) {
                float way = before[earlier] + follows[earlier * LABELS + label];
                most = way > most ? way : most;
            }
            best[word * LABELS + label] += most;
        }
    }
    chosen[size - 1] = best_of(best + (size - 1) * LABELS);
    for (int64_t word = size - 2; word >= 0; word--) {
        float way[LABELS];
        for (int label = 0; label < LABELS; label++)
            way[label] = best[word * LABELS + label] + follows[label * LABELS + chosen[word + 1]];
        chosen[word] = best_of(way);
    }
}

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t segments = length(taken, SEGMENTS) - 1, words = length(taken, CHOSEN);
    const int64_t *first = ITEMS(*taken, int64_t, SEGMENTS);
    if (length(taken, SCORES) != words * LABELS || length(taken, STARTING) != LABELS
        || length(taken, FOLLOWS) != LABELS * LABELS)
        return "scores of nine labels";
    if (segments < 0 || first[0] != 0 || first[segments] != words)
        return "segments of all words";
    for (Py_ssize_t segment = 0; segment < segments; segment++)
        if (first[segment] >= first[segment + 1])
            return "segments of one word at least";
    return NULL;
}

PyObject *viterbi(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "4844>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    size_t size = (size_t)taken.view[SCORES].len;
    float *best = malloc(size + 1);
    if (!best) {
        release(&taken);
        return PyErr_NoMemory();
    }
    if (size)
        memcpy(best, taken.view[SCORES].buf, size);
    const int64_t *first = ITEMS(taken, int64_t, SEGMENTS);
    for (Py_ssize_t segment = 0; segment + 1 < length(&taken, SEGMENTS); segment++)
        decode(best + first[segment] * LABELS, first[segment + 1] - first[segment], ITEMS(taken, float, STARTING),
               ITEMS(taken, float, FOLLOWS), ITEMS(taken, int64_t, CHOSEN) + first[segment]);
    free(best);
    return done(&taken);
}
