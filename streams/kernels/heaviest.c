/* The terms of the greatest weight: _heaviest of streams.dedup.terms. */
#include "terms.h"

#include <math.h>

static const int64_t MOST[KINDS] = {64, 24, 12};

/* The weight of a term in millionths: the rarer and the oftener, the more. */
static double millionths(const Arguments *taken, const Term *term)
{
    int64_t rare = among_ids(ITEMS(*taken, uint32_t, RARE_IDS), length(taken, RARE_IDS), (uint32_t)term->id);
    double letters = (double)(term->letters < LONG ? term->letters : LONG);
    double idf = rare >= 0 ? ITEMS(*taken, float, IDF)[rare] : ITEMS(*taken, double, UNSEEN)[0] * letters / LONG;
    double rarity = sqrt(idf);
    if (term->kind == NUMBERS) {
        int64_t dated = among_dated(ITEMS(*taken, int64_t, DATED_IDS), length(taken, DATED_IDS), (int64_t)term->id);
        rarity *= dated >= 0 ? ITEMS(*taken, double, FACTORS)[dated] : 1.0;
    }
    double counted = (double)term->counted, share = counted / (counted + WHOLE);
    return rint(share * rarity * 1e6);
}

int64_t write_heaviest(const Arguments *taken, Memory *memory, int kind, uint32_t *terms)
{
    int64_t count = 0;
    for (int64_t number = 0; number < memory->numbered.count; number++) {
        const Term *term = &memory->terms[number];
        if (term->kind == kind)
            /* the heaviest first, of equal ones the lowest id */
            memory->keys[count++] = (UINT32_MAX - (uint64_t)fmin(millionths(taken, term), UINT32_MAX)) << 24 | term->id;
    }
    sort_numbers(memory->keys, count, 56, memory->room);
    count = count < MOST[kind] ? count : MOST[kind];
    double heaviest = count ? (double)(UINT32_MAX - (memory->keys[0] >> 24)) / 1e6 : 0;
    double factor = 255 / fmax(heaviest, 1e-9);
    for (int64_t place = 0; place < count; place++) {
        double weight = (double)(UINT32_MAX - (memory->keys[place] >> 24)) / 1e6;
        terms[place] = (uint32_t)(memory->keys[place] & 0xFFFFFF) << 8 | (uint32_t)fmax(1, rint(weight * factor));
    }
    return count;
}
