"""Which sinks an alert goes to: a tree of routes, walked as Alertmanager walks its own."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from schemas.alert import Alert

MATCHER = re.compile(r'\s*([\w.-]+)\s*(!=|!~|=~|=)\s*"?(.*?)"?\s*')
OWN = ("severity", "language", "source", "rule", "state", "story")
"""Fields of an alert that routes match by name; every other name is a label of the rule."""
LONGEST_VALUE = 1000
"""Characters of a value that a pattern is tried on."""

Values = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
Check = Callable[[Alert], bool]


def value_of(alert: Alert, name: str) -> str:
    """What a matcher compares: a field of the alert, or the label of that name; empty where there is none."""
    found: Any = getattr(alert, name) if name in OWN else alert.labels.get(name)
    return "" if found is None else str(found)[:LONGEST_VALUE]


def check_of(matcher: str) -> Check:
    """What ``name="value"`` and its kin ``!=``, ``=~``, ``!~`` ask; patterns match the whole value."""
    parts = MATCHER.fullmatch(matcher)
    if parts is None:
        raise ValueError(f'expected a matcher such as severity="high" or team=~"a|b", found {matcher!r}')
    name, operator, wanted = parts.groups()
    if not operator.endswith("~"):
        return lambda alert: (value_of(alert, name) == wanted) is (operator == "=")
    try:
        pattern = re.compile(wanted)
    except re.error as error:
        raise ValueError(f"expected a regular expression in {matcher!r}: {error}") from None
    return lambda alert: bool(pattern.fullmatch(value_of(alert, name))) is (operator == "=~")


class Route(BaseModel):
    """A node of the tree. It takes the alerts its matchers all agree to; the deepest node that does decides.

    Children are asked in order, and the first that takes an alert ends the search unless it says
    ``continue``. A node without ``to`` sends where its parent does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    match: Mapping[str, Values] = Field(default_factory=dict, description="Label or field: value, or one of several.")
    matchers: tuple[str, ...] = Field((), description='As Alertmanager writes them: `severity=~"high|critical"`.')
    to: Values | None = Field(None, description="Names of sinks.")
    continue_: bool = Field(False, alias="continue", description="Whether later siblings are asked, too.")
    routes: tuple["Route", ...] = ()

    _checks: tuple[Check, ...] = PrivateAttr(())

    def model_post_init(self, _: Any, /) -> None:
        self._checks = tuple(check_of(matcher) for matcher in self.matchers)

    def takes(self, alert: Alert) -> bool:
        """Whether every matcher of this node agrees."""
        fits = all(value_of(alert, name) in values for name, values in self.match.items())
        return fits and all(check(alert) for check in self._checks)

    def receivers(self, alert: Alert) -> frozenset[str]:
        """The sinks that ``alert`` goes to."""
        return frozenset(self._sinks(alert, ()) or ())

    def named(self) -> frozenset[str]:
        """Every sink that the tree names."""
        return frozenset(self.to or ()).union(*(route.named() for route in self.routes))

    def _sinks(self, alert: Alert, inherited: tuple[str, ...]) -> tuple[str, ...] | None:
        """None where this node does not take the alert."""
        if not self.takes(alert):
            return None
        own = inherited if self.to is None else self.to
        found: list[str] = []
        taken = False
        for route in self.routes:
            sinks = route._sinks(alert, own)
            if sinks is not None:
                taken = True
                found.extend(sinks)
                if not route.continue_:
                    break
        return tuple(found) if taken else own
