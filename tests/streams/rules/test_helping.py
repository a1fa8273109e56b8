"""What helps with writing a rule: checks, examples, explanations, imports, suggestions."""

import pytest

from schemas.article import EnrichedArticle
from schemas.rule import Rule, RuleTests
from streams.rules import QueryError, check, explain, import_lucene, parse_rules, suggest
from streams.rules import test as failures_of
from streams.rules.notes import notes_of
from streams.rules.writing import to_yaml, with_example

RULE = Rule(name="r", query="rocket NEAR/3 base AND NOT film")


def test_check_reports_condition_settings_and_disguised_letters():
    rule = Rule(name="r", query="the", severity="awful", sets={"x": ("roсket",)})

    assert [error.code for error in check(rule)] == ["E015", "E023", "E028"]
    assert check(RULE) == []


def test_a_fact_that_where_does_not_know_is_an_error():
    assert [error.code for error in check(RULE.model_copy(update={"where": {"colour": ("red",)}}))] == ["E005"]


@pytest.mark.parametrize(
    "settings",
    [
        {"when": {"articles": 0}},
        {"when": {"article": 3}},
        {"suppress": {"for": "a day"}},
        {"suppress": {"by": "moon"}},
        {"escalate": ({"severity": "high"},)},
        {"escalate": ({"distinct_sources": 3, "severity": "awful"},)},
        {"throttle": "often"},
        {"notify_within": "soon"},
    ],
)
def test_a_setting_that_cannot_be_used_is_an_error(settings):
    assert [error.code for error in check(RULE.model_copy(update=settings))] == ["E023"]


def test_failed_examples_say_what_was_missing_or_found():
    rule = RULE.model_copy(update={"tests": RuleTests(fire=("A rocket flew.",), quiet=("A rocket hit the base.",))})

    missed, wrong = failures_of(rule)

    assert (missed.expected, wrong.expected) == ("fire", "quiet")
    assert "not met: base" in missed.why
    assert "rocket hit the base" in wrong.why


def test_an_example_may_have_a_title_and_a_body():
    rule = Rule(
        name="r",
        query="title:rocket AND base",
        tests=RuleTests(fire=("Rocket | It hit a base",), quiet=("Rocket base",)),
    )

    assert failures_of(rule) == []


def test_an_example_is_of_an_article_that_has_what_where_asks_for():
    rule = Rule(
        name="r",
        query="rocket",
        where={"source": ("reuters.com",), "lang": ("fr",)},
        tests=RuleTests(fire=("A rocket flew.",), quiet=("A rocket fell.",)),
    )

    assert [failure.expected for failure in failures_of(rule)] == ["quiet"]


def test_explain_says_of_each_condition_whether_it_holds_and_where():
    tree = explain(RULE, EnrichedArticle(id="a", body="A rocket hit the base. The film ended."))

    assert not tree.holds
    near, excluded = tree.parts
    assert (near.condition, near.holds, near.places[0].text) == ("(rocket NEAR/3 base)", True, "rocket hit the base")
    assert not excluded.holds
    assert "false NOT film" in str(tree)


def test_of_alternatives_that_all_fail_the_closest_are_shown_and_sets_go_by_their_names():
    pairs = ("one", "two"), ("base", "six"), ("rocket", "@place"), ("three", "four"), ("five", "nine")
    query = " OR ".join(f"({left} NEAR/1 {right})" for left, right in pairs)
    rule = Rule(name="r", query=query, sets={"place": ("base", "camp")})

    tree = explain(rule, EnrichedArticle(id="a", body="A rocket flew high over the base."))

    assert [line.strip() for line in tree.lines()][1:7] == [
        "false (rocket NEAR/1 @place)  (all of it is there, not so near)",
        "true  rocket  <- body[2:8] 'rocket'",
        "true  @place  <- body[28:32] 'base'",
        "false (base NEAR/1 six)",
        "true  base  <- body[28:32] 'base'",
        "false six",
    ]
    assert str(tree).endswith("... 2 more alternatives, none closer")
    assert tree.first_false() == "not met: (rocket NEAR/1 @place)"
    assert len(list(tree.lines(whole=True))) == 16


def test_a_few_alternatives_none_closer_than_the_others_are_named_together():
    query = 'train NEAR/4 (derail* OR "jump the tracks")'
    rule = Rule(name="r", query=query, tests=RuleTests(fire=("Train jumps tracks",)))

    (missed,) = failures_of(rule)

    assert missed.why == 'nothing was found; not met: (derail* OR "jump the track")'


def test_what_spoils_a_condition_is_named():
    rule = Rule(name="r", query="army NOT NEAR/0 salvation")

    tree = explain(rule, EnrichedArticle(id="a", body="The Salvation Army came."))

    assert str(tree).splitlines() == [
        "false (army NOT NEAR/0 salvation)",
        "  true  army  <- body[14:18] 'Army'",
        "  true  unwanted: salvation  <- body[4:13] 'Salvation'",
    ]


@pytest.mark.parametrize(
    ("lucene", "query"),
    [
        ("rocket drone", "rocket OR drone"),
        ("+rocket drone -film", "rocket AND NOT film"),
        ("rocket AND (base OR camp)", "rocket AND (base OR camp)"),
        ('headline:coup && "armed forces"~3', 'title:coup AND "armed forces"~3'),
        ("rocket^2 OR drone", "rocket OR drone"),
        ("“army coup” AND U.S. AND base", '"army coup" AND U.S AND base'),
        ("rocket drone NOT film", "(rocket OR drone) AND NOT film"),
    ],
)
def test_a_lucene_query_is_taken_over(lucene, query):
    assert import_lucene(lucene) == query


@pytest.mark.parametrize(
    "lucene", ["rocket~2", "date:[1 TO 2]", "/ro.*t/", "(rocket", "rocket)", "host:x", "ro?ket", "()", "title:"]
)
def test_what_lucene_has_and_we_have_not_is_refused_with_a_place(lucene):
    with pytest.raises(QueryError) as caught:
        import_lucene(lucene)

    assert caught.value.problem.hint


def test_a_suggested_rule_fires_on_its_examples_and_not_on_the_others():
    fire = ["Nurses walked out in a row over pay.", "Miners walked out over pay on Monday.", "Dockers downed tools."]
    quiet = ["He walked out of the cinema.", "Her pay rose."]

    rule = suggest(fire, quiet, name="strike")

    assert failures_of(rule) == []
    assert rule.tests.fire == tuple(fire)


def test_a_rule_written_as_yaml_reads_back_as_it_was():
    rule = Rule(name="r", any=('"a b" NEAR/3 c: d'.replace(": d", ""),), sets={"x": ("it's",)}, severity="high")

    assert parse_rules(to_yaml(rule)) == [rule]


FILES = [
    "- name: r  # of rockets\n  query: rocket\n",
    "- name: r\n  query: rocket\n  tests:\n    quiet:\n      - A film.\n    # more to come\n- {name: s, query: base}\n",
    "- name: r\n  query: rocket\n  tests:\n    fire: [A rocket.]\n    quiet: []\n",
    "rules:\n- query: rocket\n  tests: {fire: [A rocket.]}\n  id: r\nsets: {x: [base]}\n",
    "{name: r, query: rocket}\n",
    "name: r\nquery: rocket\ntests:\n  fire:\n  - A rocket.\n",
]


@pytest.mark.parametrize("text", FILES)
@pytest.mark.parametrize("side", ["fire", "quiet"])
def test_a_marked_sentence_joins_the_examples_of_its_rule_and_nothing_else_changes(text, side):
    sentence = 'It\'s a "rocket": the {first} \\ of #5 – Ñandú.'

    marked = with_example(text, "r", side, sentence)

    before, after = parse_rules(text)[0], parse_rules(marked)[0]
    assert sentence in getattr(after.tests, side)
    assert len(after.tests.fire + after.tests.quiet) == len(before.tests.fire + before.tests.quiet) + 1
    assert after.model_copy(update={"tests": before.tests}) == before
    assert parse_rules(marked)[1:] == parse_rules(text)[1:]
    assert all(line.split("#")[1] in marked for line in text.splitlines() if "#" in line)
    assert with_example(marked, "r", side, sentence) == marked


def test_a_rule_that_is_not_in_the_file_cannot_be_marked():
    with pytest.raises(KeyError):
        with_example(FILES[0], "other", "fire", "A rocket.")


def test_a_suggestion_prefers_words_to_names():
    rule = suggest(["Dockers at the port of Rotterdam began a strike on Monday."], ["The strike in Chile ended."])

    assert "rotterdam" not in rule.any[0]
    assert "monday" not in rule.any[0]


def test_a_suggestion_prefers_the_words_of_the_rules_name():
    fire = ["A drone strike killed four men at the depot in Marib."]

    assert suggest(fire, name="drone-strike").any == ("drone NEAR/8 strike",)
    assert suggest(fire, name="depot-fire").any[0].count("depot") == 1


def test_notes_name_what_may_not_be_meant():
    sets = "sets: {who: [WHO, ^US, EU], spare: [x1]}"
    lone, user = parse_rules(
        f"- {{name: a, query: '@who SENT vaccine', {sets}}}\n- {{name: b, query: '@spare', {sets}}}"
    )

    notes = list(notes_of(lone))

    assert [note.split()[0] for note in notes] == ["no", "WHO", "it"]
    assert "@spare" in notes[0]
    assert not [note for note in notes_of(lone, [lone, user]) if "@spare" in note]


def test_a_suggestion_needs_a_sentence():
    with pytest.raises(ValueError, match="at least one sentence"):
        suggest([])
