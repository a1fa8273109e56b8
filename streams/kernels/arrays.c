#include "arrays.h"

#include <string.h>

static int take_array(Py_buffer *view, PyObject *given, int size, int written)
{
    if (PyObject_GetBuffer(given, view, written ? PyBUF_WRITABLE : PyBUF_SIMPLE) < 0)
        return -1;
    if (view->itemsize == size && (view->len == 0 || (uintptr_t)view->buf % (uintptr_t)size == 0))
        return 0;
    PyErr_Format(PyExc_TypeError, "expected an aligned array of items of %d bytes, found %zd", size, view->itemsize);
    PyBuffer_Release(view);
    return -1;
}

int take(Arguments *taken, const char *wanted, PyObject *const *given, Py_ssize_t count)
{
    taken->count = 0;
    for (; *wanted; wanted++) {
        Py_ssize_t place = taken->count;
        int written = *wanted == '>', failed;
        wanted += written;
        if (place == count || place == MOST_ARGUMENTS)
            break;
        memset(&taken->view[place], 0, sizeof(Py_buffer));
        if (*wanted == 'n') {
            taken->number[place] = PyLong_AsLongLong(given[place]);
            failed = taken->number[place] == -1 && PyErr_Occurred() != NULL;
        } else {
            failed = take_array(&taken->view[place], given[place], *wanted - '0', written) < 0;
        }
        if (failed) {
            release(taken);
            return -1;
        }
        taken->count++;
    }
    if (*wanted == '\0' && taken->count == count)
        return 0;
    PyErr_Format(PyExc_TypeError, "found %zd arguments, which are not as many as expected", count);
    release(taken);
    return -1;
}

PyObject *release(Arguments *taken)
{
    for (Py_ssize_t place = 0; place < taken->count; place++)
        if (taken->view[place].obj)
            PyBuffer_Release(&taken->view[place]);
    taken->count = 0;
    return NULL;
}

PyObject *done(Arguments *taken)
{
    release(taken);
    Py_RETURN_NONE;
}

PyObject *answer(Arguments *taken, int64_t number)
{
    release(taken);
    return PyLong_FromLongLong(number);
}

PyObject *refuse(Arguments *taken, const char *expected)
{
    PyErr_Format(PyExc_ValueError, "expected %s", expected);
    return release(taken);
}
