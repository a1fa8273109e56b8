/* Terms that tell stories apart: terms_of_each of streams.dedup.terms. */
#include "kernels.h"
#include "terms.h"

#define WORDS_READ 250
#define OF_TITLE 2000
#define OF_PLAIN 800
#define MOST_TERMS 100

/* Reads the words from `word` to `end`; how many are read by then. */
static int64_t read_words(const Arguments *taken, int64_t word, int64_t end, int of_body, Told *told, int64_t count)
{
    for (int64_t place = 0; word < end; word++, place++) {
        int64_t start = ITEMS(*taken, int64_t, STARTS)[word];
        told[count++] = (Told){
            .hash = ITEMS(*taken, uint64_t, HASHES)[word],
            .letters = ITEMS(*taken, int64_t, LETTERS)[word],
            .counts = of_body ? ITEMS(*taken, int64_t, BY_PLACE)[place] : OF_TITLE,
            .capital = ITEMS(*taken, uint32_t, CASED)[start] != ITEMS(*taken, uint32_t, OPENING)[word],
            .numeric = ITEMS(*taken, uint8_t, NUMERIC)[word],
            .of_body = of_body,
        };
    }
    return count;
}

/* Words of a headline without a text count less where they are no names: in lower case, if most are. */
static void discount_plain(Told *told, int64_t count)
{
    int64_t capitals = 0, others = 0;
    for (int64_t word = 0; word < count; word++) {
        capitals += told[word].capital && !told[word].numeric;
        others += !told[word].capital && !told[word].numeric;
    }
    for (int64_t word = 0; word < count && capitals < others; word++)
        if (!told[word].capital && !told[word].numeric)
            told[word].counts = OF_PLAIN;
}

/* Counts how the words of the body are written. */
static void look_at_case(Memory *memory, int64_t count)
{
    empty(&memory->same);
    for (int64_t word = 0; word < count; word++) {
        Told *told = &memory->told[word];
        int64_t known = memory->same.count;
        told->same = number_of(&memory->same, told->hash);
        Written *written = &memory->written[told->same];
        if (told->same == known)
            *written = (Written){0, 0, 0};
        written->seen += told->of_body && word > 0 && told->capital && !told->numeric;
        written->plain += told->of_body && !told->capital && !told->numeric;
    }
}

static int is_name(Memory *memory, const Told *told)
{
    Written *written = &memory->written[told->same];
    if (!told->of_body)
        return written->called;
    int named = written->seen > 0 && written->plain <= written->seen && told->capital && !told->numeric;
    written->called |= named;
    return named;
}

static void count_term(Memory *memory, int kind, uint64_t hash, const Told *told)
{
    uint64_t id = hash >> 40;
    int64_t known = memory->numbered.count, number = number_of(&memory->numbered, (uint64_t)kind << 24 | id);
    if (number == known)
        memory->terms[number] = (Term){id, 0, told->letters, kind};
    Term *term = &memory->terms[number];
    term->counted = (int64_t)((uint64_t)term->counted + (uint64_t)told->counts); /* it may be any number */
}

/* Adds months and days of the week of the body, by their full English names. */
static void count_dates(const Arguments *taken, Memory *memory, int64_t count)
{
    const uint64_t *dates = ITEMS(*taken, uint64_t, DATES);
    for (int64_t word = 0; word < count; word++) {
        const Told *told = &memory->told[word];
        int64_t date = told->of_body ? among_hashes(dates, length(taken, DATES), told->hash) : -1;
        if (date >= 0 && ITEMS(*taken, int64_t, CASES)[date] != (told->capital ? -1 : 1))
            count_term(memory, NUMBERS, ITEMS(*taken, uint64_t, MEANT)[date], told);
    }
}

/* The terms of the words: each as a word, those that are names, and numbers with dates behind those of the body. */
static void count_terms(const Arguments *taken, Memory *memory, int64_t count)
{
    empty(&memory->numbered);
    for (int64_t word = 0; word < count; word++)
        count_term(memory, WORDS, memory->told[word].hash, &memory->told[word]);
    for (int64_t word = 0; word < count; word++)
        if (is_name(memory, &memory->told[word]))
            count_term(memory, NAMES, memory->told[word].hash, &memory->told[word]);
    for (int of_body = 1; of_body >= 0; of_body--) {
        for (int64_t word = 0; word < count; word++)
            if (memory->told[word].numeric && memory->told[word].of_body == of_body)
                count_term(memory, NUMBERS, memory->told[word].hash, &memory->told[word]);
        if (of_body)
            count_dates(taken, memory, count);
    }
}

static const char *misfit(const Arguments *taken)
{
    Py_ssize_t words = length(taken, HASHES), edges = length(taken, FIRSTS), texts = (edges - 1) / 2;
    const int64_t *firsts = ITEMS(*taken, int64_t, FIRSTS), *starts = ITEMS(*taken, int64_t, STARTS);
    for (int place = STARTS; place <= LETTERS; place++)
        if (length(taken, place) != words)
            return "arrays of one item a word";
    if (edges < 1 || edges % 2 == 0 || firsts[0] != 0 || firsts[edges - 1] != words)
        return "first words of bodies and as many titles, and an end";
    for (Py_ssize_t text = 0; text + 1 < edges; text++)
        if (firsts[text] > firsts[text + 1])
            return "first words in order";
    for (Py_ssize_t word = 0; word < words; word++)
        if (starts[word] < 0 || starts[word] >= length(taken, CASED))
            return "words that start in the text";
    if (length(taken, BY_PLACE) != WORDS_READ || length(taken, UNSEEN) != 1)
        return "what an occurrence counts by its place, and what is unseen";
    if (length(taken, IDF) != length(taken, RARE_IDS) || length(taken, FACTORS) != length(taken, DATED_IDS)
        || length(taken, MEANT) != length(taken, DATES) || length(taken, CASES) != length(taken, DATES))
        return "tables of one value a key";
    if (length(taken, TERMS) != texts * MOST_TERMS || length(taken, SIZES) != texts * KINDS)
        return "room for the terms of every article";
    return NULL;
}

/* The most words that are read of an article. */
static int64_t most_words(const int64_t *firsts, Py_ssize_t texts)
{
    int64_t most = 0;
    for (Py_ssize_t text = 0; text < texts; text++) {
        int64_t title = firsts[texts + text + 1] - firsts[texts + text];
        most = title > most ? title : most;
    }
    return most + WORDS_READ;
}

/* Writes the terms of all articles; how many there are. */
static int64_t write_terms(const Arguments *taken, Memory *memory)
{
    Py_ssize_t texts = (length(taken, FIRSTS) - 1) / 2;
    const int64_t *firsts = ITEMS(*taken, int64_t, FIRSTS);
    int64_t written = 0;
    for (Py_ssize_t text = 0; text < texts; text++) {
        int64_t begin = firsts[text], end = firsts[text + 1];
        end = end - begin < WORDS_READ ? end : begin + WORDS_READ;
        int64_t bodies = read_words(taken, begin, end, 1, memory->told, 0);
        int64_t count = read_words(taken, firsts[texts + text], firsts[texts + text + 1], 0, memory->told, bodies);
        if (!bodies)
            discount_plain(memory->told, count);
        look_at_case(memory, count);
        count_terms(taken, memory, count);
        for (int kind = 0; kind < KINDS; kind++) {
            int64_t size = write_heaviest(taken, memory, kind, ITEMS(*taken, uint32_t, TERMS) + written);
            ITEMS(*taken, int64_t, SIZES)[text * KINDS + kind] = size;
            written += size;
        }
    }
    return written;
}

PyObject *terms(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "884188484488888" "8>4>8", given, count) < 0)
        return NULL;
    const char *expected = misfit(&taken);
    if (expected)
        return refuse(&taken, expected);
    int64_t most = most_words(ITEMS(taken, int64_t, FIRSTS), (length(&taken, FIRSTS) - 1) / 2), written = 0;
    size_t room = (size_t)most * (KINDS + 1); /* a word can be a number and a date, whose hashes agree by chance */
    Memory memory = {malloc((size_t)most * sizeof(Told)), malloc((size_t)most * sizeof(Written)),
                     malloc(room * sizeof(Term)), malloc(room * sizeof(uint64_t)), malloc(room * sizeof(uint64_t)),
                     {0}, {0}};
    int failed = numbering_of(&memory.same, most) < 0;
    failed = numbering_of(&memory.numbered, most * (KINDS + 1)) < 0 || failed;
    failed = failed || !memory.told || !memory.written || !memory.terms || !memory.keys || !memory.room;
    if (!failed)
        written = write_terms(&taken, &memory);
    forget(&memory.same);
    forget(&memory.numbered);
    free(memory.told);
    free(memory.written);
    free(memory.terms);
    free(memory.keys);
    free(memory.room);
    release(&taken);
    return failed ? PyErr_NoMemory() : PyLong_FromLongLong(written);
}
