/* Words of a text, and where its sentences part: streams.rules.numbered. */
#include "arrays.h"
#include "kernels.h"
#include "text.h"

/* As in streams.rules.numbered. */
enum { LOWER = 1, STARTS = 2, DOTTED = 4, DIGIT = 8, ABBREVIATED = 16 };

/* The text before the arrays, or -1 with an exception set. */
static int take_text(PyObject **text, Arguments *taken, const char *wanted, PyObject *const *given, Py_ssize_t count)
{
    if (count < 1 || !PyUnicode_Check(given[0])) {
        PyErr_SetString(PyExc_TypeError, "expected a text first");
        return -1;
    }
    *text = given[0];
    return take(taken, wanted, given + 1, count - 1);
}

static inline int joins(Py_UCS4 sign)
{
    if (sign < 128)
        return sign == '\'' || sign == '.' || sign == ',';
    return sign == 0x2019 || sign == 0xad || (sign >= 0x200b && sign <= 0x200d) || sign == 0x2060;
}

/* Hash and number of each word side by side, so that looking one up reads one line of memory. */
typedef struct {
    const int64_t *entries;
    uint64_t last;
} Table;

static int table_of(Table *table, const Arguments *taken, int place)
{
    Py_ssize_t size = length(taken, place);
    table->entries = ITEMS(*taken, const int64_t, place);
    table->last = (uint64_t)size / 2 - 1;
    if (exponent_of(size) > 0)
        return 0;
    PyErr_SetString(PyExc_ValueError, "expected a power of two of places");
    return -1;
}

/* The place of a hash, or the free one where it belongs; -1 where there is neither. */
static inline int64_t place_of(const Table *table, uint64_t hash)
{
    uint64_t at = (hash >> 20) & table->last;
    for (uint64_t tried = 0; tried <= table->last; tried++, at = (at + 1) & table->last)
        if (table->entries[2 * at + 1] < 0 || table->entries[2 * at] == (int64_t)hash)
            return (int64_t)at;
    return -1;
}

PyObject *split_words(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Table table;
    PyObject *text;
    if (take_text(&text, &taken, "81n>4>4>4>8>8", given, count) < 0)
        return NULL;
    if (table_of(&table, &taken, 0) < 0)
        return release(&taken);
    Py_ssize_t room = length(&taken, 3), size = PyUnicode_GET_LENGTH(text), words = 0, at = 0, known = length(&taken, 1);
    if (room < size / 2 + 1 || room != length(&taken, 4) || room != length(&taken, 5) || room != length(&taken, 6))
        return refuse(&taken, "room for every word");
    if (length(&taken, 7) < 2)
        return refuse(&taken, "room for two counts");
    int32_t *numbers = ITEMS(taken, int32_t, 3), *starts = ITEMS(taken, int32_t, 4), *ends = ITEMS(taken, int32_t, 5);
    int64_t *hashes = ITEMS(taken, int64_t, 6), *counts = ITEMS(taken, int64_t, 7);
    const uint8_t *kinds = ITEMS(taken, const uint8_t, 1);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    counts[0] = counts[1] = 0;
    while (1) {
        while (at < size && !of_word(PyUnicode_READ(kind, data, at)))
            at++;
        if (at == size)
            break;
        uint64_t hash = (uint64_t)NUMBER(taken, 2);
        starts[words] = (int32_t)at;
        do {
            do
                hash = with(hash, PyUnicode_READ(kind, data, at));
            while (++at < size && of_word(PyUnicode_READ(kind, data, at)));
            if (at + 1 >= size || !joins(PyUnicode_READ(kind, data, at)) || !of_word(PyUnicode_READ(kind, data, at + 1)))
                break;
            hash = with(hash, PyUnicode_READ(kind, data, at));
            at++;
        } while (1);
        int64_t place = place_of(&table, hash), number = place < 0 ? -1 : table.entries[2 * place + 1];
        if (number < 0 || number >= known)
            number = -1;
        counts[0] += number < 0;
        counts[1] |= number < 0 ? 0 : kinds[number];
        ends[words] = (int32_t)at;
        hashes[words] = (int64_t)hash;
        numbers[words++] = (int32_t)number;
    }
    return answer(&taken, words);
}

PyObject *enter_words(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Table table;
    if (take(&taken, ">88n", given, count) < 0)
        return NULL;
    if (table_of(&table, &taken, 0) < 0)
        return release(&taken);
    int64_t *entries = ITEMS(taken, int64_t, 0), number = NUMBER(taken, 2);
    const int64_t *hashes = ITEMS(taken, const int64_t, 1);
    for (Py_ssize_t word = 0; word < length(&taken, 1); word++) {
        int64_t place = place_of(&table, (uint64_t)hashes[word]);
        if (place < 0)
            return refuse(&taken, "a free place for every word");
        entries[2 * place] = hashes[word];
        entries[2 * place + 1] = number + word;
    }
    return done(&taken);
}

static inline int closes(Py_UCS4 sign)
{
    return sign == '"' || sign == '\'' || sign == 0x201d || sign == 0x2019 || sign == 0xbb || sign == ')' || sign == ']';
}

static inline int ends_sentence(Py_UCS4 sign)
{
    return sign == '.' || sign == '!' || sign == '?' || sign == 0x2026;
}

/* What the signs between two words part: 0 words, 1 sentences, 2 paragraphs. */
static int parted(int kind, const void *data, Py_ssize_t at, Py_ssize_t end)
{
    int lines = 0, found = 0;
    for (; at < end; at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        lines += sign == '\n';
        if (found || !ends_sentence(sign))
            continue;
        Py_ssize_t after = at + 1;
        while (after < end && closes(PyUnicode_READ(kind, data, after)))
            after++;
        found = after == end || Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, after));
    }
    return lines > 1 ? 2 : found;
}

/* Whether a full stop between two words ends a sentence, not an abbreviation. */
static int truly(Py_UCS4 sign, uint8_t before, uint8_t after)
{
    if (after & LOWER)
        return 0;
    if (sign != '.')
        return 1;
    if (before & DOTTED)
        return (after & STARTS) || (before & DIGIT);
    return !(before & ABBREVIATED);
}

PyObject *part_sentences(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    PyObject *text;
    if (take_text(&text, &taken, "4441>4>4", given, count) < 0)
        return NULL;
    Py_ssize_t words = length(&taken, 0), size = PyUnicode_GET_LENGTH(text), known = length(&taken, 3), found = 0;
    if (words != length(&taken, 1) || words != length(&taken, 2))
        return refuse(&taken, "a start and an end of every word");
    if (length(&taken, 4) < words || length(&taken, 5) < words)
        return refuse(&taken, "room for a break before every word");
    const int32_t *numbers = ITEMS(taken, const int32_t, 0), *starts = ITEMS(taken, const int32_t, 1);
    const int32_t *ends = ITEMS(taken, const int32_t, 2);
    const uint8_t *kinds = ITEMS(taken, const uint8_t, 3);
    int32_t *firsts = ITEMS(taken, int32_t, 4), *parts = ITEMS(taken, int32_t, 5);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t word = 0; word < words; word++) {
        int32_t low = word ? ends[word - 1] : 0, high = starts[word], what = 2;
        if (low < 0 || high > size || numbers[word] < 0 || numbers[word] >= known)
            return refuse(&taken, "known words of this text");
        if (word && high - low == 1 && PyUnicode_READ(kind, data, low) == ' ')
            continue;
        if (word && (what = parted(kind, data, low, high)) == 1)
            what = truly(PyUnicode_READ(kind, data, low), kinds[numbers[word - 1]], kinds[numbers[word]]);
        if (what) {
            firsts[found] = (int32_t)word;
            parts[found++] = what;
        }
    }
    return answer(&taken, found);
}
