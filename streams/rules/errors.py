"""What is wrong with a rule, where, and what to do about it."""

from dataclasses import dataclass

CODES = {
    "E001": "a character that means nothing here",
    "E002": "a quotation mark without its partner",
    "E003": "a parenthesis without its partner",
    "E004": "an operator or end where a word was expected",
    "E005": "an unknown field",
    "E006": "an unknown function or argument, or a field without its colon",
    "E007": "a number that cannot be read or is out of range",
    "E008": "a prefix of under three letters",
    "E009": "an unknown set",
    "E010": "an unknown rule",
    "E011": "rules or sets that use each other in a circle",
    "E012": "AND and OR side by side without parentheses",
    "E013": "different proximity operators side by side without parentheses",
    "E014": "NOT without something to be found",
    "E015": "no selective term",
    "E016": "a prefix without a plain word beside it",
    "E017": "nested too deep",
    "E018": "too long, or too many words",
    "E019": "a fact of the article where words with places were expected",
    "E020": "YAML that cannot be read",
    "E021": "an unknown setting of a rule",
    "E022": "two rules of one name",
    "E023": "a setting whose value cannot be used",
    "E024": "a condition that can never be true",
    "E025": "an operator in small letters, or of another language of queries",
    "E026": "YAML with tags, anchors or aliases",
    "E027": "a rule without a query",
    "E028": "letters of several scripts in one word",
}
"""Every code with what it stands for."""


@dataclass(frozen=True)
class Problem:
    """A fault within one text, by its offset there; the reader of the file knows the line."""

    code: str
    offset: int
    message: str
    hint: str = ""


class QueryError(ValueError):
    """A query cannot be read; ``problem.offset`` counts code points of ``query``."""

    def __init__(self, problem: Problem, query: str = "") -> None:
        super().__init__(problem.message)
        self.problem, self.query = problem, query


class RuleError(ValueError):
    """A rule cannot be used: ``code``, ``line`` and ``column`` (from 1), what is wrong, and a hint."""

    def __init__(
        self, code: str, line: int, column: int, message: str, hint: str = "", *, source: str = "", name: str = ""
    ) -> None:
        super().__init__(message)
        self.code, self.line, self.column, self.message, self.hint = code, line, column, message, hint
        self.source, self.name = source, name

    @classmethod
    def of(cls, error: QueryError, *, source: str, name: str) -> "RuleError":
        """A fault of a rule that stands in no file: its query is the line."""
        problem = error.problem
        column = problem.offset + 1
        return cls(problem.code, 1, column, problem.message, problem.hint, source=source, name=name)

    def __str__(self) -> str:
        """The fault with its line and a caret below the place.

        >>> print(RuleError("E012", 1, 7, "AND and OR side by side", "use ( )", source="a AND b OR c", name="x.yaml"))
        x.yaml:1:7: E012 AND and OR side by side
          a AND b OR c
                ^
          hint: use ( )
        """
        place = f"{self.name}:{self.line}:{self.column}" if self.name else f"{self.line}:{self.column}"
        lines = [f"{place}: {self.code} {self.message}"]
        if self.source:
            shown, column = _window(self.source, self.column)
            lines += [f"  {shown}", "  " + " " * (column - 1) + "^"]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class RulesError(ValueError):
    """Everything that is wrong with a file of rules."""

    def __init__(self, errors: list[RuleError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


def _window(line: str, column: int, width: int = 100) -> tuple[str, int]:
    """At most ``width`` characters of a long line round the column, and the column there."""
    line = line.replace("\t", " ")
    if len(line) <= width:
        return line, column
    start = max(0, min(column - 1 - width // 2, len(line) - width))
    return line[start : start + width], column - start
