"""What a sentence tells as news, and what it only recalls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules import compile_rules

RECENT = compile_rules([Rule(name="r", query="recent(truce OR coup OR hostage OR (extend ONEAR/2 embargo))")])


def told(body, **fields):
    return bool(RECENT.match(EnrichedArticle(id="one", body=body, **fields)))


@pytest.mark.parametrize(
    "sentence",
    [
        "The valley has been calm since a truce ended the war.",
        "The 1953 truce still holds.",
        "The two armies signed the truce in 1953.",
        "In 1953, a truce was signed.",
        "The government that took power in a July coup raised taxes.",
        "Bread is scarce after the October coup.",
        "Ten years after the coup the court is still shut.",
        "The truce was signed decades ago.",
        "Last year's coup hurt the economy.",
        "He wrote about the coups of the 1970s.",
        "The city marked the anniversary of the coup.",
        "A service for the centenary of the truce drew thousands.",
        "The former hostage opened a bakery.",
        "The diplomat, who brokered the truce, has died at the age of 90.",
        "The state has been poor since 2008, when a coup toppled its king.",
        "There was a coup of slaves in AD 70.",
        "In recent years the truce has been broken by both sides.",
        "The country lived under the coup until 1987.",
        "In 867 the kings of the north made a truce.",
        "In the 17th century a truce let both towns trade.",
        "A truce during the Cold War let the fleets go home.",
        "The truce with the Vikings was a trick.",
        "The hostage crisis ended in 1981 after 444 days.",
        "The disputed 2000 coup in Suva failed.",
        "The general who once led a coup grows roses.",
        "On August 14, 1945, a truce was announced.",
        "The truce was signed in a railway carriage in the forest near the river in 1918.",
        "A coup was staged in the occupied town in 1944.",
        "Soldiers agreed on a truce at Christmas 1914 and sang.",
        "A hostage is taken in the delta every year.",
    ],
)
def test_what_is_dated_or_remembered_is_not_recent(sentence):
    assert not told(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A truce was signed on Monday.",
        "The palace has been guarded since Monday's coup.",
        "The truce will last until 2026.",
        "Rebels broke the truce, the first since 2011.",
        "The union has been at war with the mayor, but a truce is near.",
        "The council extended an embargo imposed in 2014.",
        "Two years after the vote, soldiers staged a coup.",
        "A coup is feared in the May vote.",
        "Some 1500 guests feared a coup.",
        "The coup was staged by 2000 soldiers in 1200 lorries.",
        "A hostage seized in 2019 was shown in a video. The hostage looked well.",
        "In 867 villages the truce was broken.",
        "A truce was agreed in Second World War bomb talks.",
        "The coup is the country's first since 1966.",
        "It is the first major coup in the north of the country since the war of 1992.",
        "Rebels of a clan founded in 1931 will sign a truce.",
        "Rebels who have fought since 1987 accepted a truce.",
        "The council extended its embargo on a state that was founded in 1949.",
    ],
)
def test_what_a_sentence_tells_is_recent_whatever_else_it_recalls(sentence):
    assert told(sentence)


def test_a_year_is_past_by_the_article_it_stands_in():
    sentence = "The coup of 2023 was condemned."

    assert told(sentence, published="2023-09-01T00:00:00Z")
    assert told(sentence, published="2024-02-01T00:00:00Z")
    assert not told(sentence, published="2024-09-01T00:00:00Z")


@pytest.mark.parametrize(
    ("sentence", "month", "expected"),
    [
        ("The council that came in with the coup in July raised taxes.", 12, False),
        ("In early March, a truce was signed.", 9, False),
        ("The council that came in with the coup in July raised taxes.", 7, True),
        ("The council that came in with the coup in July raised taxes.", 8, True),
        ("A truce is to begin in July.", 12, True),
        ("A truce, which the council will sign in July, was agreed.", 12, True),
    ],
)
def test_what_was_in_a_month_that_is_over_is_not_recent(sentence, month, expected):
    assert told(sentence, published=f"2024-{month:02}-20T00:00:00Z") is expected
    assert told(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The council, which a coup brought in July, raised taxes.", False),
        ("The council that a coup put in power in July raised taxes.", False),
        ("The council raised taxes after a coup in July.", True),
        ("The council, which will sign a truce in July, raised taxes.", True),
    ],
)
def test_a_month_that_says_who_somebody_is_dates_even_in_an_article_without_date(sentence, expected):
    assert told(sentence) is expected


@given(st.text(alphabet="ab ,.;1989sincetruce()\n", max_size=60))
def test_recent_finds_no_more_than_its_operand(text):
    body = f"truce {text}"
    plain = compile_rules([Rule(name="r", query="truce")])

    assert plain.match(EnrichedArticle(id="one", body=body))
    assert told(body) in (True, False)
