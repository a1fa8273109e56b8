/* Lines of a text while they are counted. */
#ifndef WIREWATCH_LINES_H
#define WIREWATCH_LINES_H

#include "arrays.h"
#include "scratch.h"
#include "text.h"

/* Rows of what is counted, as in streams.text.counting; the last is not given. */
enum { LENGTH, WORDS, STOPS, FINAL, SENTENCE, CAPITALS, DIGITS, COMMAS, QUOTED, LOWER, COLON, COPIES, SYMBOLS, TELLING,
       ITEM, TOPIC, TITLE, PREFIX, CONTENT, ROWS };
enum { HEAD = 120, LABEL = 30, LEAST_CONTENT = 4, LEAST_WORDS = 7 };
#define LEAST_STOPS 0.15

/* Given: the text, the same in lower case, the title in lower case, stop words, words of telling, marks at the end of
 * sentences, marks that close, symbols, quotation marks; words and titles parted by blanks. */
enum { WHOLE, SMALL, HEADLINE, STOP, TELL, ENDS, CLOSES, SYMBOL, QUOTES, TEXTS };

typedef struct {
    Text text[TEXTS];
    Numbering known, lines, words; /* traits of words; copies of lines and prefixes; content words */
    int64_t *copies, *prefixes, *sentences, *seen, *number, *first; /* by line and prefix; by word; of each line */
    int64_t *rows[ROWS];
    int64_t headline; /* content words of the title, which are the first ones */
    uint64_t seed;
    Py_ssize_t count, found;
} Work;

/* What is known once all lines are: of content words how many other sentences and the title have; copies. */
void share_lines(Work *work);

/* Shares and bounds of what was counted, into a row each. */
void rate_lines(const Work *work, double *table);

#endif
