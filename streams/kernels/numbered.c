/* Numbers by keys of several kinds, as coreference has them. */
#include "coreference.h"

#define SMALLEST 256

static int allocate(Known *known, uint64_t size)
{
    known->keys = PyMem_Malloc(size * sizeof(uint64_t));
    known->numbers = PyMem_Malloc(size * sizeof(int32_t));
    known->orders = PyMem_Malloc(size * sizeof(int32_t));
    known->mask = size - 1;
    if (known->keys && known->numbers && known->orders) {
        memset(known->numbers, 0xFF, size * sizeof(int32_t));
        return 0;
    }
    PyErr_NoMemory();
    return -1;
}

int known_of(Known *known)
{
    known->count = 0;
    return allocate(known, SMALLEST);
}

static uint64_t place_of(const Known *known, uint64_t key)
{
    uint64_t place = key & known->mask;
    while (known->numbers[place] >= 0 && known->keys[place] != key)
        place = (place + 1) & known->mask;
    return place;
}

static uint64_t of_form(int form, uint64_t key) { return mixed(key + (uint64_t)form * MULTIPLIER); }

int32_t get_known(const Known *known, int form, uint64_t key, int32_t *order)
{
    uint64_t place = place_of(known, of_form(form, key));
    if (order)
        *order = known->orders[place];
    return known->numbers[place];
}

static int widen(Known *known)
{
    Known old = *known;
    if (allocate(known, 2 * (old.mask + 1)) < 0) {
        PyMem_Free(known->keys), PyMem_Free(known->numbers), PyMem_Free(known->orders);
        *known = old;
        return -1;
    }
    for (uint64_t at = 0; at <= old.mask; at++) {
        if (old.numbers[at] < 0)
            continue;
        uint64_t place = place_of(known, old.keys[at]);
        known->keys[place] = old.keys[at];
        known->numbers[place] = old.numbers[at];
        known->orders[place] = old.orders[at];
    }
    PyMem_Free(old.keys), PyMem_Free(old.numbers), PyMem_Free(old.orders);
    return 0;
}

/* Gives a key a number unless it has one. */
int put_known(Known *known, int form, uint64_t key, int32_t number)
{
    uint64_t wanted = of_form(form, key), place = place_of(known, wanted);
    if (known->numbers[place] >= 0)
        return 0;
    known->keys[place] = wanted;
    known->numbers[place] = number;
    known->orders[place] = known->count++;
    return 2 * (uint64_t)known->count > known->mask ? widen(known) : 0;
}
