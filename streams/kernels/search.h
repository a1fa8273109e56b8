/* Searching ascending values. */
#ifndef WIREWATCH_SEARCH_H
#define WIREWATCH_SEARCH_H

#include <stdint.h>

/* Defines a function that tells where a value stands among ascending ones, or -1. */
#define SEARCH(name, type)                                                                                             \
    static inline int64_t name(const type *ordered, int64_t count, type value)                                         \
    {                                                                                                                  \
        int64_t low = 0, high = count;                                                                                 \
        while (low < high) {                                                                                           \
            int64_t middle = low + (high - low) / 2;                                                                   \
            if (ordered[middle] < value)                                                                               \
                low = middle + 1;                                                                                      \
            else                                                                                                       \
                high = middle;                                                                                         \
        }                                                                                                              \
        return low < count && ordered[low] == value ? low : -1;                                                        \
    }

#endif
