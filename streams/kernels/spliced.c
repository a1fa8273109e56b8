/* Parts of many bytes, one after the other: streams.dedup.bulk. */
#include "arrays.h"
#include "kernels.h"

#include <string.h>

enum { WHICH, STARTS, ENDS, INTO };

PyObject *spliced(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    PyObject *parts = count < 1 ? NULL : PySequence_Fast(given[0], "expected a list of bytes");
    if (!parts) {
        if (count < 1)
            PyErr_SetString(PyExc_TypeError, "expected a list of bytes");
        return NULL;
    }
    if (take(&taken, "888>1", given + 1, count - 1) < 0) {
        Py_DECREF(parts);
        return NULL;
    }
    const char *expected = length(&taken, STARTS) != length(&taken, WHICH) || length(&taken, ENDS) != length(&taken, WHICH)
                               ? "a start and an end of every part"
                               : NULL;
    char *into = ITEMS(taken, char, INTO);
    int64_t written = 0, room = length(&taken, INTO);
    for (Py_ssize_t at = 0; !expected && at < length(&taken, WHICH); at++) {
        int64_t which = ITEMS(taken, int64_t, WHICH)[at];
        int64_t start = ITEMS(taken, int64_t, STARTS)[at], end = ITEMS(taken, int64_t, ENDS)[at];
        PyObject *part = which < 0 || which >= PySequence_Fast_GET_SIZE(parts) ? NULL
                                                                               : PySequence_Fast_GET_ITEM(parts, which);
        if (!part || !PyBytes_Check(part) || start < 0 || end < start || end > PyBytes_GET_SIZE(part))
            expected = "parts of the bytes";
        else if (end - start > room - written)
            expected = "room for every part";
        else
            memcpy(into + written, PyBytes_AS_STRING(part) + start, (size_t)(end - start));
        written += end - start;
    }
    Py_DECREF(parts);
    return expected ? refuse(&taken, expected) : answer(&taken, written);
}
