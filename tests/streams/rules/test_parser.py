"""The grammar: what is accepted, and where what is refused goes wrong."""

import pytest

from streams.rules.errors import QueryError
from streams.rules.parser import parse


@pytest.mark.parametrize(
    ("query", "normal"),
    [
        ("withdrawn", "withdraw"),
        ("=Withdrawn", "=withdrawn"),
        ("^Acme", "^Acme"),
        ("^U.S. AND U.S.A.", "(^US AND usa)"),
        ("rocket drone", "(drone AND rocket)"),
        ("drone AND rocket", "(drone AND rocket)"),
        ('"state of emergency"~2', '"state of emergenc"~2'),
        ("al-Nujaba", '"al nujaba"'),
        ("a NEAR/8 b NEAR/8 c", "((a NEAR/8 b) NEAR/8 c)"),
        ("(a ONEAR/3 b) NOT SENT c", "((a ONEAR/3 b) NOT SENT c)"),
        ("title:(sanction* AND (EU OR =OFAC))", "title:((=ofac OR eu) AND sanction*)"),
        ("ATLEAST(3, rocket) AND FIRST(60, base)", "(ATLEAST(3, rocket) AND FIRST(60, base))"),
        ("modality(planned|actual, strike)", "modality(actual|planned, strike)"),
        ("entity(type=GPE, id=Q796)", "entity(entity:Q796,type:GPE)"),
        ('entity(name="Bank of Japan")', "entity(name:bank of japan)"),
        ("NUM(>500, <=10_000) NEAR/2 troop", "(NUM(>500, <=10000) NEAR/2 troop)"),
        ("“curly quotes” AND x", '("cur quot" AND x)'),
        ("rocket AND NOT has(film)", "(NOT has(film) AND rocket)"),
    ],
)
def test_a_query_has_one_normal_form(query, normal):
    assert parse(query).text == normal


@pytest.mark.parametrize(
    ("query", "code", "offset"),
    [
        ("rocket AND ; base", "E001", 11),
        ('rocket AND "base', "E002", 11),
        ("(rocket AND base", "E003", 0),
        ("rocket)", "E003", 6),
        ("rocket AND", "E004", 10),
        ("AND rocket", "E004", 0),
        ("rocket NEAR/3", "E004", 13),
        ("colour:red", "E005", 0),
        ("entity(kind=GPE)", "E006", 7),
        ("modality(likely, strike)", "E006", 9),
        ("ATLEAST(0, rocket)", "E007", 8),
        ("NUM(many)", "E007", 4),
        ("rocket NEAR/300 base", "E007", 7),
        ("ab*", "E008", 0),
        ("@force AND rocket", "E009", 0),
        ("#other", "E010", 0),
        ("a AND b OR c", "E012", 8),
        ("a OR b AND c", "E012", 2),
        ("a NEAR/3 b ONEAR/3 c", "E013", 11),
        ("a OR NOT b", "E014", 2),
        ("NOT a AND NOT b", "E014", 6),
        ("(" * 1000 + "a" + ")" * 1000, "E017", 41),
        (" OR ".join(["word"] * 10_000), "E018", 20_000),
        ("lang:en NEAR/3 rocket", "E019", 8),
        ("rocket AND NOT rocket", "E024", 7),
        ("rocket AND lang:en AND lang:fr", "E024", 7),
        ("rocket SENT NUM(>5, <3)", "E024", 20),
        ("rocket and base", "E025", 7),
        ("rocket near/3 base", "E025", 7),
        ("rocket w/5 base", "E025", 7),
        ("rocket SENT COUNT(3, base)", "E006", 12),
        ("(rocket, base)", "E006", 0),
        ("base AND title(rocket)", "E006", 9),
        ("rocket AND lang=en", "E006", 11),
        ("rocket(base)", "E006", 0),
        ("rocket AND lang:english", "E024", 16),
        ("rocket WITHIN 4 base", "E025", 7),
        ("rocket NEAR4 base", "E025", 7),
    ],
)
def test_a_fault_is_named_at_its_place(query, code, offset):
    with pytest.raises(QueryError) as caught:
        parse(query)

    assert (caught.value.problem.code, caught.value.problem.offset) == (code, offset)


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("rocket & base", "write AND"),
        ("rocket -film", "write NOT"),
        ("rocket near/3 base", "write NEAR/3,"),
        ("rocket w/5 base", "write NEAR/5,"),
        ("rocket NEAR base", "write NEAR/8,"),
        ("burst OR give way", 'write "give way" in quotation marks'),
        ("(burst OR give way OR collapse) SENT dam", 'write "give way" in quotation marks'),
        ("rocket sent base", "write SENT,"),
        ("FIRST(rocket)", "FIRST(80, word)"),
        ("NUM(>1,000) SENT rocket", "without commas"),
        ("COUNT(3, rocket)", "ATLEAST(3, x)"),
        ("rocket adj4 base", "write NEAR/4,"),
        ("rocket AFTER base", '"AFTER" in quotation marks'),
        ("rocket | base", "write OR"),
        ("rocket, base", "in brackets: [oil, crude]"),
        ("title(rocket)", "write title:"),
    ],
)
def test_the_hint_says_what_to_write_instead(query, hint):
    with pytest.raises(QueryError) as caught:
        parse(query)

    assert hint in caught.value.problem.hint


@pytest.mark.parametrize("query", ["rocket after base", "route 66", "covid19 OR near2go", "recent (rocket)"])
def test_words_that_only_look_like_operators_are_words(query):
    assert parse(query).text


def test_a_mix_of_and_and_or_shows_both_readings():
    with pytest.raises(QueryError) as caught:
        parse("rocket AND base OR camp")

    assert "(rocket AND base) OR camp" in caught.value.problem.hint
    assert "rocket AND (base OR camp)" in caught.value.problem.hint
