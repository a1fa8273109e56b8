"""The meaning of a query, word for word and without any index: what the matcher is compared with.

Slow on purpose and written independently of the parts' own way of finding: every pair of words is looked at.
"""

from collections.abc import Callable, Iterable

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.clauses import clauses_in
from streams.rules.combining import All, Any, Has, Not, Shared
from streams.rules.compiling import Compiler
from streams.rules.facts import EntityFound, Fact, Number, Proper
from streams.rules.narrowing import Early, Often, Spoken, Within
from streams.rules.nearness import Apart, Near, Scope
from streams.rules.nodes import Node, Phrase, Prefix, Term
from streams.rules.recency import Recent, is_recalled
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon, cased, fold, keys_of

Place = tuple[int, int]


def brute_force(
    rule: Rule, article: EnrichedArticle, find_rule: Callable[[str], Rule | None] = lambda name: None
) -> bool:
    """Whether the rule holds for the article."""
    return bool(places(Compiler(find_rule).compile(rule).node, ArticleView(article, Lexicon())))


def places(node: Node, view: ArticleView) -> set[Place]:
    """First and last word of everything found; (-1, -1) stands for a truth without place."""
    if isinstance(node, Shared):
        return places(node.inner, view)
    if isinstance(node, Any):
        return set().union(*(places(part, view) for part in node.parts))
    if isinstance(node, All):
        each = [places(part, view) for part in node.parts]
        return set().union(*each) if all(each) else set()
    if isinstance(node, Has):
        return {(-1, -1)} if places(node.part, view) else set()
    if isinstance(node, Not):
        return set() if places(node.part, view) else {(-1, -1)}
    if isinstance(node, Term | Prefix):
        return {(p, p) for p, word in enumerate(view.analysis.words) if _is(node, word)}
    if isinstance(node, Phrase):
        return set(_phrases(node, view))
    if isinstance(node, Fact | EntityFound | Number | Proper):
        return {span[:2] for span in node.find(view)}
    return _filtered(node, view)


def _is(node: Term | Prefix, word: str) -> bool:
    if isinstance(node, Prefix):
        return fold(word).startswith(node.stem)
    if node.case:
        return cased(word) == node.case
    return fold(word) == node.form if node.form else node.key in keys_of(fold(word))


def _phrases(node: Phrase, view: ArticleView) -> Iterable[Place]:
    words, count = view.analysis.words, len(node.words)
    for start in range(len(words)):
        position, fits = start, _is(node.words[0], words[start])
        for word in node.words[1:]:
            after = [p for p in range(position + 1, len(words)) if _is(word, words[p])]
            fits = fits and bool(after)
            position = after[0] if after else position
        if fits and position - start + 1 - count <= node.slop and _together(view, start, position, Scope.SENTENCE):
            yield start, position


def _together(view: ArticleView, first: int, last: int, scope: Scope) -> bool:
    of = view.analysis.paragraph if scope is Scope.PARAGRAPH else view.analysis.sentence
    return of(first) == of(last)


def _follows(left: Place, right: Place, view: ArticleView) -> bool:
    """Whether the right place is in the sentence after the left one's, both in one field."""
    of, split = view.analysis.sentence, view.analysis.split
    return of(left[1]) + 1 == of(right[0]) == of(right[1]) and (left[1] < split) == (right[1] < split)


def _in_clause(left: Place, right: Place, view: ArticleView) -> bool:
    """Whether no clause begins between two places, nor within the second where it reaches beyond the first."""
    if not _together(view, min(left[0], right[0]), max(left[1], right[1]), Scope.SENTENCE):
        return False
    low, high = view.analysis.bounds(view.analysis.sentence(left[0]))
    words, gaps = view.analysis.words[low:high], [view.analysis.between(p) for p in range(low, high)]
    starts = set(clauses_in(words, gaps, low))
    return not starts & {*range(right[0] + 1, left[0] + 1), *range(left[1] + 1, right[1] + 1)}


def _near(node: Near | Apart, left: Place, right: Place, view: ArticleView) -> bool:
    """Whether two places are as near as the operator wants."""
    low, high = min(left, right), max(left, right)
    between = high[0] - low[1] - 1
    if node.ordered and left > right:
        return False
    if node.scope is Scope.NEXT:
        return _follows(left, right, view)
    if node.scope is Scope.CLAUSE:
        return _in_clause(left, right, view)
    near = node.scope is not Scope.WORDS or between <= node.words
    return near and _together(view, low[0], max(low[1], high[1]), node.scope)


def _overlap(left: Place, right: Place) -> bool:
    return left[0] <= right[1] and right[0] <= left[1]


def _apart(node: Near, left: Place, right: Place) -> bool:
    return not _overlap(left, right) if node.scope is Scope.WORDS else left != right


def _filtered(node: Node, view: ArticleView) -> set[Place]:
    analysis = view.analysis
    if isinstance(node, Near | Apart):
        lefts = {p for p in places(node.left, view) if p[0] >= 0}
        rights = {p for p in places(node.right, view) if p[0] >= 0}
        if isinstance(node, Apart):
            return {a for a in lefts if not any(_overlap(a, b) or _near(node, a, b, view) for b in rights)}
        pairs = ((a, b) for a in lefts for b in rights if _apart(node, a, b) and _near(node, a, b, view))
        return {(min(a[0], b[0]), max(a[1], b[1])) for a, b in pairs}
    assert isinstance(node, Within | Early | Often | Spoken | Recent)
    found = {p for p in places(node.part, view) if p[0] >= 0}
    if isinstance(node, Often):
        return found if len({p[0] for p in found}) >= node.count else set()
    if isinstance(node, Spoken):
        return {p for p in found if view.modality((*p, ())) in node.modalities}
    if isinstance(node, Recent):
        return {p for p in found if not is_recalled(analysis, *p)}
    if isinstance(node, Early):
        return {p for p in found if p[1] < analysis.split + node.count}
    title = {p for p in found if p[1] < analysis.split}
    body = {p for p in found if p[0] >= analysis.split}
    lead = {p for p in body if p[1] < analysis.lead}
    return {"title": title, "lead": lead, "body": body}[node.field]
