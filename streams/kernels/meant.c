/* The entities of an article, and what listed names mean in it: streams.entities.meanings and coreference. */
#include "coreference.h"

int type_number(const Grouping *grouping, PyObject *type)
{
    PyObject *number = PyDict_GetItemWithError(FORM(grouping, NUMBERS), type);
    if (number)
        return (int)PyLong_AsLong(number);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "expected a type, found %R", type);
    return -1;
}

PyObject *surface_of(const Grouping *grouping, const Name *name)
{
    if (name->start >= 0 && name->start < name->stop && name->stop <= grouping->size)
        return PyUnicode_Substring(grouping->text, (Py_ssize_t)name->start, (Py_ssize_t)name->stop);
    PyErr_SetString(PyExc_ValueError, "expected words within the text");
    return NULL;
}

/* The places of a name as those of a span. */
static PyObject *span_of(const Grouping *grouping, const Name *name, PyObject *type, PyObject *source, PyObject *note)
{
    const int64_t fields[] = {name->first, name->last, name->start, name->stop};
    return made_span(FORM(grouping, SPAN), fields, type, source, name->entries, note);
}

/* The span of a name as that of another type, decided by coreference. */
PyObject *new_span(const Grouping *grouping, const Name *name, PyObject *type, PyObject *note)
{
    return span_of(grouping, name, type, FORM(grouping, COREFERENCE), note);
}

/* The span of a name as a new reference; with its type, if that is another one. */
static PyObject *span_as(const Grouping *grouping, const Name *name, PyObject *type, int same)
{
    if (!name->span)
        return new_span(grouping, name, type, grouping->blank);
    if (same)
        return Py_NewRef(name->span);
    return span_of(grouping, name, type, PyTuple_GET_ITEM(name->span, SOURCE), name->note);
}

/* Reads a span; 0, or -1 where it is none of these words and this text. */
int read_name(const Grouping *grouping, PyObject *span, Name *name)
{
    int64_t fields[TYPE];
    if (read_span(span, grouping->count, grouping->size, fields) < 0)
        return -1;
    *name = (Name){span, PyTuple_GET_ITEM(span, TYPE), PyTuple_GET_ITEM(span, ENTRIES), PyTuple_GET_ITEM(span, NOTE),
                   fields[FIRST], fields[LAST], fields[START], fields[UNTIL], 0,
                   PyTuple_GET_ITEM(span, SOURCE) == FORM(grouping, TABLE)};
    name->kind = type_number(grouping, name->type);
    return name->kind < 0 ? -1 : 0;
}

int add_span(Entity *entity, PyObject *span, int64_t start)
{
    int first = !PyList_GET_SIZE(entity->spans);
    if (!span || PyList_Append(entity->spans, span) < 0) {
        Py_XDECREF(span);
        return -1;
    }
    Py_DECREF(span);
    entity->first = first ? start : entity->first;
    entity->in_order = first || (entity->in_order && start >= entity->latest);
    entity->latest = start;
    return 0;
}

/* The entity of an id, with that name and type if it is a new one; -1 with an exception. */
int32_t entity_called(Grouping *grouping, PyObject *identifier, PyObject *name, PyObject *type)
{
    PyObject *known = PyDict_GetItemWithError(grouping->by_id, identifier);
    if (known || PyErr_Occurred())
        return known ? (int32_t)PyLong_AsLong(known) : -1;
    if (grouping->found == grouping->room) {
        int32_t room = grouping->room ? 2 * grouping->room : 32;
        Entity *wider = PyMem_Realloc(grouping->entities, (size_t)room * sizeof(Entity));
        if (!wider) {
            PyErr_NoMemory();
            return -1;
        }
        grouping->entities = wider;
        grouping->room = room;
    }
    int kind = type_number(grouping, type);
    PyObject *number = kind < 0 ? NULL : PyLong_FromLong(grouping->found), *spans = number ? PyList_New(0) : NULL;
    int failed = !spans || PyDict_SetItem(grouping->by_id, identifier, number) < 0;
    Py_XDECREF(number);
    if (failed) {
        Py_XDECREF(spans);
        return -1;
    }
    grouping->entities[grouping->found] =
        (Entity){Py_NewRef(identifier), Py_NewRef(name), Py_NewRef(type), spans, kind, 1, 0, 0};
    return grouping->found++;
}

/* The numbers of entries, which are of a tuple; -1 with an exception where one is of none. */
static int64_t entry_of(const Grouping *grouping, PyObject *entries, Py_ssize_t place)
{
    int64_t entry = PyLong_AsLongLong(PyTuple_GET_ITEM(entries, place));
    if (entry >= 0 && entry < grouping->entries)
        return entry;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "expected entries of the lexicon");
    return -1;
}

/* Takes note of the country that a place or a people is of, when all that it may be are of one. */
int note_country(Grouping *grouping, PyObject *entries)
{
    PyObject *only = NULL;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(entries); at++) {
        int64_t entry = entry_of(grouping, entries, at);
        if (entry < 0)
            return -1;
        PyObject *country = OF_ENTRY(grouping, COUNTRIES, entry);
        if (!PyUnicode_GET_LENGTH(country) || country == only)
            continue;
        if (only && PyUnicode_Compare(only, country))
            return 0;
        only = country;
    }
    return only ? PySet_Add(grouping->countries, only) : 0;
}

/* 1 for a country that the article names, -1 for another, 0 for none; -2 with an exception. */
static int nearness(const Grouping *grouping, int64_t entry)
{
    PyObject *country = OF_ENTRY(grouping, COUNTRIES, entry);
    if (!PyUnicode_GET_LENGTH(country))
        return 0;
    int named = PySet_Contains(grouping->countries, country);
    return named < 0 ? -2 : named ? 1 : -1;
}

/* The entry that a name means: Meanings.meant. */
static int64_t entry_meant(const Grouping *grouping, PyObject *entries)
{
    int64_t best = -1, nearby = -1;
    int near = 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(entries); at++) {
        int64_t entry = entry_of(grouping, entries, at);
        if (entry < 0 || PyTuple_GET_SIZE(entries) == 1)
            return entry;
        int here = nearness(grouping, entry);
        if (here < -1)
            return -1;
        int64_t order = grouping->orders[entry];
        if (best < 0 || order > grouping->orders[best] || (order == grouping->orders[best] && here > near)) {
            best = entry;
            near = here;
        }
        if (here == 1 && (nearby < 0 || order > grouping->orders[nearby]))
            nearby = entry;
    }
    return near >= 0 || nearby < 0 ? best : nearby;
}

/* The id of a place of the same name in a country that the article names, borrowed; NULL for none. */
static PyObject *nearby_id(const Grouping *grouping, int64_t entry, const Name *name)
{
    for (Py_ssize_t at = 0; name->kind == GPE && at < PyTuple_GET_SIZE(name->entries); at++) {
        int64_t other = entry_of(grouping, name->entries, at);
        if (other < 0)
            return NULL;
        PyObject *identifier = OF_ENTRY(grouping, IDS, other);
        if (grouping->types[other] == grouping->types[entry] && PyUnicode_GET_LENGTH(identifier)
            && nearness(grouping, other) == 1)
            return identifier;
    }
    return NULL;
}

/* The entity that a name of a table belongs to, which learns the name, and the type of the name there. */
static int find_meaning(Grouping *grouping, const Name *name, Meaning *meaning)
{
    int64_t entry = entry_meant(grouping, name->entries);
    if (entry < 0)
        return -1;
    if (grouping->types[entry] < 0 || grouping->types[entry] >= PyTuple_GET_SIZE(FORM(grouping, TYPES))) {
        PyErr_SetString(PyExc_ValueError, "expected types that there are");
        return -1;
    }
    meaning->name = *name;
    meaning->type = PyTuple_GET_ITEM(FORM(grouping, TYPES), grouping->types[entry]);
    if (grouping->types[entry] == UNTYPED)
        meaning->type = name->type;
    meaning->kind = grouping->types[entry] == UNTYPED ? name->kind : (int)grouping->types[entry];
    PyObject *number = PyLong_FromLongLong(entry), *owner = meaning->type, *identifier = OF_ENTRY(grouping, IDS, entry);
    PyObject *pointed = number ? PyDict_GetItemWithError(LEXICON(grouping, POINTS_AT), number) : NULL;
    if (pointed)
        owner = PyTuple_GetItem(FORM(grouping, TYPES), PyLong_AsLong(pointed));
    if (!PyUnicode_GET_LENGTH(identifier))
        identifier = nearby_id(grouping, entry, name);
    PyObject *called = OF_ENTRY(grouping, NAMES, entry), *given = Py_XNewRef(identifier);
    if (!given && !PyErr_Occurred())
        given = PyObject_CallFunctionObjArgs(FORM(grouping, IDENTIFIER), called, owner, NULL);
    int32_t entity = !given || PyErr_Occurred() ? -1 : entity_called(grouping, given, called, owner);
    Py_XDECREF(given);
    Key key = key_between(grouping, name->first, name->last);
    int failed = entity < 0 || learn(grouping, entity, name, meaning->kind, &key) < 0;
    int team = failed || name->last - name->first == 1 ? 0 : PySet_Contains(LEXICON(grouping, TEAMS), number);
    Py_XDECREF(number);
    meaning->entity = entity;
    if (team > 0)
        team = put_known(&grouping->known, BY_NICKNAME, grouping->hashes[name->last - 1], entity);
    return failed || team < 0 ? -1 : 0;
}

/* Whether two names of tables are written alike and may mean the same. */
static int are_alike(const Grouping *grouping, const Name *one, const Name *other)
{
    if (one->kind != other->kind || one->stop - one->start != other->stop - other->start)
        return 0;
    for (int64_t at = 0; at < one->stop - one->start; at++)
        if (PyUnicode_READ_CHAR(grouping->text, one->start + at) != PyUnicode_READ_CHAR(grouping->text, other->start + at))
            return 0;
    return one->entries == other->entries ? 1 : PyObject_RichCompareBool(one->entries, other->entries, Py_EQ);
}

/* What a name of a table means, NULL with an exception; the same words mean the same all over the article. */
const Meaning *meaning_of(Grouping *grouping, const Name *name)
{
    uint64_t said = (uint64_t)name->kind;
    for (int64_t word = name->first; word < name->last; word++)
        said = longer_key(said, grouping->hashes[word]);
    int32_t number = get_known(&grouping->known, SAID, said, NULL);
    if (number >= 0) {
        int alike = are_alike(grouping, &grouping->meanings[number].name, name);
        if (alike)
            return alike < 0 ? NULL : &grouping->meanings[number];
    }
    if (grouping->meant == grouping->meanings_room) {
        int32_t room = grouping->meanings_room ? 2 * grouping->meanings_room : 32;
        Meaning *wider = PyMem_Realloc(grouping->meanings, (size_t)room * sizeof(Meaning));
        if (!wider)
            return (const Meaning *)PyErr_NoMemory();
        grouping->meanings = wider;
        grouping->meanings_room = room;
    }
    Meaning found;
    if (find_meaning(grouping, name, &found) < 0 || put_known(&grouping->known, SAID, said, grouping->meant) < 0)
        return NULL;
    grouping->meanings[grouping->meant] = found;
    return &grouping->meanings[grouping->meant++];
}

/* Adds a name that a table knows. */
int add_listed(Grouping *grouping, const Name *name)
{
    const Meaning *meaning = meaning_of(grouping, name);
    if (!meaning)
        return -1;
    PyObject *span = span_as(grouping, name, meaning->type, meaning->kind == name->kind);
    return add_span(&grouping->entities[meaning->entity], span, name->start);
}

static int are_two_people(const Grouping *grouping, int32_t entity, PyObject *name)
{
    PyObject *other = grouping->entities[entity].name;
    if (other == name || (PyUnicode_GET_LENGTH(other) == PyUnicode_GET_LENGTH(name) && !PyUnicode_Compare(other, name)))
        return 0;
    PyObject *said = PyObject_CallFunctionObjArgs(FORM(grouping, TWO_PEOPLE), other, name, NULL);
    int two = said ? PyObject_IsTrue(said) : -1;
    Py_XDECREF(said);
    return two;
}

/* The entity of a name that no table knows, by what it would be called; -1 with an exception. */
static int32_t new_entity(Grouping *grouping, const Name *name, PyObject *surface)
{
    PyObject *identifier = PyObject_CallFunctionObjArgs(FORM(grouping, IDENTIFIER), surface, name->type, NULL);
    PyObject *known = identifier ? PyDict_GetItemWithError(grouping->by_id, identifier) : NULL;
    int two = known ? are_two_people(grouping, (int32_t)PyLong_AsLong(known), surface) : 0;
    if (two > 0)
        Py_SETREF(identifier, PyObject_CallFunctionObjArgs(FORM(grouping, SECOND), surface, name->type, NULL));
    int32_t entity = -1;
    if (two >= 0 && identifier && !PyErr_Occurred())
        entity = entity_called(grouping, identifier, surface, name->type);
    Py_XDECREF(identifier);
    return entity;
}

/* Adds a name that no table knows; `key` is that of its words. */
int add_named(Grouping *grouping, Name *name, const Key *key)
{
    PyObject *surface = surface_of(grouping, name);
    if (!surface)
        return -1;
    int32_t entity = get_known(&grouping->known, BY_NAME, key->key, NULL);
    int two = 1;
    if (entity >= 0 && grouping->entities[entity].kind == name->kind)
        two = are_two_people(grouping, entity, surface);
    if (two > 0)
        entity = new_entity(grouping, name, surface);
    Py_DECREF(surface);
    if (two < 0 || entity < 0)
        return -1;
    if (add_span(&grouping->entities[entity], span_as(grouping, name, name->type, 1), name->start) < 0)
        return -1;
    return learn(grouping, entity, name, name->kind, key);
}
