/* What the names of tables mean in an article: streams.entities.meanings and coreference. */
#include "coreference.h"

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
    Meaning *held = with_room(grouping->meanings, grouping->meant, &grouping->meanings_room, sizeof(Meaning));
    if (!held)
        return NULL;
    grouping->meanings = held;
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
