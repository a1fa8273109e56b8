"""When something happened is evidence of what happened."""

import numpy as np
import pytest

from streams.dedup.alike import likeness
from streams.dedup.sketch import sketched
from streams.dedup.stories import Members

FLOOD = "The river burst its banks at Veldhaven in {when} and drove 400 people from their homes, the fire brigade said."


def numbers_of(text: str) -> set[int]:
    terms = sketched(None, text).terms
    return set((terms.every[terms.kinds == 2] >> np.uint32(8)).tolist())


def alike(one: str, other: str) -> float:
    members = Members()
    members.append(0, sketched(None, one).terms, 0)
    return members.compared(sketched(None, other).terms, 0)[1]


@pytest.mark.parametrize(
    ("one", "other"), [("It rained in January.", "It rained in Jan."), ("It rained on Monday.", "It snowed on Monday.")]
)
def test_months_and_days_of_the_week_count_among_the_numbers_under_one_name(one, other):
    assert numbers_of(one) == numbers_of(other) != set()


@pytest.mark.parametrize(
    "told",
    [
        "Llovió en diciembre.",
        "Het regende in december.",
        "Es regnete im Dezember.",
        "Дождь шёл в декабре и 3 декабря.",
        "Il a plu en décembre.",
    ],
)
def test_months_of_other_languages_count_under_the_english_name(told):
    assert numbers_of("It rained in December.") <= numbers_of(told)


def test_short_words_of_other_languages_that_are_months_in_some_do_not_count():
    assert numbers_of("Il en a vu sept il y a dix ans; a year ago he set out on a road to the mag.") == set()
    assert numbers_of("Il a plu en mars.") == numbers_of("It rained in March.")
    assert numbers_of("The Mars probe and Julio Marco of the Mayo Clinic.") == set()


def test_what_is_no_month_but_spelled_like_one_does_not_count():
    assert numbers_of("They may march on the capital.") == set()


def test_a_year_outweighs_another_number_said_as_often():
    terms = sketched(None, "It was 2011 and 4312 were there.").terms
    year, other = (terms.every[terms.kinds == 2] & np.uint32(255)).tolist()

    assert year > 2 * other


def test_reports_of_one_kind_of_event_are_less_alike_when_they_name_other_years_and_months():
    told = FLOOD.format(when="March 2011")

    assert alike(told, FLOOD.format(when="July 2018")) < 0.9 * alike(told, FLOOD.format(when="March 2011"))


def test_numbers_in_common_count_no_more_than_words_and_names_do():
    cosines = np.array([[0.0, 0.0, 1.0], [0.1, 0.0, 1.0], [0.4, 0.0, 0.1]])

    found = likeness(cosines, np.ones((3, 3), dtype=bool))

    assert found[0] == 0
    assert found[1] == pytest.approx(2 * likeness(cosines[1:2] * [1, 1, 0], np.ones((1, 3), dtype=bool))[0])
    assert found[2] == pytest.approx((0.5 * 0.4 + 0.25 * 0.1) / 1.1)
