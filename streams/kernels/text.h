/* Texts as Python has them: their characters, and hashes of stretches of them. */
#ifndef WIREWATCH_TEXT_H
#define WIREWATCH_TEXT_H

#include <Python.h>
#include <stdint.h>

#include "hashes.h"

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size;
} Text;

static inline Py_UCS4 at(const Text *text, Py_ssize_t place) { return PyUnicode_READ(text->kind, text->data, place); }

static inline int of_word(Py_UCS4 sign)
{
    return sign < 128 ? (sign | 32) - 'a' < 26u || sign - '0' < 10u || sign == '_' : Py_UNICODE_ISALNUM(sign);
}

static inline int is_space(Py_UCS4 sign) { return Py_UNICODE_ISSPACE(sign); }

static inline int is_one_of(Py_UCS4 sign, const Text *marks)
{
    for (Py_ssize_t place = 0; place < marks->size; place++)
        if (at(marks, place) == sign)
            return 1;
    return 0;
}

static inline uint64_t with(uint64_t hash, Py_UCS4 sign)
{
    hash = (hash ^ sign) * MULTIPLIER;
    return hash ^ (hash >> 32);
}

static inline uint64_t hashed(const Text *text, Py_ssize_t low, Py_ssize_t high, uint64_t hash)
{
    for (; low < high; low++)
        hash = with(hash, at(text, low));
    return hash;
}

/* Where a line ends that begins at `low`. */
static inline Py_ssize_t line_end(const Text *text, Py_ssize_t low)
{
    while (low < text->size && at(text, low) != '\n')
        low++;
    return low;
}

#endif
