"""Which article an article is, wherever it comes from."""

import hashlib
from typing import Any

from streams.text.urls import canonical_url


def article_id(fields: dict[str, Any]) -> str:
    """Hash of the canonical URL, else of source and guid, else of the content: 32 hex digits."""
    url = canonical_url(str(fields["url"])) if fields.get("url") else None
    if url:
        identity = ("url", url)
    elif fields.get("guid"):
        identity = ("guid", f"{fields.get('source') or ''}\n{fields['guid']}")
    else:
        identity = ("content", f"{fields.get('title') or ''}\n{fields.get('html') or fields.get('text') or ''}")
    return hashlib.sha256("\0".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:32]
