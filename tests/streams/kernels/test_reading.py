"""Articles are read, and sentences meet what alternatives need, alike with and without the compiled kernels."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams import kernels
from streams.rules import compile_rules
from streams.rules.analysis import Analysis
from streams.rules.combining import Any
from streams.rules.compiling import Compiler
from streams.rules.meeting import MOST_SENTENCES, Met
from streams.rules.sentences import Vocabulary
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon

WORDS_OF_TEXTS = [
    "Gen",
    "gen",
    "the",
    "The",
    "U.S",
    "9,500",
    "it's",
    "Iraq’s",
    "A",
    "é",
    "İ",
    "Ж",
    "ß",
    "\U0001f600",
    "_x",
]
SIGNS = [
    ".",
    ". ",
    "! ",
    '." ',
    ".) ",
    "… ",
    "?",
    ", ",
    " ",
    "\n",
    "\n\n",
    "\u2028",
    "-",
    *"'’\u00ad\u200b\u200d\u2060\ud800",
]
PIECES = st.sampled_from(WORDS_OF_TEXTS) | st.sampled_from(SIGNS)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def read(title, body):
    analysis = Analysis(title, body, Lexicon())
    size = analysis.size
    paragraphs = [analysis.paragraph(position) for position in range(size)]
    stretches = [(0, size), (size // 3, size), (0, size // 2), (size // 2, size // 2)]
    gaps = [list(analysis.reading.gaps(*stretch)) for stretch in stretches]
    keys = [analysis.places_in(*stretch).keys for stretch in stretches]
    return analysis.words, analysis.split, analysis.keys, analysis.starts, analysis.firsts, paragraphs, gaps, keys


@given(st.none() | TEXTS, TEXTS)
@example("Gen", "A")
@example("!", "U.S. The 9. A")
@example(None, "a\u2060b a\u2061b")
@example("One.", '"Two." Three')
def test_an_article_is_read_alike(both, title, body):
    compiled, pure = both(read, title, body)

    assert compiled == pure


def placed(text, start):
    analysis = Analysis("Base camps", text, Lexicon())
    places = analysis.places_in(min(start, analysis.size), analysis.size)
    keys = ("base", "camp", "troop", "nowhere")
    found = [(list(places.positions(key)), list(places.forms(key, key)), places.cases(key, "Base")) for key in keys]
    return found, list(places.prefixed("ba")), list(places.prefixed("")), [places.positions(key) for key in places.keys]


@given(
    st.lists(st.sampled_from(["base", "Bases", "Base", "camp", "troops", "U.S", "x1", "."]), max_size=20),
    st.integers(0, 4),
)
@example(["base", "Bases", "troops"], 1)
def test_words_stand_at_the_same_places(both, words, start):
    (*compiled, every), (*pure, every_pure) = both(placed, " ".join(words * 30), start)

    assert compiled == pure
    assert sorted(map(list, every)) == sorted(map(list, every_pure))


def read_after_many(words):
    lexicon = Lexicon()
    return [sorted(Analysis(None, text, lexicon).keys) for text in (" ".join(words), words[0], words[-1] + " ok")]


def test_words_are_known_again_however_many_there_are(both):
    compiled, pure = both(read_after_many, [f"word{number}" for number in range(20_000)])

    assert compiled == pure


QUERY = "(rocket SENT base) OR (^Oslo NEAR/2 troop) OR (=camp AND (NUM(>2) SENT zebra)) OR ((drone OR camp) SENT roc*)"
WORDS = ["rocket", "base", "troops", "Oslo", "camp", "the", "zebra", "3", "drone", "Rockford"]


def gates_of(choice):
    return [gate for one in choice.gates.values() for _, gate in one]


def met(sentences):
    node, vocabulary = Compiler().compile(Rule(name="r", query=QUERY)).node, Vocabulary()
    vocabulary.prepare(node)
    analysis = Analysis(None, ". ".join("A " + " ".join(words) for words in sentences), Lexicon())
    found, half = vocabulary.sentences(analysis), len(analysis.firsts) // 2
    choices = [part for part in node.walk() if isinstance(part, Any)]
    gates = [gate for choice in choices for gate in gates_of(choice)]
    where = [(found.where(gate), found.between(0, half).where(gate)) for gate in gates]
    opened = [{id(gate) for gate in found.open(choice) if found.where(gate)} for choice in choices]
    assert opened == [{id(gate) for gate in gates_of(choice) if found.where(gate)} for choice in choices]
    return found.has, where, isinstance(found, Met)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=1, max_size=8), st.integers(1, 40))
def test_sentences_meet_the_same_needs(both, sentences, times):
    (*compiled, by_kernel), (*pure, _) = both(met, sentences * times)

    assert by_kernel
    assert compiled == pure


def test_of_more_sentences_than_are_looked_at_by_the_kernel_the_same_is_found(both):
    (*compiled, by_kernel), (*pure, _) = both(met, [["rocket", "base"], ["zebra"]] * MOST_SENTENCES)

    assert not by_kernel
    assert compiled == pure


RULES = [
    Rule(name="choice", any=["rocket SENT base", "drone NEAR/2 camp", "(zebra OR troop) SENT =camp"]),
    Rule(name="early", query="FIRST(9, recent((rocket SENT base) OR (drone SENT camp)))"),
    Rule(name="spread", query="(rocket SENT base) OR (zebra AND (troop SENT camp))"),
    Rule(name="plain", query="rocket AND zebra"),
]


def matched(articles):
    rules = compile_rules(RULES)
    found = [[(match.name, list(match.spans)) for match in rules.match(article)] for article in articles]
    rules.add(Rule(name="choice", any=["rocket SENT base", "lion NEAR/2 camp"]))
    rules.remove("early")
    return found, [[match.name for match in rules.match(article)] for article in articles]


@given(
    st.lists(
        st.lists(st.sampled_from([*WORDS, "lion", "2009", ". B", ".\n\nC"]), min_size=1, max_size=30).map(" ".join),
        min_size=1,
        max_size=4,
    )
)
def test_the_same_rules_are_met_also_after_they_have_changed(both, bodies):
    articles = [EnrichedArticle(id=str(number), body=body) for number, body in enumerate(bodies)]

    compiled, pure = both(matched, articles)

    assert compiled == pure


def test_words_that_a_lexicon_forgets_are_gone_without_the_garbage_collector(both):
    def kept():
        lexicon = Lexicon(limit=3)
        forgotten = weakref.ref(lexicon.words())
        gc.disable()
        try:
            for text in ("A rocket hit the base.", "Zebras and drones in a camp."):
                Analysis(None, text, lexicon)
            return forgotten() is not None
        finally:
            gc.enable()

    assert both(kept) == [False, False]


def test_a_view_says_the_same_of_the_article_after_its_lexicon_was_renewed(both):
    def found():
        lexicon, vocabulary, node = Lexicon(limit=3), Vocabulary(), Compiler().compile(Rule(name="r", query=QUERY)).node
        vocabulary.prepare(node)
        bodies = ["A rocket hit the base.", "Zebras and drones, a camp.", "A rocket hit the base.", "Oslo troops left."]
        return [bool(node.find(ArticleView(EnrichedArticle(id="a", body=b), lexicon, vocabulary))) for b in bodies]

    compiled, pure = both(found)

    assert compiled == pure == [True, False, True, True]


def test_numbers_and_groups_out_of_their_range_are_refused_or_asked_for(both):
    native = kernels.load({})[0]
    ints, bits = (lambda *items: np.array(items, np.int32)), (lambda count: np.zeros(count, np.uint64))
    needs, added = np.array([70, -1, -1, -1, -1], np.int16), np.array([0, 2, 9], np.uint16)

    def meet(number, begins, groups, needs=needs[:0], adds=()):
        unknown = ints(-7)
        found = native.meet_needs(
            ints(number),
            ints(0),
            ints(*begins),
            np.array(groups, np.uint16),
            needs,
            ints(*adds),
            added,
            bits(2),
            ints(0),
            bits(1),
            unknown,
        )
        return found, unknown.tolist()

    assert meet(5, [0], [0]) == (-1, [5])
    assert meet(0, [9], [0]) == (-1, [0])
    assert meet(0, [0], [3, 1]) == (-1, [0])
    assert meet(0, [0], [1, 500]) == (0, [-7])
    with pytest.raises(ValueError, match="needs of these groups"):
        meet(0, [0], [0], needs)
    for adds in ((), (-1,), (1,), (3,)):
        with pytest.raises(ValueError, match="groups that every need adds"):
            meet(0, [0], [1, 7], needs // 10, adds)
    assert meet(0, [0], [1, 7], needs // 10, (0,)) == (1, [-7])


def test_a_table_without_room_and_texts_of_other_words_are_refused(both):
    native, full = kernels.load({})[0], np.array([1, 0, 2, 1], np.int64)

    with pytest.raises(ValueError, match="a free place"):
        native.enter_words(full, np.array([3], np.int64), 2)
    with pytest.raises(ValueError, match="power of two"):
        native.enter_words(full[:3], np.array([3], np.int64), 2)
    one, far, place = np.zeros(1, np.int32), np.array([9], np.int32), np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="room for every word"):
        native.split_words("a b", full, np.zeros(1, np.uint8), 0, one, far, one.copy(), place, np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="room for every word"):
        native.places_of(np.zeros(2, np.int32), far, one)
    with pytest.raises(ValueError, match="known words of this text"):
        native.part_sentences("a", one, far, far, np.zeros(1, np.uint8), one.copy(), one.copy())
