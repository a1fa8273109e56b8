/* Columns of spans as the spans of each article: streams.entities.spans. */
#include "arrays.h"
#include "kernels.h"
#include "spans.h"

enum { MODEL, SOURCES, NAMES, NOTES, PARTS };
enum { FIRSTS, LASTS, STARTS, STOPS, KINDS, FLAGS, BEGINS, MEANT, ARTICLES, COLUMNS };

/* The numbers of entries from one place to another, each once. */
static PyObject *entries_of(const int64_t *meant, int64_t begin, int64_t after)
{
    int64_t count = 0;
    PyObject *every = PyTuple_New(after - begin);
    for (int64_t at = begin; every && at < after; at++) {
        int64_t before = begin;
        while (meant[before] != meant[at])
            before++;
        if (before < at)
            continue;
        PyObject *entry = PyLong_FromLongLong(meant[at]);
        if (!entry)
            Py_CLEAR(every);
        else
            PyTuple_SET_ITEM(every, count++, entry);
    }
    if (every && count < after - begin)
        _PyTuple_Resize(&every, count);
    return every;
}

static PyObject *span_at(const Arguments *taken, PyObject *forms, Py_ssize_t at)
{
    int64_t fields[TYPE];
    for (int field = FIRST; field < TYPE; field++)
        fields[field] = ITEMS(*taken, int64_t, field)[at];
    Py_ssize_t meant = length(taken, BEGINS), count = length(taken, FIRSTS), noted = length(taken, FLAGS);
    int64_t kind = ITEMS(*taken, int64_t, KINDS)[at], begin = 0, after = 0;
    PyObject *names = PyTuple_GET_ITEM(forms, NAMES), *notes = PyTuple_GET_ITEM(forms, NOTES);
    if (meant) {
        const int64_t *begins = ITEMS(*taken, int64_t, BEGINS);
        begin = begins[at];
        after = at + 1 < count ? begins[at + 1] : length(taken, MEANT);
    }
    if (kind < 0 || kind >= PyTuple_GET_SIZE(names) || begin < 0 || begin > after || after > length(taken, MEANT)) {
        PyErr_SetString(PyExc_ValueError, "expected types that there are, and entries of each span");
        return NULL;
    }
    PyObject *entries = entries_of(ITEMS(*taken, int64_t, MEANT), begin, after), *made = NULL;
    int note = noted && ITEMS(*taken, uint8_t, FLAGS)[at];
    if (entries)
        made = made_span(PyTuple_GET_ITEM(forms, MODEL), fields, PyTuple_GET_ITEM(names, kind),
                         PyTuple_GET_ITEM(forms, SOURCES), entries, PyTuple_GET_ITEM(notes, note));
    Py_XDECREF(entries);
    return made;
}

static int are_forms(PyObject *forms)
{
    if (!PyTuple_Check(forms) || PyTuple_GET_SIZE(forms) != PARTS || !PyType_Check(PyTuple_GET_ITEM(forms, MODEL)))
        return 0;
    PyObject *notes = PyTuple_GET_ITEM(forms, NOTES);
    return PyTuple_Check(PyTuple_GET_ITEM(forms, NAMES)) && PyTuple_Check(notes) && PyTuple_GET_SIZE(notes) == 2;
}

static int fit(const Arguments *taken)
{
    Py_ssize_t count = length(taken, FIRSTS);
    for (int column = LASTS; column <= KINDS; column++)
        if (length(taken, column) != count)
            return 0;
    for (int column = FLAGS; column <= BEGINS; column++)
        if (length(taken, column) && length(taken, column) != count)
            return 0;
    return length(taken, ARTICLES) > 0;
}

PyObject *spans(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (count < 1 || !are_forms(given[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a class, a source, types and two notes");
        return NULL;
    }
    if (take(&taken, "888881888", given + 1, count - 1) < 0)
        return NULL;
    if (!fit(&taken))
        return refuse(&taken, "columns of one length, and articles");
    const int64_t *firsts = ITEMS(taken, int64_t, FIRSTS), *edges = ITEMS(taken, int64_t, ARTICLES);
    Py_ssize_t articles = length(&taken, ARTICLES) - 1, size = length(&taken, FIRSTS), at = 0;
    PyObject *found = PyList_New(articles);
    for (Py_ssize_t article = 0; found && article < articles; article++) {
        PyObject *list = PyList_New(0);
        int failed = !list;
        for (; !failed && at < size && firsts[at] < edges[article + 1]; at++)
            failed = append(list, span_at(&taken, given[0], at)) < 0;
        PyList_SET_ITEM(found, article, list);
        if (failed)
            Py_CLEAR(found);
    }
    release(&taken);
    return found;
}
