/* Rings of the latest entries of each term: streams.dedup.rings. */
#include "arrays.h"
#include "kernels.h"
#include "scratch.h"

#define LATEST 16
#define MOST_ASKED 64

static uint32_t ring_of(uint32_t asked, int64_t bits) { return asked * 0x9E3779B1u >> (32 - bits); }

/* Asks for a ring, which is soon read: the rings are larger than the processor's cache. */
static inline void fetch(const int32_t *rings, uint32_t ring)
{
    FETCH(rings + (int64_t)ring * LATEST);
}

PyObject *ring_put(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { RINGS, TURNS, BITS, ENTRIES, ASKED };
    Arguments taken;
    if (take(&taken, ">4>1n84", given, count) < 0)
        return NULL;
    int64_t bits = NUMBER(taken, BITS), terms = length(&taken, ASKED), entries = length(&taken, ENTRIES);
    if (bits < 1 || bits > 30 || length(&taken, TURNS) >> bits == 0 || length(&taken, RINGS) >> bits < LATEST)
        return refuse(&taken, "as many rings as that power of two");
    if (entries != terms && entries != 1)
        return refuse(&taken, "an entry for every term, or one");
    int32_t *rings = ITEMS(taken, int32_t, RINGS);
    uint8_t *turns = ITEMS(taken, uint8_t, TURNS);
    const uint32_t *asked = ITEMS(taken, uint32_t, ASKED);
    for (int64_t at = 0, ahead = 0; at < terms; at++) {
        for (; ahead < terms && ahead < at + MOST_ASKED; ahead++)
            fetch(rings, ring_of(asked[ahead], bits));
        uint32_t ring = ring_of(asked[at], bits);
        int32_t entry = (int32_t)(ITEMS(taken, int64_t, ENTRIES)[entries == 1 ? 0 : at] + 1);
        int32_t *row = rings + (int64_t)ring * LATEST;
        uint8_t turn = turns[ring] % LATEST;
        if (row[(turn + LATEST - 1) % LATEST] == entry) /* two terms of an article may share a ring */
            continue;
        row[turn] = entry;
        turns[ring] = (uint8_t)((turn + 1) % LATEST);
    }
    return done(&taken);
}

/* Entries, each once, in how many rings; those in most of them first, and of these the latest. */
static int64_t ranked(const uint64_t *ordered, int64_t count, int64_t most, uint64_t *ranks, uint64_t *room,
                      int64_t *entries)
{
    int64_t different = 0;
    for (int64_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && ordered[end] == ordered[first];)
            end++;
        ranks[different++] = (uint64_t)(end - first) << 32 | ordered[first];
    }
    int64_t kept = different < most ? different : most;
    if (different > most)
        sort_numbers(ranks, different, 48, room);
    for (int64_t at = 0; at < kept; at++)
        entries[at] = (int64_t)(ranks[different > most ? different - 1 - at : at] & UINT32_MAX) - 1;
    return kept;
}

PyObject *ring_latest(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { RINGS, BITS, ASKED, BASE, ENTRIES };
    Arguments taken;
    if (take(&taken, "4n4n>8", given, count) < 0)
        return NULL;
    int64_t bits = NUMBER(taken, BITS), terms = length(&taken, ASKED), found = 0;
    if (bits < 1 || bits > 30 || length(&taken, RINGS) >> bits < LATEST)
        return refuse(&taken, "as many rings as that power of two");
    if (terms > MOST_ASKED)
        return refuse(&taken, "fewer terms");
    uint64_t held[MOST_ASKED * LATEST], room[MOST_ASKED * LATEST], ranks[MOST_ASKED * LATEST];
    const int32_t *rings = ITEMS(taken, int32_t, RINGS);
    const uint32_t *asked = ITEMS(taken, uint32_t, ASKED);
    for (int64_t at = 0; at < terms; at++)
        fetch(rings, ring_of(asked[at], bits));
    for (int64_t at = 0; at < terms; at++) {
        const int32_t *row = rings + (int64_t)ring_of(asked[at], bits) * LATEST;
        for (int turn = 0; turn < LATEST; turn++)
            if (row[turn] > NUMBER(taken, BASE) && row[turn] > 0)
                held[found++] = (uint64_t)row[turn];
    }
    sort_numbers(held, found, 32, room);
    return answer(&taken, ranked(held, found, length(&taken, ENTRIES), ranks, room, ITEMS(taken, int64_t, ENTRIES)));
}
