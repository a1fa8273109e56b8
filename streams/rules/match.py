"""A rule that holds for an article, and what it rests on."""

from typing import TYPE_CHECKING

from schemas.alert import Evidence
from schemas.rule import Rule
from streams.rules.evidence import evidence_of
from streams.rules.nodes import Spans
from streams.rules.view import ArticleView

if TYPE_CHECKING:
    from streams.rules.matching import RuleSet


class Match:
    """A rule that holds for an article, with the evidence of it."""

    __slots__ = ("_evidence", "_rules", "_view", "name")

    def __init__(self, name: str, rules: "RuleSet", view: ArticleView) -> None:
        self.name, self._rules, self._view = name, rules, view
        self._evidence: tuple[Evidence, ...] | None = None

    @property
    def rule(self) -> Rule:
        """The rule as it stands on its topic."""
        return self._rules.compiled(self.name).rule

    @property
    def severity(self) -> str:
        """The rule's own, before any escalation."""
        return self._rules.severity(self.name)

    @property
    def version(self) -> str:
        """Hash of the rule's condition."""
        return self._rules.version(self.name)

    @property
    def since(self) -> float | None:
        """When the rule came, in seconds since 1970; None where that is not known."""
        return self._rules.since.get(self.name)

    @property
    def cut(self) -> bool:
        """Whether the article was too long to be read to its end."""
        return self._view.analysis.cut

    @property
    def spans(self) -> Spans:
        """Word positions of what was found."""
        return self._rules.compiled(self.name).node.find(self._view)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was found, as offsets into title and body."""
        if self._evidence is None:
            self._evidence = evidence_of(self._view, self.spans)
        return self._evidence
