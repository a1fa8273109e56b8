"""Rules that need a line's neighbours: pairs, ends, titles. Each drops only what it is sure of."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from schemas.article import ParagraphKind
from streams.text.cues import Hint, hints_of
from streams.text.facts import settle_whole, state_all
from streams.text.found import Found, Line, add_once
from streams.text.remarks import is_ago
from streams.text.sentences import ends_sentence
from streams.text.spans import author_and_role, credited, is_biography
from streams.text.walls import is_consent

_SENTENCES = re.compile(r"\w[.!?](?=\s|$)")
_ENDED = re.compile(r"[.,:;…]$")
_PICTURES = ("caption", "credit")
FEW, BRIEF = 12, 0.15
"""In a text of so few lines, the chance from which a sentence is kept: the classifier learned from long texts."""
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
    usual, few = threshold + AMONG_MANY * _is_page(chances, threshold), len(lines) <= FEW
    for line, cue, chance in zip(lines, cues, chances, strict=True):
        least = BRIEF if few and is_prose(line.text) else usual
        _by_itself(line, cue, chance, least, found)
    state_all(lines, cues, found)
    _captions(lines, found)
    _subheadings(lines, chances)
    _copies(lines)
    promotion_headings(lines)
    _comments(lines, cues)
    _ends(lines, chances, found)
    settle_whole(lines, found)


def _is_page(chances: Sequence[float], threshold: float) -> bool:
    """Whether lines are many, and hardly any is likely."""
    return len(chances) > MANY and sum(chance >= threshold for chance in chances) < LITTLE * len(chances)


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
    elif len(line.text) >= CONSENT and hints_of(line.text) & Hint.ASKS and is_consent(line.text):
        line.drop("notice", "asks its reader for consent")
    elif chance < threshold:
        line.drop("unrelated", f"classifier: {chance:.2f}")
    else:
        line.why = f"classifier: {chance:.2f}"


def _captions(lines: list[Line], found: Found) -> None:
    """Alternative text of an image: the line right above its credited caption, the two a block of their own."""
    if not any(line.kind == "caption" for line in lines):
        return
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
        if line.kind != "unrelated" or not above.kept or not below.kept or len(below.text) <= 60:
            continue
        apart = above.block != line.block != below.block
        least = SUBHEADING_APART if apart else SUBHEADING
        if chance >= least and len(line.text) < 100 and not _ENDED.search(line.text):
            line.kept, line.kind, line.why = True, "paragraph", f"between two paragraphs; classifier: {chance:.2f}"


def _copies(lines: list[Line]) -> None:
    """The second of two equal long lines."""
    seen: set[str] = set()
    for line in lines:
        if len(line.text) <= 40 and line.text.isascii():
            continue
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
    if "comments" not in cues:
        return
    marks = [cue == "comments" or is_ago(line.text) for line, cue in zip(lines, cues, strict=True)]
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


def is_prose(text: str) -> bool:
    return bool(ends_sentence(text)) and len(text.split()) >= 12
