"""Generated rules and articles, and what matching them costs; `wirewatch bench rules` prints it.

Rules come in five shapes (35 % AND, 20 % phrase, 20 % OR-set AND word, 13 % NEAR/8, 12 % AND NOT), their words
from other articles than those matched. In the profile `customer` nine rules in ten wait for a name that is not in
the news. The clock is an argument: CPU seconds, such as `time.process_time`; so is the
memory held: bytes of resident size.
"""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.analysis import Analysis
from streams.rules.filling import compile_rules
from streams.rules.frequency import shares
from streams.rules.matching import RuleSet
from streams.rules.splitting import parts_of
from streams.rules.words import Lexicon, key_of

Profile = Literal["customer", "selective"]
Clock = Callable[[], float]
Memory = Callable[[], int]
PASSES = 4


class Dice:
    """Numbers that only look random: the same seed gives the same ones."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` - 1."""
        self._count += 1
        digest = hashlib.blake2b(f"{self._seed}/{self._count}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) % limit


def _name(number: int) -> str:
    """A made-up word."""
    syllables = "ba ke li mo nu ra se ti vo zu dra pel kin tor mas gel".split()  # noqa: SIM905
    word = ""
    while True:
        word += syllables[number % 16]
        number //= 16
        if not number:
            return word.capitalize() + "ux"


def generated_texts(count: int, length: int = 3_000) -> list[str]:
    """Texts of ``length`` characters whose words are about as common as in news."""
    known = [(word, share) for word, share in shares().items() if word.isalpha()]
    names = [(_name(number), 8 / (number + 200)) for number in range(40_000)]
    words = [word for word, _ in (*known, *names)]
    weights = list(accumulate(int(100_000 * share**1.7) + 1 for _, share in (*known, *names)))
    dice = Dice("texts")
    return [_text(dice, words, weights, length) for _ in range(count)]


def _text(dice: Dice, words: Sequence[str], weights: Sequence[int], length: int) -> str:
    sentences, size = [], 0
    while size < length:
        chosen = [words[bisect_left(weights, dice.below(weights[-1]) + 1)] for _ in range(8 + dice.below(24))]
        sentences.append(" ".join(chosen).capitalize() + (".\n\n" if dice.below(3) == 0 else ". "))
        size += len(sentences[-1])
    return "".join(sentences)[:length]


def generated_rules(count: int, texts: Sequence[str], profile: Profile) -> Iterator[Rule]:
    """Rules whose words stand together in one of ``texts``, in the five shapes."""
    dice = Dice(f"rules/{profile}")
    tokens = [parts_of(text)[1::2] for text in texts]
    seen = Counter(key for words in tokens for key in set(map(key_of, words)))
    limit = max(2, len(texts) // 40)
    for number in range(count):
        words = tokens[dice.below(len(tokens))]
        name = _name(10**7 + dice.below(10**6)) if profile == "customer" and dice.below(10) else ""
        query = _query(dice, words, name, lambda word: len(word) > 4 and word.isalpha() and seen[key_of(word)] <= limit)
        yield Rule(name=f"generated-{number}", query=query)


def _query(dice: Dice, words: Sequence[str], name: str, rare: Callable[[str], bool]) -> str:
    """A query of one of the shapes; ``name``, where given, is a word it must have."""
    start = dice.below(max(1, len(words) - 40))
    near = [(place, words[place]) for place in range(start, min(start + 40, len(words) - 1)) if rare(words[place])]
    near = near or [(start, _name(dice.below(40_000)))]
    place, first = near[dice.below(len(near))]
    second, third, fourth, fifth = (near[dice.below(len(near))][1] for _ in range(4))
    neighbour = words[place + 1]
    first = name or first
    shape = dice.below(100)
    if shape < 35:
        return f"{first} AND {second}"
    if shape < 55:
        return f'"{first} {neighbour}"'
    if shape < 75:
        return f"({second} OR {third} OR {fourth}) AND {first}"
    return f"{first} NEAR/8 {fifth}" if shape < 88 else f"{first} AND {second} AND NOT {third}x"


@dataclass(frozen=True)
class Figures:
    """What so many rules cost: loading in seconds and megabytes, the rest in microseconds of CPU."""

    profile: Profile
    rules: int
    load_seconds: float
    change: float
    analysis: float
    matching: float
    matches: float
    megabytes: float

    @property
    def total(self) -> float:
        """Analysis and matching."""
        return self.analysis + self.matching


def measure(count: int, profile: Profile, texts: Sequence[str], clock: Clock, memory: Memory) -> Figures:
    """Load ``count`` rules and match half of ``texts``, whose other half the rules are drawn from; the best pass."""
    half = len(texts) // 2
    rules = list(generated_rules(count, texts[:half], profile))
    articles = [EnrichedArticle(id=str(number), body=text, language="en") for number, text in enumerate(texts[half:])]
    start, held = clock(), memory()
    ruleset = compile_rules(rules)
    loaded, held = clock() - start, memory() - held
    changed = _change(ruleset, rules[: min(200, count)], clock)
    analysed = min(_timed(lambda: _analyse(articles), clock) for _ in range(PASSES))
    matches = sum(len(ruleset.match(article)) for article in articles)
    matched = min(_timed(lambda: _match(ruleset, articles), clock) for _ in range(PASSES))
    each = 1e6 / len(articles)
    return Figures(
        profile=profile,
        rules=count,
        load_seconds=loaded,
        change=changed,
        analysis=analysed * each,
        matching=(matched - analysed) * each,
        matches=matches / len(articles),
        megabytes=held / 1e6,
    )


def _timed(work: Callable[[], object], clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start


_LEXICON = Lexicon()


def _analyse(articles: Sequence[EnrichedArticle]) -> None:
    for article in articles:
        Analysis(article.title, article.body, _LEXICON)


def _match(ruleset: RuleSet, articles: Sequence[EnrichedArticle]) -> None:
    for article in articles:
        ruleset.match(article)


def _change(ruleset: RuleSet, rules: Sequence[Rule], clock: Clock) -> float:
    """Microseconds to replace one rule by another of its name."""
    changed = [Rule(name=rule.name, query=other.query) for rule, other in zip(rules, rules[::-1], strict=True)]
    start = clock()
    for rule in changed:
        ruleset.add(rule)
    return (clock() - start) * 1e6 / len(rules)
