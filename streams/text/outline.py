"""What a page has besides what its extractor finds: captions, a standfirst, and what the extractor lost.

Extractors choose the block of the text and clean it; the standfirst stands above it, and some of
its headings and paragraphs do not survive the cleaning.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from schemas.article import ParagraphKind
from streams.text.cues import cue_of
from streams.text.dates import DAY_PATTERN
from streams.text.metadata import Metadata
from streams.text.normal import normalised
from streams.text.pages import Part, kind_of_tag
from streams.text.prose import DOMINANT, HARDLY, LINKED, MOST, SAME, Prose
from streams.text.runs import HEADINGS, Run, Runs, key_of
from streams.text.sentences import ends_sentence, told
from streams.text.spans import credited

THINNED = -1
"""Stands for the block round the runs of a block of which much was lost."""
SIBLINGS = 3
"""Kept runs of one block from which what stands between them is the article's, too."""
PARAGRAPH, HEADING = 60, 100
"""Least characters of a lost paragraph, most of a lost heading."""
STANDFIRST = (20, 450)
"""Characters of a standfirst."""
CAPTION = (12, 600)
MOST_CAPTIONS = 60
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:article-?)?(?:stand-?first|sub-?titles?|sub-?head(?:er|line|ing)?s?|dek|deck|strap-?line"
    r"|excerpt|summary|second(?:ary)?-?title|chapo|chapeau|vorspann|entradilla|bajada|sommario|ingress"
    r"|subtitulos?|copete|sumario|linha-?fina|sottotitolo|catenaccio|sous-?titres?|accroche|untertitel|unterzeile"
    r"|anrei(?:ss|ß)er|teaser-?text|onderkop|podzagolovok|anons|zajawka|haber-?spot)(?:$|[\s_-])"
    r"|[_-]sub(?:$|\s)|Dek(?:$|[-_\s])|Subtitle|Standfirst|subHeadline",
)
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|lead-?in|intro|introduction|teaser|abstract|preamble"
    r"|desc|description)(?:$|[\s_-])",
    re.I,
)
"""Names of a first paragraph that stands apart from the others."""
_FRAMES = frozenset(("div", "td", "section", "article", "main", "center", "body", "blockquote", "pre", "dd"))
_PICTURE = re.compile(r"ima?ge?|photo|picture|caption|video|media|figure|gallery", re.I)
_NUMBER = re.compile(r"\d+")
_BYLINE = re.compile(r"(?:by|from|von|par|por|di|door) [A-ZÀ-Þ]|\d", re.I)


def captions_of(page: Runs) -> list[str]:
    """The captions of a page's figures, each once."""
    texts = (run.text for run in page.runs if run.tag == "figcaption" and CAPTION[0] <= len(run.text) <= CAPTION[1])
    return list(dict.fromkeys(texts))[:MOST_CAPTIONS]


def standfirst_of(page: Runs, parts: Sequence[Part], metadata: Metadata) -> str | None:
    """The text between title and body that the page's description repeats, or that is marked as a standfirst.

    It may be the first of ``parts``; None where there is none.
    """
    above = _above(page, {key_of(part.text) for part in parts if len(part.text) >= PARAGRAPH}, metadata)
    wanted = {normalised(each).rstrip(".… ") for each in metadata.descriptions}
    repeated = (run for run in above[:-1] if normalised(run.text).rstrip(".… ") in wanted)
    marked = (run for run in above if _is_marked(page, run) or (run is above[0] and run.tag in HEADINGS))
    return next((run.text for run in (*repeated, *marked) if _may_be_standfirst(run.text)), None)


def _above(page: Runs, kept: set[str], metadata: Metadata) -> list[Run]:
    """The runs between the title and the first of the ``kept`` ones, and that; none for a page without either."""
    title, forms = key_of(metadata.title or ""), {key_of(each) for each in metadata.titles}
    above: list[Run] | None = None
    for run in page.runs:
        key = key_of(run.text)
        if above is None and run.tag == "h1" and key and title.startswith(key):
            above = []
        elif above is not None and run.tag != "h1" and key not in forms and key not in title:
            above.append(run)
        if key in kept and run.tag != "h1":
            return above or []
    return []


def _is_marked(page: Runs, run: Run) -> bool:
    around = page.parents[page.parents[run.block]]
    names = f"{_names(page, run)} {page.names[around]}"
    if _PICTURE.search(names):
        return False
    return bool(_STANDFIRST.search(names) or (ends_sentence(run.text) and _LEAD.search(names)))


def _is_pictured(page: Runs, run: Run) -> bool:
    """Whether a block's name, or that of the one around it, is one of pictures; siblings that stand in the same block
    say more of it than its name."""
    return _PICTURE.search(_names(page, run)) is not None


def _names(page: Runs, run: Run) -> str:
    """What the block of ``run`` and the one around it are called."""
    return f"{page.names[run.block]} {page.names[page.parents[run.block]]}"


def _may_be_standfirst(text: str) -> bool:
    if not STANDFIRST[0] <= len(text) <= STANDFIRST[1] or len(text.split()) < 4 or _BYLINE.match(text):
        return False
    dated = DAY_PATTERN.search(text) is not None and not ends_sentence(text)
    return not dated and cue_of(text) is None and credited(text) is None


def restored(parts: Sequence[Part], prose: Prose) -> list[Part]:
    """``parts`` with the paragraphs and headings that stand between two of them in the page of ``prose`` and were lost.

    A paragraph that lost the texts of its links gets them back.
    """
    lost = _lost([key_of(part.text) for part in parts], prose.page, _thinned(parts, prose))
    if not lost:
        return list(parts)
    result: list[Part] = []
    for place, part in enumerate(parts):
        for each in lost.get(place, ()):
            if result and _is_rest_of(result[-1].text, each.text):
                result.pop()
            result.append(each)
        result.append(part)
    return result + lost.get(len(parts), [])


def _thinned(parts: Sequence[Part], prose: Prose) -> frozenset[int]:
    """The places of the runs in the block with most of the page's prose, if ``parts`` lack much of what they have
    part of."""
    if prose.share < DOMINANT or not HARDLY <= prose.covered(part.text for part in parts) < MOST:
        return frozenset()
    return frozenset(prose.main)


def _lost(keys: Sequence[str], page: Runs, thinned: frozenset[int]) -> dict[int, list[Part]]:
    """What belongs before each of the parts that have ``keys``: beside siblings, or heading an entry of few parts.

    What stands before the first of its siblings belongs before it, if it is prose; behind the last, behind it. The runs
    at the places ``thinned`` are siblings, wherever they stand.
    """
    whole, places = "".join(keys), {key: place for place, key in reversed(list(enumerate(keys)))}
    named, kept = _named(page, places, thinned)
    lost: dict[int, list[Part]] = defaultdict(list)
    waiting: dict[int, list[Part]] = defaultdict(list)
    below: dict[int, int] = {}
    for run, key, parent in named:
        if kept[parent] < SIBLINGS:
            continue
        if key in places:
            lost[places[key]] += waiting.pop(parent, [])
            below[parent] = places[key] + 1
        elif key[:SAME] not in whole and _belongs(run) and not (run.block != parent and _is_pictured(page, run)):
            kind = kind_of_tag(run.tag)
            if parent in below or kind is ParagraphKind.PARAGRAPH:
                waiting[parent].append(Part(run.text, kind))
    for parent, behind in waiting.items():
        while behind and behind[-1].kind is not ParagraphKind.PARAGRAPH:
            behind.pop()
        lost[below[parent]] += behind
    for place, heading in _heading_entries(named, kept, places):
        lost[place].append(heading)
    return {place: found for place, found in lost.items() if found}


def _named(
    page: Runs, places: Container[str], thinned: frozenset[int]
) -> tuple[list[tuple[Run, str, int]], Counter[int]]:
    """Each run with its key and the block round it, and how many runs of a block have a key of ``places``."""
    named = [(run, key_of(run.text), parent) for run, parent in _written(page)]
    kept = Counter(parent for _, key, parent in named if key in places)
    if thinned:
        few = {id(page.runs[place]) for place in thinned}
        named = [
            (run, key, parent if kept[parent] >= SIBLINGS or id(run) not in few else THINNED)
            for run, key, parent in named
        ]
        kept[THINNED] = sum(parent == THINNED and key in places for _, key, parent in named)
    return named, kept


def _heading_entries(
    named: Sequence[tuple[Run, str, int]], kept: Mapping[int, int], places: Mapping[str, int]
) -> Iterator[tuple[int, Part]]:
    """The headings that stand right above the first part of an entry, if there are several, and that part's place."""
    entries = [
        (run, key, places[below])
        for (run, key, parent), (_, below, beside) in itertools.pairwise(named)
        if run.tag in HEADINGS and parent == beside and kept[parent] < SIBLINGS and below in places
    ]
    if len(entries) > 1:
        for run, key, place in entries:
            if key not in places and run.tag != "h1" and _belongs(run):
                yield place, Part(run.text, ParagraphKind.HEADING)


def _written(page: Runs) -> Iterator[tuple[Run, int]]:
    """Paragraphs, headings, and runs that stand bare in a frame, with the block of more than one run around them."""
    around = _around(page)
    for run in page.runs:
        if run.tag == "p" or run.tag in HEADINGS:
            yield run, around[page.parents[run.block]]
        elif run.tag == "li":
            yield run, around[page.parents[page.parents[run.block]]]
        elif run.tag in _FRAMES:
            yield run, around[run.block]


def _around(page: Runs) -> list[int]:
    """Of each block the innermost one round it, or itself, that has more than one run in it.

    Blocks of one name beside each other, each with paragraphs, are one: a text that advertisements part.
    """
    counts, prose = [0] * len(page.parents), [0] * len(page.parents)
    leads = [0] * len(page.parents)
    for run in page.runs:
        leads[run.block] += run.linked >= LINKED and len(run.text) > 25
        counts[run.block] += 1
        prose[run.block] += run.tag == "p" and len(run.text) >= PARAGRAPH
    for block in range(len(counts) - 1, 0, -1):
        counts[page.parents[block]] += counts[block]
        prose[page.parents[block]] += prose[block]
        leads[page.parents[block]] += leads[block]
    around = list(range(len(counts)))
    alike: dict[tuple[int, str], int] = {}
    for block, parent in enumerate(page.parents):
        name = _NUMBER.sub("", page.names[block]).strip()
        first = alike.setdefault((around[parent], name), block) if name and prose[block] > leads[block] else block
        around[block] = around[parent] if counts[block] <= 1 else first
    return around


def _belongs(run: Run) -> bool:
    if run.linked >= LINKED or cue_of(run.text) is not None:
        return False
    if run.tag in HEADINGS:
        return len(run.text) <= HEADING
    if run.tag == "li":
        return run.linked == 0
    return told(run.text) >= PARAGRAPH and ends_sentence(run.text)


def _is_rest_of(text: str, whole: str) -> bool:
    """Whether ``text`` is ``whole`` without some of its words."""
    if len(text) >= len(whole):
        return False
    words = iter(whole.split())
    pieces = [word for word in text.split() if key_of(word)]
    return len(pieces) >= len(whole.split()) / 3 and all(any(word == other for other in words) for word in pieces)
