/* Spans of the trained tagger among those of the tables, as far as nothing has to be weighed: streams.entities.merging. */
#include "arrays.h"
#include "characters.h"
#include "kernels.h"
#include "marks.h"
#include "spans.h"

#define LONGEST_NAME 3

enum { GUESSED, LISTED, KEPT, REJECTED, MAYBE, READINGS, ADD, READ, WORDS, TEXT, FORMS, OBJECTS };
enum { ENTRY_TYPES, STARTS, ENDS, CASES, MARKS };

/* What is given as objects: classes and members, notes, and of each kind its note and its usual type. */
enum { SPAN, TYPES, MODEL, RULE, DOUBTED, OPENING, LONGER, NO_TYPE, PART, HYPHENS, SAID, USUAL, COMPATIBLE, PARTS };
enum { OF_WORDS, OF_KIND, NAMELESS, CODE, WITH_PERIOD, TITLES, READING };
enum { PER, ORG, LOC, MISC, KINDS };

typedef struct {
    PyObject *const *given;
    PyObject *nothing;
    const int64_t *types, *starts, *ends;
    const uint8_t *cases;
    const uint16_t *marks;
    int64_t entries, words, size;
    Py_ssize_t position; /* how many of the listed are done */
} Merging;

/* A span of the tagger: where it stands, and its kind. */
typedef struct {
    PyObject *span;
    int64_t fields[TYPE];
    int kind;
} Guess;

#define FORM(merging, which) PyTuple_GET_ITEM((merging)->given[FORMS], which)

static Py_UCS4 sign_at(const Merging *merging, int64_t place)
{
    return place >= 0 && place < merging->size ? PyUnicode_READ_CHAR(merging->given[TEXT], place) : 0;
}

static int is_type(PyObject *span, const char *type)
{
    return PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(span, TYPE), type) == 0;
}

static int append(PyObject *list, PyObject *span)
{
    int failed = !span || PyList_Append(list, span) < 0;
    Py_XDECREF(span);
    return failed ? -1 : 0;
}

/* The span with a note, and with other places where these are given. */
static PyObject *noted(const Merging *merging, PyObject *span, const int64_t *fields, int note)
{
    PyObject *made = made_span(FORM(merging, SPAN), fields, PyTuple_GET_ITEM(span, TYPE), PyTuple_GET_ITEM(span, SOURCE),
                               PyTuple_GET_ITEM(span, ENTRIES), FORM(merging, note));
    return made;
}

static int64_t place_in(PyObject *list, Py_ssize_t at, int field)
{
    return PyLong_AsLongLong(PyTuple_GET_ITEM(PyList_GET_ITEM(list, at), field));
}

/* What has to be weighed is left to Python: Merging.resumed. */
static int weigh(Merging *merging, PyObject *span)
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
static int add_alone(Merging *merging, Guess *guess)
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

static int are_objects(PyObject *const *given, Py_ssize_t count)
{
    for (int at = GUESSED; count > OBJECTS && at <= REJECTED; at++)
        if (!PyList_Check(given[at]))
            return 0;
    return count > OBJECTS && PyDict_Check(given[MAYBE]) && PyDict_Check(given[READINGS]) && PyUnicode_Check(given[TEXT])
        && PyTuple_Check(given[FORMS]) && PyTuple_GET_SIZE(given[FORMS]) == PARTS;
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
