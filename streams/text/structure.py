"""Rules that need a line's neighbours: pairs, ends, titles. Each drops only what it is sure of."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from schemas.article import ParagraphKind
from streams.text.authors import authors_below, is_person, names_in
from streams.text.cues import FULL_NAME
from streams.text.dateline import dates_in
from streams.text.dates import stated
from streams.text.found import Found, Line, add_once
from streams.text.published import UPDATED
from streams.text.sentences import ends_sentence, told
from streams.text.spans import author_and_role, credited, glued_date, is_biography
from streams.text.walls import is_consent

_NAMES = re.compile(rf"{FULL_NAME}(?:(?:, | and | & |, and ){FULL_NAME})*")
_BY = re.compile(
    r"\W*(?:(?:written|reported|words|story|text|analysis|opinion|posted|published)\s+)?(?:by|from)\b:?\s*", re.I
)
_FULL_NAME = re.compile(FULL_NAME)
_EDITED = re.compile(r"\W*edit(?:ed|ing)\s*(?:by)?\s*:?\s*", re.I)
_SOURCE = re.compile(r"\W*(?:courtesy(?: of)?|source)\s*:?\s*(?P<name>[^.]{2,50}?)\.?\W*", re.I)
_LIVE = re.compile(
    r"(?:Follow|Read|See|Watch) (?P<name>(?:[A-Z][\w&.-]*\s?){1,4})['’]s? (?:live|full|latest"
    r"|complete|continuing) ?(?:coverage|blog|updates)?"
)
_DELIVERS = re.compile(
    r"(?P<name>(?:[A-Z][\w&.-]*\s){1,4})(?:delivers|provides|is an? (?:independent|nonprofit|non-profit|news))\b"
)
_MORE_SITES = re.compile(r"skip to more (?P<name>[A-Z][\w&. -]{1,40}?) (?:sites|pages|services)", re.I)
_APPEARED = re.compile(r"\bappeared first on (?P<name>[^.]{2,60})\.?$")
_SELF = re.compile(
    r"\b(?P<name>Reuters|AFP|The Associated Press|Associated Press|AP|Bloomberg|Xinhua|dpa|EFE"
    r"|ANSA|Kyodo|TASS|Interfax|PTI|ANI|UPI)(?: News)? (?:could not|was not able to|was unable to"
    r"|has not been able to|couldn['’]t) (?:immediately |independently )*(?:verify|confirm|reach"
    r"|determine|establish)\b"
)
_UNABLE = ("could not", "not able to", "unable to", "not been able", "couldn")
_DATELINE = re.compile(
    r"^[^a-z(]{2,40}(?:[A-Z][\w. ]{1,30})?,?\s*(?:[A-Z][a-z]+\.? \d{1,2}\s*)?\((?P<name>Reuters"
    r"|AFP|AP|Bloomberg|Xinhua|dpa|EFE|ANSA|Kyodo|TASS|Interfax|PTI|ANI|UPI)\)\s*[-–—]"
)
_SENTENCES = re.compile(r"\w[.!?](?=\s|$)")
_ENDED = re.compile(r"[.,:;…]$")
_AGO = re.compile(r"\b(?:\d+|an?)\s?(?:m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|weeks?|months?|years?) ago$")
_PICTURES = ("caption", "credit")
FEW, BRIEF = 12, 0.15
"""In a text of so few lines, the chance from which a sentence is kept: the classifier learned from long texts."""
EARLIEST = "1990"
"""Year from which a date in a text is believed: widgets without one print the epoch."""
ABOVE, BELOW = 12, 4
"""Lines above and below the text from which its date and authors are taken."""
SUBHEADING, SUBHEADING_APART = 0.25, 0.1
"""Chance from which a line between two paragraphs is kept as a subheading; and where it stands as a block apart."""
MANY, LITTLE, AMONG_MANY = 60, 0.35, 0.1
"""Lines above which a text is a whole page, if so small a share of them is likely; how much surer they must be."""
CONSENT = 120
"""Characters of a line that is looked at for what consent forms say."""
FLASH = 3
"""Lines of a text that may be no more than its headline."""
MARKS, BEHIND = 2, 0.4
"""Marks of comments behind their head (buttons, how long ago each was written), and the most of a text they may be."""
ENDING = 0.6
"""Chance below which a heading goes that has nothing below it."""
_FOLLOWS_KIND = {"skip": "menu", "updated": "date", "source": "credit"}


def settle(
    lines: list[Line], cues: Sequence[str | None], chances: Sequence[float], threshold: float, found: Found
) -> None:
    """Give every line its verdict, from the surest rule to the classifier."""
    likely = sum(chance >= threshold for chance in chances)
    usual = threshold + AMONG_MANY if len(lines) > MANY and likely < LITTLE * len(lines) else threshold
    for line, cue, chance in zip(lines, cues, chances, strict=True):
        least = BRIEF if len(lines) <= FEW and is_prose(line.text) else usual
        _by_itself(line, cue, chance, least, found)
    _facts(lines, cues, found)
    _captions(lines, found)
    _subheadings(lines, chances)
    _copies(lines)
    promotion_headings(lines)
    _comments(lines, cues)
    _ends(lines, chances, found)
    settle_whole(lines, found)


def settle_whole(lines: list[Line], found: Found) -> None:
    """What is left once every line has its verdict: glued dates, and the agency the text calls itself by."""
    _glued(lines, found)
    _agencies(lines, found)


def keep_brief(lines: Sequence[Line], found: Found) -> None:
    """A text of which nothing would be left, and that is hardly more than a sentence, is that sentence.

    Flashes repeat their headline as their text; a correction is a notice and nothing else.
    """
    texts = [line for line in lines if line.text and not line.boxed]
    if not texts or any(line.kept for line in texts) or len(texts) > FLASH:
        return
    for line in texts:
        sentences = len(_SENTENCES.findall(line.text))
        if line.kind in ("title", "unrelated") or (line.kind == "notice" and sentences > 1):
            line.kept, line.kind, line.why = True, "paragraph", f"all there is, though {line.why}"
            settle_whole(texts, found)
            return


def _by_itself(line: Line, cue: str | None, chance: float, threshold: float, found: Found) -> None:
    credit = credited(line.text)
    if credit:
        line.drop("caption" if credit.caption else "credit", "ends in a picture's credit")
        add_once(found.captions, credit.caption)
        add_once(found.credits, credit.credit)
    elif cue:
        line.drop(_FOLLOWS_KIND.get(cue, cue), f"reads as {cue}")
    elif len(line.text) >= CONSENT and is_consent(line.text):
        line.drop("notice", "asks its reader for consent")
    elif chance < threshold:
        line.drop("unrelated", f"classifier: {chance:.2f}")
    else:
        line.why = f"classifier: {chance:.2f}"


def _facts(lines: Sequence[Line], cues: Sequence[str | None], found: Found) -> None:
    """Take the facts that furniture states: dates and bylines only from near the text, the nearest above it first.

    Further away they belong to other articles.
    """
    body = [index for index, line in enumerate(lines) if line.kept and told(line.text) > 60]
    if not body:
        return
    first, last = body[0], body[-1]
    above = range(first - 1, max(-1, first - 1 - ABOVE), -1)
    for index in (*above, *range(first, min(len(lines), last + 1 + BELOW))):
        if (cue := cues[index]) in ("date", "updated", "byline") and not lines[index].kept:
            if cue == "byline" and index > first and found.authors:
                continue
            state(lines[index].text, cue, found)
            if cue == "byline" and not found.authors and index < first:
                _name_above(lines, index, found)
    for line, cue in zip(lines, cues, strict=True):
        if cue and cue not in ("date", "updated", "byline") and not line.kept:
            state(line.text, cue, found)


def _name_above(lines: Sequence[Line], role: int, found: Found) -> None:
    """The name that stands alone in the line above a job."""
    line = lines[role - 1] if role else None
    if line and line.kind in ("paragraph", "unrelated") and _FULL_NAME.fullmatch(line.text) and is_person(line.text):
        line.drop("byline", "names whose job stands below")
        found.authors.append(line.text)


def state(text: str, cue: str, found: Found) -> None:
    """Take the fact that a line of furniture states."""
    if cue == "date":
        date = stated(text)
        found.published = found.published or (date if date and date.value >= EARLIEST else None)
        found.updated = found.updated or next((day for label, day in dates_in(text) if UPDATED.search(label)), None)
    elif cue == "updated":
        found.updated = found.updated or stated(text)
    elif cue == "editor":
        found.editor = found.editor or _EDITED.sub("", text).strip(" .") or None
    elif cue == "byline":
        names = _NAMES.match(_BY.sub("", text))
        for author in authors_below([text]) or (names_in(names[0]) if names else ()):
            add_once(found.authors, author)
    elif cue == "source" and (source := _SOURCE.fullmatch(text)):
        found.source = found.source or source["name"]
    for pattern in (_LIVE, _DELIVERS, _MORE_SITES, _APPEARED):
        if name := pattern.search(text):
            found.publisher = found.publisher or name["name"].strip()


def _captions(lines: list[Line], found: Found) -> None:
    """Alternative text of an image: the line right above its credited caption, the two a block of their own."""
    blocks = Counter(line.block for line in lines)
    body_began = False
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        pair = below is not None and below.block == line.block and blocks[line.block] == 2
        if pair and body_began and below and below.kind == "caption" and line.kind not in ("caption", "credit"):
            line.drop("caption", "stands above a credited caption")
            add_once(found.captions, line.text)
        body_began = body_began or (line.kept and len(line.text) > 60)


def _subheadings(lines: Sequence[Line], chances: Sequence[float]) -> None:
    """A short line between two paragraphs that stay, which the classifier is not sure of, is a subheading."""
    bones = [(line, chance) for line, chance in zip(lines, chances, strict=True) if line.kind not in _PICTURES]
    for (above, _), (line, chance), (below, _) in zip(bones, bones[1:], bones[2:], strict=False):
        apart = above.block != line.block != below.block
        least = SUBHEADING_APART if apart else SUBHEADING
        unsure = line.kind == "unrelated" and chance >= least and len(line.text) < 100
        if unsure and not _ENDED.search(line.text) and above.kept and below.kept and len(below.text) > 60:
            line.kept, line.kind, line.why = True, "paragraph", f"between two paragraphs; classifier: {chance:.2f}"


def _copies(lines: list[Line]) -> None:
    """The second of two equal long lines."""
    seen: set[str] = set()
    for line in lines:
        folded = line.text.casefold()
        if line.kept and len(folded) > 40 and folded in seen:
            line.drop("repeated", "stands above already")
        seen.add(folded)


def promotion_headings(lines: list[Line]) -> None:
    """The heading of a newsletter's pitch or of a promotion."""
    for line, below in itertools.pairwise(lines):
        if (
            line.kept
            and line.form is not ParagraphKind.LIST_ITEM
            and below.kind in ("newsletter", "related")
            and not ends_sentence(line.text)
            and len(line.text) < 60
        ):
            line.drop(below.kind, f"heads the {below.kind} below it")


def _comments(lines: Sequence[Line], cues: Sequence[str | None]) -> None:
    """What readers wrote below the text: all that stands behind the head of their comments, if it has their marks."""
    marks = [cue == "comments" or _AGO.search(line.text) is not None for line, cue in zip(lines, cues, strict=True)]
    sizes = [len(line.text) * line.kept for line in lines]
    for place, cue in enumerate(cues):
        behind = sum(sizes[place:])
        if cue == "comments" and sum(marks[place + 1 :]) >= MARKS and behind <= BEHIND * sum(sizes):
            for line in lines[place:]:
                if line.kept:
                    line.drop("comments", "stands among readers' comments")
            return


def _ends(lines: Sequence[Line], chances: Sequence[float], found: Found) -> None:
    """What follows the last paragraph: authors, related headlines. A subheading has text below it."""
    for line, chance in zip(reversed(lines), reversed(chances), strict=True):
        if line.kept or line.kind == "unrelated":
            name = author_and_role(line.text)
            if name or is_biography(line.text):
                line.drop("byline", "names an author and what they do")
                add_once(found.authors, name or "")
            elif not line.kept:
                continue
            elif chance >= ENDING or ends_sentence(line.text) or len(line.text) >= 100 or line is lines[0]:
                break
            else:
                line.drop("related", "a heading with nothing below it")


def _glued(lines: list[Line], found: Found) -> None:
    """Cut dates in front of the first paragraph and feeds' tails behind the last."""
    kept = [line for line in lines if line.kept]
    if kept and (date := glued_date(kept[0].text)):
        kept[0].cut, kept[0].text = kept[0].text[: date.end], kept[0].text[date.end :]
        if date.updated:
            found.updated = found.updated or date.date
        else:
            found.published = found.published or date.date


def _agencies(lines: list[Line], found: Found) -> None:
    """The agency that a text calls itself by."""
    if found.source:
        return
    kept = [line.text for line in lines if line.kept]
    names = [match["name"] for text in kept[:2] if (match := _DATELINE.search(text))]
    names += [match["name"] for match in [_own_name("\n".join(kept))] if match]
    found.source = names[0] if names else found.publisher


def _own_name(text: str) -> re.Match[str] | None:
    """Where a text says what its agency could not do; the words it takes are looked for first, being cheap to find."""
    lower = text.lower()
    return _SELF.search(text) if any(words in lower for words in _UNABLE) else None


def is_prose(text: str) -> bool:
    return bool(ends_sentence(text)) and len(text.split()) >= 12
