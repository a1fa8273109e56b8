/* Names among words: Index.search and Index.agreeing of streams.entities.index. */
#include "arrays.h"
#include "characters.h"
#include "hashes.h"
#include "kernels.h"
#include "lookup.h"

#include <stdlib.h>

#define LONGEST 12
#define STEP 0xD6E8FEB86659FD93u
#define SHORTEST_STEM 3

enum { HASHES, BUCKETS, FIRST_ALIAS, SIGNATURE, WORDS, GAP, CASE, LOW, HIGH, STARTS, OPENING, SHIFTS,
       START, LENGTH, ALIAS, SHIFT, ARGUMENTS };

/* A beginning of a name: its first word, the letters of that which are left out, the word that would follow, and its
 * hash.
 */
typedef struct {
    int64_t start, shift, following;
    uint64_t node;
} Beginning;

static uint64_t signature_of(const uint8_t *word_case, int64_t start, int length)
{
    uint64_t signature = 0;
    for (int word = 0; word < length; word++)
        signature |= (uint64_t)word_case[start + word] << 2 * word;
    return signature;
}

/* Whether the case of so many words fits that of a name: as written, in capitals, or, of several, capitalised. */
static int agrees(uint64_t found, uint64_t wanted, int words, int64_t letters, int64_t shift)
{
    int last_place = 2 * (words - 1), several = words > 1;
    uint64_t capitals = 0xAAAAAAAAu & (((uint64_t)1 << (last_place + 2)) - 1);
    int shouted = found == capitals && (several || letters > 3) && wanted != 0;
    int loose = several && found >> last_place && wanted >> last_place && ((found & 3) || !(wanted & 3));
    int whole = several || shift == 0 || letters - shift >= SHORTEST_STEM;
    return (found == wanted || shouted || loose) && whole;
}

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t words = length(taken, WORDS), starts = length(taken, STARTS);
    for (int place = GAP; place <= HIGH; place++)
        if (length(taken, place) != words)
            return "arrays of one item a word";
    if (length(taken, OPENING) != starts || length(taken, SHIFTS) != starts)
        return "arrays of one item a start";
    if (!are_below(ITEMS(*taken, int64_t, STARTS), starts, words))
        return "starts that are words";
    for (int place = START; place < ARGUMENTS; place++)
        if (length(taken, place) != length(taken, START))
            return "as much room for each column";
    return length(taken, FIRST_ALIAS) == length(taken, HASHES) + 1 ? NULL : "aliases of every hash, and an end";
}

/* Writes the aliases at `place` that agree with the words, as far as there is room; how many there are by then. */
static int64_t written(const Arguments *taken, int64_t place, const Beginning *begun, int words, int64_t count)
{
    int64_t start = begun->start, shift = begun->shift;
    int64_t letters = ITEMS(*taken, int64_t, HIGH)[start] - ITEMS(*taken, int64_t, LOW)[start];
    int64_t alias = ITEMS(*taken, int64_t, FIRST_ALIAS)[place], end = ITEMS(*taken, int64_t, FIRST_ALIAS)[place + 1];
    uint64_t signature = signature_of(ITEMS(*taken, uint8_t, CASE), start, words);
    end = end < length(taken, SIGNATURE) ? end : length(taken, SIGNATURE);
    for (alias = alias < 0 ? 0 : alias; alias < end; alias++) {
        if (!agrees(signature, ITEMS(*taken, uint64_t, SIGNATURE)[alias], words, letters, shift))
            continue;
        if (count < length(taken, START)) {
            ITEMS(*taken, int64_t, START)[count] = start;
            ITEMS(*taken, int64_t, LENGTH)[count] = words;
            ITEMS(*taken, int64_t, ALIAS)[count] = alias;
            ITEMS(*taken, int64_t, SHIFT)[count] = shift;
        }
        count++;
    }
    return count;
}

PyObject *names(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Lookup lookup;
    if (take(&taken, "848881188888>8>8>8>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    if (lookup_of(&lookup, &taken, HASHES) < 0)
        return release(&taken);
    Py_ssize_t words = length(&taken, WORDS), more = length(&taken, STARTS), alive = words + more;
    Beginning *begun = malloc((size_t)(alive + 1) * sizeof(Beginning));
    if (!begun) {
        release(&taken);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t word = 0; word < words; word++)
        begun[word] = (Beginning){word, 0, word + 1, mixed(ITEMS(taken, uint64_t, WORDS)[word])};
    for (Py_ssize_t row = 0; row < more; row++) {
        int64_t start = ITEMS(taken, int64_t, STARTS)[row];
        begun[words + row] = (Beginning){start, ITEMS(taken, int64_t, SHIFTS)[row], start + 1,
                                         mixed(ITEMS(taken, uint64_t, OPENING)[row])};
    }
    for (Py_ssize_t row = 0; row < alive; row++)
        fetch(&lookup, begun[row].node);
    int64_t found = 0;
    for (int size = 1; size <= LONGEST && alive; size++) {
        Py_ssize_t going_on = 0;
        for (Py_ssize_t row = 0; row < alive; row++)
            fetch_bucket(&lookup, begun[row].node);
        for (Py_ssize_t row = 0; row < alive; row++) {
            Beginning one = begun[row];
            int64_t place = position(&lookup, one.node);
            if (place < 0)
                continue;
            found = written(&taken, place, &one, size, found);
            if (one.following == words || ITEMS(taken, uint8_t, GAP)[one.following] == HARD)
                continue;
            one.node = mixed(one.node * STEP + ITEMS(taken, uint64_t, WORDS)[one.following++]);
            fetch(&lookup, one.node);
            begun[going_on++] = one;
        }
        alive = going_on;
    }
    free(begun);
    return answer(&taken, found);
}
