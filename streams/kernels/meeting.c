/* Where words stand, and which conditions the sentences of a text may meet: streams.rules.meeting. */
#include "arrays.h"
#include "kernels.h"

#include <string.h>

PyObject *places_of(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "44>4", given, count) < 0)
        return NULL;
    Py_ssize_t words = length(&taken, 0), sought = length(&taken, 1), found = 0;
    if (length(&taken, 2) < words)
        return refuse(&taken, "room for every word");
    const int32_t *numbers = ITEMS(taken, const int32_t, 0), *wanted = ITEMS(taken, const int32_t, 1);
    int32_t *places = ITEMS(taken, int32_t, 2);
    for (Py_ssize_t word = 0; word < words; word++) {
        int is_one = 0;
        for (Py_ssize_t one = 0; one < sought; one++)
            is_one |= numbers[word] == wanted[one];
        places[found] = (int32_t)word;
        found += is_one;
    }
    return answer(&taken, found);
}

/* Where the groups of a word begin, first their count; -1 where they are not known. */
static inline int32_t groups_of(const Arguments *taken, int32_t number)
{
    if (number < 0 || number >= length(taken, 2))
        return -1;
    int32_t at = ITEMS(*taken, const int32_t, 2)[number];
    Py_ssize_t size = length(taken, 3);
    return at < 0 || at >= size || at + ITEMS(*taken, const uint16_t, 3)[at] >= size ? -1 : at;
}

/* Adds up the groups of each sentence and, last, of all; the words without go to `unknown`, and are counted. */
static Py_ssize_t add_up(const Arguments *taken, uint64_t *sums, Py_ssize_t width, int32_t *unknown)
{
    const int32_t *numbers = ITEMS(*taken, const int32_t, 0), *firsts = ITEMS(*taken, const int32_t, 1);
    const uint16_t *groups = ITEMS(*taken, const uint16_t, 3);
    Py_ssize_t words = length(taken, 0), sentences = length(taken, 1), missing = 0;
    memset(sums, 0, (size_t)((sentences + 1) * width) * sizeof(uint64_t));
    for (Py_ssize_t one = 0; one < sentences; one++) {
        Py_ssize_t low = firsts[one], high = one + 1 < sentences ? firsts[one + 1] : words;
        uint64_t *restrict sum = sums + one * width, *restrict all = sums + sentences * width;
        for (Py_ssize_t word = low < 0 ? words : low; word < high && word < words; word++) {
            int32_t at = groups_of(taken, numbers[word]);
            if (at < 0) {
                if (missing < words)
                    unknown[missing++] = numbers[word];
                continue;
            }
            for (int32_t last = at + groups[at]; at++ < last;)
                if (groups[at] < width * 64)
                    sum[groups[at] >> 6] |= UINT64_C(1) << (groups[at] & 63);
        }
        for (Py_ssize_t at = 0; at < width; at++)
            all[at] |= sum[at];
    }
    return missing;
}

#define LEVELS 5
#define IN(sum, group) ((sum)[(group) >> 6] >> ((group) & 63) & 1)

static inline int has_all(const uint64_t *sum, const int16_t *need)
{
    for (int level = 0; level < LEVELS && need[level] >= 0; level++)
        if (!IN(sum, need[level]))
            return 0;
    return 1;
}

/* Gives a sentence, and all, the groups that a need adds: `added` holds their count, then themselves. */
static inline void add_groups(const uint16_t *added, uint64_t *sum, uint64_t *all, Py_ssize_t width)
{
    for (const uint16_t *last = added + *added; added++ < last;)
        if (*added < width * 64) {
            sum[*added >> 6] |= UINT64_C(1) << (*added & 63);
            all[*added >> 6] |= UINT64_C(1) << (*added & 63);
        }
}

/* Whether the groups that each need adds stand in the array of these. */
static int adds_are_held(const Arguments *taken, Py_ssize_t needs)
{
    const int32_t *adds = ITEMS(*taken, const int32_t, 5);
    const uint16_t *added = ITEMS(*taken, const uint16_t, 6);
    Py_ssize_t size = length(taken, 6);
    if (length(taken, 5) < needs)
        return 0;
    for (Py_ssize_t one = 0; one < needs; one++)
        if (adds[one] < 0 || adds[one] >= size || adds[one] + added[adds[one]] >= size)
            return 0;
    return 1;
}

PyObject *meet_needs(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "4442242>8>4>8>4", given, count) < 0)
        return NULL;
    Py_ssize_t sentences = length(&taken, 1), needs = length(&taken, 4) / LEVELS, met = 0;
    Py_ssize_t width = length(&taken, 7) / (sentences + 1), blocks = (sentences + 63) / 64;
    if (width < 1 || length(&taken, 10) < length(&taken, 0))
        return refuse(&taken, "room for the groups of every sentence and for every word");
    if (length(&taken, 8) < needs || length(&taken, 9) < needs * blocks)
        return refuse(&taken, "room for every need");
    const int16_t *need = ITEMS(taken, const int16_t, 4);
    for (Py_ssize_t at = 0; at < needs * LEVELS; at++)
        if (need[at] >= width * 64)
            return refuse(&taken, "needs of these groups");
    if (!adds_are_held(&taken, needs))
        return refuse(&taken, "the groups that every need adds");
    const int32_t *adds = ITEMS(taken, const int32_t, 5);
    const uint16_t *added = ITEMS(taken, const uint16_t, 6);
    uint64_t *sums = ITEMS(taken, uint64_t, 7), *masks = ITEMS(taken, uint64_t, 9);
    int32_t *numbers = ITEMS(taken, int32_t, 8);
    Py_ssize_t missing = add_up(&taken, sums, width, ITEMS(taken, int32_t, 10));
    if (missing)
        return answer(&taken, -missing);
    uint64_t *all = sums + sentences * width;
    for (Py_ssize_t one = 0; one < needs; one++, need += LEVELS) {
        if (!has_all(all, need))
            continue;
        uint64_t *mask = masks + met * blocks, any = 0;
        memset(mask, 0, (size_t)blocks * sizeof(uint64_t));
        for (Py_ssize_t at = 0; at < sentences; at++)
            if (has_all(sums + at * width, need)) {
                any = mask[at >> 6] |= UINT64_C(1) << (at & 63);
                add_groups(added + adds[one], sums + at * width, all, width);
            }
        if (any)
            numbers[met++] = (int32_t)one + 1;
    }
    return answer(&taken, met);
}
