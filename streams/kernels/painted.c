/* What tables say of the words of names: painted of streams.entities.clues. */
#include "kernels.h"
#include "matches.h"

#include <string.h>

#define SEVERAL_WORDS ((uint64_t)1 << 4)
#define LAST_WORD ((uint64_t)1 << 32)

enum { MATCHES, OWNER = 3, FIRST_BITS, OTHER_BITS, FOUND, ARGUMENTS };

PyObject *painted(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "888888>8", given, count) < 0)
        return NULL;
    const Matches matches = matches_of(&taken, MATCHES);
    const int64_t *owner = ITEMS(taken, int64_t, OWNER);
    uint64_t *found = ITEMS(taken, uint64_t, FOUND);
    if (!even(&taken, MATCHES, MATCHES + 2) || !even(&taken, FIRST_BITS, OTHER_BITS))
        return refuse(&taken, "arrays of one item a match, and an entry");
    if (!within(&matches, length(&taken, FOUND), length(&taken, OWNER)))
        return refuse(&taken, "matches within the words and aliases");
    if (!are_owned(&matches, owner, length(&taken, FIRST_BITS)))
        return refuse(&taken, "owners that are entries");
    if (length(&taken, FOUND))
        memset(found, 0, (size_t)taken.view[FOUND].len);
    for (Py_ssize_t row = 0; row < matches.count; row++) {
        int64_t entry = owner[matches.alias[row]], start = matches.start[row], size = matches.length[row];
        uint64_t several = size > 1 ? SEVERAL_WORDS : 0;
        found[start] |= ITEMS(taken, uint64_t, FIRST_BITS)[entry] | several;
        for (int64_t word = 1; word < size; word++)
            found[start + word] |= ITEMS(taken, uint64_t, OTHER_BITS)[entry] | several;
        if (size > 1)
            found[start + size - 1] |= LAST_WORD;
    }
    return done(&taken);
}
