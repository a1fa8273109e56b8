/* Spans of streams.entities.spans: tuples of first and last word, start, end, type, source, entries and note. */
#ifndef WIREWATCH_SPANS_H
#define WIREWATCH_SPANS_H

#include <Python.h>
#include <stdint.h>

enum { FIRST, LAST, START, UNTIL, TYPE, SOURCE, ENTRIES, NOTE, FIELDS };

/* Reads the numbers of a span; 0, or -1 where it is none of so many words and such a text. */
static inline int read_span(PyObject *span, int64_t words, int64_t size, int64_t *fields)
{
    if (!PyTuple_Check(span) || PyTuple_GET_SIZE(span) != FIELDS || !PyTuple_Check(PyTuple_GET_ITEM(span, ENTRIES))
        || !PyUnicode_Check(PyTuple_GET_ITEM(span, TYPE))) {
        PyErr_SetString(PyExc_TypeError, "expected spans that are tuples");
        return -1;
    }
    for (int at = FIRST; at < TYPE; at++)
        fields[at] = PyLong_AsLongLong(PyTuple_GET_ITEM(span, at));
    if (PyErr_Occurred())
        return -1;
    if (fields[FIRST] >= 0 && fields[FIRST] < fields[LAST] && fields[LAST] <= words && fields[START] >= 0
        && fields[START] < fields[UNTIL] && fields[UNTIL] <= size)
        return 0;
    PyErr_SetString(PyExc_ValueError, "expected spans within the words and the text");
    return -1;
}

/* A span of the class `model`; NULL with an exception. */
static inline PyObject *made_span(PyObject *model, const int64_t *fields, PyObject *type, PyObject *source,
                                  PyObject *entries, PyObject *note)
{
    PyObject *span = ((PyTypeObject *)model)->tp_alloc((PyTypeObject *)model, FIELDS);
    PyObject *others[] = {type, source, entries, note};
    if (!span)
        return NULL;
    for (int at = FIRST; at < TYPE; at++)
        PyTuple_SET_ITEM(span, at, PyLong_FromLongLong(fields[at]));
    for (int at = TYPE; at < FIELDS; at++)
        PyTuple_SET_ITEM(span, at, Py_NewRef(others[at - TYPE]));
    for (int at = FIRST; span && at < TYPE; at++)
        if (!PyTuple_GET_ITEM(span, at))
            Py_CLEAR(span);
    return span;
}

/* Adds a span that was just made, and lets go of it; 0, or -1 where there is none or no room. */
static inline int append(PyObject *list, PyObject *span)
{
    int failed = !span || PyList_Append(list, span) < 0;
    Py_XDECREF(span);
    return failed ? -1 : 0;
}

#endif
