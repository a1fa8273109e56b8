"""The table of results."""

from collections.abc import Iterator, Sequence

from streams.faults.result import Result

HEAD = ("fault", "articles", "lost", "repeated", "wrong", "resumed", "fresh", "verdict")
MOST_NAMED = 5


def row_of(result: Result) -> tuple[str, ...]:
    """The cells of a result."""
    judged = result.judgement
    resumed = "-" if result.resumed is None else f"{result.resumed:.1f} s"
    if result.promised is not None:
        resumed += f" (<= {result.promised:g})"
    numbers = (judged.articles, len(judged.lost), judged.repeated, len(judged.wrong))
    return (result.name, *map(str, numbers), resumed, f"{result.fresh:.2f} s", result.verdict)


def table(results: Sequence[Result]) -> Iterator[str]:
    """Lines of a table, then what was wrong and noted."""
    rows = [HEAD, *map(row_of, results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    for result in results:
        for line in details(result):
            yield f"{result.name}: {line}"


def details(result: Result) -> Iterator[str]:
    """What was lost or wrong, the first of each, and what was noted."""
    for what, found in (("lost", result.judgement.lost), ("wrong", result.judgement.wrong)):
        for each in found[:MOST_NAMED]:
            yield f"{what}: {each}"
        if len(found) > MOST_NAMED:
            yield f"{what}: and {len(found) - MOST_NAMED} more"
    yield from result.notes
