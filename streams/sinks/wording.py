"""How an alert reads: one line, its evidence, and text of publishers made harmless."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from schemas.alert import Alert, AlertState

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST_EVIDENCE = 5
NOT_IN_HOSTS = re.compile(r"[^\w.:-]")
BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def plain(text: str, most: int) -> str:
    """``text`` on one line without control and direction characters, at most ``most`` characters.

    >>> plain("a\\r\\nBcc: b \\u202eevil", 40)
    'a Bcc: b evil'
    """
    spaced = " ".join(text[: 4 * most].split())
    kept = "".join(c for c in spaced if c not in BIDI and unicodedata.category(c) not in ("Cc", "Cs"))
    return kept if len(kept) <= most else kept[: most - 1].rstrip() + "…"


def headline(alert: Alert) -> str:
    """What happened, in one line."""
    state = "" if alert.state is AlertState.OPEN else f" {alert.state}"
    return f"[{plain(alert.severity, 20).upper()}{state}] {plain(alert.rule, 100)}: {title(alert)}"


def title(alert: Alert) -> str:
    """The article's title, else its address, else its id."""
    return plain(alert.title or alert.url or alert.id, 300)


def origin(alert: Alert) -> str:
    """Who published it, when, and how many others: ``agency.example, 2026-01-02, 3 articles from 2 publishers``."""
    parts = [plain(alert.source or "", 100), plain(alert.published or "", 40)]
    if alert.articles > 1:
        parts.append(f"{alert.articles} articles from {alert.sources} publishers")
    return ", ".join(part for part in parts if part)


def sentences(alert: Alert, most: int = MOST_EVIDENCE) -> Iterator[str]:
    """The sentence of each match behind its modality, equal sentences once; then how many more there are."""
    shown: dict[str, str] = {}
    for evidence in alert.evidence:
        shown.setdefault(plain(evidence.sentence, 400), evidence.modality)
    for sentence in list(shown)[:most]:
        yield f"{shown[sentence]}: {sentence}"
    if len(shown) > most:
        yield f"and {len(shown) - most} more"


def link(url: str | None) -> str | None:
    """``url`` as RFC 3986 writes it, if a person may be sent there: http or https, no user, nothing that ends it early.

    Alertmanager refuses a whole list of alerts for one address that it cannot read.

    >>> link("https://x.example/100%-off?a=ü")
    'https://x.example/100%25-off?a=%C3%BC'
    """
    try:
        parts = urlsplit((url or "").strip())
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or NOT_IN_HOSTS.search(host):
        return None
    return quote(BARE_PERCENT.sub("%25", parts.geturl()), safe="%/:=&?~#+!$,;'@()*[]")
