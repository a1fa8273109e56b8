/* Groups that share prints with a text, and what a text adds to one: streams.dedup.copies. */
#include "arrays.h"
#include "kernels.h"
#include "scratch.h"

#define STOP 3
#define SHARED 4
#define FEW 64

static int64_t *room_for(int64_t count, int64_t *few, int64_t **kept)
{
    *kept = count <= FEW ? NULL : malloc((size_t)count * sizeof(int64_t));
    return count <= FEW ? few : *kept;
}

/* Sorts a few numbers, which come nearly in order. */
static void insert_sorted(int64_t *numbers, int64_t count, int64_t number)
{
    for (; count > 0 && numbers[count - 1] > number; count--)
        numbers[count] = numbers[count - 1];
    numbers[count] = number;
}

static int is_among(const uint32_t *ordered, int64_t count, uint32_t wanted)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (ordered[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && ordered[low] == wanted;
}

static int ascending(const void *one, const void *other)
{
    int64_t first = *(const int64_t *)one, second = *(const int64_t *)other;
    return (first > second) - (first < second);
}

/* The groups of postings whose print counts, ascending; how many. */
static int64_t counted(const int64_t *index, const int64_t *groups, int64_t found, const int64_t *counts,
                       int64_t *ordered)
{
    int64_t count = 0;
    for (int64_t at = 0; at < found; at++)
        if (counts[index[at]] < STOP) {
            if (found <= FEW)
                insert_sorted(ordered, count, groups[at]);
            else
                ordered[count] = groups[at];
            count++;
        }
    if (found > FEW)
        qsort(ordered, (size_t)count, sizeof(int64_t), ascending);
    return count;
}

static int64_t write_likely(const int64_t *ordered, int64_t count, int64_t *numbers, int64_t *shared)
{
    int64_t likely = 0;
    for (int64_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && ordered[end] == ordered[first];)
            end++;
        if (end - first >= SHARED) {
            numbers[likely] = ordered[first];
            shared[likely++] = end - first;
        }
    }
    return likely;
}

PyObject *sharing(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { PRINTS, STOPS, INDEX, GROUPS, COUNTS, NUMBERS, SHARES };
    Arguments taken;
    if (take(&taken, "4488>8>8>8", given, count) < 0)
        return NULL;
    int64_t prints = length(&taken, PRINTS), found = length(&taken, INDEX);
    int64_t *index = ITEMS(taken, int64_t, INDEX), *counts = ITEMS(taken, int64_t, COUNTS);
    if (length(&taken, GROUPS) != found || length(&taken, COUNTS) != prints)
        return refuse(&taken, "a group for every posting, and a count for every print");
    if (length(&taken, NUMBERS) < found / SHARED || length(&taken, SHARES) < found / SHARED)
        return refuse(&taken, "room for every group");
    for (int64_t print = 0; print < prints; print++)
        counts[print] = 0;
    for (int64_t at = 0; at < found; at++) {
        if (index[at] < 0 || index[at] >= prints)
            return refuse(&taken, "postings of the prints");
        counts[index[at]]++;
    }
    for (int64_t print = 0; length(&taken, STOPS) && print < prints; print++)
        if (is_among(ITEMS(taken, uint32_t, STOPS), length(&taken, STOPS), ITEMS(taken, uint32_t, PRINTS)[print]))
            counts[print] = STOP;
    int64_t few[FEW], *kept, *ordered = room_for(found, few, &kept), likely = 0;
    if (ordered) {
        int64_t ones = counted(index, ITEMS(taken, int64_t, GROUPS), found, counts, ordered);
        likely = write_likely(ordered, ones, ITEMS(taken, int64_t, NUMBERS), ITEMS(taken, int64_t, SHARES));
    }
    free(kept);
    if (ordered)
        return answer(&taken, likely);
    release(&taken);
    return PyErr_NoMemory();
}

PyObject *additions(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { PRINTS, INDEX, GROUPS, COUNTS, GROUP, ADDED, STOPPED };
    Arguments taken;
    if (take(&taken, "4888n>4>4", given, count) < 0)
        return NULL;
    int64_t prints = length(&taken, PRINTS), found = length(&taken, INDEX), group = NUMBER(taken, GROUP);
    int64_t *index = ITEMS(taken, int64_t, INDEX), *groups = ITEMS(taken, int64_t, GROUPS);
    int64_t *counts = ITEMS(taken, int64_t, COUNTS);
    if (length(&taken, GROUPS) != found || length(&taken, COUNTS) != prints)
        return refuse(&taken, "a group for every posting, and a count for every print");
    if (length(&taken, ADDED) < prints || length(&taken, STOPPED) < STOP * prints)
        return refuse(&taken, "room for every print");
    for (int64_t at = 0; at < found; at++)
        if (index[at] < 0 || index[at] >= prints)
            return refuse(&taken, "postings of the prints");
    uint8_t *has = calloc((size_t)prints + 1, 1);
    if (!has) {
        release(&taken);
        return PyErr_NoMemory();
    }
    for (int64_t at = 0; at < found; at++)
        has[index[at]] |= groups[at] == group;
    const uint32_t *print = ITEMS(taken, uint32_t, PRINTS);
    uint32_t *added = ITEMS(taken, uint32_t, ADDED), *row = ITEMS(taken, uint32_t, STOPPED);
    int64_t more = 0, stopped = 0;
    for (int64_t at = 0; at < prints; at++) {
        if (has[at] || counts[at] >= STOP)
            continue;
        added[more++] = print[at];
        if (counts[at] != STOP - 1)
            continue;
        uint32_t *others = row + STOP * stopped++;
        others[0] = print[at];
        others[1] = others[2] = 0;
        int other = 1;
        for (int64_t posting = 0; posting < found && other < STOP; posting++)
            if (index[posting] == at)
                others[other++] = (uint32_t)groups[posting];
        if (others[1] > others[2]) {
            uint32_t greater = others[1];
            others[1] = others[2];
            others[2] = greater;
        }
    }
    free(has);
    release(&taken);
    return Py_BuildValue("(LL)", (long long)more, (long long)stopped);
}
