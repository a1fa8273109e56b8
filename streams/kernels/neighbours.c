/* What stands round each line of a text: streams.text.features. */
#include "arrays.h"
#include "kernels.h"

#include <math.h>
#include <stdlib.h>

/* Columns that are given, and the order in which windows take means of them. */
enum { LENGTH, STOPS, FINAL, SENTENCE, TOPIC, CUE, COLUMNS };
static const int WINDOWED[] = {SENTENCE, CUE, LENGTH, TOPIC, FINAL};
static const int OFFSETS[] = {-3, -2, -1, 1, 2, 3}, REACHES[] = {2, 5, 15};
enum { OFFSET_COUNT = 6, REACH_COUNT = 3, WINDOW_COUNT = 5, FAR = 30 };
/* Rows that are written: shifts, means, and what stands behind the caller's own rows. */
enum { CALLERS = 6, MEANS = OFFSET_COUNT * COLUMNS, SINCE = MEANS + REACH_COUNT * WINDOW_COUNT + CALLERS,
       OUTSIDE = SINCE + 4, STEP_UP = OUTSIDE + 4, STEP_DOWN, LONGEST, TOPICAL, ROWS };

typedef struct {
    const double *column[COLUMNS];
    double *rows, longer;
    Py_ssize_t count;
} Lines;

static double *row_of(const Lines *lines, int row) { return lines->rows + row * lines->count; }

static void shift(const Lines *lines)
{
    for (int place = 0; place < MEANS; place++) {
        const double *column = lines->column[place % COLUMNS];
        double *row = row_of(lines, place);
        for (Py_ssize_t line = 0, from = OFFSETS[place / COLUMNS]; line < lines->count; line++, from++)
            row[line] = from < 0 || from >= lines->count ? -1.0 : column[from];
    }
}

/* Means over the lines up to each reach away, the line itself left out; `sums` has room for one more than the lines. */
static void take_means(const Lines *lines, double *sums)
{
    Py_ssize_t count = lines->count;
    for (int place = 0; place < WINDOW_COUNT; place++) {
        const double *column = lines->column[WINDOWED[place]];
        sums[0] = 0;
        for (Py_ssize_t line = 0; line < count; line++)
            sums[line + 1] = line ? sums[line] + column[line] : column[line];
        for (int reach = 0; reach < REACH_COUNT; reach++) {
            double *row = row_of(lines, MEANS + reach * WINDOW_COUNT + place);
            Py_ssize_t far = REACHES[reach];
            for (Py_ssize_t line = 0; line < count; line++) {
                Py_ssize_t before = line > far ? line - far : 0, after = line + far < count ? line + far + 1 : count;
                row[line] = (sums[after] - sums[before] - column[line]) / (double)(2 * far);
            }
        }
    }
}

/* How many lines ago the last set one was, and how many ahead the next, at most FAR. */
static void measure_since(const Lines *lines, const double *column, double *since, double *until)
{
    Py_ssize_t last = -FAR, next = lines->count + FAR;
    for (Py_ssize_t line = 0; line < lines->count; line++) {
        since[line] = (double)(line - last < FAR ? line - last : FAR);
        last = column[line] > 0 ? line : last;
    }
    for (Py_ssize_t line = lines->count - 1; line >= 0; line--) {
        until[line] = (double)(next - line < FAR ? next - line : FAR);
        next = column[line] > 0 ? line : next;
    }
}

static int is_set(const Lines *lines, Py_ssize_t line, int only_long)
{
    return lines->column[SENTENCE][line] > 0 && (!only_long || lines->column[LENGTH][line] > lines->longer);
}

/* How many lines before the first sentence, and after the last. */
static void measure_outside(const Lines *lines, int only_long, double *before, double *after)
{
    Py_ssize_t first = 0, last = lines->count - 1;
    while (first < lines->count && !is_set(lines, first, only_long))
        first++;
    if (first == lines->count)
        first = 0;
    else
        while (!is_set(lines, last, only_long))
            last--;
    for (Py_ssize_t line = 0; line < lines->count; line++) {
        before[line] = line < first ? (double)(first - line) : 0.0;
        after[line] = line > last ? (double)(line - last) : 0.0;
    }
}

static void compare_lengths(const Lines *lines)
{
    const double *length = lines->column[LENGTH];
    double *up = row_of(lines, STEP_UP), *down = row_of(lines, STEP_DOWN);
    double *longest = row_of(lines, LONGEST), *topical = row_of(lines, TOPICAL);
    for (Py_ssize_t line = 0; line < lines->count; line++) {
        up[line] = line ? fabs(length[line] - length[line - 1]) : 0.0;
        down[line] = line + 1 < lines->count ? fabs(length[line + 1] - length[line]) : 0.0;
        longest[line] = 0.0;
        for (Py_ssize_t other = line - 2; other <= line + 2; other++)
            if (other >= 0 && other < lines->count && other != line && length[other] > longest[line])
                longest[line] = length[other];
        topical[line] = lines->column[TOPIC][line] * lines->column[SENTENCE][line];
    }
}

PyObject *describe_neighbours(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arguments taken;
    if (take(&taken, "88>8", given, count) < 0)
        return NULL;
    Lines lines = {{NULL}, ITEMS(taken, double, 2), 0.0, length(&taken, 0) / COLUMNS};
    if (lines.count * COLUMNS != length(&taken, 0) || lines.count * ROWS != length(&taken, 2))
        return refuse(&taken, "rows of one item a line");
    if (length(&taken, 1) != 1)
        return refuse(&taken, "the length of a long sentence");
    lines.longer = ITEMS(taken, double, 1)[0];
    for (int column = 0; column < COLUMNS; column++)
        lines.column[column] = ITEMS(taken, double, 0) + column * lines.count;
    double *sums = malloc(((size_t)lines.count + 1) * sizeof(double));
    if (!sums)
        return refuse(&taken, "memory");
    shift(&lines);
    take_means(&lines, sums);
    free(sums);
    measure_since(&lines, lines.column[SENTENCE], row_of(&lines, SINCE), row_of(&lines, SINCE + 1));
    measure_since(&lines, lines.column[CUE], row_of(&lines, SINCE + 2), row_of(&lines, SINCE + 3));
    measure_outside(&lines, 0, row_of(&lines, OUTSIDE), row_of(&lines, OUTSIDE + 1));
    measure_outside(&lines, 1, row_of(&lines, OUTSIDE + 2), row_of(&lines, OUTSIDE + 3));
    compare_lengths(&lines);
    return done(&taken);
}
