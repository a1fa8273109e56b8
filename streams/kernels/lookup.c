#include "lookup.h"

#include "kernels.h"
#include "search.h"

SEARCH(among_spelled, uint64_t)

int lookup_of(Lookup *lookup, const Arguments *taken, int place)
{
    int bits = exponent_of(length(taken, place + 1) - 1);
    if (bits < 1) {
        PyErr_SetString(PyExc_ValueError, "expected a power of two of buckets and an end");
        return -1;
    }
    lookup->hashes = ITEMS(*taken, const uint64_t, place);
    lookup->first = ITEMS(*taken, const int32_t, place + 1);
    lookup->count = length(taken, place);
    lookup->shift = 64 - bits;
    return 0;
}

PyObject *known(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    enum { HASHES, FIRST, WANTED, LEVELS, LISTS, WORD_LEVEL, WORD_LISTS };
    Arguments taken;
    Lookup lookup;
    if (take(&taken, "84812>1>2", given, count) < 0)
        return NULL;
    if (lookup_of(&lookup, &taken, HASHES) < 0)
        return release(&taken);
    Py_ssize_t words = length(&taken, WANTED), unknown = length(&taken, HASHES);
    if (length(&taken, WORD_LEVEL) != words || length(&taken, WORD_LISTS) != words)
        return refuse(&taken, "arrays of one item a word");
    if (length(&taken, LEVELS) != unknown + 1 || length(&taken, LISTS) != unknown + 1)
        return refuse(&taken, "what is known of every hash, and of no other");
    const uint64_t *wanted = ITEMS(taken, const uint64_t, WANTED);
    for (Py_ssize_t word = 0; word < words; word++)
        fetch(&lookup, wanted[word]);
    for (Py_ssize_t word = 0; word < words; word++) {
        int64_t place = position(&lookup, wanted[word]);
        place = place < 0 ? unknown : place;
        ITEMS(taken, uint8_t, WORD_LEVEL)[word] = ITEMS(taken, uint8_t, LEVELS)[place];
        ITEMS(taken, uint16_t, WORD_LISTS)[word] = ITEMS(taken, uint16_t, LISTS)[place];
    }
    return done(&taken);
}

PyObject *one_spelling(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "8188>8", given, count) < 0)
        return NULL;
    Py_ssize_t words = length(&taken, 0), spellings = length(&taken, 2);
    if (length(&taken, 1) != 1 << 16 || length(&taken, 3) != spellings || length(&taken, 4) != words)
        return refuse(&taken, "flags of 16 bits, the class of every spelling, and room for every word");
    const uint64_t *hash = ITEMS(taken, uint64_t, 0), *spelled = ITEMS(taken, uint64_t, 2);
    for (Py_ssize_t word = 0; word < words; word++) {
        int likely = ITEMS(taken, uint8_t, 1)[hash[word] & 0xFFFF];
        int64_t place = likely ? among_spelled(spelled, spellings, hash[word]) : -1;
        ITEMS(taken, uint64_t, 4)[word] = place < 0 ? hash[word] : ITEMS(taken, uint64_t, 3)[place];
    }
    return done(&taken);
}
