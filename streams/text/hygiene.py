"""Text hygiene: what every string goes through before anything else looks at it.

Quotes, dashes and brackets stay as their author wrote them; only what nobody can see or nobody
meant is changed. All functions are idempotent.
"""

import re
import unicodedata
from html import unescape

_LINE_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANKS_AROUND_BREAK = re.compile(r" ?\n ?")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc"
    "\ufffe\uffff\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)
_JOINERS = re.compile("(?<![\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]+"
                      "|[\u200c\u200d]+(?![\u0600-\u1fff\u2600-\u27bf\U0001f000-\U0001faff])"
                      "|[\u200c\u200d]{2,}")  # fmt: skip
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_CP1252 = {bytes([byte]).decode("cp1252", "replace"): byte for byte in range(0x80, 0xA0)} | {
    chr(byte): byte for byte in range(0x80, 0x100)
}
_CP1252.pop("\ufffd", None)
_HIGH = "[" + re.escape("".join(sorted(_CP1252))) + "]"
_MOJIBAKE_FIRST = "\u00c2\u00c3\u00e2\u00f0\u00d0\u00d1\u00ce\u00cf\u00c4\u00c5\u00d8\u00d9"
_MOJIBAKE_HINT = re.compile(f"[{_MOJIBAKE_FIRST}]{_HIGH}")
_MOJIBAKE_RUN = re.compile(_HIGH + "{2,}")
_ODD = re.compile(f"[\x1c-\x1f\ufffc]|{_MOJIBAKE_HINT.pattern}")
"""What may have to be taken out or repaired though it is printable, or a blank to ``split`` alone."""
_PLAUSIBLE = re.compile("[\u00a0-\u00ff\u2010-\u2044\u20ac\u2122\u2190-\u21ff\u2022\U0001f300-\U0001faff]+")


def tidied(text: str) -> str:
    """``text`` as NFC without unseen characters, mojibake repaired, white space folded, line breaks as LF."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS_AROUND_BREAK.sub("\n", _SPACES.sub(" ", _seen(_LINE_BREAKS.sub("\n", text)))).strip()


def tidied_lines(text: str) -> list[str]:
    """Each line of ``text``, as LF separates them, tidied; as many as there are, blank ones empty."""
    lines = text.replace("\r\n", "\n").split("\n")
    if _is_seen(whole := "".join(lines)) and unicodedata.is_normalized("NFC", whole):
        if "  " in whole or "\u00a0" in whole:
            return [" ".join(line.split()) for line in lines]
        return [line.strip() for line in lines]
    return [_tidied_line(line) for line in lines]


def _tidied_line(line: str) -> str:
    if line.isascii() and line.isprintable() and "  " not in line:
        return line.strip()
    return " ".join(_seen(line).split())


def _is_seen(text: str) -> bool:
    """Whether nothing in ``text`` is unseen or may be mojibake; what is unseen is not printable, but for one."""
    printable = text.replace("\u00a0", "").isprintable()
    if not printable or "\ufffc" in text:
        return False
    return not (_has_any(text, _MOJIBAKE_FIRST) and _MOJIBAKE_HINT.search(text))


def _has_any(text: str, characters: str) -> bool:
    """Whether a text has one of some characters: looked for one by one, which is faster than by a pattern."""
    for character in characters:  # noqa: SIM110 - a third faster than any()
        if character in text:
            return True
    return False


def _seen(text: str) -> str:
    if text.isascii():
        return _UNSEEN.sub("", text)
    if _is_seen(text):
        return unicodedata.normalize("NFC", text)
    text, before = _UNSEEN.sub("", _without_mojibake(text)), text
    while text != before:
        text, before = _UNSEEN.sub("", _without_mojibake(text)), text
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """``text`` tidied, on one line: for titles, names and other fields."""
    folded = " ".join(text.split())
    if folded.isprintable():
        if folded.isascii():
            return folded
        if not _ODD.search(text):
            return unicodedata.normalize("NFC", folded)
    return " ".join(tidied(text).split())


def decoded(text: str) -> str:
    """``text`` with its character references decoded, once: a reference that results stays."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def _without_mojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read again as UTF-8, run by run; all other text as it is.

    A run is repaired only where it is valid UTF-8 throughout and gives what such accidents give
    (accented letters, typographic punctuation, emoji), or is too long to be valid by chance: a German
    sharp s before a closing quotation mark is valid UTF-8 as well.
    """
    while _MOJIBAKE_HINT.search(text):
        repaired = _MOJIBAKE_RUN.sub(_repaired_run, text)
        if repaired == text:
            break
        text = repaired
    return text


def _repaired_run(found: re.Match[str]) -> str:
    run = found[0]
    try:
        candidate = bytes(_CP1252[character] for character in run).decode("utf-8")
    except (UnicodeDecodeError, KeyError):
        return run
    if _PLAUSIBLE.fullmatch(candidate) and run[0] in "\u00c2\u00c3\u00e2\u00f0":
        return candidate
    return candidate if len(run) >= 6 and candidate.isalpha() else run
