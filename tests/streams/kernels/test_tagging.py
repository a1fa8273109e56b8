"""Each step of the tagger, and all of it, gives the same with and without the compiled kernels."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import CleanArticle
from streams import kernels
from streams.entities import load_tagger
from streams.entities.clues import clues_of, painted
from streams.entities.guessing import labelled
from streams.entities.index import Matches, extended
from streams.entities.listing import _listed, _ordered, _supported
from streams.entities.matching import believed, written_out
from streams.entities.model import KINDS, LABELS, Model, viterbi
from streams.entities.screening import screened
from streams.entities.segments import find_segments
from streams.entities.tokens import tokenise

PIECES = (
    *("Iraq", "IRAQ", "Iraqi", "al-Jawari", "Mr. Jordan", "John Smith said", "U.S.", "US$5", "Kata'ib Hezbollah", "of"),
    *("the", "The", "F-16", "47th Brigade", "AT&T", "St. Mary's School", "People's Party", "on Monday", "said Sharp"),
    *(
        "May 5",
        "Calif.",
        "Washington. Post",
        "Iraq.Iran",
        "Irak'ta",
        "والعراق",
        "للعراق",
        "בעיראק",
        "Харьковом",
        "Russlands",
    ),
    *(
        "Jan van Houten",
        "van Houten",
        "Houten",
        "Hurricane Rita",
        "Rita",
        'William "Bill" Hartnell',
        "Hartnell",
        "Smith",
    ),
    *(
        "John A. Smith",
        "John B. Smith",
        "Badr Organization",
        "Varde Holdings (VH)",
        "VH",
        "Varde",
        "Kirkuk Province",
        "Mr.",
    ),
    *(
        "air base",
        "the village of",
        "Inc.",
        "The Australian Open",
        "said Sharp",
        "King",
        "Miami Heat",
        "Heat",
        "Jones Jr.",
    ),
    *("(HHN)", "New York", "Bank of England", "\n\n", ". ", ", ", '"', " - ", "12", "1st"),
)
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map(" ".join)
WRITINGS = {
    "as it is": str,
    "capitals": str.upper,
    "titles": str.title,
    "small": str.lower,
    "tight": lambda text: text.replace(". ", ".").replace(", ", ","),
    "commas": lambda text: text.replace(" ", ", "),
    "apostrophes": lambda text: text.replace("s ", "'s "),
    "hyphens": lambda text: text.replace(" ", "-"),
    "periods": lambda text: text.replace(" ", ". "),
}
ARTICLES = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(("en", None, "de", "tr"))), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def tagger():
    return load_tagger()


@pytest.fixture(scope="module")
def reports(root):
    """Titles and bodies of the project's own reports."""
    text = (root / "tests" / "streams" / "entities" / "reports.txt").read_text()
    plain = re.sub(r"\{\w:([^{}]*)\}", r"\1", re.sub(r"(?m)^#.*\n", "", text))
    return [tuple((each + "\n").split("\n", 1)) for each in plain.strip().split("\n\n")]


def articles(texts):
    return [
        CleanArticle.model_construct(id=str(number), title=title, body=body, language=language)
        for number, (title, body, language) in enumerate(texts)
    ]


def equal(one, other) -> bool:
    return all(
        mine.dtype == theirs.dtype and mine.shape == theirs.shape and mine.tobytes() == theirs.tobytes()
        for mine, theirs in zip(one, other, strict=True)
    )


def compiled(call, *arguments):
    """What ``call`` gives with the compiled kernels."""
    before, kernels.native = kernels.native, kernels.load({})[0]
    try:
        return call(*arguments)
    finally:
        kernels.native = before


def columns_of(something) -> list[np.ndarray]:
    return [getattr(something, name) for name in something.__dataclass_fields__]


@settings(max_examples=150)
@given(ARTICLES)
def test_any_articles_have_the_same_entities(both, tagger, texts):
    one, other = both(tagger.tag_many, articles(texts))

    assert one == other


@given(ARTICLES)
def test_every_step_of_any_articles_gives_the_same(both, tagger, texts):
    tokens = tokenise([text for title, body, _ in texts for text in (title, body)])
    seen = tagger.vocabulary.of(tokens.hash)
    index, guesser = tagger.lexicon.index, tagger.guesser

    matches = both(index.names, tokens, np.arange(len(tokens)) % 2 == 0)
    segments = both(find_segments, tokens, seen)
    assert equal(*map(columns_of, matches))
    assert equal(*map(columns_of, segments))
    assert equal(*[[flags] for flags in both(written_out, tagger.lexicon, tokens, matches[0], seen)])
    tables, other = both(painted, tokens, matches[0], index.owner, guesser.bits)
    assert equal([tables], [other])
    flags, others = both(believed, tagger.lexicon, tokens, matches[0], tables, seen)
    assert equal([flags], [others])
    texts_begin = tokens.first
    assert equal(*both(screened, tokens, seen, texts_begin))
    assert equal(*both(tagger.vocabulary.of, tokens.hash))
    chosen = segments[0].row[::3].copy()
    rows = both(_ordered, tagger.lexicon, tokens, matches[0], flags, chosen, chosen + 1)
    assert equal(*rows)
    assert equal(*[[found] for found in both(_supported, tagger.lexicon, rows[0], texts_begin)])
    assert equal(*both(_listed, tagger.lexicon, tokens, rows[0]))
    if not len(segments[0].row):
        return
    clues = both(clues_of, tokens, segments[0], tables, seen, 2)
    assert equal(*map(columns_of, clues))
    answers = both(guesser.model.labels, tokens, segments[0], clues[0])
    assert equal(*answers)
    asked = np.array([language != "tr" for *_, language in texts])
    assert equal(*both(labelled, tokens, segments[0], clues[0], seen, *answers[0], asked))


@pytest.mark.parametrize("written", WRITINGS.values(), ids=WRITINGS)
def test_reports_have_the_same_entities_however_they_are_written(both, tagger, reports, written):
    texts = [(written(title), written(body), language) for title, body in reports for language in ("en", "de")]

    one, other = both(tagger.tag_many, articles(texts))

    assert one == other


@settings(max_examples=200)
@given(st.lists(TEXT, min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_any_matches_are_judged_and_ordered_alike(both, tagger, texts, seed):
    tokens, chance, lexicon = tokenise(texts), np.random.default_rng(seed), tagger.lexicon
    if not len(tokens):
        return
    seen, count = tagger.vocabulary.of(tokens.hash), 200
    start = chance.integers(0, len(tokens), count)
    length = np.minimum(chance.integers(1, 4, count), len(tokens) - start)
    famous = np.flatnonzero(lexicon.weight[lexicon.index.owner] > 3)
    alias = np.where(chance.random(count) < 0.5, chance.choice(famous, count), chance.choice(famous[:9], count))
    matches = Matches(start, length, alias, chance.integers(0, 3, count))
    tables = chance.integers(0, 2, len(tokens)).astype(np.uint64) << np.uint64(10)

    sure, other = both(believed, lexicon, tokens, matches, tables, seen)
    assert equal([sure], [other])
    assert equal(*[[keep] for keep in both(written_out, lexicon, tokens, matches, seen)])
    assert equal(*[[bits] for bits in both(painted, tokens, matches, lexicon.index.owner, tagger.guesser.bits)])
    guessed = chance.integers(0, len(tokens), 20)
    rows, others = both(_ordered, lexicon, tokens, matches, sure, guessed, guessed + chance.integers(1, 4, 20))
    assert equal(rows, others)
    rows = (*rows[:5], chance.random(len(rows[0])) < 0.5)
    assert equal(*[[found] for found in both(_supported, lexicon, rows, tokens.first)])
    rows = (*rows[:2], np.zeros(len(rows[0]), np.int64), *rows[3:])
    assert equal(*both(_listed, lexicon, tokens, rows))


@given(st.data())
def test_any_labels_and_scores_make_the_same_spans(both, tagger, data):
    tokens = tokenise([data.draw(TEXT), data.draw(TEXT)])
    seen = tagger.vocabulary.of(tokens.hash)
    segments = find_segments(tokens, seen)
    count = len(segments.row)
    if not count:
        return
    clues = clues_of(tokens, segments, np.zeros(len(tokens), np.uint64), seen, 1)
    label = st.integers(0, len(LABELS) - 1)
    labels = np.array(data.draw(st.lists(label, min_size=count, max_size=count)), np.int64)
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    scores = chance.normal(size=(count, len(LABELS))).astype(np.float32)

    assert equal(*both(labelled, tokens, segments, clues, seen, labels, scores, np.array([True, False])))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.integers(0, 99), st.booleans())
def test_any_scores_have_the_same_labels(both, lengths, seed, ties):
    chance = np.random.default_rng(seed)
    first = np.concatenate(([0], np.cumsum(lengths)))
    scores, pairs = chance.normal(size=(first[-1], len(LABELS))), chance.normal(size=(len(LABELS), len(LABELS)))
    scores, pairs = (np.round(each, 0 if ties else 9).astype(np.float32) for each in (scores, pairs))

    one, other = both(viterbi, scores, first, pairs)

    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("text", ["IRAQ AND IRAN " * 20_000, "Iraq, " * 30_000, "Bank of New York and " * 10_000])
def test_a_long_text_of_names_has_the_same_entities(both, tagger, text):
    one, other = both(tagger.tag_many, articles([("", text, "en")]))

    assert one == other


def test_the_kind_of_a_name_does_not_depend_on_the_articles_before_it(both, tagger):
    tokens = tokenise(["", "Alpha Beta", "", "Then Usher sang. So Usher left."])
    seen = tagger.vocabulary.of(tokens.hash)
    segments = find_segments(tokens, seen)
    clues = clues_of(tokens, segments, np.zeros(len(tokens), np.uint64), seen, 2)
    ushers = np.flatnonzero(tokens.hash[segments.row] == tokens.hash[3])
    labels, scores = np.zeros(len(segments.row), np.int64), np.zeros((len(segments.row), len(LABELS)), np.float32)
    organisation, place = LABELS.index("B-ORG"), LABELS.index("B-LOC")
    labels[ushers] = organisation, place
    scores[ushers, [organisation, place]] = 0.2, 0.3
    scores[segments.row < 2] = 1e8

    for _, _, kinds, _ in both(labelled, tokens, segments, clues, seen, labels, scores, np.array([True, True])):
        assert kinds.tolist() == [KINDS.index("LOC")] * 2


def test_matches_beyond_the_room_are_counted_and_not_written(both, tagger):
    index, tokens = tagger.lexicon.index, tokenise(["Iraq and Iran"])
    words = tokens.hash
    columns, nowhere = np.full((4, 1), -1, np.int64), np.zeros(0, np.int64)

    count = kernels.load({})[0].names(
        index.lookup.hashes, index.lookup.first, index.first_alias, index.signature, words, tokens.gap, tokens.case,
        tokens.low, tokens.high, nowhere, words[:0], nowhere, *columns,
    )  # fmt: skip

    assert count > 1
    assert columns[0, 0] == 0
    assert index.lookup.find(extended(np.zeros(1, np.uint64), words[:1]))[0] >= 0


@pytest.mark.parametrize(("start", "length", "alias"), [(-1, 1, 0), (3, 1, 0), (1, 3, 0), (0, 0, 0), (0, 1, -1)])
def test_matches_beyond_the_words_or_the_aliases_are_refused(both, tagger, start, length, alias):
    tokens = tokenise(["Iraq and Iran"])
    seen, lexicon = tagger.vocabulary.of(tokens.hash), tagger.lexicon
    matches = Matches(*np.array([[start], [length], [alias], [0]], np.int64))
    tables = np.zeros(3, np.uint64)

    for call in (
        lambda: written_out(lexicon, tokens, matches, seen),
        lambda: painted(tokens, matches, lexicon.index.owner, tagger.guesser.bits),
        lambda: believed(lexicon, tokens, matches, tables, seen),
        lambda: _ordered(lexicon, tokens, matches, np.ones(1, np.bool_), *np.zeros((2, 0), np.int64)),
    ):
        with pytest.raises(ValueError, match="matches within the words and aliases"):
            compiled(call)


def test_segments_and_rows_that_do_not_fit_are_refused(both):
    native = kernels.load({})[0]
    scores, starting = np.zeros((3, 9), np.float32), np.zeros(9, np.float32)
    follows, chosen = np.zeros((9, 9), np.float32), np.zeros(3, np.int64)

    for edges in ([0, 4], [1, 3], [0, 2, 2, 3], [0, 5, 3], []):
        with pytest.raises(ValueError, match=r"^expected segments of"):
            native.viterbi(scores, np.array(edges, np.int64), starting, follows, chosen)
    with pytest.raises(ValueError, match=r"^expected scores of nine labels"):
        native.viterbi(scores[:2], np.array([0, 3]), starting, follows, chosen)


def test_rows_beyond_the_words_are_refused(both, tagger):
    tokens = tokenise(["Iraq and Iran"])
    seen = tagger.vocabulary.of(tokens.hash)
    segments = find_segments(tokens, seen)
    clues = clues_of(tokens, segments, np.zeros(len(tokens), np.uint64), seen, 1)
    segments.row[-1] = len(tokens)
    model = Model(tagger.guesser.model.weights, 1.0, tagger.guesser.model.pairs)

    labels, scores = np.zeros(len(segments.row), np.int64), np.zeros((len(segments.row), 9), np.float32)
    with pytest.raises(ValueError, match="rows that are words"):
        compiled(model.labels, tokens, segments, clues)
    with pytest.raises(ValueError, match="rows that are words"):
        compiled(labelled, tokens, segments, clues, seen, labels, scores, np.array([True]))
    with pytest.raises(ValueError, match="rows that are words"):
        compiled(clues_of, tokens, segments, clues.tables, seen, 1)
