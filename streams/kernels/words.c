/* Words among letters, and what stands between them: tokenise of streams.entities.tokens. */
#include "arrays.h"
#include "characters.h"
#include "hashes.h"
#include "kernels.h"

typedef struct {
    const uint32_t *points;
    Py_ssize_t points_count;
    const int64_t *at;
    const uint8_t *kind, *upper;
    const uint32_t *code, *packed;
    Py_ssize_t count;
} Letters;

static int case_of(const Letters *letters, int64_t low, int64_t high)
{
    int64_t capitals = 0;
    for (int64_t letter = low; letter < high; letter++)
        capitals += letters->upper[letter];
    if (letters->upper[low] && capitals == 1)
        return INITIAL;
    return capitals == high - low ? CAPITALS : capitals == 0 ? LOWER : MIXED;
}

/* What stands between a word that ends before `from` and one that begins at `to`. */
static int gap_of(const Letters *letters, int64_t from, int64_t to)
{
    int64_t width = to - from;
    int first = letters->kind[from], last = letters->kind[to - 1];
    if (width == 0)
        return TIGHT;
    if (width == 1)
        return first == SPACE ? SOFT : first == HYPHEN || first == APOSTROPHE ? HYPHENED
               : first == PERIOD ? DOTTED : first == COMMA ? COMMAED : HARD;
    if (width > 2 || last != SPACE)
        return HARD;
    if (first == APOSTROPHE) /* of a plural: the states' rights */
        return letters->code[from - 1] == 's' ? HYPHENED : HARD;
    return first == PERIOD ? DOTTED : first == COMMA ? COMMAED : HARD;
}

/* Whether a sentence opens behind what stands from `from` to `to`. */
static int opens_after(const Letters *letters, int64_t from, int64_t to)
{
    if (letters->kind[from] == PERIOD)
        return 1;
    for (; from < to; from++)
        if (letters->kind[from] == BREAK || letters->kind[from] == STOP || letters->kind[from] == QUOTE)
            return 1;
    return 0;
}

/* Where a word ends; initials with periods between them end with a period, too: U.S. */
static int64_t end_of(const Letters *letters, int64_t low, int64_t high)
{
    int64_t end = letters->at[high - 1] + 1;
    int spaced = high - low > 1 && end - letters->at[low] == 2 * (high - low) - 1;
    spaced = spaced && end < letters->points_count;
    return end + (spaced && letters->points[end - 2] == '.' && letters->points[end] == '.');
}

static int64_t word_end(const Letters *letters, int64_t low)
{
    int64_t high = low + 1;
    if (letters->kind[low] == WORD)
        while (high < letters->count && letters->kind[high] == WORD)
            high++;
    return high;
}

enum { POINTS, AT, KIND, CODE, UPPER, PACKED, TEXTS, FIRST, START, END, LOW, HIGH, LINE, HASH,
       CASE, GAP, OPENS, NUMERIC, SCRIPT, BEFORE, AFTER, ARGUMENTS };

static const char *misfit(const Arguments *taken, const Letters *letters)
{
    for (int place = AT; place <= PACKED; place++)
        if (length(taken, place) != letters->count)
            return "arrays of one item a letter";
    for (int place = START; place < ARGUMENTS; place++)
        if (length(taken, place) != length(taken, START))
            return "arrays of one item a word";
    if (length(taken, TEXTS) != length(taken, FIRST))
        return "a first word for every text";
    if (letters->count == 0 || letters->kind[letters->count - 1] != BREAK)
        return "letters that end with a break";
    for (Py_ssize_t letter = 0; letter < letters->count; letter++)
        if (letters->at[letter] < letter || letters->at[letter] >= letters->points_count)
            return "letters of the text";
    return NULL;
}

PyObject *words(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "4814148>8>8>8>8>8>8>8>1>1>1>1>1>1>1", given, count) < 0)
        return NULL;
    const Letters letters = {ITEMS(taken, uint32_t, POINTS), length(&taken, POINTS), ITEMS(taken, int64_t, AT),
                             ITEMS(taken, uint8_t, KIND), ITEMS(taken, uint8_t, UPPER), ITEMS(taken, uint32_t, CODE),
                             ITEMS(taken, uint32_t, PACKED), length(&taken, AT)};
    const char *expected = misfit(&taken, &letters);
    if (expected)
        return refuse(&taken, expected);
    const int64_t *texts = ITEMS(taken, int64_t, TEXTS);
    int64_t *first = ITEMS(taken, int64_t, FIRST), line = 0, before = -1, scripts = 0;
    Py_ssize_t text = 0, word = 0, room = length(&taken, START);
    for (int64_t low = 0, high; low < letters.count; low = high) {
        int kind = letters.kind[low];
        high = kind == WORD || kind == SINGLE ? word_end(&letters, low) : low + 1;
        if (kind != WORD && kind != SINGLE) {
            line += kind == BREAK;
            continue;
        }
        if (word == room)
            return refuse(&taken, "room for every word");
        int64_t start = letters.at[low];
        for (; text < length(&taken, TEXTS) && texts[text] <= start; text++)
            first[text] = word;
        ITEMS(taken, int64_t, START)[word] = start;
        ITEMS(taken, int64_t, END)[word] = end_of(&letters, low, high);
        ITEMS(taken, int64_t, LOW)[word] = low;
        ITEMS(taken, int64_t, HIGH)[word] = high;
        ITEMS(taken, int64_t, LINE)[word] = line;
        ITEMS(taken, uint64_t, HASH)[word] = hash_of(letters.code, low, high);
        ITEMS(taken, uint8_t, CASE)[word] = (uint8_t)case_of(&letters, low, high);
        ITEMS(taken, uint8_t, GAP)[word] = (uint8_t)(before < 0 ? HARD : gap_of(&letters, before, low));
        ITEMS(taken, uint8_t, OPENS)[word] = (uint8_t)(before < 0 || opens_after(&letters, before, low));
        ITEMS(taken, uint8_t, NUMERIC)[word] = letters.code[low] - '0' < 10;
        ITEMS(taken, uint8_t, SCRIPT)[word] = (uint8_t)script_of(letters.packed[low]);
        scripts |= (int64_t)1 << (script_of(letters.packed[low]) & 31);
        ITEMS(taken, uint8_t, BEFORE)[word] = low ? letters.kind[low - 1] : BREAK;
        ITEMS(taken, uint8_t, AFTER)[word] = letters.kind[high];
        before = high;
        word++;
    }
    for (; text < length(&taken, TEXTS); text++)
        first[text] = word;
    if (word != room)
        return refuse(&taken, "no more room than words");
    return answer(&taken, scripts);
}
