/* Capitalised words outside the names of an article that are short names, too: Grouping.overlooked. */
#include "coreference.h"

/* What capitalised words outside the names may be: words in no name, and the ends of organisations' names. */
typedef struct {
    unsigned char *covered;
    int64_t low, high;
} Outside;

/* Notes where names stand, which words are short names that no table knows, and where organisations' names end. */
static int look_over(Grouping *grouping, const Names *names, const Names *later, Outside *outside)
{
    Known *known = &grouping->known;
    for (int64_t at = later->count - 1; at >= 0; at--) { /* the last of a word counts */
        const Name *name = &later->names[at];
        if (!name->listed && name->last - name->first == 1
            && put_known(known, UNKNOWN, grouping->hashes[name->first], (int32_t)at) < 0)
            return -1;
    }
    for (int64_t at = names->count - 1; at >= 0; at--) {
        const Name name = names->names[at];
        for (int64_t word = name.first; word < name.last; word++)
            if (word >= outside->low && word < outside->high)
                outside->covered[word - outside->low] = 1;
        int body = name.kind == ORG || name.kind == ARMED_GROUP || name.kind == MEDIA;
        if (body && name.last - name.first > 1 && put_known(known, CLOSED, (uint64_t)name.last, (int32_t)at) < 0)
            return -1;
    }
    return 0;
}

/* The organisation whose name stands before the word, when that is capitals in brackets; -1 for none. */
static int32_t explained(const Grouping *grouping, int64_t word, const Name *before)
{
    if (grouping->cases[word] != CAPITALS || grouping->before[word] != OPEN)
        return -1;
    return get_known(&grouping->known, BY_NAME, key_between(grouping, before->first, before->last).key, NULL);
}

/* Adds a capitalised word that is in no name where it is known; as a short name once more which no table knows, to
 * `later`, of which the first `unknown` are. */
static int look_at(Grouping *grouping, int64_t word, const Names *names, Names *later, int32_t before)
{
    const Known *known = &grouping->known;
    uint64_t hash = grouping->hashes[word];
    int32_t last_order, nick_order, entity = -1;
    int32_t last = get_known(known, BY_LAST, hash, &last_order);
    int32_t nick = get_known(known, BY_NICKNAME, hash, &nick_order);
    int32_t same = get_known(known, UNKNOWN, hash, NULL), closed = get_known(known, CLOSED, (uint64_t)word, NULL);
    int named = (last >= 0 && last_order < before) || (nick >= 0 && nick_order < before) || same >= 0;
    if (!named && closed < 0)
        return 0;
    if (closed >= 0)
        entity = explained(grouping, word, &names->names[closed]);
    entity = entity >= 0 ? entity : last >= 0 ? last : nick;
    Name name = {NULL, NULL, grouping->nothing, grouping->blank, word, word + 1,
                 grouping->starts[word], grouping->ends[word], 0, 0};
    if (entity >= 0)
        return join_short(grouping, entity, &name);
    if (same < 0)
        return 0;
    name.type = later->names[same].type;
    name.kind = later->names[same].kind;
    return add_name(later, &name);
}

/* Adds capitalised words outside the spans that are known: Grouping.overlooked. */
int overlooked(Grouping *grouping, const Names *names, PyObject *capitalised, Names *later)
{
    Py_ssize_t count = PyList_GET_SIZE(capitalised);
    if (!count)
        return 0;
    int64_t low = PyLong_AsLongLong(PyList_GET_ITEM(capitalised, 0));
    int64_t high = PyLong_AsLongLong(PyList_GET_ITEM(capitalised, count - 1)) + 1;
    if (PyErr_Occurred() || low < 0 || low >= high || high > grouping->count) {
        PyErr_SetString(PyExc_ValueError, "expected words in order");
        return -1;
    }
    Outside outside = {PyMem_Calloc((size_t)(high - low), 1), low, high};
    if (!outside.covered) {
        PyErr_NoMemory();
        return -1;
    }
    int failed = look_over(grouping, names, later, &outside) < 0;
    int32_t before = grouping->known.count;
    for (Py_ssize_t at = 0; !failed && at < count; at++) {
        int64_t word = PyLong_AsLongLong(PyList_GET_ITEM(capitalised, at));
        if (word < low || word >= high) {
            PyErr_SetString(PyExc_ValueError, "expected words in order");
            failed = 1;
        } else if (!outside.covered[word - low]) {
            failed = look_at(grouping, word, names, later, before) < 0;
        }
    }
    PyMem_Free(outside.covered);
    return failed ? -1 : 0;
}
