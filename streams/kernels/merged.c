/* Spans of the trained tagger among those of the tables, as far as nothing has to be weighed: streams.entities.merging. */
#include "kernels.h"
#include "merging.h"

/* What has to be weighed is left to Python: Merging.resumed. */
int weigh(Merging *merging, PyObject *span)
{
    PyObject *position = PyLong_FromSsize_t(merging->position), *done = NULL;
    if (position)
        done = PyObject_CallFunctionObjArgs(merging->given[ADD], span, position, NULL);
    Py_XDECREF(position);
    merging->position = done ? PyLong_AsSsize_t(done) : -1;
    Py_XDECREF(done);
    if (merging->position >= 0 && merging->position <= PyList_GET_SIZE(merging->given[LISTED]))
        return 0;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "expected a place among the listed spans");
    return -1;
}

/* Keeps the listed spans that end before a word. */
static int pass_listed(Merging *merging, int64_t first)
{
    PyObject *listed = merging->given[LISTED];
    while (merging->position < PyList_GET_SIZE(listed) && place_in(listed, merging->position, LAST) <= first) {
        if (PyList_Append(merging->given[KEPT], PyList_GET_ITEM(listed, merging->position)) < 0)
            return -1;
        merging->position++;
    }
    return 0;
}

/* Takes note of a guess all of whose words are those of a listed name: Merging._covered. */
static int cover(Merging *merging, const Guess *guess, PyObject *only)
{
    int64_t fields[TYPE];
    if (read_span(only, merging->words, merging->size, fields) < 0)
        return -1;
    int longer = fields[LAST] - fields[FIRST] > guess->fields[LAST] - guess->fields[FIRST];
    if (guess->kind == PER && is_type(only, "GPE")) {
        PyObject *doubted = noted(merging, only, fields, DOUBTED);
        if (!doubted)
            return -1;
        PyList_SetItem(merging->given[LISTED], merging->position, doubted);
    }
    return longer ? append(merging->given[REJECTED], noted(merging, guess->span, guess->fields, LONGER)) : 0;
}

/* Whether the guess may be the end of the name of the firm before it: Inc. */
static int may_end_firm(const Merging *merging, const Guess *guess)
{
    PyObject *kept = merging->given[KEPT];
    Py_ssize_t last = PyList_GET_SIZE(kept) - 1;
    if (guess->kind != ORG || last < 0 || !is_type(PyList_GET_ITEM(kept, last), "ORG"))
        return 0;
    return place_in(kept, last, LAST) == guess->fields[FIRST]
        && place_in(kept, last, UNTIL) + 1 == guess->fields[START];
}

/* Keeps or rejects a guess, and what the tables know up to its end: Merging.add. */
static int add(Merging *merging, PyObject *span)
{
    static const char letters[] = "POLM";
    Guess guess = {span, {0}, 0};
    if (read_span(span, merging->words, merging->size, guess.fields) < 0)
        return -1;
    PyObject *type = PyTuple_GET_ITEM(span, TYPE), *listed = merging->given[LISTED];
    const char *kind = PyUnicode_GET_LENGTH(type) ? strchr(letters, (int)PyUnicode_READ_CHAR(type, 0)) : NULL;
    guess.kind = kind ? (int)(kind - letters) : KINDS;
    int lengthened = guess.fields[LAST] - guess.fields[FIRST] > LONGEST_NAME && guess.kind <= ORG;
    if (lengthened || guess.kind == KINDS)
        return weigh(merging, span);
    if (pass_listed(merging, guess.fields[FIRST]) < 0)
        return -1;
    if (merging->position < PyList_GET_SIZE(listed)
        && place_in(listed, merging->position, FIRST) < guess.fields[LAST]) {
        PyObject *only = PyList_GET_ITEM(listed, merging->position);
        int covered = place_in(listed, merging->position, FIRST) <= guess.fields[FIRST]
            && guess.fields[LAST] <= place_in(listed, merging->position, LAST);
        if (!covered || (guess.kind == ORG && is_type(only, "GPE")))
            return weigh(merging, span);
        return cover(merging, &guess, only);
    }
    return may_end_firm(merging, &guess) ? weigh(merging, span) : add_alone(merging, &guess);
}

/* Whether the span may end or begin otherwise: streams.entities.extents.framed. */
static int may_grow(const Merging *merging, PyObject *span)
{
    int64_t fields[TYPE];
    if (read_span(span, merging->words, merging->size, fields) < 0)
        return -1;
    int64_t first = fields[FIRST], last = fields[LAST], start = fields[START], end = fields[UNTIL];
    PyObject *type = PyTuple_GET_ITEM(span, TYPE);
    switch (PyUnicode_GET_LENGTH(type) ? PyUnicode_READ_CHAR(type, 0) : 0) {
    case 'G': case 'N': /* of GPE and NORP */
        return last < merging->words && merging->cases[last] == INITIAL && merging->starts[last] == end + 1
            && sign_at(merging, end) == ' ';
    case 'P': /* of PERSON */
        return sign_at(merging, end + 1) == '"' || sign_at(merging, end + 1) == 0x201C;
    case 'O': case 'M': /* of ORG and MEDIA */
        return first > 1 && sign_at(merging, start - 2) == 'e' && sign_at(merging, start - 4) == 'T';
    default:
        return 0;
    }
}

static int may_any_grow(const Merging *merging)
{
    int may = 0;
    for (Py_ssize_t at = 0; may == 0 && at < PyList_GET_SIZE(merging->given[KEPT]); at++)
        may = may_grow(merging, PyList_GET_ITEM(merging->given[KEPT], at));
    return may;
}

static int are_spans(PyObject *list, const Merging *merging)
{
    int64_t fields[TYPE];
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(list); at++)
        if (read_span(PyList_GET_ITEM(list, at), merging->words, merging->size, fields) < 0)
            return 0;
    return 1;
}

static int are_forms(PyObject *forms)
{
    if (!PyTuple_Check(forms) || PyTuple_GET_SIZE(forms) != PARTS)
        return 0;
    for (int of_kinds = SAID; of_kinds < PARTS; of_kinds++) {
        PyObject *each = PyTuple_GET_ITEM(forms, of_kinds);
        if (!PyTuple_Check(each) || PyTuple_GET_SIZE(each) != KINDS + (of_kinds == COMPATIBLE))
            return 0;
    }
    return PyType_Check(PyTuple_GET_ITEM(forms, SPAN)) && PyTuple_Check(PyTuple_GET_ITEM(forms, TYPES))
        && PyUnicode_Check(PyTuple_GET_ITEM(forms, HYPHENS)) && PyUnicode_Check(PyTuple_GET_ITEM(forms, OPENING));
}

static int are_objects(PyObject *const *given, Py_ssize_t count)
{
    for (int at = GUESSED; count > OBJECTS && at <= REJECTED; at++)
        if (!PyList_Check(given[at]))
            return 0;
    return count > OBJECTS && PyDict_Check(given[MAYBE]) && PyDict_Check(given[READINGS]) && PyUnicode_Check(given[TEXT])
        && are_forms(given[FORMS]);
}

PyObject *merged(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    if (!are_objects(given, count)) {
        PyErr_SetString(PyExc_TypeError, "expected lists of spans, dictionaries of entries and readings, a text, forms");
        return NULL;
    }
    Arguments taken;
    if (take(&taken, "88812", given + OBJECTS, count - OBJECTS) < 0)
        return NULL;
    if (length(&taken, ENDS) != length(&taken, STARTS) || length(&taken, CASES) != length(&taken, STARTS)
        || length(&taken, MARKS) != length(&taken, STARTS))
        return refuse(&taken, "arrays of one item a word");
    Merging merging = {
        given, PyTuple_New(0), ITEMS(taken, int64_t, ENTRY_TYPES), ITEMS(taken, int64_t, STARTS),
        ITEMS(taken, int64_t, ENDS), ITEMS(taken, uint8_t, CASES), ITEMS(taken, uint16_t, MARKS),
        length(&taken, ENTRY_TYPES), length(&taken, STARTS), PyUnicode_GET_LENGTH(given[TEXT]), 0,
    };
    int failed = !merging.nothing || !are_spans(given[LISTED], &merging) || !are_spans(given[KEPT], &merging);
    for (Py_ssize_t at = 0; !failed && at < PyList_GET_SIZE(given[GUESSED]); at++)
        failed = add(&merging, PyList_GET_ITEM(given[GUESSED], at)) < 0;
    if (!failed)
        failed = pass_listed(&merging, merging.words) < 0;
    int may_grow = failed ? -1 : may_any_grow(&merging);
    Py_XDECREF(merging.nothing);
    release(&taken);
    return may_grow < 0 ? NULL : PyBool_FromLong(may_grow);
}
