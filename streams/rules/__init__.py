"""The language of alert rules: parsing, matching, evidence."""

from streams.rules.brute import brute_force
from streams.rules.checking import Failure, check, test
from streams.rules.compiling import rule_version
from streams.rules.errors import QueryError, RuleError, RulesError
from streams.rules.explaining import Explanation, explain
from streams.rules.filling import compile_rules, compile_usable
from streams.rules.from_files import load_rules, read_rules
from streams.rules.loading import parse_rules
from streams.rules.lucene import import_lucene
from streams.rules.match import Match
from streams.rules.matching import RuleSet
from streams.rules.suggesting import suggest

__all__ = [
    "Explanation",
    "Failure",
    "Match",
    "QueryError",
    "RuleError",
    "RuleSet",
    "RulesError",
    "brute_force",
    "check",
    "compile_rules",
    "compile_usable",
    "explain",
    "import_lucene",
    "load_rules",
    "parse_rules",
    "read_rules",
    "rule_version",
    "suggest",
    "test",
]
