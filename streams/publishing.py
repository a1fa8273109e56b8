"""Articles from files and pipes to ``articles.raw``: validated first, each confirmed or set aside."""

import codecs
import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from schemas.article import RawArticle
from schemas.topics import RAW, REJECTED
from streams.errors import WirewatchError, explain
from streams.records import Outgoing, Record, dead_letter, outgoing
from streams.settings import Settings
from streams.stage import Reason, Reject
from streams.text.identity import article_id
from streams.writing import Writer

DECLARED = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
MOST_BEFORE_DECLARED = 4096
PUBLISHING = "publish"
"""What dead letters are told to come from that were never raw records."""
PIPE = "-"
"""What standard input is called."""
ENDINGS = {".txt": "text", ".html": "html", ".htm": "html", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",  # the first begins like the next
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
"""Byte order marks, and what a text behind one is in."""


class ArticleError(WirewatchError):
    """Input that is no article: where it stands, and what is wrong with it."""


@dataclass(frozen=True)
class Published:
    """An article that the broker has confirmed, or has been set aside."""

    id: str
    topic: str
    partition: int
    offset: int


def articles_in(path: Path) -> Iterator[RawArticle]:
    """The articles of a file, or of all files of a directory; ArticleError says where it fails."""
    if not path.exists():
        raise ArticleError(f"{path}: No such file or directory")
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS)
        if not files:
            raise ArticleError(f"{path}: expected files ending in {' '.join(ENDINGS)}, found none")
        for file in files:
            yield from articles_in(file)
        return
    kind = ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise ArticleError(f"{path}: expected a file ending in {' '.join(ENDINGS)}, or a directory of them")
    content = _content(path)
    if not content.strip():
        raise ArticleError(f"{path}: expected an article, found an empty file")
    if kind == "json":
        yield from _of_json(content, str(path))
    elif kind == "jsonl":
        yield from articles_of_lines(content.splitlines(), str(path))
    else:
        yield _valid({kind: _text(path, content, declared_encoding(content) if kind == "html" else None)}, str(path))


def _content(path: Path) -> bytes:
    """What a file holds, without a byte order mark, and in UTF-8 where the mark is of another encoding."""
    if path.exists() and not path.is_file():  # a device or pipe may never end
        raise ArticleError(
            f"{path}: expected a file, found a device, pipe or socket; write `-` to publish what is piped"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: {error.strerror}") from None
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            with contextlib.suppress(UnicodeDecodeError):
                return content.decode(encoding).encode()
    return content.removeprefix(codecs.BOM_UTF8)


def _of_json(content: bytes, name: str) -> Iterator[RawArticle]:
    """One article, a list of articles, or JSON Lines under that ending."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        yield from articles_of_lines(content.splitlines(), name)
        return
    for number, fields in enumerate(found if isinstance(found, list) else [found], start=1):
        if not isinstance(fields, dict):
            raise ArticleError(f"{name}:{number} is not an article: expected a JSON object")
        yield _valid(fields, f"{name}:{number}" if isinstance(found, list) else name)


def _text(path: Path, content: bytes, declared: str | None) -> str:
    """The text of a file: UTF-8, else as ``declared``."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            if declared:
                return content.decode(declared)
        raise ArticleError(
            f"{path}: expected UTF-8, found byte 0x{content[error.start]:02x} at {error.start}; "
            f"convert it, as with `iconv -f {declared or 'WINDOWS-1252'} -t UTF-8`"
        ) from None


def declared_encoding(page: bytes) -> str | None:
    """The encoding that a page says it is in; browsers read what says Latin-1 as Windows-1252."""
    found = DECLARED.search(page[:MOST_BEFORE_DECLARED])
    name = found[1].decode("ascii").lower() if found else None
    return "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name


def articles_of_lines(lines: Iterable[bytes], name: str) -> Iterator[RawArticle]:
    """The articles of JSON Lines; an id is made where there is none."""
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not line.strip():
            continue
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            instead = "; a pipe is read as JSON Lines, a text is published by the name of its file" * (name == PIPE)
            raise ArticleError(f"{name}:{number} is not JSON: {error}{instead}") from None
        if not isinstance(fields, dict):
            raise ArticleError(f"{name}:{number} is not an article: expected a JSON object")
        yield _valid(fields, f"{name}:{number}")


def _valid(fields: dict[str, Any], where: str) -> RawArticle:
    if not fields.get("id"):
        fields["id"] = article_id(fields)
    try:
        return RawArticle.model_validate(fields)
    except ValidationError as error:
        raise ArticleError(f"{where} is not an article. {explain(error)}") from None


class Publisher:
    """Sends articles and waits for the broker's word on each."""

    def __init__(self, settings: Settings) -> None:
        self._writer = Writer(settings)

    def publish(self, articles: Iterable[RawArticle]) -> Iterator[Published]:
        """Send all, then give the confirmations in order; an oversized one is set aside with its head and hash."""
        yield from self._confirmed((article.id, record_of(article)) for article in articles)

    def send(self, articles: Iterable[RawArticle]) -> None:
        """Send without waiting; `close` waits."""
        for article in articles:
            self._writer.send(record_of(article))

    def publish_records(self, records: Iterable[Outgoing]) -> Iterator[Published]:
        """Send records as they are, whatever they hold, under their keys."""
        yield from self._confirmed(((record.key or b"").decode(), record) for record in records)

    def _confirmed(self, records: Iterable[tuple[str, Outgoing]]) -> Iterator[Published]:
        sent = [(identity, out.topic, self._writer.send(out)) for identity, out in records]
        for identity, topic, future in sent:
            metadata = self._writer.confirm(future)
            yield Published(identity, topic, metadata.partition, metadata.offset)

    def close(self) -> None:
        self._writer.close()


def record_of(article: RawArticle) -> Outgoing:
    """An article as it is written; one that is too large as a dead letter."""
    return fitting(outgoing(RAW, article, PUBLISHING, ()))


def fitting(out: Outgoing) -> Outgoing:
    """A record for ``articles.raw`` as it is, or as a dead letter with its head, size and hash if it is too large."""
    if len(out.value or b"") <= RAW.limit - 1024:
        return out
    record = Record(RAW.name, 0, 0, None, out.key, out.value, out.headers)
    reject = Reject(Reason.TOO_LARGE, f"{len(out.value or b'')} bytes; at most {RAW.limit}")
    return dead_letter(record, PUBLISHING, reject, REJECTED.name, RAW.limit - 1024)
