"""Pages that are no article: walls, errors, shells, lists. Each needs several signs, never one phrase.

A sign is a group of phrases that say the same thing; two phrases of a group are one sign. Words
count only where the text is short, or where most of its sentences say nothing else: an article
about cookies, paywalls or robots has sentences about other things.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streams.text.cues import Hint, hints_of
from streams.text.names import looks_like_name
from streams.text.normal import unmarked
from streams.text.sentences import ends_sentence
from streams.text.wall_phrases import OFFERS, Phrase, Phrases, english_phrases, phrases_for

SHORT = 1200
"""Characters of prose above which a text is no wall, unless nearly every sentence of it is one."""
ALL, MOSTLY = 0.85, 0.55
"""Shares of a text's sentences that make it a wall: of a brief one with one sign, and of any with several."""
BRIEF, LABEL, MOST = 200, 40, 6000
"""Characters of a brief text, of which a title is read at most as many; of a line up to which it is a label; and of
text in which signs are looked for."""

LONGEST = 20_000
"""Characters of a text that are looked at."""
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*")
_CODE = re.compile(r"\W*(?:error )?(?:4[0-5]\d|50\d)\b[\w :'’-]{0,40}\W*", re.I)
"""A text that is the code of an error and its name."""
_ROLE = (
    r"(?:reporter|writer|editor|journalist|correspondent|columnist|contributor|author|producer"
    r"|photographer|anchor|host|analyst)"
)
_NAME = r"(?:[A-ZÀ-Þ][\w.'’-]+ ){2,4}"
_OPENING = re.compile(
    rf"{_NAME}(?:is|has been) (?:(?:an?|the|our)\b.{{0,80}}\b{_ROLE}|(?:\w+ ){{0,3}}based\b)"
    rf"|An? (?:\w+ ){{0,3}}{_ROLE}\b.{{0,60}}, {_NAME}(?:covers|writes|reports|photographs)\b"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a wall is judged by."""

    kept: Sequence[str]
    """Lines that were kept as the article."""
    around: Sequence[str]
    """Lines of it that were not: prices, buttons and invitations are part of a wall."""
    seen: str
    """Text of the whole page or text, its beginning at least."""
    title: str | None
    kinds: frozenset[str] = frozenset()
    """Types the page gives itself."""
    linked: float = 0.0
    """Share of the kept text that is links."""
    listed: bool = False
    """Whether it is links to other articles and what stands right below them."""
    dated: bool = False
    """Whether the page states when it was published."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Why a text is no article, and by which signs."""

    reason: str
    """A value of ``Reason``."""
    detail: str


def wall_of(evidence: Evidence) -> Wall | None:
    """What a text is instead of an article; None for an article, however short."""
    prose = [line for line in evidence.kept if _is_prose(line)]
    size = sum(map(len, prose))
    told = prose
    if sum(map(len, evidence.kept)) <= LABEL:  # a name, of which all that was said was dropped as a biography
        told = [line for line in evidence.around if _is_prose(line)]
    return _worded(evidence) or _author_page(evidence, told) or _link_list(evidence, size)


def _is_prose(line: str) -> bool:
    return (bool(ends_sentence(line)) and len(line) >= 40) or len(line) >= 200


def _worded(evidence: Evidence) -> Wall | None:
    """A text that says what a wall says, to its reader, and hardly anything else."""
    kept = "\n".join(evidence.kept) or evidence.seen
    if len(kept) > SHORT and _density(evidence.kept or kept.split("\n")) < 1 / 200:
        return None
    if len(kept) <= 60 and _CODE.fullmatch(kept.split("\n")[0]):
        return Wall("error_page", "the code of an error")
    whole = "\n".join([*evidence.kept, *evidence.around])[:MOST] if evidence.kept else evidence.seen
    phrases = phrases_for(whole)
    asked = f"{(evidence.title or '')[:BRIEF]}\n{whole}"
    found = _signs_in(asked, len(kept), phrases)
    if not found or not (addressed := len(phrases.address.pattern.findall(whole))):
        return None
    sentences = _Sentences(kept, phrases)
    if sentences.share() < MOSTLY:
        return None
    walls = (_sentences_of(reason, signs, sentences, addressed) for reason, signs in found.items())
    best = max((wall for wall in walls if wall), default=None, key=lambda pair: pair[0])
    return best[1] if best else None


def _signs_in(text: str, size: int, phrases: Phrases) -> dict[str, list[Phrase]]:
    """The signs in a text of which ``size`` characters are kept, by reason: two at least, one if that is brief."""
    may = phrases.gates.of_text(text)
    least = 1 if size <= BRIEF else 2
    found = {}
    for reason in phrases.signs if size <= SHORT else _LONG:
        signs = [sign for sign in phrases.signs[reason] if sign.bit & may] if may & phrases.address.bit else []
        if len(signs) >= least:
            signs = [sign for sign in signs if sign.pattern.search(text)]
        needed = _NEEDED.get(reason, ())
        if len(signs) >= least and all(_has_one(signs, phrases.signs[reason], group) for group in needed):
            found[reason] = signs
    return found


def _has_one(signs: Sequence[Phrase], every: Sequence[Phrase], group: Sequence[int]) -> bool:
    return any(every[place] in signs for place in group)


def _sentences_of(
    reason: str, signs: Sequence[Phrase], sentences: "_Sentences", addressed: int
) -> tuple[float, Wall] | None:
    """How surely a text is a wall of one kind: by the share of its sentences that say so, and in how many ways."""
    size = sentences.size
    if size > BRIEF and len(signs) < 3 and addressed < 2:
        return None
    share = sentences.share(signs)
    brief = share >= ALL and size <= BRIEF
    if not (brief or (len(signs) >= 2 and share >= MOSTLY)) or (size > SHORT and share < ALL):
        return None
    return share * len(signs), Wall(reason, f"{len(signs)} signs; {share:.0%} of its sentences")


_LONG = ("cookie_wall",)
_NEEDED = {"paywall": ((0, 1, 3, 6, 7),), "age_gate": ((0,), (1, 2), (3,))}
"""Signs of which such a wall has one of each group: the others are said of any account, of any age, of any page."""


def _density(lines: Sequence[str]) -> float:
    """Words of consent for each character: the only wall that may be long is full of them."""
    size = min(LONGEST, sum(map(len, lines)) + len(lines) - 1)
    asking = Hint.ASKS | Hint.SHARES
    if not any(hints_of(line) & asking for line in lines):
        return 0.0
    lower = unmarked("\n".join(lines)[:LONGEST]).lower()
    return sum(map(lower.count, ("cookie", "consent", "privacy", "partners", "personal data"))) / size


class _Sentences:
    """The sentences of a text, and which of them news would have."""

    def __init__(self, text: str, phrases: Phrases) -> None:
        self.size = len(text)
        self._parts = [each for line in text[:LONGEST].split("\n") for each in _SENTENCE.findall(line)]
        self._may = phrases.gates.of_lines(self._parts)
        told = phrases.told
        self._told = [told.stands_in(part, may) for part, may in zip(self._parts, self._may, strict=True)]

    def share(self, signs: Sequence[Phrase] | None = None) -> float:
        """Share of the sentences, by length, that bear any of the signs; buttons and headings count where they do.

        Without signs, share of those that news would not have: no sign has more.
        """
        bearing = others = 0
        for part, may, told in zip(self._parts, self._may, self._told, strict=True):
            if not told and (signs is None or any(sign.stands_in(part, may) for sign in signs)):
                bearing += len(part)
            elif len(part) > LABEL or ends_sentence(part):
                others += len(part)
        return bearing / max(1, bearing + others)


def _author_page(evidence: Evidence, prose: Sequence[str]) -> Wall | None:
    """A short text, nearly all of it about what somebody writes, titled with their name or a page of a profile."""
    if not prose or sum(map(len, prose)) > SHORT or evidence.dated:
        return None
    sentences = [sentence for line in prose for sentence in _SENTENCE.findall(line)]
    phrases = phrases_for("\n".join(prose))
    about = _about(sentences, phrases)
    share = sum(map(len, about)) / max(1, sum(map(len, sentences)))
    first = prose[0]
    titles = [(evidence.title or "").split("|")[0].split(" - ")[0].strip(), *evidence.kept[:1]]
    own = any(title and len(title.split()) <= 5 and title.casefold() in first[:80].casefold() for title in titles)
    profile = any("profile" in kind or kind in ("person", "og:profile") for kind in evidence.kinds)
    opens = _OPENING.match(first) is not None or _opens(first, phrases)
    if share >= MOSTLY and len(about) >= 2 - profile and own + profile + opens >= 1:
        return Wall("author_page", f"{share:.0%} of it tells who somebody is")
    return None


def _about(sentences: Sequence[str], phrases: Phrases) -> list[str]:
    """Those of some sentences that tell somebody's life and work."""
    life, event = phrases.life, phrases.event
    may_be = zip(sentences, phrases.gates.of_lines(sentences), strict=True)
    return [each for each, may in may_be if life.stands_in(each, may) and not event.stands_in(each, may)]


def _opens(text: str, phrases: Phrases) -> bool:
    """Whether a text begins with a name and what its bearer is."""
    role = phrases.role.pattern.search(text)
    return role is not None and looks_like_name(text[: role.start()].strip())


def _link_list(evidence: Evidence, size: int) -> Wall | None:
    """Many lines, hardly a sentence among them, most of them links."""
    if evidence.listed and not any("article" in kind for kind in evidence.kinds):
        return Wall("link_list", "links to other articles and their teasers")
    lines = [*evidence.kept, *evidence.around] or evidence.seen.split("\n")
    total = sum(map(len, lines))
    if (
        len(lines) >= 8
        and size < 0.25 * total
        and (evidence.linked >= 0.5 or (size < 0.1 * total and evidence.linked >= 0.3))
    ):
        return Wall("link_list", f"{len(lines)} lines, {evidence.linked:.0%} of it links")
    return None


def paywalled(removed: Sequence[str], body: str) -> bool:
    """Whether what stands round an article with that ``body`` says that the rest of it is paid for."""
    lines = [line for line in removed if len(line) < 400]
    sells = english_phrases().signs["paywall"][3].pattern
    if not any(hints_of(line) & Hint.SELLS and sells.search(line) for line in lines):
        return False
    text = "\n".join(lines)
    return sum(bool(sign.pattern.search(text)) for sign in phrases_for(body).signs["paywall"][:OFFERS]) >= 3


def is_consent(line: str) -> bool:
    """Whether a line says to its reader what consent forms say, in several ways, and no more than that."""
    phrases = english_phrases()
    may = phrases.gates.of_text(line)
    signs = [sign for sign in phrases.signs["cookie_wall"] if sign.stands_in(line, may)]
    if len(signs) < 3 or phrases.address.pattern.search(line) is None:
        return False
    return _Sentences(line, phrases).share(signs) >= MOSTLY
