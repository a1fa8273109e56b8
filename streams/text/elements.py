"""What the elements of a page are called."""

from lxml.html import HtmlElement


def names_of(element: HtmlElement) -> str:
    """Its classes and its id, as they stand; a space where it has neither."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"
