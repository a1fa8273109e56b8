/* Groups of mentions as the entities of the message: streams.entities.entities. */
#include "arrays.h"
#include "kernels.h"
#include "marks.h"
#include "spans.h"

#include <math.h>

#define SALIENT_TITLE 0.35
#define SALIENT_EARLY 0.2
#define SALIENT_OFTEN 0.35
#define SALIENT_SPEAKING 0.1
#define ENOUGH 8

enum { GROUPS, TEXT, FORMS, OBJECTS };
enum { TITLE, BODY, END, STARTS, ENDS, MARKS };
enum { MENTION, ENTITY, OF_MENTIONS, OF_ENTITIES, TYPES, SETTERS, PARTS };

typedef struct {
    PyObject *text, *forms;
    int64_t title, body, end;
    const int64_t *starts, *ends;
    const uint16_t *marks;
    Py_ssize_t words, size;
} Article;

static PyObject *in_title, *in_body, *three, *rounding;
static PyObject *of_mention[5], *of_entity[6], *of_group[4];

/* What is named in the messages; made once. */
static int named(void)
{
    static const char *mention[] = {"field", "start", "end", "surface", "type"}, *group[] = {"id", "name", "type", "spans"};
    static const char *entity[] = {"id", "name", "type", "count", "salience", "mentions"};
    if (of_group[3])
        return 0;
    for (int at = 0; at < 5; at++)
        of_mention[at] = PyUnicode_InternFromString(mention[at]);
    for (int at = 0; at < 6; at++)
        of_entity[at] = PyUnicode_InternFromString(entity[at]);
    in_title = PyUnicode_InternFromString("title");
    in_body = PyUnicode_InternFromString("body");
    three = PyLong_FromLong(3);
    rounding = PyUnicode_InternFromString("__round__");
    for (int at = 0; at < 4; at++)
        of_group[at] = PyUnicode_InternFromString(group[at]);
    return PyErr_Occurred() ? -1 : 0;
}

/* A message of values, which are given away, that are known to be valid: schemas.base.constructed. */
static PyObject *constructed(const Article *article, int model, PyObject *values)
{
    PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(article->forms, model);
    PyObject *given = PyTuple_GET_ITEM(article->forms, model + OF_MENTIONS), *message = NULL;
    PyObject *each[] = {values, given, Py_None, Py_None}, *setters = PyTuple_GET_ITEM(article->forms, SETTERS);
    if (values)
        message = type->tp_alloc(type, 0);
    for (int at = 0; message && at < 4; at++) {
        PyObject *setter = PyTuple_GET_ITEM(setters, at);
        if (Py_TYPE(setter)->tp_descr_set(setter, message, each[at]) < 0)
            Py_CLEAR(message);
    }
    Py_XDECREF(values);
    return message;
}

/* A dictionary of values, which are given away; NULL where one of them is. */
static PyObject *dictionary(PyObject **names, PyObject **values, int count)
{
    PyObject *made = PyDict_New();
    for (int at = 0; at < count; at++) {
        if (made && (!values[at] || PyDict_SetItem(made, names[at], values[at]) < 0))
            Py_CLEAR(made);
        Py_XDECREF(values[at]);
    }
    return made;
}

/* The member of types.EntityType of that name, as a new reference. */
static PyObject *type_called(const Article *article, PyObject *name)
{
    PyObject *type = PyDict_GetItemWithError(PyTuple_GET_ITEM(article->forms, TYPES), name);
    if (!type && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "expected a type, found %R", name);
    return Py_XNewRef(type);
}

static PyObject *mention(const Article *article, PyObject *span, const int64_t *fields)
{
    int inside = fields[START] >= article->body;
    int64_t offset = inside ? article->body : article->title;
    PyObject *values[] = {
        Py_NewRef(inside ? in_body : in_title),
        PyLong_FromLongLong(fields[START] - offset),
        PyLong_FromLongLong(fields[UNTIL] - offset),
        PyUnicode_Substring(article->text, (Py_ssize_t)fields[START], (Py_ssize_t)fields[UNTIL]),
        type_called(article, PyTuple_GET_ITEM(span, TYPE)),
    };
    return constructed(article, MENTION, dictionary(of_mention, values, 5));
}

/* Whether the words before a place are "according to ". */
static int according_to(const Article *article, int64_t start)
{
    static const char said[] = "according to ";
    int64_t before = start - (int64_t)(sizeof(said) - 1);
    for (int at = 0; before >= 0 && said[at]; at++) {
        Py_UCS4 letter = PyUnicode_READ_CHAR(article->text, before + at);
        if (Py_UNICODE_TOLOWER(letter) != (Py_UCS4)said[at])
            return 0;
    }
    return before >= 0;
}

/* Whether a span stands beside a reporting verb: streams.entities.context.any_speaks. */
static int speaks(const Article *article, const int64_t *fields)
{
    int64_t first = fields[FIRST], last = fields[LAST], start = fields[START];
    if (last < article->words && article->marks[last] & REPORTS && article->starts[last] <= fields[UNTIL] + 2)
        return 1;
    if (first == 0 || start > article->ends[first - 1] + 1)
        return 0;
    return article->marks[first - 1] & REPORTS || according_to(article, start);
}

/* To three places, as Python rounds: exactly, where it is not clear at once. */
static PyObject *rounded(double sum)
{
    double thousandths = sum * 1000, below = floor(thousandths);
    if (fabs(thousandths) < 1e6 && fabs(thousandths - below - 0.5) > 1e-6)
        return PyFloat_FromDouble((thousandths - below > 0.5 ? below + 1 : below) / 1000);
    PyObject *exact = PyFloat_FromDouble(sum), *found = NULL;
    if (exact)
        found = PyObject_CallMethodOneArg(exact, rounding, three);
    Py_XDECREF(exact);
    return found;
}

static PyObject *salience(const Article *article, Py_ssize_t count, int titled, int64_t first, int speaking)
{
    double early = 0, often = (double)(count < ENOUGH ? count : ENOUGH) / ENOUGH;
    if (article->end > article->body)
        early = (double)(article->end - first) / (double)(article->end - article->body);
    double sum = SALIENT_TITLE * titled + SALIENT_EARLY * early + SALIENT_OFTEN * often + SALIENT_SPEAKING * speaking;
    return rounded(sum);
}

/* The entity of a group: id, name, type and spans. */
static PyObject *entity(const Article *article, PyObject **group)
{
    PyObject *spans = group[3];
    Py_ssize_t count = PyList_Check(spans) ? PyList_GET_SIZE(spans) : 0;
    if (!count) {
        PyErr_SetString(PyExc_TypeError, "expected groups with a list of spans");
        return NULL;
    }
    PyObject *mentions = PyTuple_New(count);
    int speaking = 0, titled = 0;
    int64_t first = article->end;
    for (Py_ssize_t at = 0; mentions && at < count; at++) {
        PyObject *span = PyList_GET_ITEM(spans, at), *made;
        int64_t fields[TYPE];
        if (read_span(span, article->words, article->size, fields) < 0 || !(made = mention(article, span, fields))) {
            Py_CLEAR(mentions);
            break;
        }
        PyTuple_SET_ITEM(mentions, at, made);
        titled |= at == 0 && fields[START] < article->body;
        if (first == article->end && fields[START] >= article->body)
            first = fields[START];
        speaking = speaking || speaks(article, fields);
    }
    if (!mentions)
        return NULL;
    PyObject *values[] = {
        Py_NewRef(group[0]),
        Py_NewRef(group[1]),
        type_called(article, group[2]),
        PyLong_FromSsize_t(count),
        salience(article, count, titled, first, speaking),
        mentions,
    };
    return constructed(article, ENTITY, dictionary(of_entity, values, 6));
}

/* The parts of a group are asked for, its entity is put into a list. */
static int add_entity(const Article *article, PyObject *given, PyObject *entities, Py_ssize_t place)
{
    PyObject *group[4] = {NULL, NULL, NULL, NULL}, *made = NULL;
    int at = 0;
    while (at < 4 && (group[at] = PyObject_GetAttr(given, of_group[at])))
        at++;
    if (at == 4)
        made = entity(article, group);
    for (at = 0; at < 4; at++)
        Py_XDECREF(group[at]);
    if (!made)
        return -1;
    PyList_SET_ITEM(entities, place, made);
    return 0;
}

static int are_forms(PyObject *forms)
{
    if (!PyTuple_Check(forms) || PyTuple_GET_SIZE(forms) != PARTS)
        return 0;
    PyObject *setters = PyTuple_GET_ITEM(forms, SETTERS);
    if (!PyDict_Check(PyTuple_GET_ITEM(forms, TYPES)) || !PyTuple_Check(setters) || PyTuple_GET_SIZE(setters) != 4)
        return 0;
    for (int at = 0; at < 4; at++)
        if (!Py_TYPE(PyTuple_GET_ITEM(setters, at))->tp_descr_set)
            return 0;
    return PyType_Check(PyTuple_GET_ITEM(forms, MENTION)) && PyType_Check(PyTuple_GET_ITEM(forms, ENTITY));
}

static const char *misfit(const Arguments *taken, const Article *article)
{
    if (length(taken, ENDS) != article->words || length(taken, MARKS) != article->words)
        return "arrays of one item a word";
    if (article->title < 0 || article->title > article->body || article->body > article->end
        || article->end > article->size)
        return "an article within the text";
    return NULL;
}

PyObject *described(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    if (count < OBJECTS || !PyList_Check(given[GROUPS]) || !PyUnicode_Check(given[TEXT]) || !are_forms(given[FORMS])) {
        PyErr_SetString(PyExc_TypeError, "expected a list of groups, a text, and forms of messages");
        return NULL;
    }
    Arguments taken;
    if (named() < 0 || take(&taken, "nnn882", given + OBJECTS, count - OBJECTS) < 0)
        return NULL;
    const Article article = {
        given[TEXT], given[FORMS], NUMBER(taken, TITLE), NUMBER(taken, BODY), NUMBER(taken, END),
        ITEMS(taken, int64_t, STARTS), ITEMS(taken, int64_t, ENDS), ITEMS(taken, uint16_t, MARKS),
        length(&taken, STARTS), PyUnicode_GET_LENGTH(given[TEXT]),
    };
    const char *expected = misfit(&taken, &article);
    if (expected)
        return refuse(&taken, expected);
    Py_ssize_t size = PyList_GET_SIZE(given[GROUPS]);
    PyObject *entities = PyList_New(size);
    for (Py_ssize_t at = 0; entities && at < size; at++)
        if (at >= PyList_GET_SIZE(given[GROUPS])
            || add_entity(&article, PyList_GET_ITEM(given[GROUPS], at), entities, at) < 0)
            Py_CLEAR(entities);
    release(&taken);
    return entities;
}
