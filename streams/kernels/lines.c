/* What the lines of a text have, counted: streams.text.counting. */
#include "lines.h"
#include "kernels.h"

/* Words that are known: the hash of each, or what `flip` makes of it. */
static void enter(Work *work, const Text *words, uint64_t flip)
{
    for (Py_ssize_t low = 0, high; low < words->size; low = high + 1) {
        for (high = low; high < words->size && at(words, high) != ' ';)
            high++;
        number_of(&work->known, hashed(words, low, high, work->seed) ^ flip);
    }
}

/* Numbers the content words of a stretch of text in lower case, each once for a line that is not `seen`. */
static void content(Work *work, const Text *text, Py_ssize_t low, Py_ssize_t high, int64_t line)
{
    while (low < high) {
        Py_ssize_t start = low;
        uint64_t hash = work->seed;
        for (Py_UCS4 sign; low < high && of_word(sign = at(text, low)); low++)
            hash = with(hash, sign);
        if (low - start >= LEAST_CONTENT && known_number(&work->known, hash) < 0) {
            int64_t number = number_of(&work->words, hash);
            if (work->seen[number] != line) {
                work->seen[number] = line;
                work->number[work->found++] = number;
            }
        }
        low += low == start || low < high;
    }
}

/* The words of a line: by their traits in lower case, and which begin with a capital. */
static void count_words(Work *work, Py_ssize_t line, Py_ssize_t low, Py_ssize_t high, Py_ssize_t small, Py_ssize_t end)
{
    const Text *text = &work->text[WHOLE], *lower = &work->text[SMALL];
    int64_t words = 0, capitals = 0, stops = 0, telling = 0;
    for (int inside = 0; low < high; low++) {
        Py_UCS4 sign = at(text, low);
        int space = is_space(sign);
        if (!space && !inside) {
            words++;
            capitals += Py_UNICODE_ISUPPER(sign);
        }
        inside = !space;
    }
    while (small < end) {
        uint64_t hash = work->seed;
        Py_ssize_t start = small;
        for (Py_UCS4 sign; small < end && !is_space(sign = at(lower, small)); small++)
            hash = with(hash, sign);
        if (small > start) {
            stops += known_number(&work->known, hash) >= 0;
            telling += known_number(&work->known, ~hash) >= 0;
        }
        small += small < end;
    }
    work->rows[WORDS][line] = words;
    work->rows[CAPITALS][line] = capitals;
    work->rows[STOPS][line] = stops;
    work->rows[TELLING][line] = telling;
}

static int is_item(const Text *text, Py_ssize_t low, Py_ssize_t high)
{
    Py_UCS4 sign = at(text, low);
    if (sign == '-' || sign == 0x2022 || sign == '*' || sign == 0x2013)
        return 1;
    for (Py_ssize_t digits = 0; digits < 2 && low < high && Py_UNICODE_ISDECIMAL(at(text, low)); digits++) {
        low++;
        if (low < high && (at(text, low) == '.' || at(text, low) == ')'))
            return 1;
    }
    return 0;
}

/* The marks of a line, of which there is one character at least. */
static void count_marks(Work *work, Py_ssize_t line, Py_ssize_t low, Py_ssize_t high)
{
    const Text *text = &work->text[WHOLE];
    int64_t digits = 0, symbols = 0, commas = 0, quoted = is_one_of(at(text, low), &work->text[QUOTES]);
    Py_ssize_t last = high;
    for (Py_ssize_t place = low; place < high; place++) {
        Py_UCS4 sign = at(text, place);
        if (place - low < HEAD && !(sign < 128 && (sign | 32) - 'a' < 26u)) {
            digits += Py_UNICODE_ISDECIMAL(sign);
            symbols += is_one_of(sign, &work->text[SYMBOL]);
        }
        commas += sign == ',';
        quoted |= sign == 0x201d || (sign == '"' && place + 1 < high && at(text, place + 1) == ' ');
    }
    while (last > low && is_one_of(at(text, last - 1), &work->text[CLOSES]))
        last--;
    work->rows[LENGTH][line] = high - low;
    work->rows[DIGITS][line] = digits;
    work->rows[SYMBOLS][line] = symbols;
    work->rows[COMMAS][line] = commas;
    work->rows[QUOTED][line] = quoted;
    work->rows[FINAL][line] = last > low && is_one_of(at(text, last - 1), &work->text[ENDS]);
    work->rows[LOWER][line] = Py_UNICODE_ISLOWER(at(text, low));
    work->rows[COLON][line] = at(text, high - 1) == ':';
    work->rows[ITEM][line] = is_item(text, low, high);
}

/* Numbers of a line in lower case and of what it begins with: up to a colon, or its first blank. */
static void count_copies(Work *work, Py_ssize_t line, Py_ssize_t low, Py_ssize_t high)
{
    const Text *text = &work->text[SMALL];
    Py_ssize_t end = low, label = high - low < LABEL ? high : low + LABEL;
    while (end < label && at(text, end) != ':')
        end++;
    if (end == label)
        for (end = low; end < high && at(text, end) != ' ';)
            end++;
    work->rows[COPIES][line] = number_of(&work->lines, hashed(text, low, high, work->seed));
    work->rows[PREFIX][line] = number_of(&work->lines, ~hashed(text, low, end, work->seed));
    work->copies[work->rows[COPIES][line]]++;
    work->prefixes[work->rows[PREFIX][line]]++;
}

static void count_line(Work *work, Py_ssize_t line, Py_ssize_t low, Py_ssize_t high, Py_ssize_t small, Py_ssize_t end)
{
    count_words(work, line, low, high, small, end);
    count_marks(work, line, low, high);
    count_copies(work, line, small, end);
    work->first[line] = work->found;
    content(work, &work->text[SMALL], small, end, line + 1);
    int64_t words = work->rows[WORDS][line];
    int sentence = work->rows[FINAL][line] && words >= LEAST_WORDS
                   && (double)work->rows[STOPS][line] / (double)words > LEAST_STOPS;
    work->rows[SENTENCE][line] = sentence;
    work->rows[CONTENT][line] = work->found - work->first[line];
    for (Py_ssize_t place = work->first[line]; sentence && place < work->found; place++)
        work->sentences[work->number[place]]++;
}

static const char *count_all(Work *work)
{
    enter(work, &work->text[STOP], 0);
    enter(work, &work->text[TELL], ~UINT64_C(0));
    content(work, &work->text[HEADLINE], 0, work->text[HEADLINE].size, -1);
    work->headline = work->words.count;
    work->found = 0;
    Py_ssize_t low = 0, small = 0;
    for (Py_ssize_t line = 0; line < work->count; line++) {
        if (low > work->text[WHOLE].size || small > work->text[SMALL].size)
            return "as many lines as there is room for";
        Py_ssize_t high = line_end(&work->text[WHOLE], low), end = line_end(&work->text[SMALL], small);
        if (high == low || end == small)
            return "lines that are not empty";
        count_line(work, line, low, high, small, end);
        low = high + 1;
        small = end + 1;
    }
    if (low != work->text[WHOLE].size + 1 || small != work->text[SMALL].size + 1)
        return "room for every line";
    share_lines(work);
    return NULL;
}

static const char *counted(Work *work, double *table)
{
    int64_t known = 0, most = (work->text[SMALL].size + work->text[HEADLINE].size) / LEAST_CONTENT + 1;
    for (int place = STOP; place <= TELL; place++)
        known += work->text[place].size / 2 + 1;
    work->copies = calloc((6 + ROWS) * (size_t)work->count + 3 * (size_t)most + 6, sizeof(int64_t));
    int failed = !work->copies;
    failed |= numbering_of(&work->known, known) < 0;
    failed |= numbering_of(&work->lines, 2 * work->count + 1) < 0;
    failed |= numbering_of(&work->words, most) < 0;
    const char *expected = "memory";
    if (!failed) {
        work->prefixes = work->copies + 2 * work->count + 1;
        work->first = work->prefixes + 2 * work->count + 1;
        work->sentences = work->first + work->count + 1;
        work->seen = work->sentences + most;
        work->number = work->seen + most;
        for (int row = 0; row < ROWS; row++)
            work->rows[row] = work->number + most + row * work->count;
        expected = count_all(work);
        if (!expected)
            rate_lines(work, table);
    }
    forget(&work->known);
    forget(&work->lines);
    forget(&work->words);
    free(work->copies);
    return expected;
}

PyObject *count_lines(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    Work work;
    for (Py_ssize_t place = 0; place < TEXTS; place++) {
        if (place >= count || !PyUnicode_Check(given[place])) {
            PyErr_SetString(PyExc_TypeError, "expected nine texts first");
            return NULL;
        }
        work.text[place] = (Text){PyUnicode_KIND(given[place]), PyUnicode_DATA(given[place]),
                                  PyUnicode_GET_LENGTH(given[place])};
    }
    if (take(&taken, "n>8", given + TEXTS, count - TEXTS) < 0)
        return NULL;
    work.seed = (uint64_t)NUMBER(taken, 0);
    work.count = length(&taken, 1) / CONTENT;
    work.found = 0;
    if (work.count * CONTENT != length(&taken, 1))
        return refuse(&taken, "a row for everything that is counted");
    const char *expected = counted(&work, ITEMS(taken, double, 1));
    return expected ? refuse(&taken, expected) : done(&taken);
}
