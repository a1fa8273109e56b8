/* Arguments of kernels as flat arrays.
 *
 * A kernel names its arguments by one letter each: 1, 2, 4 or 8 for an array of items of so many bytes, with a
 * ">" before it where the kernel writes it, and n for a number. take() checks count, item size, contiguity and
 * alignment; what lengths fit and which indices are within is the kernel's to check, before it reads or writes.
 */
#ifndef WIREWATCH_ARRAYS_H
#define WIREWATCH_ARRAYS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#define MOST_ARGUMENTS 40

typedef struct {
    Py_ssize_t count;
    Py_buffer view[MOST_ARGUMENTS]; /* obj is NULL for a number */
    int64_t number[MOST_ARGUMENTS];
} Arguments;

/* 0, or -1 with an exception set and nothing held. */
int take(Arguments *taken, const char *wanted, PyObject *const *given, Py_ssize_t count);

/* Gives the arrays back; returns NULL, for an error that was set. */
PyObject *release(Arguments *taken);

/* Gives the arrays back; returns None, or a number. */
PyObject *done(Arguments *taken);
PyObject *answer(Arguments *taken, int64_t number);

/* Gives the arrays back, and raises ValueError. */
PyObject *refuse(Arguments *taken, const char *expected);

/* Has a processor fetch what is read soon. */
#ifdef __GNUC__
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)(address))
#endif

#define ITEMS(taken, type, place) ((type *)(taken).view[place].buf)
#define NUMBER(taken, place) ((taken).number[place])

static inline Py_ssize_t length(const Arguments *taken, int place)
{
    return taken->view[place].len / taken->view[place].itemsize;
}

/* Whether numbers are within 0 and `end`. */
static inline int are_below(const int64_t *numbers, Py_ssize_t count, int64_t end)
{
    for (Py_ssize_t at = 0; at < count; at++)
        if (numbers[at] < 0 || numbers[at] >= end)
            return 0;
    return 1;
}

/* Which power of two a number is, or -1. */
static inline int exponent_of(Py_ssize_t number)
{
    int bits = 0;
    while (((Py_ssize_t)1 << bits) < number)
        bits++;
    return (Py_ssize_t)1 << bits == number ? bits : -1;
}

#endif
