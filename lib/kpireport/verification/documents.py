"""Compare two files of one kind by what they show: pages, workbooks, PDFs, notebooks, manifests."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from kpireport.sources import workbook
from kpireport.verification import printed, webpage
from kpireport.verification.comparison import (
    Found,
    Tier,
    compare_csv,
    compare_passages,
    compare_strokes,
    compare_table,
    paired,
)

Given = TypeVar("Given", str, bytes)
Told = TypeVar("Told")
_SVG, _HTML = "image/svg+xml", "text/html"


def _both(read: Callable[[Given], Told], old: Given, new: Given) -> tuple[Told, Told]:
    """Return two contents as read, the same ones once."""
    was = read(old)
    return was, was if old == new else read(new)


def compare_html(old: bytes, new: bytes, found: Found) -> None:
    """Compare two pages: every cell of every table, every sentence, every drawing."""
    _compare_pages("", old.decode("utf-8"), new.decode("utf-8"), found)


def _compare_pages(under: str, old: str, new: str, found: Found) -> None:
    was, now = _both(webpage.read, old, new)
    captions = [[f"{table.heading}: {table.caption}" for table in page.tables] for page in (was, now)]
    for here, there in paired(*captions):
        if here is None or there is None:
            told = [captions[side][at] if at is not None else "" for side, at in enumerate((here, there))]
            found.add(Tier.TABLES, f"{under}a table", *told)
            continue
        before, after = was.tables[here], now.tables[there]
        if captions[0][here] != captions[1][there]:
            found.add(Tier.TABLES, f"{under}a table's heading and caption", captions[0][here], captions[1][there])
        name = before.caption or before.heading
        compare_table(f'{under}table "{name}"' if name else f"{under}table {here + 1}", before.rows, after.rows, found)
    passages = [[(_under(under, one.heading), one.text) for one in page.passages] for page in (was, now)]
    compare_passages(passages[0], passages[1], found)
    _compare_drawings(under, was.drawings, now.drawings, found)


def _under(under: str, heading: str) -> str:
    return f'{under}under "{heading}"' if heading else under.removesuffix(", ")


def _compare_drawings(under: str, old: Sequence[webpage.Drawing], new: Sequence[webpage.Drawing], found: Found) -> None:
    found.compared[Tier.CHARTS] += len(old)
    for here, there in paired([one.name for one in old], [one.name for one in new]):
        if here is None or there is None:
            told = [side[at].name or "a drawing" if at is not None else "" for side, at in ((old, here), (new, there))]
            found.add(Tier.CHARTS, f"{under}a chart", *told)
            continue
        before, after = old[here], new[there]
        where = f'{under}chart "{before.name}"'
        for was, now in zip_longest_labels(before.labels, after.labels):
            if was != now:
                found.add(Tier.CHARTS, f"{where}, words in it", was, now)
        compare_strokes(where, "\n".join(before.marks), "\n".join(after.marks), found)


def zip_longest_labels(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of two drawings side by side."""
    for here, there in paired(old, new):
        yield old[here] if here is not None else "", new[there] if there is not None else ""


def compare_workbook(old: bytes, new: bytes, found: Found) -> None:
    """Compare two workbooks sheet by sheet, cell by cell."""
    was, now = _both(workbook.every_cell, old, new)
    for name in {**was, **now}:
        if name not in was or name not in now:
            found.add(Tier.TABLES, "a sheet", name if name in was else "", name if name in now else "")
            continue
        before, after = was[name], now[name]
        found.compared[Tier.TABLES] += 1
        found.compared[Tier.FIGURES] += len(before)
        for cell in {**before, **after}:
            if before.get(cell, "") != after.get(cell, ""):
                row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                head = before.get(f"A{row}", "")
                where = f'sheet "{name}", cell {cell}' + (f', row "{head}"' if head and cell != f"A{row}" else "")
                found.add(Tier.FIGURES, where, before.get(cell, ""), after.get(cell, ""))


def compare_pdf(old: bytes, new: bytes, found: Found) -> None:
    """Compare two PDFs page by page: what each page says, and what is drawn on it."""
    was, now = _both(printed.read, old, new)
    if len(was) != len(now):
        found.add(Tier.TABLES, "the number of pages", str(len(was)), str(len(now)))
    texts = [[(f"page {number}", line) for number, page in enumerate(pages, 1) for line in page.lines] for pages in (was, now)]
    compare_passages(texts[0], texts[1], found)
    found.compared[Tier.CHARTS] += len(was)
    if texts[0] == texts[1]:
        for number, (before, after) in enumerate(zip(was, now, strict=True), 1):
            strokes = [page.strokes.decode("latin-1") for page in (before, after)]
            compare_strokes(f"page {number}, what is drawn on it", strokes[0], strokes[1], found)


def compare_notebook(old: bytes, new: bytes, found: Found) -> None:
    """Compare two notebooks cell by cell: what was written in each, and each form of what it shows."""
    was, now = _both(_json, old, new)
    cells = [list(notebook.get("cells") or []) for notebook in (was, now)]
    _compare_leaves("the notebook's metadata", {**was, "cells": []}, {**now, "cells": []}, found)
    if len(cells[0]) != len(cells[1]):
        found.add(Tier.WORDS, "the number of cells", str(len(cells[0])), str(len(cells[1])))
    for number, (before, after) in enumerate(zip(cells[0], cells[1], strict=False), 1):
        lines = [
            [(f"cell {number}, line {at}", line) for at, line in enumerate(_lines(cell.get("source")), 1)]
            for cell in (before, after)
        ]
        compare_passages(lines[0], lines[1], found)
        outputs = [list(cell.get("outputs") or []) for cell in (before, after)]
        if len(outputs[0]) != len(outputs[1]):
            found.add(Tier.WORDS, f"cell {number}, the number of outputs", str(len(outputs[0])), str(len(outputs[1])))
        for place, (one, other) in enumerate(zip(outputs[0], outputs[1], strict=False), 1):
            _compare_outputs(f"cell {number}, output {place}", one, other, found)
        rest = [
            {name: value for name, value in cell.items() if name not in ("source", "outputs", "id")} for cell in (before, after)
        ]
        _compare_leaves(f"cell {number}", rest[0], rest[1], found)


def _compare_outputs(where: str, old: dict[str, Any], new: dict[str, Any], found: Found) -> None:
    before, after = dict(old.get("data") or {}), dict(new.get("data") or {})
    for mimetype in {**before, **after}:
        was, now = ("".join(_lines(data.get(mimetype))) for data in (before, after))
        place = f"{where}, {mimetype}"
        if mimetype == _HTML:
            _compare_pages(f"{where}, ", was, now, found)
        elif mimetype == _SVG:
            drawings = [webpage.read(text).drawings for text in (was, now)]
            _compare_drawings(f"{where}, ", drawings[0], drawings[1], found)
        elif was != now:
            lines = [[(place, line) for line in text.split("\n")] for text in (was, now)]
            compare_passages(lines[0], lines[1], found)
    rest = [{name: value for name, value in output.items() if name != "data"} for output in (old, new)]
    _compare_leaves(where, rest[0], rest[1], found)


def compare_json(old: bytes, new: bytes, found: Found) -> None:
    """Compare two JSON files entry by entry."""
    _compare_leaves("", *_both(_json, old, new), found)


def _json(content: bytes) -> dict[str, Any]:
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _lines(text: Any) -> list[str]:
    """Return what a notebook holds as text, or as a list of lines, as lines with their ends."""
    if isinstance(text, list):
        text = "".join(map(str, text))
    return str(text if text is not None else "").splitlines(keepends=True)


def _compare_leaves(where: str, old: Any, new: Any, found: Found) -> None:
    leaves = [list(_leaves(where, value)) for value in (old, new)]
    if leaves[0] != leaves[1]:
        compare_passages(leaves[0], leaves[1], found)


def _leaves(where: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every entry of a JSON value with its place."""
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _leaves(f"{where} {name}".strip(), value[name])
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _leaves(f"{where} {number}".strip(), one)
    else:
        yield where, json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


KINDS: dict[str, Callable[[bytes, bytes, Found], None]] = {
    "csv": compare_csv,
    "html": compare_html,
    "xlsx": compare_workbook,
    "pdf": compare_pdf,
    "ipynb": compare_notebook,
    "json": compare_json,
}
"""How files are compared, by the ending of their names."""
