"""One article as the rules see it: its analysis, its facts, and what was found in it already."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property, partial
from urllib.parse import urlsplit
from weakref import ref

from schemas.alert import Modality
from schemas.article import EnrichedArticle
from schemas.entity import Entity
from streams.rules.analysis import Analysis
from streams.rules.combining import Sentences
from streams.rules.facts import names_in, numbers_in
from streams.rules.modality import modality_of
from streams.rules.nodes import NOTHING, TRUTH, Span, Spans, View
from streams.rules.places import Places
from streams.rules.sentences import Vocabulary
from streams.rules.words import Lexicon

SEASON = timedelta(days=90)
"""For so long news still speaks of the year before as of the present."""


def hosts_of(url: str | None) -> Iterator[str]:
    """The host of an address and the domains above it, without the top level.

    >>> list(hosts_of("https://www.news.example.com/a"))
    ['www.news.example.com', 'news.example.com', 'example.com']
    """
    labels = ((urlsplit(url).hostname or "") if url and "://" in url else "").split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def read_in(article: EnrichedArticle) -> tuple[int | None, int | None]:
    """Year and month that it is read in, where it is dated; in the first months, the year before."""
    moment = article.effective
    return ((moment - SEASON).year, moment.month) if moment else (None, None)


class ArticleView:
    """What a query's parts ask of an article; everything is worked out once.

    ``vocabulary`` is that of the rule set whose rules are asked, if any.
    """

    def __init__(self, article: EnrichedArticle, lexicon: Lexicon, vocabulary: Vocabulary | None = None) -> None:
        self.article = article
        self.analysis = Analysis(article.title, article.body, lexicon)
        self.analysis.read_in = partial(read_in, article)
        self.found: dict[int, Spans] = {}
        self.start, self.end, self.single = 0, self.analysis.size, False
        self._vocabulary = vocabulary
        self._early: dict[int, View] = {}
        self._each: dict[int, View] = {}
        self._modalities: dict[tuple[int, int], Modality] = {}

    @cached_property
    def facts(self) -> dict[str, Spans]:
        """Facts of the article by key; those of entities with their mentions."""
        facts = dict.fromkeys(self._plain_facts(), TRUTH)
        found: dict[str, list[Span]] = {}
        for entity in self.article.entities:
            spans = self._mentions(entity)
            for key in (f"entity:{entity.id}", f"type:{entity.type}", f"name:{entity.name.casefold()}"):
                found.setdefault(key, []).extend(spans)
        for key, spans in found.items():
            facts[key] = sorted(spans) or TRUTH
        return facts

    @cached_property
    def sentences(self) -> Sentences | None:
        """The sentences with what they have; None for a view without vocabulary."""
        return self._vocabulary.sentences(self.analysis) if self._vocabulary else None

    @property
    def whole(self) -> "ArticleView":
        """Itself."""
        return self

    def before(self, position: int) -> View:
        """The view of the sentences that begin before a position; itself where it knows nothing of them."""
        found = self._early.get(position)
        if found is None:
            found = self._early[position] = PartView(self, 0, bisect_left(self.analysis.firsts, position))
        return found

    def sentence(self, number: int) -> View:
        """The view of one sentence of the article."""
        found = self._each.get(number)
        if found is None:
            found = self._each[number] = PartView(self, number, number + 1)
        return found

    @property
    def places(self) -> Places:
        """Where its words stand."""
        return self.analysis.places

    @cached_property
    def numbers(self) -> list[tuple[int, int, float]]:
        """First and last position and value of every number."""
        return numbers_in(self.analysis, 0, self.end)

    @cached_property
    def names(self) -> Spans:
        """Capitalised words that do not begin a sentence."""
        return names_in(self.analysis, 0, self.end)

    def _plain_facts(self) -> Iterator[str]:
        article = self.article
        if article.language:
            language = article.language.casefold()
            yield from {f"lang:{language}", f"lang:{language.partition('-')[0]}"}
        for source in (article.source, article.publisher, *hosts_of(article.url)):
            if source:
                yield f"source:{source.casefold()}"
        for category in (article.section, *article.tags):
            if category:
                yield f"category:{category.casefold()}"
        for entity in article.entities:
            if entity.type == "GPE":
                yield f"country:{entity.id.casefold().removeprefix('iso:')}"
                yield f"country:{entity.name.casefold()}"

    def _mentions(self, entity: Entity) -> list[Span]:
        analysis, spans = self.analysis, list[Span]()
        for mention in entity.mentions:
            first = analysis.position_at(mention.field, mention.start)
            last = max(first, analysis.position_at(mention.field, mention.end - 1))
            if last < (analysis.split if mention.field == "title" else analysis.size):
                spans.append((first, last, ((first, last, entity.name),)))
        return spans

    def fact(self, key: str) -> Spans:
        """Spans of an entity's mentions, TRUTH for a fact without place, nothing where it does not hold."""
        return self.facts.get(key, NOTHING)

    def modality(self, span: Span) -> Modality:
        """How the sentence speaks of the span."""
        place = span[0], span[1]
        if place not in self._modalities:
            self._modalities[place] = modality_of(self.analysis, *place)
        return self._modalities[place]


class PartView:
    """Some sentences of an article that follow each other."""

    def __init__(self, whole: ArticleView, first: int, after: int) -> None:
        # the article's view holds this one: a reference back would leave both to the garbage collector
        self._whole, self.analysis = ref(whole), whole.analysis
        self.found: dict[int, Spans] = {}
        firsts, known = whole.analysis.firsts, whole.sentences
        self.start = firsts[first] if first < len(firsts) else whole.end
        self.end = firsts[after] if after < len(firsts) else whole.end
        self.single = after == first + 1
        self.sentences = known and known.between(first, after)

    @property
    def whole(self) -> ArticleView:
        """The view of the article, which has to be held as long as this one is used."""
        whole = self._whole()
        assert whole is not None
        return whole

    def fact(self, key: str) -> Spans:
        """As in the whole article."""
        return self.whole.fact(key)

    def modality(self, span: Span) -> Modality:
        """As in the whole article."""
        return self.whole.modality(span)

    @cached_property
    def places(self) -> Places:
        """Where its words stand."""
        return self.analysis.places_in(self.start, self.end)

    @cached_property
    def numbers(self) -> list[tuple[int, int, float]]:
        """First and last position and value of every number that begins in it."""
        return numbers_in(self.analysis, self.start, self.end)

    @cached_property
    def names(self) -> Spans:
        """Capitalised words of it that do not begin a sentence."""
        return names_in(self.analysis, self.start, self.end)

    def before(self, position: int) -> View:
        """The view of the article's sentences that begin before a position; a single one is small enough itself."""
        return self if self.single else self.whole.before(position)

    def sentence(self, number: int) -> View:
        """The view of one sentence of the article."""
        return self.whole.sentence(number)
