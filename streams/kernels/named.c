/* The entities of an article, their spans, and names that no table knows: streams.entities.coreference. */
#include "coreference.h"

static int type_number(const Grouping *grouping, PyObject *type)
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
PyObject *span_as(const Grouping *grouping, const Name *name, PyObject *type, int same)
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

int add_name(Names *names, const Name *name)
{
    Name *held = with_room(names->names, names->count, &names->room, sizeof(Name));
    if (!held)
        return -1;
    names->names = held;
    names->names[names->count++] = *name;
    return 0;
}

int add_span(Entity *entity, PyObject *span, int64_t start)
{
    int first = !PyList_GET_SIZE(entity->spans);
    if (append(entity->spans, span) < 0)
        return -1;
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
    Entity *held = with_room(grouping->entities, grouping->found, &grouping->room, sizeof(Entity));
    if (!held)
        return -1;
    grouping->entities = held;
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

typedef struct {
    PyObject *span;
    int64_t start;
    Py_ssize_t place;
} Placed;

static int by_start(const void *one, const void *other)
{
    const Placed *first = one, *second = other;
    if (first->start != second->start)
        return first->start < second->start ? -1 : 1;
    return first->place < second->place ? -1 : 1;
}

/* Puts the spans of an entity into the order of the text. */
static int sort_spans(PyObject *spans)
{
    Py_ssize_t count = PyList_GET_SIZE(spans);
    Placed *placed = PyMem_Malloc((size_t)count * sizeof(Placed));
    if (!placed) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *span = PyList_GET_ITEM(spans, at);
        placed[at] = (Placed){span, PyLong_AsLongLong(PyTuple_GET_ITEM(span, 2)), at};
    }
    qsort(placed, (size_t)count, sizeof(Placed), by_start);
    for (Py_ssize_t at = 0; at < count; at++)
        PyList_SET_ITEM(spans, at, placed[at].span);
    PyMem_Free(placed);
    return 0;
}

/* The groups that have spans, these in the order of the text. */
PyObject *in_order(const Grouping *grouping)
{
    PyObject *groups = PyList_New(0), *slots = FORM(grouping, SLOTS);
    PyTypeObject *model = (PyTypeObject *)FORM(grouping, GROUP);
    for (int32_t at = 0; groups && at < grouping->found; at++) {
        const Entity *entity = &grouping->entities[at];
        if (!PyList_GET_SIZE(entity->spans))
            continue;
        PyObject *group = model->tp_alloc(model, 0), *each[] = {entity->id, entity->name, entity->type, entity->spans};
        int failed = !group || (!entity->in_order && sort_spans(entity->spans) < 0);
        for (int slot = 0; !failed && slot < 4; slot++) {
            PyObject *setter = PyTuple_GET_ITEM(slots, slot);
            failed = Py_TYPE(setter)->tp_descr_set(setter, group, each[slot]) < 0;
        }
        if (failed || PyList_Append(groups, group) < 0)
            Py_CLEAR(groups);
        Py_XDECREF(group);
    }
    return groups;
}
