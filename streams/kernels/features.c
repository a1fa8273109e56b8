/* Features of words, their weights and the sums of these: columns, buckets and Model.scores of streams.entities. */
#include "arrays.h"
#include "hashes.h"
#include "kernels.h"

#define NOWHERE 0x51ED270Bu
#define SALT 0x2545F4914F6CDD1Du
#define MANY 4
#define NEARBY 2
#define MOST_FEATURES 64
#define SPEAKING 8 /* labels of a bucket's weights: all but O */

enum { HASHES, LOWS, HIGHS, CODE, GAP, BEFORE, AFTER, TABLES, ORDINARY, OPENS, SENTENCE, STYLE, ELSEWHERE, SHAPE,
       ROWS, SEGMENTS, WEIGHTS, SCALE, SCORES, ARGUMENTS };

typedef struct {
    const uint64_t *hash, *tables, *style, *elsewhere, *shape;
    const int64_t *low, *high, *sentence, *rows;
    const uint32_t *code;
    const uint8_t *gap, *before, *after, *ordinary, *opens;
    Py_ssize_t count;
} Words;

/* A word near another; beyond the sentence there is none, which has a number of its own. */
static uint64_t near(const Words *words, const uint64_t *column, int64_t word, int step)
{
    int64_t there = word + step;
    if (there < 0 || there >= words->count || words->sentence[there] != words->sentence[word])
        return NOWHERE;
    return column[there];
}

static uint64_t gap_after(const Words *words, int64_t word)
{
    int64_t there = word + 1;
    if (there >= words->count || words->sentence[there] != words->sentence[word])
        return NOWHERE;
    return words->gap[there];
}

static int64_t least(int64_t one, int64_t other) { return one < other ? one : other; }

/* The features of a word of the segment from `start` to `end`, in the order of columns(); how many there are. */
static int features_of(const Words *words, Py_ssize_t row, Py_ssize_t start, Py_ssize_t end, uint64_t *value)
{
    int64_t word = words->rows[row], opener = words->rows[start], closer = words->rows[end - 1];
    uint64_t own = words->hash[word], mine = words->shape[word], style = words->style[word];
    uint64_t opening = words->opens[word], document = words->elsewhere[word], known = words->tables[word];
    uint64_t around[4] = {near(words, words->hash, word, -2), near(words, words->hash, word, -1),
                          near(words, words->hash, word, 1), near(words, words->hash, word, 2)};
    uint64_t shape_before = near(words, words->shape, word, -1), shape_after = near(words, words->shape, word, 1);
    uint64_t table_before = near(words, words->tables, word, -1), table_after = near(words, words->tables, word, 1);
    uint64_t placed = (uint64_t)(least(row - start, MANY) * 8 + least(end - row, MANY));
    uint64_t before_segment = near(words, words->hash, opener, -1), after_segment = near(words, words->hash, closer, 1);
    uint64_t ordinary = words->ordinary[word], styled = mine * 8 + style;
    int64_t low = words->low[word], high = words->high[word], size = high - low;
    uint64_t *next = value;

    *next++ = own * 3 + style;
    *next++ = own + opening;
    for (int step = 0; step < 2 * NEARBY; step++)
        *next++ = around[step];
    *next++ = mixed(around[1]) + own;
    *next++ = mixed(around[2]) + own;
    *next++ = mixed(around[1]) + around[0];
    *next++ = mixed(around[2]) + around[3];
    for (int64_t letters = 2; letters <= 4; letters++)
        *next++ = hash_of(words->code, high - least(letters, size), high);
    for (int64_t letters = 2; letters <= 4; letters++)
        *next++ = hash_of(words->code, low, low + least(letters, size));
    *next++ = mine * 64 + style * 2 + opening;
    *next++ = mixed(shape_before) + styled;
    *next++ = mixed(shape_after) + styled;
    *next++ = mixed(mixed(shape_before) + shape_after) + mine;
    *next++ = words->gap[word] * (uint64_t)16 + gap_after(words, word);
    *next++ = words->before[word] * (uint64_t)16 + words->after[word];
    *next++ = document * 2 + opening;
    *next++ = ordinary * 64 + opening * 32 + style;
    *next++ = ordinary * 64 + mine;
    *next++ = placed;
    *next++ = placed * 64 + mine;
    *next++ = words->hash[opener];
    *next++ = words->hash[closer];
    *next++ = before_segment;
    *next++ = mixed(before_segment) + near(words, words->hash, opener, -2);
    *next++ = after_segment;
    *next++ = mixed(before_segment) + placed;
    *next++ = mixed(after_segment) + placed;
    *next++ = known * 8 + style;
    for (int bits = 0; bits <= 32; bits += 8)
        *next++ = known >> bits & 0xFF;
    *next++ = table_before;
    *next++ = table_after;
    *next++ = mixed(table_before) + known;
    *next++ = mixed(table_after) + known;
    *next++ = mixed(document) + ordinary * 2 + opening;
    *next++ = 0;
    return (int)(next - value);
}

static uint64_t bucket_of(uint64_t value, int feature, int shift)
{
    uint64_t spread = (value + (uint64_t)(feature + 1) * SALT) * 0xBF58476D1CE4E5B9u;
    spread ^= spread >> 32;
    return spread * 0x94D049BB133111EBu >> shift;
}

/* The buckets of a word's features, which are fetched. */
typedef struct {
    const int8_t *bucket[MOST_FEATURES];
    int features;
} Buckets;

static void fetched(Buckets *buckets, const int8_t *weights, const uint64_t *value, int features, int shift)
{
    buckets->features = features;
    for (int feature = 0; feature < features; feature++) {
        buckets->bucket[feature] = weights + SPEAKING * bucket_of(value[feature], feature, shift);
        FETCH(buckets->bucket[feature]); /* the weights are larger than the processor's cache */
    }
}

/* The weights of a word's features, summed by label. */
static void summed(const Buckets *buckets, float scale, float *scores)
{
    int16_t sum[SPEAKING] = {0};
    for (int feature = 0; feature < buckets->features; feature++)
        for (int label = 0; label < SPEAKING; label++)
            sum[label] = (int16_t)(sum[label] + buckets->bucket[feature][label]);
    scores[0] = 0;
    for (int label = 0; label < SPEAKING; label++)
        scores[label + 1] = (float)sum[label] * scale;
}

static const char *misfit(const Arguments *taken, const Words *words)
{
    Py_ssize_t rows = length(taken, ROWS), segments = length(taken, SEGMENTS) - 1;
    const int64_t *first = ITEMS(*taken, int64_t, SEGMENTS);
    for (int place = LOWS; place <= SHAPE; place++)
        if (place != CODE && length(taken, place) != words->count)
            return "arrays of one item a word";
    if (segments < 0 || first[0] != 0 || first[segments] != rows)
        return "segments of all rows";
    for (Py_ssize_t segment = 0; segment < segments; segment++)
        if (first[segment] >= first[segment + 1])
            return "segments of one row at least";
    for (Py_ssize_t row = 0; row < rows; row++) {
        int64_t word = words->rows[row];
        if (word < 0 || word >= words->count)
            return "rows that are words";
        if (words->low[word] < 0 || words->low[word] >= words->high[word] || words->high[word] > length(taken, CODE))
            return "words of one letter at least";
    }
    if (length(taken, SCALE) != 1 || length(taken, SCORES) != rows * (SPEAKING + 1))
        return "a scale, and room for nine labels a row";
    return NULL;
}

PyObject *scores(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "888411181188888814>4", given, count) < 0)
        return NULL;
    const Words words = {ITEMS(taken, uint64_t, HASHES), ITEMS(taken, uint64_t, TABLES), ITEMS(taken, uint64_t, STYLE),
                         ITEMS(taken, uint64_t, ELSEWHERE), ITEMS(taken, uint64_t, SHAPE), ITEMS(taken, int64_t, LOWS),
                         ITEMS(taken, int64_t, HIGHS), ITEMS(taken, int64_t, SENTENCE), ITEMS(taken, int64_t, ROWS),
                         ITEMS(taken, uint32_t, CODE), ITEMS(taken, uint8_t, GAP), ITEMS(taken, uint8_t, BEFORE),
                         ITEMS(taken, uint8_t, AFTER), ITEMS(taken, uint8_t, ORDINARY), ITEMS(taken, uint8_t, OPENS),
                         length(&taken, HASHES)};
    const char *expected = misfit(&taken, &words);
    if (expected)
        return refuse(&taken, expected);
    int bits = exponent_of(length(&taken, WEIGHTS) / SPEAKING);
    if (bits < 1 || length(&taken, WEIGHTS) % SPEAKING)
        return refuse(&taken, "a power of two of buckets, of eight weights each");
    const int64_t *first = ITEMS(taken, int64_t, SEGMENTS);
    float scale = ITEMS(taken, float, SCALE)[0], *room = ITEMS(taken, float, SCORES);
    Buckets buckets[2]; /* those of a word are summed while those of the next are on their way */
    int64_t rows = 0;
    for (Py_ssize_t segment = 0; segment + 1 < length(&taken, SEGMENTS); segment++)
        for (int64_t row = first[segment]; row < first[segment + 1]; row++, rows++) {
            uint64_t value[MOST_FEATURES];
            int features = features_of(&words, row, first[segment], first[segment + 1], value);
            fetched(&buckets[row & 1], ITEMS(taken, int8_t, WEIGHTS), value, features, 64 - bits);
            if (row)
                summed(&buckets[(row - 1) & 1], scale, room + (row - 1) * (SPEAKING + 1));
        }
    if (rows)
        summed(&buckets[(rows - 1) & 1], scale, room + (rows - 1) * (SPEAKING + 1));
    return done(&taken);
}
