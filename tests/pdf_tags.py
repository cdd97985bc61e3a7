"""The tag tree of a PDF, for questions about what a listener hears."""

from collections.abc import Iterator
from typing import Any

import pikepdf

HEADINGS = ("/H1", "/H2", "/H3", "/H4")


def children(element: Any) -> list[Any]:
    """Return the elements directly below one."""
    held = element.get("/K", [])
    listed = held if isinstance(held, pikepdf.Array) else [held]
    return [one for one in listed if isinstance(one, pikepdf.Dictionary) and "/S" in one]


def elements(element: Any, kind: str | None = None) -> Iterator[Any]:
    """Yield the elements below one, in reading order; of one kind only, if it is given."""
    for child in children(element):
        if kind is None or kind == child.S:
            yield child
        yield from elements(child, kind)


def attribute(cell: Any, name: str) -> Any:
    """Return an attribute of an element, from whichever of its dictionaries has it; None without it."""
    held = cell.get("/A", [])
    listed = held if isinstance(held, pikepdf.Array) else [held]
    return next((one[name] for one in listed if name in one), None)


def bookmarks(file: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Return the level and the words of every bookmark, from the top down."""

    def listed(items: Any, level: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield level, str(item.title)
            yield from listed(item.children, level + 1)

    with file.open_outline() as outline:
        return list(listed(outline.root, 1))
