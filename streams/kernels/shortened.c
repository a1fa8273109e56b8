/* What the names of an article are known by, while its mentions are joined: streams.entities.known. */
#include "coreference.h"

int joins(const Grouping *grouping, int64_t word)
{
    if (!(grouping->marks[word] & JOINS))
        return 0;
    return grouping->cases[word] == LOWER || grouping->ends[word] - grouping->starts[word] > 1;
}

Key key_between(const Grouping *grouping, int64_t first, int64_t last)
{
    int every = last - first == 1;
    for (;;) {
        Key key = {0, 0, 0, 0, first};
        int64_t latest = first;
        for (int64_t word = first; word < last; word++) {
            if (!every && grouping->marks[word] & ARTICLE)
                continue;
            key.key = longer_key(key.key, grouping->hashes[word]);
            key.first = key.size ? key.first : grouping->hashes[word];
            key.last_but_one = latest;
            latest = word;
            key.size++;
        }
        key.last = grouping->hashes[latest];
        if (key.size)
            return key;
        every = 1;
    }
}

/* Whether the text from `low` to `high` is one of what follows the last name of somebody called like a parent. */
static int is_suffix(const Grouping *grouping, int64_t low, int64_t high)
{
    static const char *const suffixes[] = {"Jr", "Sr", "II", "III", "IV"};
    if (low < 0 || high > grouping->size)
        return 0;
    for (int which = 0; which < 5; which++) {
        int64_t at = 0, size = (int64_t)strlen(suffixes[which]);
        while (size == high - low && at < size
               && PyUnicode_READ_CHAR(grouping->text, low + at) == (Py_UCS4)suffixes[which][at])
            at++;
        if (at == size)
            return 1;
    }
    return 0;
}

/* The hash of the last word of a person's name: Words.family. */
static uint64_t family(const Grouping *grouping, const Name *name)
{
    int64_t last = name->last - 1;
    if (grouping->cases[last] == LOWER)
        return grouping->hashes[name->first];
    int suffixed = last - name->first > 1 && is_suffix(grouping, grouping->starts[last], grouping->ends[last]);
    return grouping->hashes[last - suffixed];
}

/* The key of a last name of several words, or 0: Words.last_name, else that of two. */
static uint64_t last_name(const Grouping *grouping, const Name *name, const Key *key)
{
    for (int64_t word = name->first + 1; word < name->last - 1; word++)
        if (joins(grouping, word))
            return key_between(grouping, word, name->last).key;
    if (grouping->marks[key->last_but_one] & GIVEN)
        return 0;
    return longer_key(longer_key(0, grouping->hashes[key->last_but_one]), key->last);
}

/* What stands in quotes inside a name is known, too: Words.nickname. */
static int learn_nickname(Grouping *grouping, int32_t entity, const Name *name)
{
    int64_t first = name->first + 1, end = name->last - 1;
    while (first < end && grouping->before[first] != QUOTE)
        first++;
    if (first >= end)
        return 0;
    int64_t last = first;
    for (int64_t word = first; word < end; word++) {
        int64_t after = grouping->ends[word];
        if (after < 0 || after >= grouping->size)
            break;
        Py_UCS4 sign = PyUnicode_READ_CHAR(grouping->text, after);
        int quotes = PyUnicode_FindChar(FORM(grouping, QUOTES), sign, 0, PyUnicode_GET_LENGTH(FORM(grouping, QUOTES)), 1) >= 0;
        if (quotes) {
            last = word;
            break;
        }
    }
    Key key = key_between(grouping, first, last + 1);
    if (key.size == 1)
        return put_known(&grouping->known, BY_NICKNAME, key.first, entity);
    return put_known(&grouping->known, BY_LAST_NAME, key.key, entity);
}

static int learn_person(Grouping *grouping, int32_t entity, const Name *name, const Key *key)
{
    Known *known = &grouping->known;
    if (put_known(known, BY_LAST, family(grouping, name), entity) < 0)
        return -1;
    if (name->last - name->first > 2) {
        uint64_t last = last_name(grouping, name, key);
        if ((last && put_known(known, BY_LAST_NAME, last, entity) < 0) || learn_nickname(grouping, entity, name) < 0)
            return -1;
    }
    if (put_known(known, BY_FIRST, key->first, entity) < 0)
        return -1;
    if (key->size > 2 && !(grouping->marks[key->last_but_one] & GIVEN))
        return put_known(known, BY_FIRST, grouping->hashes[key->last_but_one], entity);
    return 0;
}

/* The organisation by its initials, and by the first words of its name. */
static int learn_organisation(Grouping *grouping, int32_t entity, const Name *name, const Key *key)
{
    PyObject *surface = surface_of(grouping, name), *number = PyLong_FromLong(entity);
    PyObject *initials = surface ? PyObject_CallOneArg(FORM(grouping, INITIALS), surface) : NULL;
    int failed = !initials || !number || !PyDict_SetDefault(grouping->by_initials, initials, number);
    Py_XDECREF(initials);
    Py_XDECREF(number);
    Py_XDECREF(surface);
    uint64_t shorter = 0;
    int64_t size = 0;
    int every = key->size == name->last - name->first;
    for (int64_t word = name->first; !failed && size + 1 < key->size; word++) {
        if (!every && grouping->marks[word] & ARTICLE)
            continue;
        shorter = longer_key(shorter, grouping->hashes[word]);
        size++;
        failed = put_known(&grouping->known, BY_NAME, shorter, entity) < 0;
    }
    return failed ? -1 : 0;
}

/* An event is known by the word after that for a storm: Rita of Hurricane Rita. */
static int learn_event(Grouping *grouping, int32_t entity, const Name *name, const Key *key)
{
    PyObject *span = new_span(grouping, name, name->type, grouping->blank);
    PyObject *said = span ? PyObject_CallFunctionObjArgs(FORM(grouping, STORM), grouping->words, span, NULL) : NULL;
    int storm = said ? PyObject_IsTrue(said) : -1;
    Py_XDECREF(span);
    Py_XDECREF(said);
    return storm > 0 ? put_known(&grouping->known, BY_NICKNAME, key->last, entity) : storm;
}

/* Takes in a name of an entity, and its short forms when it has several words. */
int learn(Grouping *grouping, int32_t entity, const Name *name, int kind, const Key *key)
{
    if (kind == GPE || kind == NORP)
        return 0;
    if (put_known(&grouping->known, BY_NAME, key->key, entity) < 0)
        return -1;
    if (key->size == 1)
        return 0;
    switch (grouping->entities[entity].kind) {
    case PERSON: return learn_person(grouping, entity, name, key);
    case EVENT: return learn_event(grouping, entity, name, key);
    case ORG: case ARMED_GROUP: case MEDIA: return learn_organisation(grouping, entity, name, key);
    default: return 0;
    }
}

static int32_t by_initials(Grouping *grouping, const Name *name)
{
    if (!PyDict_GET_SIZE(grouping->by_initials))
        return -1;
    PyObject *surface = surface_of(grouping, name), *period = PyUnicode_FromString("."), *letters = NULL;
    if (surface && period)
        letters = PyUnicode_Replace(surface, period, grouping->blank, -1);
    PyObject *number = letters ? PyDict_GetItemWithError(grouping->by_initials, letters) : NULL;
    Py_XDECREF(surface);
    Py_XDECREF(period);
    Py_XDECREF(letters);
    return number ? (int32_t)PyLong_AsLong(number) : PyErr_Occurred() ? -2 : -1;
}

int32_t owner_of(Grouping *grouping, const Name *name, const Key *key)
{
    const Known *known = &grouping->known;
    if (key->size > 1) {
        int32_t entity = get_known(known, BY_NAME, key->key, NULL);
        return entity >= 0 && grouping->entities[entity].kind == name->kind ? entity : -1;
    }
    int32_t entity = get_known(known, BY_NICKNAME, key->first, NULL);
    if (entity < 0)
        entity = get_known(known, BY_LAST, key->first, NULL);
    if (entity < 0 && name->kind == PERSON)
        entity = get_known(known, BY_FIRST, key->first, NULL);
    if (entity < 0 && (name->kind == ORG || name->kind == ARMED_GROUP || name->kind == MEDIA))
        entity = get_known(known, BY_NAME, key->key, NULL);
    return entity < 0 ? by_initials(grouping, name) : entity;
}
