/* How lines speak: streams.text.manner. */
#include "arrays.h"
#include "kernels.h"
#include "scratch.h"
#include "text.h"

/* Rows that are written: shares of kinds of words, and what else a line has by itself; then what stands round it. */
enum { SITE, PICTURE, THIRD, KINDS = 6, COMMAND = KINDS, TITLE_CASE, LABEL, ADDRESS, TRAILING, BESIDE, NEAR = BESIDE + 2,
       SINCE = NEAR + 3, ABOVE = SINCE + 8, ROWS = ABOVE + 2 };
enum { GROUPS = 4, REACH = 5, FAR = 30, MOST = 3, LABEL_SIZE = 40, LABEL_WORDS = 4, LONG_WORD = 4, MOST_WORDS = 4096 };

typedef struct {
    Text text, classes;
    Numbering words;
    uint8_t kinds[MOST_WORDS]; /* of each word by its number */
    const int64_t *groups;
    const double *prose; /* whether each line is a sentence */
    double *table, *sums;
    Py_ssize_t count;
} Work;

static Text text_of(PyObject *given)
{
    return (Text){PyUnicode_KIND(given), PyUnicode_DATA(given), PyUnicode_GET_LENGTH(given)};
}

static double *row_of(const Work *work, int row) { return work->table + row * work->count; }

static int is_letter(Py_UCS4 sign) { return sign < 128 && (sign | 32) - 'a' < 26u; }

/* The words of each kind, a line each, the commands last; a word may be of a kind and a command. */
static const char *enter(Work *work)
{
    int kind = 0;
    for (Py_ssize_t low = 0, high; low < work->classes.size; low = high + 1) {
        for (high = low; high < work->classes.size && is_letter(at(&work->classes, high));)
            high++;
        int64_t number = number_of(&work->words, hashed(&work->classes, low, high, 0));
        if (number >= MOST_WORDS || kind > KINDS)
            return "a few words of each kind";
        work->kinds[number] |= (uint8_t)(1 << kind);
        kind += high < work->classes.size && at(&work->classes, high) == '\n';
    }
    return NULL;
}

static int begins(const Text *text, Py_ssize_t place, Py_ssize_t high, const char *signs)
{
    for (; *signs; place++, signs++)
        if (place >= high || at(text, place) != (unsigned char)*signs)
            return 0;
    return 1;
}

/* Whether a sign is that of an address, a handle or a tag, in a line from `low` to `high`. */
static int is_of_address(const Text *text, Py_ssize_t place, Py_ssize_t low, Py_ssize_t high)
{
    Py_UCS4 sign = at(text, place), next = place + 1 < high ? at(text, place + 1) : ' ';
    if (sign == '@' || sign == '#')
        return next < 128 && of_word(next);
    if (sign == ':')
        return begins(text, place, high, "://");
    if (sign != '.')
        return 0;
    int alone = place < low + 4 || !is_letter(at(text, place - 4));
    return begins(text, place, high, ".com") || (alone && place >= low + 3 && begins(text, place - 3, place, "www"));
}

static int trails(const Text *text, Py_ssize_t low, Py_ssize_t high)
{
    for (Py_UCS4 sign; high > low; high--) {
        sign = at(text, high - 1);
        if (sign != '"' && sign != 0x201d && sign != 0x2019 && sign != '\'' && sign != ')' && sign != ' ')
            break;
    }
    if (high > low && at(text, high - 1) == 0x2026)
        return 1;
    return high - low >= 3 && at(text, high - 1) == '.' && at(text, high - 2) == '.' && at(text, high - 3) == '.';
}

typedef struct {
    int64_t words, kinds[KINDS], longer, capitals, command, address;
} Counts;

/* A word of a line: runs of letters of ASCII are. */
static void count_word(const Work *work, Counts *counts, Py_ssize_t low, Py_ssize_t high)
{
    uint64_t hash = 0;
    for (Py_ssize_t place = low; place < high; place++)
        hash = with(hash, at(&work->text, place) | 32);
    int64_t number = known_number(&work->words, hash);
    int kinds = number < 0 ? 0 : work->kinds[number];
    for (int kind = 0; kinds && kind < KINDS; kind++)
        counts->kinds[kind] += kinds >> kind & 1;
    if (counts->words == 0)
        counts->command = kinds >> KINDS & 1;
    else if (high - low >= LONG_WORD) {
        counts->longer++;
        counts->capitals += !(at(&work->text, low) & 32);
    }
    counts->words++;
}

/* What the words of a line are, whether it has an address, and whether it is a label or has one. */
static int count_words(const Work *work, Counts *counts, Py_ssize_t low, Py_ssize_t high)
{
    int label = 0;
    for (Py_ssize_t place = low, end, met = 0; place < high; place = end) {
        for (end = place; end < high && is_letter(at(&work->text, end));)
            end++;
        if (end > place) {
            count_word(work, counts, place, end);
            continue;
        }
        counts->address |= is_of_address(&work->text, place, low, high);
        if (!met && at(&work->text, place) == ':' && place > low && place < low + LABEL_SIZE) {
            met = 1;
            label = counts->words > LABEL_WORDS ? 0 : place == high - 1 ? 1 : 2;
        }
        end++;
    }
    return label;
}

static void describe_line(Work *work, Py_ssize_t line, Py_ssize_t low, Py_ssize_t high)
{
    Counts counts = {0};
    row_of(work, LABEL)[line] = count_words(work, &counts, low, high);
    for (int kind = 0; kind < KINDS; kind++) {
        double share = 4.0 * (double)counts.kinds[kind] / (double)(counts.words ? counts.words : 1);
        row_of(work, kind)[line] = share < 1 ? share : 1.0;
    }
    row_of(work, COMMAND)[line] = (double)counts.command;
    row_of(work, TITLE_CASE)[line] = counts.longer ? (double)counts.capitals / (double)counts.longer : -1.0;
    row_of(work, ADDRESS)[line] = (double)counts.address;
    row_of(work, TRAILING)[line] = trails(&work->text, low, high);
}

static const char *describe_lines(Work *work)
{
    Py_ssize_t low = 0;
    for (Py_ssize_t line = 0; line < work->count; line++) {
        if (low > work->text.size)
            return "as many lines as there is room for";
        Py_ssize_t high = line_end(&work->text, low);
        if (high == low)
            return "lines that are not empty";
        describe_line(work, line, low, high);
        low = high + 1;
    }
    return low == work->text.size + 1 ? NULL : "room for every line";
}

/* Title case of the lines beside each; means of shares over the lines up to REACH away, the line itself left out. */
static void look_round(Work *work)
{
    Py_ssize_t count = work->count;
    const double *title_case = row_of(work, TITLE_CASE);
    for (Py_ssize_t line = 0; line < count; line++) {
        row_of(work, BESIDE)[line] = line ? title_case[line - 1] : -1.0;
        row_of(work, BESIDE + 1)[line] = line + 1 < count ? title_case[line + 1] : -1.0;
    }
    for (int place = SITE; place <= THIRD; place++) {
        const double *column = row_of(work, place);
        work->sums[0] = 0;
        for (Py_ssize_t line = 0; line < count; line++)
            work->sums[line + 1] = work->sums[line] + column[line];
        for (Py_ssize_t line = 0; line < count; line++) {
            Py_ssize_t before = line > REACH ? line - REACH : 0, after = line + REACH < count ? line + REACH + 1 : count;
            row_of(work, NEAR + place)[line] = (work->sums[after] - work->sums[before] - column[line]) / (2 * REACH);
        }
    }
}

/* How many lines ago the last cue of each group was, and how many ahead the next; how many stand above of the
 * others, below the first sentence. */
static void measure_cues(Work *work)
{
    Py_ssize_t count = work->count;
    for (int group = 0; group < GROUPS; group++) {
        Py_ssize_t last = -FAR, next = count - 1 + FAR;
        double *since = row_of(work, SINCE + 2 * group), *until = row_of(work, SINCE + 2 * group + 1);
        for (Py_ssize_t line = 0; line < count; line++) {
            since[line] = (double)(line - last < FAR ? line - last : FAR);
            last = work->groups[line] >> group & 1 ? line : last;
        }
        for (Py_ssize_t line = count - 1; line >= 0; line--) {
            until[line] = (double)(next - line < FAR ? next - line : FAR);
            next = work->groups[line] >> group & 1 ? line : next;
        }
    }
    for (int other = 0; other < 2; other++)
        for (Py_ssize_t line = 0, met = 0, told = 0; line < count; line++) {
            row_of(work, ABOVE + other)[line] = (double)(met < MOST ? met : MOST);
            told |= work->prose[line] > 0;
            met += told && work->groups[line] >> (GROUPS + other) & 1;
        }
}

static const char *fill(Work *work)
{
    const char *expected = enter(work);
    if (!expected && !(expected = describe_lines(work))) {
        look_round(work);
        measure_cues(work);
    }
    return expected;
}

PyObject *describe_manner(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Work work;

    memset(&work, 0, sizeof work);
    if (count < 2 || !PyUnicode_Check(given[0]) || !PyUnicode_Check(given[1])) {
        PyErr_SetString(PyExc_TypeError, "expected two texts first");
        return NULL;
    }
    work.text = text_of(given[0]);
    work.classes = text_of(given[1]);
    if (take(&taken, "88>8", given + 2, count - 2) < 0)
        return NULL;
    work.groups = ITEMS(taken, int64_t, 0);
    work.prose = ITEMS(taken, double, 1);
    work.table = ITEMS(taken, double, 2);
    work.count = length(&taken, 0);
    if (work.count != length(&taken, 1) || work.count * ROWS != length(&taken, 2))
        return refuse(&taken, "groups and prose of each line, and a row for everything that is described");
    work.sums = malloc(((size_t)work.count + 1) * sizeof(double));
    int failed = numbering_of(&work.words, work.classes.size / 2 + 1) < 0 || !work.sums;
    const char *expected = failed ? "memory" : fill(&work);
    forget(&work.words);
    free(work.sums);
    return expected ? refuse(&taken, expected) : done(&taken);
}
