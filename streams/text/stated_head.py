"""What a page states of itself, for the tier that has no time to parse it: the few elements that say so, cut out.

The rest of the page is not looked at, so that a byline or a date in mere text is not found.
"""

import re

from streams.text.metadata import Metadata, metadata_of
from streams.text.pages import parsed

_BEGINNING = re.compile(r"<(?:html|meta|link|title|script|h1|time)\b", re.I)
_TAG = 3000
"""Characters up to which the end of a tag is looked for."""
_MOST = {"html": 1, "meta": 300, "link": 100, "title": 3, "h1": 5, "time": 10, "script": 20}
"""How many elements of each name are read: hostile pages have more."""
_WHOLE = {"title": 1000, "h1": 2000, "time": 500}
"""Elements of which the text counts, too, and how many characters of it at most."""
_ENDS = {name: re.compile(rf"</{name}\b[^>]*>", re.I) for name in (*_WHOLE, "script")}


def stated_metadata(html: str, url: str | None) -> Metadata:
    """The facts that the page at ``url`` states in ``<meta>``, JSON-LD, ``<title>``, ``<h1>`` and ``<time>``."""
    tree = parsed(stated_excerpt(html))
    if tree is None:
        return Metadata()
    metadata = metadata_of(tree, url)
    metadata.published = metadata.published or metadata.placed
    if metadata.by_url and metadata.published is None:
        metadata.published, metadata.origin = metadata.by_url, "url"
    return metadata


def stated_excerpt(html: str) -> str:
    """A small page of those elements alone, in their order."""
    pieces: list[str] = []
    left = dict(_MOST)
    place = 0
    while begun := _BEGINNING.search(html, place):
        name = begun[0][1:].lower()
        inside = place = html.find(">", begun.end(), begun.end() + _TAG) + 1 or begun.end()
        if name in _ENDS:
            last = inside + _WHOLE.get(name, len(html))
            end = _ENDS[name].search(html, inside, last)
            if end is None and name == "script":
                break
            place = end.end() if end else inside
        wanted = name != "script" or "ld+json" in html[begun.start() : inside]
        if wanted and left[name]:
            left[name] -= 1
            pieces.append(html[begun.start() : place])
    return "".join(pieces)
