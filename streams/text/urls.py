"""One address for one page."""

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|(?:mc|pk|mtm|hsa|vero|oly|guce|at|ns)_\w+|_hs\w+|__twitter_impression|_g[al]"
    r"|cm(?:p|pid|_mmc)|icid|ncid|ocid"
    r"|s_cid|s_kwcid|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igsh|igshid|ito|smid|smtyp|spm"
    r"|xtor|soc_src|soc_trk|ref|referrer|ref_src|ref_url|ftag|ftcamp|mbid|mkt_tok|trk|trkinfo|guccounter|sfnsn|tpcc)",
    re.I,
)
_KEEP_UNESCAPED = "/:@!$&'()*+,;=~-._"
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_DISCARDED = re.compile("[\x00-\x20\x7f\u00a0\u200b\ufeff\ud800-\udfff]")


def canonical_url(url: str | None) -> str | None:
    """The address without what does not name the page; None for what is no web address.

    Lower-case scheme and host, IDNA, no default port, no user, no fragment, dot segments resolved,
    escapes in one form, tracking parameters out, the others sorted, no trailing slash except the root's.
    Idempotent.
    """
    if not url:
        return None
    try:
        parts = urlsplit(_DISCARDED.sub("", url))
        scheme, port = parts.scheme.lower(), parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return None
    if scheme not in _PORTS or not host:
        return None
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    query = _query(parts.query)
    return f"{scheme}://{place}{_path(parts.path)}{'?' + query if query else ''}"


def site_of(url: str | None) -> str | None:
    """The host of an address without ``www.``; None where there is none."""
    canonical = canonical_url(url)
    if canonical is None:
        return None
    return canonical.split("/", 3)[2].rsplit(":", 1)[0].removeprefix("www.") or None


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        return f"[{host}]"
    return host if re.fullmatch(r"[a-z0-9_.-]+", host) and not host.startswith(".") else ""


def _escaped(text: str, safe: str) -> str:
    return quote(unquote_to_bytes(text), safe=safe)


def _path(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        piece = "%2F".join(_escaped(part, _KEEP_UNESCAPED[1:]) for part in re.split("%2[fF]", segment))
        if piece == "..":
            kept = kept[:-1]
        elif piece not in (".", ""):
            kept.append(piece)
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pairs = []
    for piece in query.split("&"):
        name, equals, value = piece.partition("=")
        name = _parameter(name)
        if name and not _TRACKING.fullmatch(name):
            pairs.append((name, equals, _parameter(value)))
    return "&".join("".join(pair) for pair in sorted(pairs))


def _parameter(text: str) -> str:
    """Escaped so that it reads back the same; an escaped delimiter stays escaped."""
    return _escaped(text.replace("+", "%20"), "/:@!$'()*,;~-._")
