"""What a sentence must have before an alternative is asked."""

import gc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams import kernels
from streams.rules import brute_force, compile_rules
from streams.rules.analysis import Analysis
from streams.rules.brute import places
from streams.rules.compiling import Compiler
from streams.rules.sentences import Vocabulary, wanted
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon


def condition(query, **sets):
    return Compiler().compile(Rule(name="r", query=query, sets=sets)).node


def groups(query, **sets):
    return [set(group) for group in wanted(condition(query, **sets), {})]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rocket SENT =bases", [{"=bases"}, {"rocket"}]),
        ("rocket PARA base", []),
        ("rocket NEXT base", []),
        ("rocket CLAUSE base", [{"rocket"}, {"base"}]),
        ("(rocket OR drone) NEAR/3 ^US", [{"^US"}, {"rocket", "drone"}]),
        ("rocket NOT SENT base", [{"rocket"}]),
        ("(rocket OR lang:en)", []),
        ("FIRST(9, rock*)", [{"rock*"}]),
        ("NUM(>3) SENT PROPN", [{"NUM"}, {"PROPN"}]),
    ],
)
def test_a_condition_wants_one_word_of_each_group_in_the_sentence_where_it_is_met(query, expected):
    assert sorted(groups(query), key=sorted) == sorted(expected, key=sorted)


def test_an_alternative_is_asked_only_where_one_sentence_has_all_that_it_needs():
    node, vocabulary = condition("(rocket SENT base) OR drone"), Vocabulary()
    vocabulary.prepare(node)
    [[(_, gate)]] = node.gates.values()

    def asked(text):
        return vocabulary.sentences(Analysis(None, text, Lexicon())).where(gate)

    assert asked("Rain fell. A rocket hit the base. Rain fell.") == [1]
    assert asked("A rocket flew. The base burned.") == []


NESTED = "((rocket NEAR/2 base) OR (troop ONEAR/1 camp)) SENT zebra"


@pytest.mark.skipif(kernels.native is None, reason="only the compiled kernels look so closely")
def test_a_choice_within_an_alternative_is_needed_itself_and_not_a_word_of_each_of_its_alternatives():
    node, vocabulary = Compiler().compile(Rule(name="r", any=[NESTED, "drone SENT lion"])).node, Vocabulary()
    vocabulary.prepare(node)
    [gate] = [gate for gates in node.numbered.values() for gate in gates if "zebra" in gate.part.text]

    def asked(text):
        return vocabulary.sentences(Analysis(None, text, Lexicon())).where(gate)

    assert asked("A rocket saw the camp and a zebra. A base, a rocket and a zebra.") == [1]
    assert asked("A zebra saw troops in the base.") == []


@pytest.mark.skipif(kernels.native is None, reason="only the compiled kernels look so closely")
def test_what_is_told_over_two_sentences_is_asked_only_where_each_side_has_a_sentence():
    rules = compile_rules([Rule(name="r", any=["(rocket SENT base) NEXT (=they SENT =left)", "drone SENT lion"])])

    def asked(body):
        return {entry.name for entry in rules._candidates(rules.view(EnrichedArticle(id="a", body=body)))}

    assert asked("A rocket hit a base. Then they all left.") == {"r"}
    assert asked("A rocket flew. A base burned. Then they all left.") == set()


QUERIES = [
    "(rocket SENT =base) OR (^Oslo NEAR/2 troop)",
    "FIRST(6, (rocket NEAR/3 base) OR (=camp NOT SENT rocket) OR (troop NOT NEAR/1 (roc* PARA base)))",
    "FIRST(4, (ATLEAST(2, rocket) OR (base AND troop)))",
    "FIRST(7, ((rocket PARA base) NOT ONEAR/1 troop) OR (NUM(>2) NEAR/2 rocket))",
    "FIRST(8, (zebra SENT (rocket NOT NEAR/2 (base OR (^Oslo SENT camp)))) OR (troop SENT PROPN))",
    "((rocket NOT SENT ((base PARA troop) NOT NEAR/1 camp)) OR (zebra NEAR/1 camp))",
    "FIRST(5, rocket NOT SENT ((base PARA troop) NOT NEAR/1 (camp OR (zebra SENT NUM(>1)))))",
    "(((rocket SENT base) AND (troop SENT camp)) OR ((^Oslo SENT zebra) AND has(camp NEAR/2 rocket)))",
    "((((troop OR zebra) NOT NEAR/0 NUM(>100)) SENT camp) OR (PROPN ONEAR/1 zebra))",
    "((((troop SENT camp) PARA (rocket SENT base)) NOT SENT zebra) OR (zebra SENT (rocket AND camp)))",
    "((((troop SENT camp) NEXT (rocket CLAUSE base)) NOT CLAUSE zebra) OR ((zebra NOT NEXT rocket) SENT camp))",
    "(((camp OR rocket) NOT NEAR/1 ((base PARA troop) OR (zebra SENT base))) SENT zebra)",
    f"({NESTED}) OR ((((zebra OR (troop NEAR/1 camp)) NEAR/3 rocket) OR base) SENT ((=camp SENT roc*) OR Oslo))",
    "((rocket SENT (base OR (troop NEAR/0 camp))) NEXT (camp OR (zebra SENT =bases))) OR (rocket SENT zebra)",
]
WORDS = ["rocket", "base", "troops", "Oslo", "camp", "the", "zebra", "3", "million"]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(QUERIES), min_size=1, max_size=3, unique=True),
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=12),
    st.sampled_from([". ", ".\n\n", " "]),
    st.booleans(),
)
@example([QUERIES[9]], [["rocket"] * 6] * 6 + [["base", "troops", "camp"] * 2] * 2, " ", False)
def test_what_is_not_asked_would_not_have_held(unbounded, queries, sentences, gap, titled):
    with unbounded():
        _holds_only_what_is_asked(queries, sentences, gap, titled)


def _holds_only_what_is_asked(queries, sentences, gap, titled):
    texts = ["A " + " ".join(words) for words in sentences]
    article = EnrichedArticle(id="a", title=texts[0] if titled else None, body=gap.join(texts[titled:]) + ".")
    rules = [Rule(name=f"r{number}", query=f"({query})") for number, query in enumerate(queries)]

    found = compile_rules(rules).match(article)

    assert {match.name for match in found} == {rule.name for rule in rules if brute_force(rule, article)}
    for match in found:
        node, view = Compiler().compile(match.rule).node, ArticleView(article, Lexicon())
        assert list(match.spans) == list(node.find(view))
        assert {span[:2] for span in match.spans} == places(node, view)


@pytest.mark.parametrize("room", [0, 1, 2, 3, 99])
@pytest.mark.parametrize("body", ["A rocket over the base.", "A drone in a camp.", "A zebra."])
def test_a_group_without_room_is_never_needed(room, body):
    node, vocabulary = condition("(rocket SENT base) OR (drone SENT camp) OR zebra"), Vocabulary(most=room)

    vocabulary.prepare(node)

    assert node.find(ArticleView(EnrichedArticle(id="a", body=body), Lexicon(), vocabulary))


LATE = "((rocket SENT camp) OR (drone SENT camp))"
"""Found in the second sentence of the text below only, of whose words none stands in the first."""
BOTH = "((rocket SENT lion) OR (drone SENT camp))"
"""Found in the first sentence, and by its other alternative in the second."""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"FIRST(5, ATLEAST(2, {BOTH}))", True),
        (f"FIRST(5, zebra AND {LATE})", True),
        (f"FIRST(5, zebra NOT SENT ((zebra PARA drone) NOT NEAR/1 {LATE}))", True),
        (f"FIRST(5, lion NOT SENT (rocket PARA {LATE}))", False),
        (f"FIRST(5, zebra NOT PARA {LATE})", False),
    ],
)
def test_what_begins_in_the_first_words_is_looked_at_to_its_end(query, expected):
    article = EnrichedArticle(id="a", body="A zebra, rocket and lion. A truce drone over the camp.")
    rule = Rule(name="r", query=query)

    assert brute_force(rule, article) is expected
    assert bool(compile_rules([rule]).match(article)) is expected


def test_an_article_that_was_matched_leaves_nothing_to_the_garbage_collector():
    rules = compile_rules([Rule(name="r", query="FIRST(5, troop NEAR/3 leave) OR FIRST(9, rocket)")])
    article = EnrichedArticle(id="x", position="p", body="The troops leave. A rocket fell.", language="en")
    assert rules.match(article)

    def left() -> int:
        gc.collect()
        gc.disable()
        try:
            rules.match(article)
            return gc.collect()
        finally:
            gc.enable()

    # the smallest of a few: the collector is one for all threads, and those of other tests may drop something, too
    assert min(left() for _ in range(5)) == 0
