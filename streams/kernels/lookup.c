#include "lookup.h"

#include "kernels.h"

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

PyObject *find(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Lookup lookup;
    if (take(&taken, "848>8", given, count) < 0)
        return NULL;
    if (lookup_of(&lookup, &taken, 0) < 0)
        return release(&taken);
    if (length(&taken, 2) != length(&taken, 3))
        return refuse(&taken, "a place for every hash");
    const uint64_t *wanted = ITEMS(taken, const uint64_t, 2);
    int64_t *found = ITEMS(taken, int64_t, 3);
    for (Py_ssize_t row = 0; row < length(&taken, 2); row++)
        fetch(&lookup, wanted[row]);
    for (Py_ssize_t row = 0; row < length(&taken, 2); row++)
        found[row] = position(&lookup, wanted[row]);
    return done(&taken);
}
