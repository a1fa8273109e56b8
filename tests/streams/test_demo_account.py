"""The arithmetic of the demo: what is owed, what has come, and whether it balances."""

from hypothesis import given
from hypothesis import strategies as st

from streams.demo import COLUMNS, Account, at_rest, balance, table

numbers = st.integers(0, 1000)


def row(received, sent=0, dropped=0, rejected=0, in_flight=0):
    return dict(zip(COLUMNS, (received, sent, dropped, rejected, in_flight), strict=True))


def test_an_article_is_open_until_it_is_enriched_or_rejected():
    account = Account({"a", "b", "c"}, {"a"}, {"b": "not_json"})

    assert account.open == {"c"}
    account.enriched.add("c")
    assert account.open == set()


def test_what_was_not_published_here_owes_nothing():
    assert Account(set(), {"from an earlier run"}, {"another": "invalid"}).open == set()


@given(numbers, numbers, numbers, numbers, st.integers(-5, 5))
def test_a_stage_balances_exactly_or_not_at_all(sent, dropped, rejected, in_flight, lost):
    received = sent + dropped + rejected + in_flight + lost

    assert balance(row(received, sent, dropped, rejected, in_flight)) == (lost == 0)


def test_columns_that_a_stage_has_not_counted_are_nothing():
    assert balance({"received": 2, "sent": 2})
    assert balance({})


def test_stages_are_at_rest_when_each_has_settled_what_the_one_before_gave():
    counts = {"clean": row(5, 4, rejected=1), "dedupe": row(4, 4), "alert": row(4, 1, dropped=3)}

    assert at_rest(counts)
    assert not at_rest({**counts, "dedupe": row(3, 3)})
    assert not at_rest({**counts, "alert": row(4, 1, dropped=2, in_flight=1)})
    assert not at_rest({**counts, "alert": row(4, 1)})
    assert not at_rest({})


def test_the_table_says_of_each_stage_whether_it_balances():
    head, good, bad = table({"clean": row(5, 4, rejected=1), "dedupe": row(4, 3)})

    assert head.split() == ["stage", *" ".join(COLUMNS).split(), "balances"]
    assert good.split() == ["clean", "5", "4", "0", "1", "0", "yes"]
    assert bad.split()[-1] == "NO"
