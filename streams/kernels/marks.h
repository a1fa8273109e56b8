/* Lists of words, as bits of what is known of one: streams.entities.vocabulary. */
#ifndef WIREWATCH_MARKS_H
#define WIREWATCH_MARKS_H

enum {
    JOINS = 1 << 0, ARTICLE = 1 << 1, LEADS = 1 << 2, ABBREVIATED = 1 << 3, DAY = 1 << 4, FUNCTION = 1 << 5,
    REPORTS = 1 << 6, WEEKDAY = 1 << 7, MONTH = 1 << 8, PLURAL = 1 << 9, LETTER_S = 1 << 10, HONORIFIC = 1 << 11,
    SAINT = 1 << 12, BESIDE = 1 << 13, GIVEN = 1 << 14
};

#endif
