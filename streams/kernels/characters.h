/* Entries of the table of characters, and classes of words: streams.entities.characters and tokens. */
#ifndef WIREWATCH_CHARACTERS_H
#define WIREWATCH_CHARACTERS_H

#include <stdint.h>

enum { SPACE, BREAK, WORD, SINGLE, APOSTROPHE, HYPHEN, PERIOD, COMMA, STOP, OPEN, CLOSE, QUOTE, DROPPED, OTHER };
enum { LATIN, ARABIC, HEBREW, CYRILLIC, OTHER_SCRIPT };
enum { LOWER, INITIAL, CAPITALS, MIXED };
enum { TIGHT, SOFT, HYPHENED, DOTTED, COMMAED, HARD };

static inline uint32_t code_of(uint32_t packed) { return packed & 0x1FFFFF; }
static inline int kind_of(uint32_t packed) { return (packed >> 21) & 15; }
static inline int is_upper(uint32_t packed) { return (packed >> 25) & 1; }
static inline int script_of(uint32_t packed) { return (uint8_t)(packed >> 26); }

#endif
