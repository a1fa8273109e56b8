/* Which mentions of an article name the same thing: streams.entities.coreference. */
#include "coreference.h"
#include "kernels.h"

enum { SPANS, CAPITALS_GIVEN, WORDS, TEXT, OF_LEXICON, OF_FORMS, OBJECTS };
enum { ENTRY_TYPES, ENTRY_ORDERS, ENTRY_SOURCES, STARTS, ENDS, HASHES, CASES, BEFORE, MARKS, GAZETTEER, ITEMS_TABLE };

/* Adds a short form of an entity's name, with the small words that are of it: de la Rey. */
int join_short(Grouping *grouping, int32_t entity, const Name *name)
{
    Name longer = *name;
    while (longer.first && joins(grouping, longer.first - 1)
           && grouping->starts[longer.first] <= grouping->ends[longer.first - 1] + 1)
        longer.first--;
    Key key = key_between(grouping, name->first, name->last);
    if (longer.first < name->first) {
        Key other = key_between(grouping, longer.first, longer.last);
        longer.start = grouping->starts[longer.first];
        if (get_known(&grouping->known, BY_LAST_NAME, other.key, NULL) == entity)
            key = other;
        else
            longer = *name;
    }
    Entity *named = &grouping->entities[entity];
    longer.kind = named->kind;
    longer.type = named->type;
    if (add_span(named, new_span(grouping, &longer, named->type, named->name), longer.start) < 0)
        return -1;
    return learn(grouping, entity, &longer, longer.kind, &key);
}

/* Adds a short name to the entity it belongs to, or to its own where none fits. */
static int add_short(Grouping *grouping, Name *name)
{
    Key key = key_between(grouping, name->first, name->last);
    int32_t entity = owner_of(grouping, name, &key);
    if (entity < -1)
        return -1;
    if (entity >= 0)
        return join_short(grouping, entity, name);
    return PyTuple_GET_SIZE(name->entries) ? add_listed(grouping, name) : add_named(grouping, name, &key);
}

/* Adds the full names; the short ones are put into `later`. */
static int full_names(Grouping *grouping, const Names *names, Names *later)
{
    Names particled = {NULL, 0, 0};
    int failed = 0;
    for (int64_t at = 0; !failed && at < names->count; at++) {
        Name name = names->names[at];
        int lasting = name.kind == GPE || name.kind == LOC || name.kind == PERSON;
        int64_t words = name.last - name.first;
        if (words == 1 && (!name.listed || lasting)) {
            failed = add_name(later, &name) < 0;
            continue;
        }
        if (PyTuple_GET_SIZE(name.entries)) {
            failed = add_listed(grouping, &name) < 0;
            continue;
        }
        Key key = key_between(grouping, name.first, name.last);
        int unusual = joins(grouping, name.first) || (words == 2 && !(grouping->marks[name.first] & GIVEN));
        if (key.size == 1)
            failed = add_name(later, &name) < 0;
        else if (name.kind == PERSON && unusual)
            failed = add_name(&particled, &name) < 0;
        else
            failed = add_named(grouping, &name, &key) < 0;
    }
    for (int64_t at = 0; !failed && at < particled.count; at++) {
        Name *name = &particled.names[at];
        Key key = key_between(grouping, name->first, name->last);
        int32_t entity = get_known(&grouping->known, BY_LAST_NAME, key.key, NULL);
        failed = entity < 0 ? add_named(grouping, name, &key) < 0 : join_short(grouping, entity, name) < 0;
    }
    PyMem_Free(particled.names);
    return failed ? -1 : 0;
}

/* Whether a listed name of one word is rather the last name of somebody in the article: Grouping._yields. */
static int yields(Grouping *grouping, const Name *name, const int64_t *untrusted)
{
    int32_t earlier = get_known(&grouping->known, BY_LAST, grouping->hashes[name->first], NULL);
    if (earlier < 0 || name->last - name->first > 1)
        return 0;
    if (name->kind != PERSON) {
        if (name->note == FORM(grouping, DOUBTED) || !PyUnicode_Compare(name->note, FORM(grouping, DOUBTED)))
            return 1;
        int64_t entry = PyLong_AsLongLong(PyTuple_GetItem(name->entries, 0));
        if (PyErr_Occurred() || entry < 0 || entry >= grouping->entries)
            return PyErr_Occurred() ? -1 : 0;
        return grouping->sources[entry] == untrusted[0] || grouping->sources[entry] == untrusted[1];
    }
    const Meaning *meaning = meaning_of(grouping, name);
    if (!meaning)
        return -1;
    int somebody = !PyList_GET_SIZE(grouping->entities[meaning->entity].spans)
        && grouping->entities[earlier].first < name->start;
    uint64_t word = grouping->hashes[name->first];
    if (put_known(&grouping->known, NAMESAKE, word, somebody) < 0)
        return -1;
    return get_known(&grouping->known, NAMESAKE, word, NULL);
}

static int short_names(Grouping *grouping, Names *later, const int64_t *untrusted)
{
    for (int64_t at = 0; at < later->count; at++) {
        Name *name = &later->names[at];
        int yielding = name->listed ? yields(grouping, name, untrusted) : 1;
        if (yielding < 0 || (yielding ? add_short(grouping, name) : add_listed(grouping, name)) < 0)
            return -1;
    }
    return 0;
}

static void forget_all(Grouping *grouping)
{
    for (int32_t at = 0; at < grouping->found; at++) {
        Py_DECREF(grouping->entities[at].id);
        Py_DECREF(grouping->entities[at].name);
        Py_DECREF(grouping->entities[at].type);
        Py_DECREF(grouping->entities[at].spans);
    }
    PyMem_Free(grouping->entities);
    PyMem_Free(grouping->meanings);
    PyMem_Free(grouping->known.keys);
    PyMem_Free(grouping->known.numbers);
    PyMem_Free(grouping->known.orders);
    Py_XDECREF(grouping->by_id);
    Py_XDECREF(grouping->by_initials);
    Py_XDECREF(grouping->countries);
    Py_XDECREF(grouping->nothing);
    Py_XDECREF(grouping->blank);
}

/* Reads the spans, and notes the countries that the article names. */
static int read_all(Grouping *grouping, PyObject *spans, Names *names)
{
    Name name;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(spans); at++) {
        if (read_name(grouping, PyList_GET_ITEM(spans, at), &name) < 0 || add_name(names, &name) < 0)
            return -1;
        if ((name.kind == GPE || name.kind == NORP) && note_country(grouping, name.entries) < 0)
            return -1;
    }
    return 0;
}

static PyObject *group_all(Grouping *grouping, PyObject *spans, PyObject *capitalised, const int64_t *untrusted)
{
    Names names = {NULL, 0, 0}, later = {NULL, 0, 0};
    PyObject *groups = NULL;
    grouping->by_id = PyDict_New();
    grouping->by_initials = PyDict_New();
    grouping->countries = PySet_New(NULL);
    grouping->nothing = PyTuple_New(0);
    grouping->blank = PyUnicode_FromString("");
    if (known_of(&grouping->known) == 0 && grouping->by_id && grouping->by_initials && grouping->countries
        && grouping->nothing && grouping->blank && read_all(grouping, spans, &names) == 0
        && full_names(grouping, &names, &later) == 0 && overlooked(grouping, &names, capitalised, &later) == 0
        && short_names(grouping, &later, untrusted) == 0)
        groups = in_order(grouping);
    PyMem_Free(names.names);
    PyMem_Free(later.names);
    forget_all(grouping);
    return groups;
}

static int are_lists(PyObject *lexicon, Py_ssize_t entries)
{
    if (!PyTuple_Check(lexicon) || PyTuple_GET_SIZE(lexicon) != LISTS_OF_LEXICON)
        return 0;
    for (int at = 0; at <= COUNTRIES; at++)
        if (!PyList_Check(PyTuple_GET_ITEM(lexicon, at)) || PyList_GET_SIZE(PyTuple_GET_ITEM(lexicon, at)) != entries)
            return 0;
    return PyDict_Check(PyTuple_GET_ITEM(lexicon, POINTS_AT)) && PyAnySet_Check(PyTuple_GET_ITEM(lexicon, TEAMS));
}

static int are_forms(PyObject *forms)
{
    if (!PyTuple_Check(forms) || PyTuple_GET_SIZE(forms) != PARTS)
        return 0;
    PyObject *slots = PyTuple_GET_ITEM(forms, SLOTS);
    if (!PyTuple_Check(slots) || PyTuple_GET_SIZE(slots) != 4 || !PyDict_Check(PyTuple_GET_ITEM(forms, NUMBERS)))
        return 0;
    for (int at = 0; at < 4; at++)
        if (!Py_TYPE(PyTuple_GET_ITEM(slots, at))->tp_descr_set)
            return 0;
    return PyType_Check(PyTuple_GET_ITEM(forms, SPAN)) && PyType_Check(PyTuple_GET_ITEM(forms, GROUP))
        && PyTuple_Check(PyTuple_GET_ITEM(forms, TYPES)) && PyUnicode_Check(PyTuple_GET_ITEM(forms, DOUBTED))
        && PyUnicode_Check(PyTuple_GET_ITEM(forms, QUOTES));
}

static int are_objects(PyObject *const *given, Py_ssize_t count)
{
    return count > OBJECTS && PyList_Check(given[SPANS]) && PyList_Check(given[CAPITALS_GIVEN])
        && PyUnicode_Check(given[TEXT]) && are_forms(given[OF_FORMS]);
}

PyObject *grouped(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (!are_objects(given, count)) {
        PyErr_SetString(PyExc_TypeError, "expected lists of spans and words, a text, a lexicon, and forms");
        return NULL;
    }
    if (take(&taken, "888888112nn", given + OBJECTS, count - OBJECTS) < 0)
        return NULL;
    Py_ssize_t entries = length(&taken, ENTRY_TYPES), words = length(&taken, STARTS);
    if (length(&taken, ENTRY_ORDERS) != entries || length(&taken, ENTRY_SOURCES) != entries
        || !are_lists(given[OF_LEXICON], entries))
        return refuse(&taken, "arrays of one item an entry");
    for (int at = ENDS; at <= MARKS; at++)
        if (length(&taken, at) != words)
            return refuse(&taken, "arrays of one item a word");
    Grouping grouping = {
        .text = given[TEXT], .words = given[WORDS], .forms = given[OF_FORMS], .lexicon = given[OF_LEXICON],
        .types = ITEMS(taken, int64_t, ENTRY_TYPES), .orders = ITEMS(taken, int64_t, ENTRY_ORDERS),
        .sources = ITEMS(taken, int64_t, ENTRY_SOURCES), .entries = entries,
        .starts = ITEMS(taken, int64_t, STARTS), .ends = ITEMS(taken, int64_t, ENDS),
        .hashes = ITEMS(taken, uint64_t, HASHES), .cases = ITEMS(taken, uint8_t, CASES),
        .before = ITEMS(taken, uint8_t, BEFORE), .marks = ITEMS(taken, uint16_t, MARKS),
        .count = words, .size = PyUnicode_GET_LENGTH(given[TEXT]),
    };
    const int64_t untrusted[] = {NUMBER(taken, GAZETTEER), NUMBER(taken, ITEMS_TABLE)};
    PyObject *groups = group_all(&grouping, given[SPANS], given[CAPITALS_GIVEN], untrusted);
    release(&taken);
    return groups;
}
