/* Which rules the words of each line of a text ask for: streams.text.gates. */
#include "arrays.h"
#include "kernels.h"
#include "text.h"

/* Labels of characters, of the first states the next one for each label, where the edges of each state begin, their
 * labels and ends, where to go on when no edge fits, and what each state asks for. */
enum { LABELS, ROWS, FIRSTS, EDGES, ENDS, FAILS, MASKS, FOUND, ROW_SIZE };
#define NOWHERE UINT32_MAX

typedef struct {
    const uint16_t *label, *row, *edge, *end, *fail;
    const uint32_t *first;
    const uint64_t *mask;
    Py_ssize_t labels, row_size, rows, edges, states, width;
} Automaton;

/* The state behind a label; NOWHERE where the arrays lead out of themselves. */
static uint32_t follow(const Automaton *automaton, uint32_t state, uint16_t label)
{
    while (state >= automaton->rows) {
        uint32_t edge = automaton->first[state], end = automaton->first[state + 1];
        if (end > automaton->edges)
            return NOWHERE;
        for (; edge < end; edge++)
            if (automaton->edge[edge] == label)
                return automaton->end[edge];
        if (automaton->fail[state] >= state)
            return NOWHERE;
        state = automaton->fail[state];
    }
    return label < automaton->row_size ? automaton->row[state * automaton->row_size + label] : NOWHERE;
}

static uint16_t label_of(const Automaton *automaton, Py_UCS4 sign)
{
    return sign < automaton->labels ? automaton->label[sign] : 0;
}

static const char *mark(const Automaton *automaton, const Text *text, uint64_t *found, Py_ssize_t lines)
{
    Py_ssize_t line = 0;
    uint32_t state = 0;
    for (Py_ssize_t place = -1; place < text->size; place++) {
        Py_UCS4 sign = place < 0 ? '\n' : at(text, place);
        if (sign == '\n' && place >= 0 && ++line == lines)
            return "room for every line";
        uint16_t label = label_of(automaton, sign);
        state = label ? follow(automaton, state, label) : 0;
        if (state >= automaton->states)
            return "an automaton";
        for (Py_ssize_t part = 0; part < automaton->width; part++)
            found[line * automaton->width + part] |= automaton->mask[state * automaton->width + part];
    }
    return line + 1 == lines ? NULL : "as many lines as there is room for";
}

PyObject *open_gates(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (count == 0 || !PyUnicode_Check(given[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a text first");
        return NULL;
    }
    const Text text = {PyUnicode_KIND(given[0]), PyUnicode_DATA(given[0]), PyUnicode_GET_LENGTH(given[0])};
    if (take(&taken, "2242228>8n", given + 1, count - 1) < 0)
        return NULL;
    int64_t size = NUMBER(taken, ROW_SIZE);
    Automaton automaton = {ITEMS(taken, uint16_t, LABELS), ITEMS(taken, uint16_t, ROWS), ITEMS(taken, uint16_t, EDGES),
                           ITEMS(taken, uint16_t, ENDS), ITEMS(taken, uint16_t, FAILS), ITEMS(taken, uint32_t, FIRSTS),
                           ITEMS(taken, uint64_t, MASKS), length(&taken, LABELS), size,
                           size > 0 ? length(&taken, ROWS) / size : 0, length(&taken, EDGES),
                           length(&taken, FIRSTS) - 1, 0};
    if (automaton.rows < 1 || automaton.states < automaton.rows || length(&taken, FAILS) != automaton.states
        || length(&taken, ENDS) != automaton.edges)
        return refuse(&taken, "an automaton");
    automaton.width = length(&taken, MASKS) / automaton.states;
    Py_ssize_t lines = automaton.width ? length(&taken, FOUND) / automaton.width : 0;
    if (!lines || automaton.width * automaton.states != length(&taken, MASKS)
        || lines * automaton.width != length(&taken, FOUND))
        return refuse(&taken, "sets of one size");
    const char *expected = mark(&automaton, &text, ITEMS(taken, uint64_t, FOUND), lines);
    return expected ? refuse(&taken, expected) : done(&taken);
}
