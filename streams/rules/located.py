"""A rule with the places of its settings in its file, so that a fault is told where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.rule import Rule
from streams.rules.errors import QueryError, RuleError
from streams.rules.yaml_reading import Located


@dataclass(frozen=True, slots=True)
class LocatedRule:
    """A rule with the places of its settings, and of the sets that all rules of its file share."""

    rule: Rule
    name: str
    lines: Sequence[str]
    values: dict[str, Located]
    shared: Located

    def error(self, error: QueryError) -> RuleError:
        """A fault of the rule's condition, at its place in the file."""
        problem = error.problem
        setting = self.values.get(problem.message.split()[0].rstrip(":")) if problem.code in ("E005", "E023") else None
        where = setting or self.values.get("query") or self.values.get("any") or next(iter(self.values.values()))
        line, column = self._place(where, problem.offset, error.query)
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return RuleError(problem.code, line, column, problem.message, problem.hint, source=source, name=self.name)

    def _place(self, where: Located, offset: int, query: str) -> tuple[int, int]:
        """Line and column of an offset of a query that stands somewhere in this rule."""
        for located in _scalars({**self.values, "sets of the file": self.shared}):
            if query and str(located.value) in (query, query.strip('"')):
                where = located
                break
        text = where.value if isinstance(where.value, str) else ""
        rest = text[offset:].splitlines()[0].strip() if text[offset:].strip() else ""
        if not rest:
            return where.line, where.column
        start = where.column - 1 + (0 if "\n" in text else offset)
        last = min(where.line + 1 + text.count("\n") + len(text) // 20, len(self.lines))
        for number in range(where.line, last + 1):
            found = self.lines[number - 1].find(rest[:40], start)
            if found >= 0:
                return number, found + 1
            start = 0
        return where.line, where.column + offset


def _scalars(values: dict[str, Located]) -> Iterator[Located]:
    pending = [values[key] for key in sorted(values, key=lambda key: key not in ("query", "any", "sets"))]
    while pending:
        located = pending.pop(0)
        if isinstance(located.value, dict):
            pending = [*located.value.values(), *pending]
        elif isinstance(located.value, list):
            pending = [*located.value, *pending]
        else:
            yield located
