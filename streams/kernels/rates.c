#include "lines.h"

#include <math.h>

void share_lines(Work *work)
{
    for (Py_ssize_t line = 0; line < work->count; line++) {
        int64_t topic = 0, title = 0, own = work->rows[SENTENCE][line], first = work->first[line];
        for (int64_t place = first; place < first + work->rows[CONTENT][line]; place++) {
            topic += work->sentences[work->number[place]] > own;
            title += work->number[place] < work->headline;
        }
        work->rows[TOPIC][line] = topic;
        work->rows[TITLE][line] = title;
        work->rows[COPIES][line] = work->copies[work->rows[COPIES][line]] - 1;
        work->rows[PREFIX][line] = work->prefixes[work->rows[PREFIX][line]] - 1;
    }
}

void rate_lines(const Work *work, double *table)
{
    Py_ssize_t count = work->count;
    for (Py_ssize_t place = 0; place < CONTENT * count; place++)
        table[place] = (double)work->rows[0][place];
    for (Py_ssize_t line = 0; line < count; line++) {
        int64_t length = work->rows[LENGTH][line], content = work->rows[CONTENT][line];
        double words = (double)work->rows[WORDS][line], head = (double)(length < HEAD ? length : HEAD);
        table[STOPS * count + line] /= words;
        table[CAPITALS * count + line] /= words;
        table[DIGITS * count + line] /= head;
        table[SYMBOLS * count + line] /= head;
        table[TOPIC * count + line] /= (double)(content ? content : 1);
        table[TITLE * count + line] /= (double)(content ? content : 1);
        table[COMMAS * count + line] = fmin(table[COMMAS * count + line] / words * 4, 1);
        table[TELLING * count + line] = fmin(table[TELLING * count + line] / words * 4, 1);
        table[COPIES * count + line] = fmin(table[COPIES * count + line], 3) / 3;
        table[PREFIX * count + line] = fmin(table[PREFIX * count + line], 5) / 5;
    }
}
