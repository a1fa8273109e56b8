"""Where the clauses of a sentence begin: behind punctuation, and at words that join clauses.

A rough cut, without grammar: *and* begins one whether it joins clauses or nouns.
"""

import re
from collections.abc import Iterator, Sequence

_TEXT = (
    "after although and as because before but if once or since so than that though unless until when where whereas "
    "whether which while who whom whose yet"
)
JOINING = frozenset(_TEXT.split())
"""Words that begin a clause."""
_MARK = re.compile(r"[,;:()\[\]“”\"«»–—…|]|\.\.|\s-")
"""What ends one, between two words; quotation marks, too."""


def clauses_in(words: Sequence[str], gaps: Sequence[str], first: int) -> Iterator[int]:
    """Positions of the first word of each clause of a sentence, whose own first word stands at ``first``.

    >>> words = "They said that soldiers left and rain fell".split()
    >>> list(clauses_in(words, [" "] * 8, 10))
    [10, 12, 15]
    """
    yield first
    for at in range(1, len(words)):
        if _MARK.search(gaps[at - 1]) or words[at].lower() in JOINING:
            yield first + at
