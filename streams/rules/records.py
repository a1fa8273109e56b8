"""Alerts in short: what an answer stores of them, and the alert rebuilt from it and its article.

Texts are left out where the article has them at the stored offsets.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from schemas.alert import Alert, Evidence, Member
from schemas.article import EnrichedArticle


def identify(*parts: str) -> str:
    """Hash of parts, none of which can run into the next."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def short(evidence: Evidence) -> list[Any]:
    """A piece of evidence by its offsets."""
    return [
        evidence.field,
        evidence.start,
        evidence.end,
        evidence.sentence_start,
        evidence.sentence_end,
        str(evidence.modality),
        [[member.start, member.end, member.term] for member in evidence.members],
    ]


def _evidence(article: EnrichedArticle, record: list[Any]) -> Evidence:
    field, start, end, low, high, modality, members = record
    text = (article.title or "") if field == "title" else article.body
    return Evidence(
        field=field,
        start=start,
        end=end,
        text=text[start:end],
        sentence=text[low:high],
        sentence_start=low,
        sentence_end=high,
        modality=modality,
        members=tuple(Member(start=s, end=e, text=text[s:e], term=term) for s, e, term in members),
    )


def alert_of(article: EnrichedArticle, record: Mapping[str, Any]) -> Alert:
    """The alert that a record stands for; equal bytes for equal article and record."""
    stated = {key: value for key, value in record.items() if key != "evidence"}
    return Alert(
        id=article.id,
        position=article.position,
        revision=article.revision,
        story=article.story,
        title=article.title,
        url=article.url,
        source=article.source,
        language=article.language,
        published=article.published,
        first_seen=article.first_seen,
        evidence=tuple(_evidence(article, one) for one in record["evidence"]),
        **stated,
    )
