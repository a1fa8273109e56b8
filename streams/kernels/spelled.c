/* Words of folded texts, and the hashes of their sequences: words_of and sequence_hashes of streams.dedup.words. */
#include "arrays.h"
#include "hashes.h"
#include "kernels.h"

enum { APART, WORD, PAIR };
enum { POINTS, TABLE, TEXTS, HASHES, STARTS, ENDS, OPENING, NUMERIC, LETTERS, OWNERS, FIRSTS, ARGUMENTS };

#define LONG 6

typedef struct {
    const uint32_t *points;
    const uint8_t *table;
    Py_ssize_t count, most; /* points, and the last entry of the table, which is of all beyond */
} Text;

static int is_digit(uint32_t point) { return point - '0' < 10; }

static int kind_at(const Text *text, Py_ssize_t at)
{
    uint32_t point = text->points[at];
    /* a point or comma between two digits belongs to the number */
    if ((point == '.' || point == ',') && at > 0 && at + 1 < text->count && is_digit(text->points[at - 1])
        && is_digit(text->points[at + 1]))
        return WORD;
    return text->table[point < (uint32_t)text->most ? (Py_ssize_t)point : text->most];
}

static uint64_t hash_of_points(const uint32_t *points, int64_t start, int64_t end)
{
    uint64_t sum = 0, size = (uint64_t)(end - start);
    while (end > start)
        sum = sum * MULTIPLIER + points[--end];
    return mixed(sum + size);
}

/* Where the word that starts at a character ends; the character itself where it starts none. */
static Py_ssize_t end_of(const Text *text, Py_ssize_t at, int kind)
{
    Py_ssize_t end = at;
    if (kind == WORD) {
        while (end < text->count && kind_at(text, end) == WORD)
            end++;
    } else if (kind == PAIR) {
        int followed = at + 1 < text->count && kind_at(text, at + 1) == PAIR;
        int alone = at == 0 || kind_at(text, at - 1) != PAIR;
        /* the last character of a run is covered by the pair before it, unless it stands alone */
        end = followed ? at + 2 : alone ? at + 1 : at;
    }
    return end;
}

static const char *misfit(const Arguments *taken)
{
    for (int place = STARTS; place <= OWNERS; place++)
        if (length(taken, place) != length(taken, HASHES))
            return "arrays of one item a word";
    if (length(taken, TABLE) < 1)
        return "a table of kinds";
    int fits = length(taken, TEXTS) >= 1 && length(taken, FIRSTS) == length(taken, TEXTS);
    return fits ? NULL : "a first word of every text";
}

PyObject *spelled(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "418>8>8>8>4>1>8>8>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    const Text text = {ITEMS(taken, uint32_t, POINTS), ITEMS(taken, uint8_t, TABLE), length(&taken, POINTS),
                       length(&taken, TABLE) - 1};
    const int64_t *texts = ITEMS(taken, int64_t, TEXTS);
    int64_t *firsts = ITEMS(taken, int64_t, FIRSTS);
    Py_ssize_t word = 0, owner = 0, room = length(&taken, HASHES), edges = length(&taken, TEXTS);
    for (Py_ssize_t at = 0; at < text.count;) {
        int kind = kind_at(&text, at);
        Py_ssize_t end = end_of(&text, at, kind);
        if (end > at) {
            for (; owner < edges && texts[owner] <= at; owner++)
                firsts[owner] = word;
            if (word < room) {
                ITEMS(taken, uint64_t, HASHES)[word] = hash_of_points(text.points, at, end);
                ITEMS(taken, int64_t, STARTS)[word] = at;
                ITEMS(taken, int64_t, ENDS)[word] = end;
                ITEMS(taken, uint32_t, OPENING)[word] = text.points[at];
                ITEMS(taken, uint8_t, NUMERIC)[word] = (uint8_t)is_digit(text.points[at]);
                ITEMS(taken, int64_t, LETTERS)[word] = kind == PAIR ? LONG : end - at;
                ITEMS(taken, int64_t, OWNERS)[word] = owner - 1;
            }
            word++;
        }
        at = kind == WORD ? end : at + 1;
    }
    for (; owner < edges; owner++)
        firsts[owner] = word;
    return answer(&taken, word);
}

PyObject *sequences(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88>8", given, count) < 0)
        return NULL;
    const uint64_t *hashes = ITEMS(taken, uint64_t, 0);
    const int64_t *firsts = ITEMS(taken, int64_t, 1);
    uint64_t *found = ITEMS(taken, uint64_t, 2);
    Py_ssize_t texts = length(&taken, 2);
    if (length(&taken, 1) != texts + 1)
        return refuse(&taken, "a first word of every text, and an end");
    for (Py_ssize_t text = 0; text < texts; text++)
        if (firsts[text] < 0 || firsts[text] > firsts[text + 1] || firsts[text + 1] > length(&taken, 0))
            return refuse(&taken, "first words in order");
    for (Py_ssize_t text = 0; text < texts; text++) {
        uint64_t sum = 0, power = 1;
        for (int64_t word = firsts[text]; word < firsts[text + 1]; word++, power *= MULTIPLIER)
            sum += hashes[word] * power;
        int64_t size = firsts[text + 1] - firsts[text];
        found[text] = size ? mixed(sum + (uint64_t)size) : 0;
    }
    return done(&taken);
}
