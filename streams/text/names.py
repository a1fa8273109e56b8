"""Names of people in the texts that give them: what stands behind "By", without jobs, places, handles and dates."""

import itertools
import re
from collections.abc import Iterable, Iterator

from streams.text.dates import DAY_PATTERN
from streams.text.hygiene import one_line
from streams.text.normal import normalised
from streams.text.sentences import is_caseless

MOST = 12
"""Authors of one article."""
CASELESS = 30
"""Most characters of a name in a script without capitals."""
_WITH = r"(?:photo(?:graph)?s?|photography|pictures|illustrations)"
_BY = re.compile(
    rf"^\W*(?:(?:(?:{_WITH} (?:and|&) )?(?:written|report(?:ed)?|words|posted|published|submitted|story|reporting"
    rf"|analysis|interview|text)(?: (?:and|&) {_WITH})? )?by\b[:\s]*"
    r"|(?:scritto da|redatto da|escrit[oa] por|écrite? par|geschrieben von|geschreven door|skrevet av)\b[:\s]*"
    r"|(?:von|par|por|di|door|av|af)\b(?::\s*|\s+(?-i:(?=[A-ZÀ-Þ]\S*\s\S))))",
    re.I,
)
_LABEL = re.compile(
    r"(?:^|(?<=[\W\d]))(?:authors?|autor(?:a|es|in|ka)?|auteure?s?|autore|texto|texte?|tekst|автор(?:ы|ка)?|текст|words|كتبت?|بقلم|الكاتبة?|作者"
    r"|लेखक|लेखिका|tác giả"
    r"|(?:本报)?记者|(?:取材・)?文|記者|기자|yazar|haber|muhabir|penulis|מאת|by|par|por|von)\s?[:：=/]\s*(?=\S)",
    re.I,
)
"""What stands before an author's name, with a mark between them, wherever it stands in a line."""
_ALONE = re.compile(
    r"\W*(?:(?:(?:written|reported|words|text|story) )?by|authors?|autor(?:a|es|in)?|auteure?s?|autore|von|par|por|di"
    r"|door|av|af|作者|文|記者|记者|기자)\s?[:：]?",
    re.I,
)
"""A line that is nothing but what stands before a name."""
_NEXT_LABEL = re.compile(r"\s+[^\s:：]{1,12}[:：]|[()（）]")
_BIOGRAPHY = re.compile(r"\s(?:is|was)\s")
_PLACE = re.compile(r"\s+(?:in|at|from|for|reports|reporting)\s.*$")
_PARTICLES = frozenset("da das de del della der den di do dos du el la le ten ter van von bin ibn al y".split())  # noqa: SIM905
_DATED = re.compile(
    rf"{DAY_PATTERN.pattern}|(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+)?\d", re.I
)
BESIDE = 60
"""Characters before a date in which the words for when may stand."""
_HANDLE = re.compile(r"[^\s|]{1,80}@[\w-]+(?:\.[\w-]+)+|@\w{2,}")
"""Addresses and handles behind a name."""
_WEEKDAYS_ABROAD = (
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes"
    r"|martes|miércoles|jueves|viernes|s[áa]bado|domingo|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica"
    r"|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|(?:maan|dins|woens|donder|vrij|zater|zon)dag|понедельник|вторник"
    r"|среда|четверг|пятница|суббота|воскресенье|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد"
)
_BEFORE_DATE = re.compile(
    r"(?:(?:^|[\s|,·•–—-])(?:posted|published|updated|on|at|am|le|el|il|em|den|dnia|(?:mon|tue|wed|thu|fri|sat|sun)\w*"
    rf"|publi(?:é|cado|cada)|pubblicato|veröffentlicht|प्रकाशित|{_WEEKDAYS_ABROAD}),?"
    r"|[\s|,:·•/(–—-])+$",
    re.I,
)
"""What stands between a name and a date."""
_DAY_ENDING = re.compile(r"^(?:st|nd|rd|th)?[\W\d]+")
_SPLIT = re.compile(r"\s*(?:[;|\n•·,、，]|\band\b|&|\b(?:und|et|og|och|en)\b| [ye] | [–—/-] )\s*")
_PICTURES = re.compile(
    r"\W*(?:(?:edit(?:ed|ing)|review(?:ed|ing)|fact.?check(?:ed|ing)|produced|translated) by"
    r"|(?-i:with|avec|mit|con|com|met|med)\s"
    r"|photo|pictures?|images?|illustration|video|foto|bild|фото|写真|撮影|图|圖|사진|صور|फोटो)\w*",
    re.I,
)
"""How names of those begin who edited the text or took its pictures."""
_BARS = re.compile(r"\s+[|·•]\s+")
_DASH = re.compile(r"\s+[–—-]+\s+")
_JOB = re.compile(
    r"(?:^|\s)(?:(?:staff|senior|chief|contributing|guest|special to|published|updated|posted|follow|email|twitter"
    r"|facebook|share|comments?|sponsored)\b"
    r"|\S*(?:writer|reporter|editor|correspondent|journalist|columnist|contributor|producer|bureau"
    r"|photographer|analyst|officer|head of)\b"
    r"|min read).*$|\s*(?:기자|記者|记者)$",
    re.I,
)
_TEXT = re.compile(r"^\W*(?:Text|Words)(?:\s?:\s?|\s+(?=[A-ZÀ-Þ]\S*\s[A-ZÀ-Þ]))")
"""What magazines put before who wrote, beside who took the pictures."""
_CROWDED = re.compile(r"([\u4e00-\u9fff]{2,4})\s+[\u4e00-\u9fff]{4,}.*")
"""A Chinese name with a button or a label behind it."""
_JOB_BEFORE = re.compile(r"^\s*(?:本报)?(?:기자|記者|记者)\s+")
_POST_NOMINAL = re.compile(r"(?<=\w)(?:,? (?:[A-Z]{2,4}|Ph\.?D|M\.?D)\.?)+$")
_INITIAL = re.compile(r"\b(?:\w|[JS]r|St)\.$")
_LETTERS = re.compile(r"[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?|M\.?P\.?H\.?")
_BAD = re.compile(
    r"https?:|www\.|[@?]|\d|^for (?:immediate )?release|\.(?:com|org|net|co|tv)\b|^(?:admin(?:istrator)?|super ?user"
    r"|web ?master|site ?admin|editors?|staff|guest|unknown|none"
    r"|null|authors?|news|web ?desk|by|last|about|more)$"
    r"|^(?:edit|view|my|your|manage|sign|log|visit|read|see|follow|forgot|forget|copy|print|save|share|listen|watch"
    r"|subscribe|download|skip) |\b(?:with|from|icon)$",
    re.I,
)
_COMPANY = re.compile(
    r"\b(?:press|news|times|post|portal|team|staff|channel|magazine|media|agency|network|today|gazette"
    r"|telegram|herald|tribune|guardian|journal|report|"
    r"gazeta|jornal|diário|diario|correio|giornale|corriere|zeitung|rundschau|dziennik|reda[ckçz]\w+|rédaction"
    r"|university|school|editors?|desk|board|service|reuters|afp|bloomberg|wire|inc|llc|ltd|group|company)\b",
    re.I,
)


def authors_below(lines: Iterable[str]) -> tuple[str, ...]:
    """The people that the first of some short lines below a title names which has "By" or its like before names.

    Behind the names of a line with a date may stand sections; any other line has nothing but names.
    """
    known = list(_with_labels(lines))
    for whole in itertools.chain(known, *(_BARS.split(line) for line in known if _BARS.search(line))):
        line = _undated(whole, _DATED)
        by = _LABEL.search(line) or _BY.match(line)
        told = without_desk(_NEXT_LABEL.split(line[by.end() :])[0]) if by else ""
        found = list(names_in(told))
        if line == whole and any(map(is_company, found)):
            found = list(names_in(told.partition(",")[0]))
        names = tuple(itertools.takewhile(_is_somebody, found) if line != whole else found)
        if names and all(map(_is_somebody, names)):
            return names[:MOST]
    return ()


def agency_below(lines: Iterable[str]) -> tuple[str, ...]:
    """The agency or desk that the first of some short lines below a title names behind "By", and nothing more; in a
    line with a date, a single word, as writers for a site's readers call themselves."""
    for whole in _with_labels(lines):
        line = _undated(whole, DAY_PATTERN)
        by = _LABEL.search(line) or _BY.match(line)
        told = list(names_in(line[by.end() :])) if by else []
        if len(told) == 1 and (is_company(told[0]) or (line != whole and " " not in told[0] and not told[0].islower())):
            return tuple(told)
    return ()


def _with_labels(lines: Iterable[str]) -> Iterator[str]:
    """``lines``; what stands before a name and nothing else is put before the next one."""
    label = ""
    for line in lines:
        if not label and _ALONE.fullmatch(line):
            label = line
        else:
            yield (f"{label}: {line}" if label and label[-1] not in ":：" else f"{label} {line}").strip()
            label = ""


def is_person(name: str) -> bool:
    """Whether a capitalised text is somebody's name, not what they do or whom they work for."""
    return next(names_in(name), None) == name and not is_company(name)


def names_in(text: str) -> Iterator[str]:
    """The names in a byline."""
    line = _undated(_HANDLE.sub("|", one_line(text)), DAY_PATTERN)
    if text_by := _TEXT.match(line):
        line = _NEXT_LABEL.split(line[text_by.end() :])[0]
    pieces = _SPLIT.split(_BIOGRAPHY.split(_LABEL.sub("", _BY.sub("", line), 1))[0])
    for place, piece in enumerate(pieces):
        name = _bare(piece)
        job = (role := _JOB.search(piece)) and (
            name.islower() or (" " not in name and name.isascii()) or (place and not role[0].endswith("s"))
        )
        label = len(pieces) > 1 and name.islower()
        if _may_be_name(name) and not (job or label or _PICTURES.match(piece)):
            yield name


def looks_like_name(text: str) -> bool:
    """Whether a text has two to four capitalised words, or is short in a script without capitals."""
    words = text.split()
    if is_caseless(text):
        return 2 <= len(text) <= CASELESS and len(words) <= 4
    return 2 <= len(words) <= 4 and all(word[:1].isupper() or word in _PARTICLES for word in words)


def is_company(name: str) -> bool:
    """Whether a name has a word that those of newspapers, desks and firms have."""
    return _COMPANY.search(name) is not None


def is_byline(text: str) -> bool:
    """Whether a text begins with "By" or its like before a name."""
    return _BY.match(text) is not None


def without_desk(text: str) -> str:
    """A byline without the place or desk that a dash parts from its names."""
    pieces = _DASH.split(text)
    return next((piece for piece in pieces if not is_company(piece.partition(",")[0])), text)


def is_job(text: str) -> bool:
    """Whether a short text says what somebody does."""
    return len(text.split()) <= 6 and _JOB.search(text) is not None


def _is_somebody(name: str) -> bool:
    return looks_like_name(name) and not is_company(name)


def _undated(line: str, date: re.Pattern[str]) -> str:
    """What stands before the first date of a line; behind it where that is nothing but the words for when."""
    dated = date.search(line)
    if dated is None:
        return line
    place = max(0, dated.start() - BESIDE)
    before = line[:place] + _BEFORE_DATE.sub("", line[place : dated.start()])
    return before or _DAY_ENDING.sub("", line[dated.end() :])


def _bare(piece: str) -> str:
    """A name without what stands before and behind it."""
    name = _PLACE.sub("", _JOB.sub("", _BY.sub("", _JOB_BEFORE.sub("", piece)))).strip(" :/–—-()\"'[]»›>")
    name = _CROWDED.sub(r"\1", name)
    name = _POST_NOMINAL.sub("", name) if len(name.split()) > 2 else name
    return name if _INITIAL.search(name) else name.rstrip(".")


def _may_be_name(name: str) -> bool:
    if not 1 < len(name) <= 60 or len(name.split()) > 6 or not normalised(name):
        return False
    return not _BAD.search(name) and not _LETTERS.fullmatch(name)
