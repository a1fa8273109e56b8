"""Where on a page most of its prose stands, however it is marked up: by paragraphs, line breaks or blocks.

The idea of giving a block the prose of its children, and less of that of theirs, is
Readability's (Arc90, 2009). On most pages the extractor finds that block; this is how to know
that it did, and what to read where it did not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streams.text.runs import Run, Runs, key_of
from streams.text.sentences import ends_sentence, told

LEAST, LONG = 50, 150
"""Characters from which a sentence is prose, and from which anything is."""
LINKED = 0.5
"""Share of a run that is links from which it is no prose."""
TEASER = 400
"""Most characters of a teaser."""
DOMINANT = 0.5
"""Share of the page's prose in one block from which what stands elsewhere may be teasers."""
MOST, HARDLY = 0.8, 0.3
"""Share of a block's prose from which a text has it; below which it has hardly any of it."""
HEADLINE = 0.8
"""Share of a run that is links from which it leads to another article."""
MANY, LISTED, TOLD = 8, 0.5, 0.1
"""Such runs and teasers that a list has at least; their least share of it, and the most that is prose of its own."""
ROWS = 3
"""Runs of prose that a page built of rows has at least."""
SAME = 60
"""Letters and digits by which a run is found again in another text."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Which runs of a page are its prose, and which of them stand in the block with most of it."""

    page: Runs
    weights: tuple[int, ...]
    """Characters of each run that are prose."""
    block: int
    main: tuple[int, ...]
    """Places of the runs of prose in that block."""
    teasers: frozenset[str]
    """Keys of what would be prose, stood it not right below a link and outside that block."""

    @property
    def size(self) -> int:
        """Characters of prose in that block."""
        return sum(self.weights[place] for place in self.main)

    @property
    def share(self) -> float:
        """Share of the page's prose that stands in that block."""
        return self.size / max(1, sum(self.weights))

    def covered(self, texts: Iterable[str]) -> float:
        """Share of that block's prose that ``texts`` have; 1 where there is none."""
        return self._told(texts, self.main) / self.size if self.size else 1.0

    def told(self, texts: Iterable[str]) -> int:
        """Characters of the page's prose that ``texts`` have."""
        return self._told(texts, range(len(self.weights)))

    def _told(self, texts: Iterable[str], places: Iterable[int]) -> int:
        whole = "".join(map(key_of, texts))
        keys = ((key_of(self.page.runs[place].text), self.weights[place]) for place in places if self.weights[place])
        return sum(weight for key, weight in keys if key[:SAME] in whole)

    def is_teaser(self, text: str) -> bool:
        """Whether ``text`` belongs to another article, of which it stands below the link."""
        return len(text) < TEASER and key_of(text) in self.teasers and self.share >= DOMINANT

    def text(self) -> list[Run]:
        """The runs of that block from its first prose to its last, without links and captions."""
        inside = self.page.inside(self.block)
        runs = self.page.runs[self.main[0] : self.main[-1] + 1] if self.main else ()
        return [run for run in runs if inside[run.block] and run.linked < LINKED and run.tag != "figcaption"]


def is_prose(run: Run) -> bool:
    """Whether a run reads as sentences that are neither link nor caption."""
    if run.linked >= LINKED or run.tag == "figcaption":
        return False
    size = told(run.text)
    return size >= LEAST and (size >= LONG or ends_sentence(run.text))


def prose_of(page: Runs) -> Prose:
    """Find the block with most of the prose of ``page``."""
    weights = _weights(page.runs)
    block = _fullest(page, weights)
    inside = page.inside(block)
    main: list[int] = []
    teasers: set[str] = set()
    for place, (run, weight) in enumerate(zip(page.runs, weights, strict=True)):
        if weight and inside[run.block]:
            main.append(place)
        elif not weight and not inside[run.block] and is_prose(run):
            teasers.add(key_of(run.text))
    return Prose(page, tuple(weights), block, tuple(main), frozenset(teasers))


def is_listing(prose: Prose, texts: Sequence[str]) -> bool:
    """Whether ``texts`` of the page of ``prose`` are links to other articles, teasers right below them, and hardly
    anything else.

    The links of a text that has some in its sentences are parts of runs, not runs.
    """
    whole, size = key_of("".join(texts)), sum(map(len, texts))
    if prose.told(texts) > TOLD * size:
        return False
    links = [run.linked > HEADLINE and len(run.text) > 15 for run in prose.page.runs]
    listed = {run.text for run, *near in zip(prose.page.runs, links, [False, *links], strict=False) if any(near)}
    found = [text for text in listed if key_of(text) in whole]
    return len(found) >= MANY and sum(map(len, found)) >= LISTED * size


def _fullest(page: Runs, weights: Sequence[int]) -> int:
    """The block with most prose in it or right below.

    Where that is a single run, boxes round a run of their own count as the run: builders of pages put each
    paragraph into a row and a column.
    """
    blocks = [run.block for run in page.runs]
    best = _best(page, weights, blocks)
    within = page.inside(best)
    found = [within[block] for block, weight in zip(blocks, weights, strict=True) if weight]
    if len(found) < ROWS or sum(found) > 1:
        return best
    return _best(page, weights, _boxes_of_one(page, weights))


def _best(page: Runs, weights: Sequence[int], blocks: Sequence[int]) -> int:
    scores = [0.0] * len(page.parents)
    for block, weight in zip(blocks, weights, strict=True):
        parent = page.parents[block]
        scores[block] += weight * 0.99
        scores[parent] += weight
        scores[page.parents[parent]] += weight / 2
    return max(range(len(scores)), key=scores.__getitem__)


def _boxes_of_one(page: Runs, weights: Sequence[int]) -> list[int]:
    """Of each run the outermost block round it that has no other prose, but for the page itself."""
    counts = [0] * len(page.parents)
    for run, weight in zip(page.runs, weights, strict=True):
        counts[run.block] += weight > 0
    outermost = list(range(len(counts)))
    for block in range(len(counts) - 1, 0, -1):
        counts[page.parents[block]] += counts[block]
    for block, parent in enumerate(page.parents):
        outermost[block] = outermost[parent] if parent and counts[parent] <= 1 else block
    return [outermost[run.block] for run in page.runs]


def _weights(runs: Sequence[Run]) -> list[int]:
    """Characters of prose; none for what stands right below a link, as teasers do."""
    weights: list[int] = []
    before: Run | None = None
    for run in runs:
        teaser = before is not None and before.linked > HEADLINE and len(before.text) > 15 and before.tag != "p"
        weights.append(len(run.text) if is_prose(run) and not teaser else 0)
        before = run
    return weights
