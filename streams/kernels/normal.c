/* The normal form of a text: streams.text.normal. */
#define PY_SSIZE_T_CLEAN
#include "kernels.h"
#include "text.h"

#include <stdlib.h>

/* What is written, with one blank between words and none at either end. */
typedef struct {
    Py_UCS4 *signs;
    Py_ssize_t size, room;
    int parted; /* whether the next sign begins a word */
} Written;

/* Room for so many more signs; 0, or -1 with an exception set. */
static int reserve(Written *written, Py_ssize_t more)
{
    if (written->size + more <= written->room)
        return 0;
    Py_ssize_t room = 2 * written->room + more;
    Py_UCS4 *signs = realloc(written->signs, (size_t)room * sizeof(Py_UCS4));
    if (!signs) {
        PyErr_NoMemory();
        return -1;
    }
    written->signs = signs;
    written->room = room;
    return 0;
}

static int put(Written *written, Py_UCS4 sign)
{
    if (is_space(sign)) {
        written->parted = 1;
        return 0;
    }
    if (reserve(written, 2) < 0)
        return -1;
    if (written->parted && written->size)
        written->signs[written->size++] = ' ';
    written->parted = 0;
    written->signs[written->size++] = sign;
    return 0;
}

/* The plain sign for a common mark; 0 for an ellipsis, which is three, and the sign itself where it is none. */
static Py_UCS4 plain(Py_UCS4 sign)
{
    switch (sign) {
    case '`': case 0x2018: case 0x2019: return '\'';
    case 0x201c: case 0x201d: return '"';
    case 0x2013: case 0x2014: return '-';
    case 0x00a0: return ' ';
    case 0x2026: return 0;
    default: return sign;
    }
}

/* Writes a word of ASCII and common marks in lower case; 0 where it has other signs, and nothing is kept of it. */
static int put_plain(Written *written, const Text *text, Py_ssize_t low, Py_ssize_t high)
{
    if (reserve(written, 3 * (high - low) + 1) < 0)
        return -1;
    Py_UCS4 *next = written->signs + written->size;
    if (low < high && written->parted && written->size)
        *next++ = ' ';
    for (; low < high; low++) {
        Py_UCS4 given = at(text, low), sign = given < 128 && given != '`' ? given : plain(given);
        if (sign >= 128)
            return 0;
        if (sign != given && !sign)
            for (int times = 3; times; times--)
                *next++ = '.';
        else
            *next++ = sign - 'A' < 26u ? sign | 32 : sign;
    }
    written->parted &= next == written->signs + written->size;
    written->size = next - written->signs;
    return 1;
}

/* Writes what `fold` makes of a word with its common marks made plain. */
static int put_folded(Written *written, const Text *text, Py_ssize_t low, Py_ssize_t high, PyObject *fold)
{
    Py_UCS4 *signs = malloc(3 * (size_t)(high - low) * sizeof(Py_UCS4));
    Py_ssize_t size = 0;
    for (; signs && low < high; low++) {
        Py_UCS4 sign = plain(at(text, low));
        for (int times = !sign && at(text, low) ? 3 : 1; times; times--)
            signs[size++] = sign || !at(text, low) ? sign : '.';
    }
    PyObject *word = signs ? PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, signs, size) : PyErr_NoMemory();
    free(signs);
    PyObject *folded = word ? PyObject_CallOneArg(fold, word) : NULL;
    Py_XDECREF(word);
    int failed = !folded;
    if (folded && !PyUnicode_Check(folded)) {
        PyErr_SetString(PyExc_TypeError, "expected a word as a text");
        failed = 1;
    }
    for (Py_ssize_t place = 0; !failed && place < PyUnicode_GET_LENGTH(folded); place++)
        failed = put(written, PyUnicode_READ_CHAR(folded, place)) < 0;
    Py_XDECREF(folded);
    return failed ? -1 : 1;
}

static int ends_word(Py_UCS4 sign) { return sign > ' ' && sign < 128 ? 0 : sign == 0x00a0 || is_space(sign); }

PyObject *normal_form(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    if (count != 2 || !PyUnicode_Check(given[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a text and what folds a word");
        return NULL;
    }
    const Text text = {PyUnicode_KIND(given[0]), PyUnicode_DATA(given[0]), PyUnicode_GET_LENGTH(given[0])};
    Written written = {malloc(((size_t)text.size + 64) * sizeof(Py_UCS4)), 0, text.size + 64, 0};
    int done = written.signs ? 1 : -1;
    for (Py_ssize_t low = 0, high; done > 0 && low < text.size; low = high + 1) {
        for (high = low; high < text.size && !ends_word(at(&text, high));)
            high++;
        done = put_plain(&written, &text, low, high);
        if (!done)
            done = put_folded(&written, &text, low, high, given[1]);
        written.parted = 1;
    }
    PyObject *found = NULL;
    if (done > 0)
        found = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, written.signs, written.size);
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    free(written.signs);
    return found;
}
