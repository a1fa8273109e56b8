"""Matching by index, and the law that it equals looking at everything."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.article import EnrichedArticle
from schemas.entity import Entity, Mention
from schemas.rule import Rule
from streams.rules import brute_force, compile_rules
from streams.rules.analysis import LIMIT
from streams.rules.bench import generated_rules, generated_texts
from streams.rules.brute import places
from streams.rules.compiling import Compiler
from streams.rules.errors import QueryError, RulesError
from streams.rules.evidence import tightest
from streams.rules.nodes import MOST, MOST_LEAVES
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon


def an_article(body, title=None, **fields):
    return EnrichedArticle(id="one", title=title, body=body, **fields)


def matches(query, article, **fields):
    return [match.name for match in compile_rules([Rule(name="r", query=query, **fields)]).match(article)] == ["r"]


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("withdraw", "They withdrew on Monday.", True),
        ("withdraw", "The withdrawal began.", True),
        ("leave SENT rocket", "They left a rocket.", True),
        ("=withdraw", "They withdrew.", False),
        ("^Acme", "acme rises", False),
        ("^US SENT senate", "The U.S. Senate", True),
        ("^US SENT senate", "Senate, tell us more", False),
        ("rocket NEAR/1 base", "A rocket hit the base.", False),
        ("rocket NEAR/2 base", "A rocket hit the base.", True),
        ("rocket NEAR/9 base", "A rocket flew. The base burned.", False),
        ("base ONEAR/9 rocket", "A rocket hit the base.", False),
        ("rocket SENT base", "A rocket, we are told by many, flew over the base.", True),
        ("(rocket NEAR/9 base) SENT hit", "A rocket hit the base.", True),
        ("rocket SENT rocket", "A rocket hit the base.", False),
        ("rocket PARA base", "A rocket flew. The base burned.", True),
        ("rocket PARA base", "A rocket flew.\n\nThe base burned.", False),
        ("rocket CLAUSE base", "A rocket hit the base.", True),
        ("base CLAUSE rocket", "A rocket hit the base.", True),
        ("rocket CLAUSE base", "A rocket flew, the base burned.", False),
        ("rocket CLAUSE base", "A rocket flew and the base burned.", False),
        ("rocket CLAUSE base", "The base that a rocket hit burned.", False),
        ("rocket CLAUSE base", "A rocket fell. The base burned.", False),
        ("rocket NOT CLAUSE toy", "A rocket flew over a toy.", False),
        ("rocket NOT CLAUSE toy", "A rocket flew while toys slept.", True),
        ("(rocket SENT base) NOT CLAUSE toy", "A rocket flew, the base burned with toys.", False),
        ("rocket NEXT base", "A rocket flew. The base burned.", True),
        ("rocket NEXT base", "A rocket flew.\n\nThe base burned.", True),
        ("base NEXT rocket", "A rocket flew. The base burned.", False),
        ("rocket NEXT base", "A rocket hit the base.", False),
        ("rocket NEXT base", "A rocket flew. Rain fell. The base burned.", False),
        ("(rocket NEXT base) NEXT fire", "A rocket. A base. A fire.", True),
        ("rocket NOT NEXT toy", "A rocket flew. A toy burned.", False),
        ("rocket NOT NEXT toy", "A rocket flew. Rain. A toy burned.", True),
        ("rocket NOT NEAR/2 toy", "A toy rocket.", False),
        ("rocket NOT NEAR/2 toy", "A toy rocket. A real rocket.", True),
        ("rocket AND NOT film", "A rocket film.", False),
        ('"state of emergency"', "A state of emergency.", True),
        ('"state emergency"', "A state of emergency.", False),
        ('"state emergency"~1', "A state of emergency.", True),
        ("sanction* AND embargo", "Sanctioning an embargo.", True),
        ("ATLEAST(2, rocket)", "A rocket. Two rockets.", True),
        ("ATLEAST(3, rocket)", "A rocket. Two rockets.", False),
        ("FIRST(3, rocket)", "See the rocket there.", True),
        ("FIRST(2, rocket)", "See the rocket there.", False),
        ("NUM(>500) NEAR/2 soldier", "Some 2,500 American soldiers.", True),
        ("NUM(>1000000) NEAR/2 dollar", "Two million dollars.", True),
        ("NUM(<5) NEAR/2 soldier", "Some 2,500 American soldiers.", False),
        ("NUM(>=1000000) SENT rocket", "Millions of rockets.", True),
        ("NUM(>=20000) SENT rocket", "Tens of thousands of rockets.", True),
        ("NUM(<=2000) SENT rocket", "Tens of thousands of rockets.", False),
        ("NUM(=24) SENT rocket", "Two dozen rockets.", True),
        ("NUM(=25) SENT rocket", "Twenty-five rockets.", True),
        ("NUM(=5) SENT rocket", "Twenty-five rockets.", False),
        ("NUM(=100) SENT rocket", "A hundred rockets.", True),
        ("NUM(=500000) SENT rocket", "Half a million rockets.", True),
        ("NUM(=1000000) SENT rocket", "Two million rockets.", False),
        ("NUM(=1200000000) SENT rocket", "Rockets for €1.2bn.", True),
        ("NUM(=5000000) SENT rocket", "A $5m rocket.", True),
        ("NUM(>1000) SENT rocket", "A rocket rose 500m.", False),
        ("Erdogan", "Erdoğan came.", True),
        ("Istanbul NEAR/3 Ozturk", "In İstanbul Öztürk spoke.", True),
        ("Erdoğan", "Erdogan came.", False),
        ("=Erdogan", "Erdoğan came.", False),
        ("PROPN ONEAR/0 rocket", "An Iranian rocket fell.", True),
        ("denied(withdraw NEAR/5 troop)", "The army denied that troops withdrew.", True),
        ("denied(withdraw NEAR/5 troop)", "The troops withdrew.", False),
        ("modality(demanded, withdraw NEAR/5 troop)", "He demanded that troops withdraw.", True),
        ("rocket", "A roсket in disguise.", True),
    ],
)
def test_a_query_means_what_the_grammar_says(query, body, expected):
    assert matches(query, an_article(body)) is expected


def test_fields_restrict_where_words_may_stand():
    article = an_article("Rain fell.", title="Rocket lands")

    assert matches("title:rocket AND rain", article)
    assert not matches("body:rocket AND rain", article)
    assert not matches("lead:rocket AND rain", article)
    assert matches("lead:rain", article)


def test_the_bodys_first_sentence_is_not_next_to_the_title():
    assert not matches("rocket NEXT base", an_article("The base burned.", title="Rocket lands"))
    assert matches("rocket NEXT base", an_article("Rain.", title="Rocket lands. Base burns"))


def test_facts_of_the_article_are_conditions():
    article = an_article("Rocket.", language="en", source="Reuters", url="https://www.example.co.uk/a", section="World")

    assert matches("lang:en AND rocket", article)
    assert matches("source:reuters AND rocket", article)
    assert matches("source:example.co.uk AND rocket", article)
    assert not matches("source:bbc.co.uk AND rocket", article)
    assert matches("rocket", article, where={"lang": ("de", "en"), "category": ("world",)})
    assert not matches("rocket", article, where={"lang": ("de",)})


def test_an_entity_is_found_where_it_is_mentioned():
    mention = Mention(field="body", start=13, end=17, surface="Iraq", type="GPE")
    entity = Entity(id="Q796", name="Iraq", type="GPE", count=1, salience=1.0, mentions=(mention,))
    article = an_article("A rocket hit Iraq. Iran denied it.", entities=(entity,))

    [match] = compile_rules([Rule(name="r", query="rocket NEAR/3 entity(id=Q796)")]).match(article)

    assert match.evidence[0].text == "rocket hit Iraq"
    assert matches("entity(type=GPE, name=Iraq)", article)
    assert matches("country:iraq AND rocket", article)
    assert not matches("entity(type=PERSON, id=Q796)", article)


def test_evidence_names_field_offsets_sentence_and_members():
    article = an_article("It rained. “Troops will leave Ruritania,” he said. It snowed.", title="News")

    [match] = compile_rules([Rule(name="r", query="troop NEAR/3 leave")]).match(article)
    [evidence] = match.evidence

    assert (evidence.field, evidence.text) == ("body", "Troops will leave")
    assert article.body[evidence.start : evidence.end] == evidence.text
    assert evidence.sentence == "“Troops will leave Ruritania,” he said."
    assert article.body[evidence.sentence_start : evidence.sentence_end] == evidence.sentence
    assert [(member.text, member.term) for member in evidence.members] == [("Troops", "troop"), ("leave", "leave")]
    assert evidence.modality == "planned"


def test_a_rule_may_use_another_and_its_sets():
    base = Rule(name="base", query="@weapon NEAR/5 base", sets={"weapon": ("rocket", "armed drone")})
    denial = Rule(name="denial", query="denied(#base)")
    borrowed = Rule(name="borrowed", query="@weapon AND embargo", sets_from=("base",))
    rules = compile_rules([denial, borrowed, base])

    names = [match.name for match in rules.match(an_article("He denied that an armed drone hit the base. An embargo."))]

    assert names == ["base", "borrowed", "denial"]


@pytest.mark.parametrize(
    ("member", "body", "expected"),
    [
        ("moved in", "They moved in.", True),
        ("=moved in", "They moved his things in.", False),
        ("US Steel", "US Steel rises.", True),
        ("US Steel", "Steel is dear in the US.", False),
        ("rocket AND base", "At the base stood a rocket.", True),
    ],
)
def test_several_words_of_a_set_are_a_phrase(member, body, expected):
    assert matches("@x", an_article(body), sets={"x": (member,)}) is expected


def test_a_changed_rule_changes_those_that_use_it():
    rules = compile_rules([Rule(name="base", query="rocket"), Rule(name="user", query="#base AND camp")])
    before = rules.version("user")

    rules.add(Rule(name="base", query="drone"))

    assert [match.name for match in rules.match(an_article("A drone over the camp."))] == ["base", "user"]
    assert rules.version("user") != before


def test_a_removed_rule_is_silent_and_a_used_one_stays():
    rules = compile_rules([Rule(name="a", query="rocket"), Rule(name="b", query="rocket AND base")])
    rules.add(Rule(name="user", query="#a AND camp"))

    rules.remove("b")
    with pytest.raises(QueryError):
        rules.remove("a")

    assert [match.name for match in rules.match(an_article("A rocket at the base."))] == ["a"]


def test_what_rules_that_have_gone_needed_is_not_kept():
    rules = compile_rules(
        [Rule(name="kept", query="(rocket SENT base) OR drone"), Rule(name="user", query="#kept SENT camp")]
    )

    for number in range(400):
        rules.add(Rule(name="pushed", query=f"(tank{number} SENT @x) OR camp{number}", sets={"x": (f"fort{number}",)}))
    of_words = rules.view(an_article("A rocket."))._vocabulary

    assert len(of_words._groups) < 200
    assert [match.name for match in rules.match(an_article("A rocket hit the base at the camp."))] == ["kept", "user"]
    assert [match.name for match in rules.match(an_article("At camp399 a tank399 left fort399."))] == ["pushed"]


def test_a_bad_replacement_leaves_the_last_good_rule():
    rules = compile_rules([Rule(name="a", query="rocket")])

    with pytest.raises(QueryError):
        rules.add(Rule(name="a", query="rocket AND base OR camp"))

    assert [match.name for match in rules.match(an_article("A rocket."))] == ["a"]


@pytest.mark.parametrize("settings", [{"throttle": "often"}, {"when": {"articles": 0}}, {"notify_within": "1 day"}])
def test_a_rule_whose_settings_cannot_be_used_never_replaces_one_that_can(settings):
    rules = compile_rules([Rule(name="a", query="rocket")])

    with pytest.raises(QueryError):
        rules.add(Rule(name="a", query="tank", **settings))

    assert rules.rule("a").query == "rocket"


def test_a_change_that_would_break_a_user_is_refused_and_leaves_the_last_good_set():
    rules = compile_rules(
        [Rule(name="a", query="@x", sets={"x": ("rocket",)}), Rule(name="b", query="@x NEAR/2 base", sets_from=("a",))]
    )

    with pytest.raises(QueryError, match="'b' uses 'a'"):
        rules.add(Rule(name="a", query="tank"))

    names = [match.name for match in rules.match(EnrichedArticle(id="1", body="A rocket hit the base, no tank."))]
    assert names == ["a", "b"]
    assert rules.rule("a").query == "@x"


def test_a_rule_that_is_used_no_more_may_be_removed():
    rules = compile_rules([Rule(name="a", query="rocket"), Rule(name="user", query="#a AND camp")])

    rules.add(Rule(name="user", query="drone AND camp"))
    rules.remove("a")

    assert [match.name for match in rules.match(an_article("A drone and a rocket at the camp."))] == ["user"]


def test_a_change_reaches_the_users_of_those_that_use_it_also_where_the_use_is_new():
    rules = compile_rules(
        [Rule(name="a", query="rocket"), Rule(name="b", query="drone"), Rule(name="c", query="#b AND camp")]
    )
    rules.add(Rule(name="b", query="#a AND launch"))

    rules.add(Rule(name="a", query="tank"))

    assert [match.name for match in rules.match(an_article("They launch a tank at the camp."))] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "query", ["the", "the AND of", "the NEAR/3 said", "(rocket OR the)", "NOT rocket", "sanction*"]
)
def test_a_rule_without_a_selective_term_is_refused(query):
    with pytest.raises(RulesError):
        compile_rules([Rule(name="r", query=query)])


def test_circles_are_refused():
    with pytest.raises(RulesError, match=r"E010|E011"):
        compile_rules([Rule(name="a", query="#b AND x"), Rule(name="b", query="#a AND y")])
    with pytest.raises(RulesError, match="E011"):
        compile_rules([Rule(name="a", query="@x", sets={"x": ("@y",), "y": ("@x",)})])


def chain(word, length):
    return " SENT ".join([word] * length)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(name="r", query=chain("rocket", 200)),
        Rule(name="r", query=chain("rocket", 2_000)),
        Rule(
            name="r", query="@s0", sets={f"s{n}": (chain(f"@s{n + 1}", 30),) for n in range(15)} | {"s15": ("rocket",)}
        ),
        Rule(name="r", query="@s0", sets={f"s{n}": (f"@s{n + 1}",) for n in range(500)} | {"s500": ("rocket",)}),
    ],
)
def test_conditions_too_deep_within_each_other_are_refused_in_one_line(rule):
    with pytest.raises(RulesError, match=r"E017|E018") as refused:
        compile_rules([rule])

    [error] = refused.value.errors
    assert "\n" not in error.message


def test_what_could_be_tried_in_ever_more_ways_is_tried_in_bounded_ones():
    query = " NEAR/255 ".join(["(rocket OR base)"] * 12)

    [match] = compile_rules([Rule(name="r", query=query)]).match(an_article("rocket base hit " * 28_000))

    assert match.cut
    assert len(match.spans) <= MOST


@pytest.mark.parametrize("operator", ["SENT", "PARA", "NEAR/5"])
def test_a_long_chain_of_one_word_is_looked_at_in_bounded_ways(operator):
    query = f" {operator} ".join(["rocket"] * 36)

    [match] = compile_rules([Rule(name="r", query=query)]).match(an_article("rocket " * 90 + "."))
    spans = match.spans

    assert len(spans) <= MOST
    assert max(len(leaves) for _, _, leaves in spans) <= MOST_LEAVES


def test_many_rules_of_one_term_all_match():
    rules = compile_rules([Rule(name=f"r{number}", query="rocket") for number in range(500)])

    assert len(rules.match(an_article("A rocket."))) == 500
    assert rules.match(an_article("A boat.")) == []


def test_a_body_too_long_is_cut_and_says_so():
    article = an_article("Rocket. " + "calm sea " * 60_000 + "drone")
    [match] = compile_rules([Rule(name="a", query="rocket"), Rule(name="b", query="drone")]).match(article)

    assert (match.name, match.cut) == ("a", True)


def test_of_an_article_of_a_megabyte_many_rules_read_as_much_as_the_limit_allows():
    texts = generated_texts(40)
    body = " ".join(texts * 9)
    rules = compile_rules(generated_rules(2_000, texts, "selective"))

    found = rules.match(an_article(body))

    assert len(found) > 1_000
    assert all(match.cut for match in found)
    assert [match.name for match in found] == [match.name for match in rules.match(an_article(body[:LIMIT]))]


WORDS = ["rocket", "base", "troops", "withdrew", "US", "us", "the", "x", "rocket,", "and"]
TERMS = ["rocket", "base", "=troops", "withdraw", "^US", "roc*", '"the base"', '"base rocket"~2']
FACTS = ["lang:en", "lang:de", "source:reuters"]


def queries():
    leaves = st.sampled_from(TERMS)
    near = ["NEAR/1", "NEAR/4", "ONEAR/2", "CLAUSE", "SENT", "NEXT", "PARA"]
    operators = [*near, *(f"NOT {name}" for name in near[1:]), "AND", "OR"]

    def combined(inner):
        pair = st.tuples(inner, st.sampled_from(operators), inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})")
        called = st.tuples(
            st.sampled_from(["title:", "lead:", "body:", "ATLEAST(2, ", "FIRST(5, ", "asserted("]), inner
        )
        closed = called.map(lambda one: f"{one[0]}{one[1]}" + (")" if one[0].endswith((" ", "(")) else ""))
        excluded = st.tuples(inner, inner).map(lambda one: f"({one[0]} AND NOT {one[1]})")
        fact = st.tuples(inner, st.sampled_from(["AND", "OR"]), st.sampled_from(FACTS)).map(
            lambda one: f"({' '.join(one)})"
        )
        return pair | closed | excluded | fact

    return st.recursive(leaves, combined, max_leaves=5).filter(lambda query: " " in query)


def texts():
    sentence = st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(
        lambda words: "A " + " ".join(words) + ". "
    )
    return st.lists(sentence | sentence | st.just("\n\n"), min_size=2, max_size=6).map("".join)


@settings(max_examples=400)
@given(st.lists(queries(), min_size=1, max_size=5), texts(), st.none() | texts())
@example(["(rocket NOT NEAR/1 (base PARA base))"], "A rocket base. A rocket base.", None)
@example(["((rocket NEAR/1 rocket) PARA (rocket PARA rocket))"], f"A{4 * ' rocket'}. A{11 * ' rocket'}. ", None)
def test_matching_by_index_equals_looking_at_everything(unbounded, rule_queries, body, title):
    with unbounded():
        _matches_as_brute_force_does(rule_queries, body, title)


def _matches_as_brute_force_does(rule_queries, body, title):
    article = EnrichedArticle(id="a", title=title, body=body, language="en", source="Reuters")
    usable = []
    for number, query in enumerate(rule_queries):
        rule = Rule(name=f"r{number}", query=query)
        try:
            compile_rules([rule])
        except RulesError:
            continue
        usable.append(rule)

    found = compile_rules(usable).match(article)

    assert {match.name for match in found} == {rule.name for rule in usable if brute_force(rule, article)}
    for match in found:
        node, view = Compiler().compile(match.rule).node, ArticleView(article, Lexicon())
        assert {span[:2] for span in match.spans} == places(node, view)
        for evidence in match.evidence:
            text = article.title if evidence.field == "title" else article.body
            assert text[evidence.start : evidence.end] == evidence.text
            assert evidence.text in evidence.sentence
            assert all(text[member.start : member.end] == member.text for member in evidence.members)


def test_of_spans_over_the_same_words_the_evidence_is_always_the_same_one():
    spans = [(2, 4, ((2, 2, "base"), (4, 4, label))) for label in "abcdefgh"]

    assert tightest(spans) == tightest(spans[::-1]) == [spans[0]]
