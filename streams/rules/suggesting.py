"""A first rule from a few sentences that it should fire on, and some that it should not."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from schemas.rule import Rule, RuleTests
from streams.rules.analysis import Analysis
from streams.rules.checking import example_article
from streams.rules.checking import test as run_tests
from streams.rules.errors import QueryError
from streams.rules.frequency import share
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon, fold, key_of

TOO_COMMON = 0.15
NEAR = 8


def suggest(fire: Sequence[str], quiet: Sequence[str] = (), name: str = "new-rule") -> Rule:
    """A rule that fires on each of ``fire`` and on none of ``quiet`` as far as two words near each other can.

    The alternatives are pairs of words within eight of each other, chosen greedily: the pair that most sentences
    still uncovered share and no counter-example has, words of the rule's own name before others, words before
    names of a place or day. The rule carries the
    sentences as its tests, so that `test` says at once what it does not reach. Raises ValueError without sentences,
    or where they have no usable word.
    """
    if not fire:
        raise ValueError("expected at least one sentence that the rule should fire on")
    lexicon = Lexicon()
    wanted = [set(_candidates(text, lexicon)) for text in fire]
    refused = set().union(*(_candidates(text, lexicon) for text in quiet)) if quiet else set()
    called = {key_of(word) for word in re.findall(r"[^\W\d_]+", name)}
    queries = _covering(wanted, refused, _labels(fire, lexicon), _names(fire, lexicon), called)
    if not queries:
        raise ValueError("the sentences and the counter-examples differ in no word that is selective")
    return Rule(name=name, any=tuple(queries), tests=RuleTests(fire=tuple(fire), quiet=tuple(quiet)))


def unreached(rule: Rule) -> list[str]:
    """Sentences that a suggested rule gets wrong."""
    try:
        return [failure.example for failure in run_tests(rule)]
    except QueryError:
        return [*rule.tests.fire, *rule.tests.quiet]


def _words(text: str, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Sentence, position and key of each word that says something."""
    article = example_article(text)
    analysis = Analysis(article.title, article.body, lexicon)
    found = []
    for position, word in enumerate(analysis.words):
        key = key_of(word)
        if len(fold(word)) > 2 and not word[0].isdigit() and share(key) <= TOO_COMMON:
            found.append((analysis.sentence(position), position, key))
    return found


def _candidates(text: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """Single rare words, and pairs of words that stand near each other in one sentence."""
    words = _words(text, lexicon)
    for _, _, key in words:
        if share(key) < 0.002:
            yield (key,)
    for left, right in combinations(words, 2):
        if left[0] == right[0] and right[1] - left[1] - 1 <= NEAR and left[2] != right[2]:
            yield tuple(sorted((left[2], right[2])))


def _names(texts: Iterable[str], lexicon: Lexicon) -> set[str]:
    """Keys of capitalised words that do not begin a sentence: the next article names others."""
    views = (ArticleView(example_article(text), lexicon) for text in texts)
    return {key_of(view.analysis.words[first]) for view in views for first, _, _ in view.names}


def _covering(
    wanted: list[set[tuple[str, ...]]],
    refused: set[tuple[str, ...]],
    labels: dict[str, str],
    names: set[str],
    called: set[str],
) -> list[str]:
    def worth(candidate: tuple[str, ...], count: int) -> tuple[object, ...]:
        named = not names.isdisjoint(candidate)
        strange = len(set(candidate) - called)
        return -count * (2 if len(candidate) == 2 else 1), named, strange, sum(map(share, candidate)), candidate

    left, queries = list(range(len(wanted))), list[str]()
    while left:
        counts = Counter(candidate for index in left for candidate in wanted[index] - refused)
        if not counts:
            break
        best = min(counts, key=lambda one: worth(one, counts[one]))
        queries.append(f" NEAR/{NEAR} ".join(labels[key] for key in best))
        left = [index for index in left if best not in wanted[index]]
    return queries


def _labels(texts: Iterable[str], lexicon: Lexicon) -> dict[str, str]:
    """The shortest word met for each key, to be written in the query."""
    labels: dict[str, str] = {}
    for text in texts:
        article = example_article(text)
        for word in Analysis(article.title, article.body, lexicon).words:
            key, written = key_of(word), fold(word)
            if key_of(written) == key and len(written) <= len(labels.get(key, written)):
                labels[key] = written if written.isalnum() else f'"{written}"'
    return labels
