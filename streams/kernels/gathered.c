/* Entries of a column that stands in parts: streams.dedup.columns. */
#include "arrays.h"
#include "kernels.h"

#include <string.h>

#define TOGETHER 64
#define LINE 64

enum { NUMBERS, GONE, BITS, WIDTH, ENTRIES };

/* Where an entry stands; NULL with an exception where no part has it. */
static const char *entry_at(PyObject *parts, const Arguments *taken, int64_t number)
{
    int64_t part = (number >> NUMBER(*taken, BITS)) - NUMBER(*taken, GONE), width = NUMBER(*taken, WIDTH);
    int64_t at = (number & (((int64_t)1 << NUMBER(*taken, BITS)) - 1)) * width;
    if (number < 0 || part < 0 || part >= PyList_GET_SIZE(parts)) {
        PyErr_SetString(PyExc_ValueError, "expected entries of the parts");
        return NULL;
    }
    Py_buffer view;
    if (PyObject_GetBuffer(PyList_GET_ITEM(parts, part), &view, PyBUF_SIMPLE) < 0)
        return NULL;
    const char *entry = (const char *)view.buf + at;
    int within = at + width <= view.len;
    /* the list keeps the part, and nothing else runs meanwhile */
    PyBuffer_Release(&view);
    if (!within)
        PyErr_SetString(PyExc_ValueError, "expected entries of the parts");
    return within ? entry : NULL;
}

PyObject *gathered(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (count < 1 || !PyList_Check(given[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a list of parts");
        return NULL;
    }
    if (take(&taken, "8nnn>1", given + 1, count - 1) < 0)
        return NULL;
    int64_t numbers = length(&taken, NUMBERS), width = NUMBER(taken, WIDTH);
    if (NUMBER(taken, BITS) < 0 || NUMBER(taken, BITS) > 32 || width < 1 || width > 1 << 16)
        return refuse(&taken, "parts of so many entries of some bytes");
    if (length(&taken, ENTRIES) < numbers * width)
        return refuse(&taken, "room for every entry");
    char *into = ITEMS(taken, char, ENTRIES);
    const char *entries[TOGETHER];
    for (int64_t first = 0; first < numbers; first += TOGETHER) {
        int64_t some = numbers - first < TOGETHER ? numbers - first : TOGETHER;
        for (int64_t at = 0; at < some; at++) {
            entries[at] = entry_at(given[0], &taken, ITEMS(taken, int64_t, NUMBERS)[first + at]);
            if (!entries[at])
                return release(&taken);
            for (int64_t line = 0; line < width; line += LINE)
                FETCH(entries[at] + line);
        }
        for (int64_t at = 0; at < some; at++)
            memcpy(into + (first + at) * width, entries[at], (size_t)width);
    }
    return done(&taken);
}
