"""How a line ends."""

_FINAL = frozenset(".!?…。！？؟।")
_PAUSE = frozenset(":;,")
_CLOSING = "\"'”’»)]"


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, in any script, closing quotation marks and brackets aside."""
    return line.rstrip(_CLOSING)[-1:] in _FINAL


def ends_open(line: str) -> bool:
    """Whether a line ends with no mark at all, as headings, labels and links do."""
    last = line.rstrip(_CLOSING)[-1:]
    return last not in _FINAL and last not in _PAUSE
