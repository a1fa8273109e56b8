/* Guesses that no listed name overlaps, with a type of ours or rejected: streams.entities.precedence.typed. */
#include "merging.h"

/* What a name says by itself, as a new reference: streams.entities.readings.read. */
static PyObject *reading_of(const Merging *merging, const Guess *guess)
{
    const int64_t *at = guess->fields;
    PyObject *surface = PyUnicode_Substring(merging->given[TEXT], (Py_ssize_t)at[START], (Py_ssize_t)at[UNTIL]);
    PyObject *size = PyLong_FromLongLong(at[LAST] - at[FIRST]), *key = NULL, *reading = NULL;
    if (surface && size)
        key = PyTuple_Pack(3, PyTuple_GET_ITEM(guess->span, TYPE), surface, size);
    Py_XDECREF(surface);
    Py_XDECREF(size);
    if (key && !(reading = PyDict_GetItemWithError(merging->given[READINGS], key)) && !PyErr_Occurred()) {
        PyObject *span = noted(merging, guess->span, at, OPENING), *made = NULL;
        if (span)
            made = PyObject_CallFunctionObjArgs(merging->given[READ], span, merging->given[WORDS], NULL);
        Py_XDECREF(span);
        reading = made;
    } else {
        Py_XINCREF(reading);
    }
    Py_XDECREF(key);
    if (reading && PyTuple_Check(reading) && PyTuple_GET_SIZE(reading) == READING)
        return reading;
    Py_XDECREF(reading);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "expected readings");
    return NULL;
}

static int is_true(PyObject *reading, int which) { return PyTuple_GET_ITEM(reading, which) == Py_True; }

/* Whether words beside the name may say what it is, or its word goes on behind a hyphen. */
static int is_told(const Merging *merging, const Guess *guess)
{
    int64_t first = guess->fields[FIRST], last = guess->fields[LAST], start = guess->fields[START];
    Py_UCS4 after = sign_at(merging, guess->fields[UNTIL]);
    PyObject *hyphens = FORM(merging, HYPHENS);
    if (after == ' ' && last < merging->words && merging->marks[last] & BESIDE)
        return 1;
    if (first > 1 && merging->marks[first - 2] & BESIDE && sign_at(merging, start - 2) == 'f')
        return 1;
    if (guess->kind != PER)
        return 0;
    if (first > 0 && last - first == 1 && merging->marks[first - 1] & BESIDE)
        return 1;
    return PyUnicode_FindChar(hyphens, after, 0, PyUnicode_GET_LENGTH(hyphens), 1) >= 0;
}

/* The entries of the name whose types go with the guess's kind, each once; of the first the type, or -1. */
static PyObject *fitting(const Merging *merging, const Guess *guess, int *type)
{
    PyObject *first = PyLong_FromLongLong(guess->fields[FIRST]), *last = PyLong_FromLongLong(guess->fields[LAST]);
    PyObject *words = first && last ? PyTuple_Pack(2, first, last) : NULL;
    PyObject *entries = words ? PyDict_GetItemWithError(merging->given[MAYBE], words) : NULL;
    PyObject *found = PyErr_Occurred() || (entries && !PyList_Check(entries)) ? NULL : PyList_New(0), *fits = NULL;
    long allowed = PyLong_AsLong(PyTuple_GET_ITEM(FORM(merging, COMPATIBLE), guess->kind));
    for (Py_ssize_t at = 0; found && entries && at < PyList_GET_SIZE(entries); at++) {
        PyObject *number = PyList_GET_ITEM(entries, at);
        int64_t entry = PyLong_AsLongLong(number);
        int is_type_known = entry >= 0 && entry < merging->entries && merging->types[entry] >= 0
            && merging->types[entry] < PyTuple_GET_SIZE(FORM(merging, TYPES));
        if (!is_type_known) {
            PyErr_SetString(PyExc_ValueError, "expected entries of the lexicon");
            Py_CLEAR(found);
            break;
        }
        if (!(allowed >> merging->types[entry] & 1))
            continue;
        int again = PySequence_Contains(found, number);
        if (again < 0 || (!again && PyList_Append(found, number) < 0))
            Py_CLEAR(found);
        *type = *type < 0 ? (int)merging->types[entry] : *type;
    }
    if (found)
        fits = PyList_AsTuple(found);
    Py_XDECREF(first);
    Py_XDECREF(last);
    Py_XDECREF(words);
    Py_XDECREF(found);
    return fits;
}

/* Keeps a span, in place of those that end inside it. */
static int keep(const Merging *merging, int64_t first, PyObject *chosen)
{
    PyObject *kept = merging->given[KEPT];
    if (!chosen)
        return -1;
    for (Py_ssize_t last = PyList_GET_SIZE(kept) - 1; last >= 0 && place_in(kept, last, LAST) > first; last--) {
        int64_t fields[TYPE];
        PyObject *span = PyList_GET_ITEM(kept, last);
        if (read_span(span, merging->words, merging->size, fields) < 0
            || append(merging->given[REJECTED], noted(merging, span, fields, PART)) < 0
            || PyList_SetSlice(kept, last, last + 1, NULL) < 0) {
            Py_XDECREF(chosen);
            return -1;
        }
    }
    return append(kept, chosen);
}

/* The guess with a type of ours, kept, or rejected where it has none, without the period: precedence.typed. */
static int decide(Merging *merging, Guess *guess, PyObject *reading, int period)
{
    PyObject *kind = PyTuple_GET_ITEM(reading, OF_KIND), *entries = merging->nothing, *fits = NULL;
    int type = -1;
    if (PyDict_GET_SIZE(merging->given[MAYBE])) {
        if (!(fits = fitting(merging, guess, &type)))
            return -1;
        entries = fits;
    }
    int fitted = PyTuple_GET_SIZE(entries) > 0;
    long untyped = PyLong_AsLong(PyTuple_GET_ITEM(FORM(merging, COMPATIBLE), KINDS));
    if (fitted && type != untyped)
        kind = PyTuple_GET_ITEM(FORM(merging, TYPES), type);
    int failed;
    if (kind == Py_None || (is_true(reading, CODE) && !fitted)) {
        guess->fields[UNTIL] -= period;
        failed = append(merging->given[REJECTED], noted(merging, guess->span, guess->fields, NO_TYPE));
    } else {
        PyObject *usual = PyTuple_GET_ITEM(FORM(merging, USUAL), guess->kind);
        int same = fitted || (usual != Py_None && PyUnicode_Compare(kind, usual) == 0);
        failed = keep(merging, guess->fields[FIRST],
                      made_span(FORM(merging, SPAN), guess->fields, kind, FORM(merging, same ? MODEL : RULE), entries,
                                PyTuple_GET_ITEM(FORM(merging, SAID), guess->kind)));
    }
    Py_XDECREF(fits);
    return failed;
}

/* How many words before a person's name are not of it: titles, or an ordinary word that opens a sentence. */
static int64_t words_before(const Merging *merging, const Guess *guess, PyObject *reading)
{
    int64_t size = guess->fields[LAST] - guess->fields[FIRST];
    if (guess->kind != PER || size == 1)
        return 0;
    int64_t titles = PyLong_AsLongLong(PyTuple_GET_ITEM(reading, TITLES));
    if (titles || size == 2 || merging->marks[guess->fields[FIRST]] & GIVEN)
        return titles;
    return PyUnicode_Compare(PyTuple_GET_ITEM(guess->span, NOTE), FORM(merging, OPENING)) == 0;
}

/* Decides what a guess is by its reading, without words before the name. */
static int add_read(Merging *merging, Guess *guess, PyObject *reading)
{
    if (is_true(reading, NAMELESS))
        return append(merging->given[REJECTED], noted(merging, guess->span, guess->fields, NO_TYPE));
    int period = is_true(reading, WITH_PERIOD) && sign_at(merging, guess->fields[UNTIL]) == '.';
    guess->fields[UNTIL] += period;
    return is_told(merging, guess) ? weigh(merging, guess->span) : decide(merging, guess, reading, period);
}

/* Adds a guess that no listed name overlaps. */
int add_alone(Merging *merging, Guess *guess)
{
    int64_t *at = guess->fields;
    PyObject *reading = reading_of(merging, guess);
    int64_t before = reading ? words_before(merging, guess, reading) : -1;
    if (before > 0 && before < at[LAST] - at[FIRST]) {
        at[FIRST] += before;
        at[START] = merging->starts[at[FIRST]];
        Py_CLEAR(reading);
        if (at[START] < 0 || at[START] >= at[UNTIL])
            PyErr_SetString(PyExc_ValueError, "expected words within the text");
        else
            reading = reading_of(merging, guess);
    }
    int failed = !reading || before < 0 || add_read(merging, guess, reading) < 0;
    Py_XDECREF(reading);
    return failed ? -1 : 0;
}
