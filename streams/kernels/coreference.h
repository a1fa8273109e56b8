/* The entities of one article while they are being found: streams.entities.coreference. */
#ifndef WIREWATCH_COREFERENCE_H
#define WIREWATCH_COREFERENCE_H

#include "arrays.h"
#include "characters.h"
#include "hashes.h"
#include "marks.h"
#include "spans.h"

enum { PERSON, ORG, ARMED_GROUP, GPE, LOC, FAC, EVENT, MEDIA, NORP, UNTYPED }; /* as in streams.entities.entries */

/* What a short form can be: of a name, by its words; of somebody, by the last word, the last name, another word. */
enum { BY_NAME, BY_LAST, BY_LAST_NAME, BY_FIRST, BY_NICKNAME, UNKNOWN, CLOSED, SAID, NAMESAKE };

/* Numbers by keys of several kinds, and as the how many-th each came. */
typedef struct {
    uint64_t *keys;
    int32_t *numbers, *orders;
    uint64_t mask;
    int32_t count;
} Known;

/* Where a name stands in words and text, what it is, and its span, which may not be made yet. References are borrowed. */
typedef struct {
    PyObject *span, *type, *entries, *note;
    int64_t first, last, start, stop;
    int kind, listed;
} Name;

typedef struct {
    Name *names;
    int64_t count, room;
} Names;

typedef struct {
    PyObject *id, *name, *type, *spans;
    int kind, in_order;
    int64_t first, latest; /* where its first span in time begins, and the latest */
} Entity;

/* What a listed name means in the article. */
typedef struct {
    Name name;
    PyObject *type;
    int kind;
    int32_t entity;
} Meaning;

/* What is given as objects. */
enum { SPAN, GROUP, SLOTS, NUMBERS, TYPES, TABLE, COREFERENCE, DOUBTED, IDENTIFIER, SECOND, TWO_PEOPLE, INITIALS,
       STORM, QUOTES, PARTS };
enum { NAMES, IDS, COUNTRIES, POINTS_AT, TEAMS, LISTS_OF_LEXICON };

typedef struct {
    PyObject *text, *words, *forms, *lexicon;
    const int64_t *types, *orders, *sources;
    Py_ssize_t entries;
    const int64_t *starts, *ends;
    const uint64_t *hashes;
    const uint8_t *cases, *before;
    const uint16_t *marks;
    int64_t count, size;
    Known known;
    Entity *entities;
    Meaning *meanings;
    int32_t found, meant;
    int64_t room, meanings_room;
    PyObject *by_id, *by_initials, *countries, *nothing, *blank;
} Grouping;

#define FORM(grouping, which) PyTuple_GET_ITEM((grouping)->forms, which)
#define LEXICON(grouping, which) PyTuple_GET_ITEM((grouping)->lexicon, which)

/* Of a list of the lexicon the item of an entry, which is below their number. */
#define OF_ENTRY(grouping, which, entry) PyList_GET_ITEM(LEXICON(grouping, which), entry)

/* numbered.c: 0, or -1 without memory; the number of a key or -1; a number for a key, unless it has one. */
int known_of(Known *known);
int32_t get_known(const Known *known, int form, uint64_t key, int32_t *order);
int put_known(Known *known, int form, uint64_t key, int32_t number);

/* Items with room for one more of so many bytes than the `count` there are, perhaps elsewhere; NULL with an exception,
 * and the items as they were. */
static inline void *with_room(void *items, int64_t count, int64_t *room, size_t size)
{
    if (count < *room)
        return items;
    int64_t more = *room ? 2 * *room : 32;
    void *wider = PyMem_Realloc(items, (size_t)more * size);
    if (!wider)
        return PyErr_NoMemory();
    *room = more;
    return wider;
}

static inline uint64_t longer_key(uint64_t key, uint64_t word) { return mixed(key * 0xD6E8FEB86659FD93u + word); }

/* The key of words without articles, if there are others; how many words count, and the last two of them. */
typedef struct {
    uint64_t key, first, last;
    int64_t size, last_but_one; /* number of the last word but one */
} Key;
Key key_between(const Grouping *grouping, int64_t first, int64_t last);
int joins(const Grouping *grouping, int64_t word);

/* shortened.c: takes in the short forms of a name; the entity of a short name, -1 for none, -2 with an exception. */
int learn(Grouping *grouping, int32_t entity, const Name *name, int kind, const Key *key);
int32_t owner_of(Grouping *grouping, const Name *name, const Key *key);

/* named.c: spans and entities. Numbers are -1, objects NULL with an exception. */
PyObject *surface_of(const Grouping *grouping, const Name *name);
PyObject *new_span(const Grouping *grouping, const Name *name, PyObject *type, PyObject *note);
PyObject *span_as(const Grouping *grouping, const Name *name, PyObject *type, int same);
int read_name(const Grouping *grouping, PyObject *span, Name *name);
int add_name(Names *names, const Name *name);
int32_t entity_called(Grouping *grouping, PyObject *identifier, PyObject *name, PyObject *type);
int add_span(Entity *entity, PyObject *span, int64_t start);
int add_named(Grouping *grouping, Name *name, const Key *key);
PyObject *in_order(const Grouping *grouping);

/* meant.c: names of tables. */
int note_country(Grouping *grouping, PyObject *entries);
const Meaning *meaning_of(Grouping *grouping, const Name *name);
int add_listed(Grouping *grouping, const Name *name);

/* coreference.c and overlooked.c: short names. */
int join_short(Grouping *grouping, int32_t entity, const Name *name);
int overlooked(Grouping *grouping, const Names *names, PyObject *capitalised, Names *later);

#endif
