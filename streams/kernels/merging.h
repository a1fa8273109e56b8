/* Spans of the trained tagger among those of the tables: streams.entities.merging. */
#ifndef WIREWATCH_MERGING_H
#define WIREWATCH_MERGING_H

#include "arrays.h"
#include "characters.h"
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

static inline Py_UCS4 sign_at(const Merging *merging, int64_t place)
{
    return place >= 0 && place < merging->size ? PyUnicode_READ_CHAR(merging->given[TEXT], place) : 0;
}

static inline int is_type(PyObject *span, const char *type)
{
    return PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(span, TYPE), type) == 0;
}

/* The span with a note, and with other places where these are given. */
static inline PyObject *noted(const Merging *merging, PyObject *span, const int64_t *fields, int note)
{
    return made_span(FORM(merging, SPAN), fields, PyTuple_GET_ITEM(span, TYPE), PyTuple_GET_ITEM(span, SOURCE),
                     PyTuple_GET_ITEM(span, ENTRIES), FORM(merging, note));
}

static inline int64_t place_in(PyObject *list, Py_ssize_t at, int field)
{
    return PyLong_AsLongLong(PyTuple_GET_ITEM(PyList_GET_ITEM(list, at), field));
}

/* Leaves a span to Python; 0, or -1 with an exception. */
int weigh(Merging *merging, PyObject *span);

/* Adds a guess that no listed name overlaps. */
int add_alone(Merging *merging, Guess *guess);

#endif
