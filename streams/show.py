"""Messages for a person's eyes: entities and evidence highlighted, control characters made visible."""

from collections.abc import Iterable, Iterator

import click

from schemas.alert import Alert, Evidence
from schemas.article import Article, EnrichedArticle, RawArticle, Story, StoryCorrection, TaggedArticle
from schemas.base import Message
from schemas.entity import Entity, EntityType
from schemas.rule import Rule, Silence

COLOURS = {
    EntityType.PERSON: "cyan", EntityType.ORG: "blue", EntityType.ARMED_GROUP: "red", EntityType.GPE: "green",
    EntityType.LOC: "green", EntityType.FAC: "green", EntityType.EVENT: "magenta", EntityType.MEDIA: "blue",
    EntityType.NORP: "yellow",
}  # fmt: skip
LEAD = 400
"""Code points of a body that are shown."""


def visible(text: str) -> str:
    """``text`` without anything that could move a terminal's cursor or colours."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def on_one_line(text: str) -> str:
    """``text`` made `visible`, without line breaks."""
    return visible(" ".join(text.splitlines()))


def heading(text: str) -> str:
    """What stands above the lines about one article."""
    return click.style(f"── {on_one_line(text)}", bold=True)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 article``, ``2 articles``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _dim(text: str) -> str:
    return click.style(on_one_line(text), dim=True)


def as_text(message: Message) -> Iterator[str]:
    """A message as lines."""
    match message:
        case Alert():
            yield from _alert(message)
        case TaggedArticle() | EnrichedArticle():
            yield from _article(message, message.entities)
        case Article():
            yield from _article(message, ())
        case RawArticle():
            text = message.text or message.html or ""
            title = on_one_line(message.title or text[: LEAD // 5])
            yield f"{_dim(message.id)}  {title}  {counted(len(text), 'character')}"
        case Story():
            merged = f" -> {message.merged_into}" if message.merged_into else ""
            size = f"{counted(message.size, 'article')}, {counted(message.publishers, 'publisher')}"
            yield on_one_line(f"{message.id}{merged}  {size}  {message.title or ''}")
        case StoryCorrection():
            about = message.into or ", ".join(message.members)
            yield on_one_line(f"{message.id}  {message.action} {message.story}: {about}")
        case Rule():
            yield on_one_line(f"{message.name:<32} {message.severity:<9} {message.description or message.query or ''}")
        case Silence():
            what = " ".join(
                [message.rule or "any rule", *(f"{name}={value}" for name, value in message.labels.items())]
            )
            comment = f"  {message.comment}" if message.comment else ""
            span = f"{message.starts:%Y-%m-%d %H:%M} to {message.ends:%Y-%m-%d %H:%M}"
            yield on_one_line(f"{message.id}  {span}  {what}{comment}")
        case _:
            yield on_one_line(message.model_dump_json())


def _article(article: Article, entities: Iterable[Entity]) -> Iterator[str]:
    about = [article.id[:16], article.language or "?", article.source or article.publisher or "?"]
    if isinstance(article, EnrichedArticle):
        copy = f" of {article.duplicate_of[:16]}" if article.duplicate_of else ""
        about += [f"{article.verdict}{copy}", f"story {article.story and article.story[:16]} ({article.story_size})"]
    yield _dim("  ".join(about))
    if article.title:
        yield click.style("  " + painted(article.title, "title", entities), bold=True)
    yield "  " + painted(article.body, "body", entities)[: LEAD * 3].replace("\n\n", "\n  ")


def painted(text: str, field: str, entities: Iterable[Entity]) -> str:
    """``text`` with the entities of ``field`` in the colours of their types, at most ``LEAD`` code points."""
    mentions = sorted((m for e in entities for m in e.mentions if m.field == field), key=lambda m: m.start)
    parts, at = [], 0
    for mention in mentions:
        if mention.start < at or mention.end > LEAD:
            continue
        parts += [visible(text[at : mention.start]), click.style(visible(mention.surface), fg=COLOURS[mention.type])]
        at = mention.end
    return "".join([*parts, visible(text[at : max(at, LEAD)])])


def _alert(alert: Alert) -> Iterator[str]:
    head = on_one_line(f"{alert.state.upper()}  {alert.rule}  {alert.severity}")
    quiet = f"  (nobody told: {alert.suppressed})" if alert.suppressed else ""
    yield click.style(head, fg="red", bold=True) + click.style(quiet, dim=True)
    yield f"  {on_one_line(alert.title or '(no title)')}  {_dim(alert.url or alert.id)}"
    yield from evidence_lines(alert.evidence)


def told(alert: Alert) -> str:
    """Whether anybody was told of an alert, and why not."""
    return "told" if alert.notify else f"told nobody: {alert.suppressed or alert.state}"


def evidence_lines(found: Iterable[Evidence]) -> Iterator[str]:
    """Each match: modality, place, and the sentence with the match highlighted."""
    for evidence in found:
        yield f"  {evidence.modality:<11} {evidence.field}[{evidence.start}:{evidence.end}]  {_sentence(evidence)}"


def _sentence(evidence: Evidence) -> str:
    start, end = evidence.start - evidence.sentence_start, evidence.end - evidence.sentence_start
    sentence = evidence.sentence
    match = click.style(visible(sentence[start:end]), fg="red", bold=True)
    return (visible(sentence[:start]) + match + visible(sentence[end:])).replace("\n", " ")
