/* Characters of a text that take part in matching: _letters of streams.entities.tokens. */
#include "arrays.h"
#include "characters.h"
#include "hashes.h"
#include "kernels.h"

typedef struct {
    const uint32_t *points, *table;
    const uint8_t *split; /* NULL where no text splits at apostrophes */
    Py_ssize_t count;
} Text;

static uint32_t packed_at(const Text *text, Py_ssize_t at) { return text->table[text->points[at]]; }

static int is_word(const Text *text, Py_ssize_t at)
{
    return at >= 0 && at < text->count && kind_of(packed_at(text, at)) == WORD;
}

/* Whether a mark inside a word is left out of it. */
static int is_elided(const Text *text, Py_ssize_t at, int mark)
{
    if (!is_word(text, at - 1) || !is_word(text, at + 1))
        return 0;
    int ends_after = !is_word(text, at + 2);
    uint32_t following = packed_at(text, at + 1);
    if (mark == PERIOD)
        return ends_after && !is_word(text, at - 2);
    if (mark == QUOTE)
        return ends_after && script_of(packed_at(text, at - 1)) == HEBREW;
    int possessive = ends_after && code_of(following) == 's';
    return !is_upper(following) && !possessive && !(text->split && text->split[at]);
}

static int takes_part(const Text *text, Py_ssize_t at, int kind)
{
    if (kind == PERIOD || kind == APOSTROPHE || kind == QUOTE)
        return !is_elided(text, at, kind);
    return kind != DROPPED;
}

PyObject *letters(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "441>8>1>4>1>4>8", given, count) < 0)
        return NULL;
    Text text = {ITEMS(taken, uint32_t, 0), ITEMS(taken, uint32_t, 1), NULL, length(&taken, 0)};
    if (length(&taken, 2) == text.count)
        text.split = ITEMS(taken, uint8_t, 2);
    else if (length(&taken, 2) != 0)
        return refuse(&taken, "a flag for every character, or none");
    for (int place = 3; place < 9; place++)
        if (length(&taken, place) != text.count + (place == 8))
            return refuse(&taken, "room for every character");
    for (Py_ssize_t at = 0; at < text.count; at++)
        if (text.points[at] >= length(&taken, 1))
            return refuse(&taken, "code points that the table has");

    int64_t *place = ITEMS(taken, int64_t, 3);
    uint8_t *kinds = ITEMS(taken, uint8_t, 4), *upper = ITEMS(taken, uint8_t, 6);
    uint32_t *code = ITEMS(taken, uint32_t, 5), *packed = ITEMS(taken, uint32_t, 7);
    uint64_t *sums = ITEMS(taken, uint64_t, 8), power = 1;
    Py_ssize_t found = 0, words = 0;
    int before = SPACE;
    sums[0] = 0;
    for (Py_ssize_t at = 0; at < text.count; at++) {
        uint32_t entry = packed_at(&text, at);
        int kind = kind_of(entry);
        if (!takes_part(&text, at, kind))
            continue;
        words += kind == SINGLE || (kind == WORD && before != WORD);
        before = kind;
        place[found] = at;
        kinds[found] = (uint8_t)kind;
        code[found] = code_of(entry);
        upper[found] = (uint8_t)is_upper(entry);
        packed[found] = entry;
        sums[found + 1] = sums[found] + (code[found] + (uint64_t)1) * power;
        power *= MULTIPLIER;
        found++;
    }
    release(&taken);
    return Py_BuildValue("nn", found, words);
}
