"""Routes as Alertmanager walks them."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.alert import Alert
from streams.routing import Route

TREE = Route.model_validate(
    {
        "to": "archive",
        "routes": [
            {"match": {"severity": ["high", "critical"]}, "to": "pager", "continue": True},
            {
                "match": {"team": "north"},
                "to": "north-chat",
                "routes": [
                    {"match": {"language": "ar"}, "to": "north-arabic"},
                    {"matchers": ['source=~".*[.]gov[.]example"'], "to": ["north-officials", "north-chat"]},
                    {"match": {"rule": "quiet"}},
                ],
            },
            {"match": {"team": "south"}, "to": "south-mail"},
            {"matchers": ['team!=""'], "to": "other-teams"},
        ],
    }
)


def receivers(**changes: Any) -> set[str]:
    known = {"alert_id": "a", "dedup_key": "d", "id": "i", "rule": "coup", "rule_version": "1"}
    return set(TREE.receivers(Alert(**(known | changes))))


def test_what_no_child_takes_stays_with_the_parent() -> None:
    assert receivers() == {"archive"}


def test_two_teams_have_their_own_channels_over_one_stream() -> None:
    assert receivers(labels={"team": "north"}) == {"north-chat"}
    assert receivers(labels={"team": "south"}) == {"south-mail"}


def test_the_first_sibling_that_fits_ends_the_search_unless_it_says_continue() -> None:
    assert receivers(labels={"team": "south"}, severity="critical") == {"pager", "south-mail"}
    assert receivers(severity="high") == {"pager"}


def test_the_deepest_node_that_fits_decides() -> None:
    assert receivers(labels={"team": "north"}, language="ar") == {"north-arabic"}
    assert receivers(labels={"team": "north"}, source="press.gov.example") == {"north-officials", "north-chat"}


def test_a_child_without_receivers_has_those_of_its_parent() -> None:
    assert receivers(labels={"team": "north"}, rule="quiet") == {"north-chat"}


def test_a_pattern_matches_the_whole_value() -> None:
    assert receivers(labels={"team": "north"}, source="press.gov.example.net") == {"north-chat"}


def test_a_label_cannot_pass_for_a_field_of_the_alert() -> None:
    assert receivers(labels={"severity": "critical"}) == {"archive"}


def test_a_missing_label_is_empty() -> None:
    assert receivers(labels={"team": "west"}) == {"other-teams"}


@pytest.mark.parametrize("matcher", ["team", "=x", "team=~[", "team<3"])
def test_a_matcher_that_is_none_is_refused(matcher: str) -> None:
    with pytest.raises(ValidationError, match="expected a"):
        Route.model_validate({"matchers": [matcher]})


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="receiver"):
        Route.model_validate({"receiver": "x"})


def test_every_sink_of_the_tree_is_named() -> None:
    assert TREE.named() >= {"archive", "pager", "north-arabic", "south-mail", "other-teams"}
