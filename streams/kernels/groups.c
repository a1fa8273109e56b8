/* Groups that share prints with a text, and what a text adds to one: streams.dedup.copies. */
#include "arrays.h"
#include "kernels.h"
#include "scratch.h"
#include "search.h"

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

SEARCH(among_stops, uint32_t)

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
    if (!are_below(index, found, prints))
        return refuse(&taken, "postings of the prints");
    for (int64_t print = 0; print < prints; print++)
        counts[print] = 0;
    for (int64_t at = 0; at < found; at++)
        counts[index[at]]++;
    const uint32_t *print_at = ITEMS(taken, uint32_t, PRINTS), *stops = ITEMS(taken, uint32_t, STOPS);
    for (int64_t print = 0; length(&taken, STOPS) && print < prints; print++)
        if (among_stops(stops, length(&taken, STOPS), print_at[print]) >= 0)
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

/* Writes a print that counts no more, and the groups that have it beside the new one, ascending. */
static void write_stopped(const int64_t *index, const int64_t *groups, int64_t found, int64_t at, uint32_t *row)
{
    int other = 1;
    row[1] = row[2] = 0;
    for (int64_t posting = 0; posting < found && other < STOP; posting++)
        if (index[posting] == at)
            row[other++] = (uint32_t)groups[posting];
    if (row[1] > row[2]) {
        uint32_t greater = row[1];
        row[1] = row[2];
        row[2] = greater;
    }
}

PyObject *additions(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { PRINTS, INDEX, GROUPS, COUNTS, GROUP, ADDED, STOPPED };
    Arguments taken;
    if (take(&taken, "4888n>4>4", given, count) < 0)
        return NULL;
    int64_t prints = length(&taken, PRINTS), found = length(&taken, INDEX), more = 0, stopped = 0;
    const int64_t *index = ITEMS(taken, int64_t, INDEX), *groups = ITEMS(taken, int64_t, GROUPS);
    const int64_t *counts = ITEMS(taken, int64_t, COUNTS);
    if (length(&taken, GROUPS) != found || length(&taken, COUNTS) != prints)
        return refuse(&taken, "a group for every posting, and a count for every print");
    if (length(&taken, ADDED) < prints || length(&taken, STOPPED) < STOP * prints)
        return refuse(&taken, "room for every print");
    if (!are_below(index, found, prints))
        return refuse(&taken, "postings of the prints");
    uint8_t *has = calloc((size_t)prints + 1, 1);
    if (!has) {
        release(&taken);
        return PyErr_NoMemory();
    }
    for (int64_t at = 0; at < found; at++)
        has[index[at]] |= groups[at] == NUMBER(taken, GROUP);
    const uint32_t *print = ITEMS(taken, uint32_t, PRINTS);
    for (int64_t at = 0; at < prints; at++) {
        if (has[at] || counts[at] >= STOP)
            continue;
        ITEMS(taken, uint32_t, ADDED)[more++] = print[at];
        if (counts[at] != STOP - 1)
            continue;
        uint32_t *row = ITEMS(taken, uint32_t, STOPPED) + STOP * stopped++;
        row[0] = print[at];
        write_stopped(index, groups, found, at, row);
    }
    free(has);
    release(&taken);
    return Py_BuildValue("(LL)", (long long)more, (long long)stopped);
}
