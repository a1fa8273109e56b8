/* Matches of names in words, with what is known of names, entries and words: streams.entities.matching. */
#ifndef WIREWATCH_MATCHES_H
#define WIREWATCH_MATCHES_H

#include "arrays.h"

#define LONGEST 12

/* The matches of three arguments from `place` on, start, length and alias. */
typedef struct {
    const int64_t *start, *length, *alias;
    Py_ssize_t count;
} Matches;

static inline Matches matches_of(const Arguments *taken, int place)
{
    return (Matches){ITEMS(*taken, int64_t, place), ITEMS(*taken, int64_t, place + 1),
                     ITEMS(*taken, int64_t, place + 2), length(taken, place)};
}

/* Whether columns have as many items as the first of them. */
static inline int even(const Arguments *taken, int first, int last)
{
    for (int place = first + 1; place <= last; place++)
        if (length(taken, place) != length(taken, first))
            return 0;
    return 1;
}

/* Whether all matches are of so many words and aliases. */
static inline int within(const Matches *matches, Py_ssize_t words, Py_ssize_t aliases)
{
    for (Py_ssize_t row = 0; row < matches->count; row++) {
        int64_t start = matches->start[row], size = matches->length[row], alias = matches->alias[row];
        if (start < 0 || size < 1 || size > LONGEST || size > words - start || alias < 0 || alias >= aliases)
            return 0;
    }
    return 1;
}

/* Whether the aliases of all matches, which are within, belong to so many entries. */
static inline int are_owned(const Matches *matches, const int64_t *owner, int64_t entries)
{
    for (Py_ssize_t row = 0; row < matches->count; row++)
        if (owner[matches->alias[row]] < 0 || owner[matches->alias[row]] >= entries)
            return 0;
    return 1;
}

#endif
