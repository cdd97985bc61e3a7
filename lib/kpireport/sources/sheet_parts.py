"""Read a workbook's cells, and what is merged or hidden, from its parts in one pass: ten times as fast as opening it whole.

Services return hundreds of workbooks at once, each with thousands of formatted cells that hold nothing, and anyone can send one.
Parts are gone through element by element, so that neither a million styles nor a million blank rows fill the memory. What a cell
is, is judged by `cells.judge`, as of cells that openpyxl gives, and the tests compare the two.
"""

import io
import posixpath
import zipfile
from dataclasses import dataclass, field

from kpireport.sources import cells
from kpireport.sources.cells import CellKind, Fault
from kpireport.sources.stored_values import Values, Words, formats, strings, whole
from kpireport.sources.xml_parts import UNREADABLE, LocalNames, PartError, go_through

MOST_CELLS = 20_000_000
"""No table has more filled cells than this."""
_MOST_MERGED = 10_000
_TRUE = ("1", "true", "on")
_columns = {cells.letters(position): position for position in range(702)}
"""Of the columns A to ZZ."""

Place = tuple[int, int]
"""Row from 1 and column from 0."""


class TooManyCellsError(PartError):
    """More cells hold something than the reader asked for."""


@dataclass
class Part:
    """One sheet."""

    title: str
    is_visible: bool
    cells: dict[Place, tuple[str, CellKind, Fault | None]] = field(default_factory=dict)
    """Text, kind and fault of each filled cell."""
    merged: list[str] = field(default_factory=list)
    """Ranges such as A3:A5, in order."""
    hidden_rows: set[int] = field(default_factory=set)
    """Those that hold something."""
    hidden_columns: set[int] = field(default_factory=set)
    """Numbers from 0."""


class Book:
    """An open workbook.

    Raises
    ------
    PartError
        When it is not a workbook. Its methods raise it too.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except UNREADABLE as error:
            raise PartError(f"the parts cannot be found ({str(error)[:80]})") from None
        self._names = set(self._archive.namelist())
        root = self._relations("")
        main = next((place for kind, place in root.values() if kind == "officeDocument"), "xl/workbook.xml")
        self._related = self._relations(main)
        self._is_1904, self._places = self._sheets(main)
        self._values: Values | None = None

    @property
    def sheets(self) -> dict[str, bool]:
        """Whether each sheet is visible, by its name."""
        return {title: is_visible for title, (is_visible, _) in self._places.items()}

    def part(self, title: str, *, most: int = MOST_CELLS) -> Part:
        """Return the cells of a sheet; at most `most` of them may hold something."""
        is_visible, place = self._places[title]
        if self._values is None:
            related = {kind: where for kind, where in self._related.values() if where in self._names}
            texts = strings(self._archive, related["sharedStrings"]) if "sharedStrings" in related else []
            codes = formats(self._archive, related["styles"]) if "styles" in related else []
            self._values = Values(texts, codes, is_1904=self._is_1904)
        part = Part(title, is_visible)
        _fill(part, self._archive, place, self._values, most)
        return part

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the place of each part that a part names, by the name it gives."""
        folder, _, file = part.rpartition("/")
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}
        if place not in self._names:
            return found
        local = LocalNames()

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local[tag] == "Relationship":
                target = attributes.get("Target", "")
                where = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], where)

        go_through(self._archive, place, start, _nothing)
        return found

    def _sheets(self, main: str) -> tuple[bool, dict[str, tuple[bool, str]]]:
        """Return whether days are counted from 1904, and of each sheet whether it is visible and where its part is."""
        local = LocalNames()
        is_1904, found, seen = False, dict[str, tuple[bool, str]](), set[str]()

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal is_1904
            name = local[tag]
            if name == "workbookPr":
                is_1904 = attributes.get("date1904") in _TRUE
            elif name == "sheet":
                identity = next((value for key, value in attributes.items() if key.endswith(":id") or key == "id"), "")
                kind, place = self._related.get(identity, ("", ""))
                title = " ".join(attributes.get("name", "").split())
                if kind != "worksheet":
                    return
                if not title.isprintable() or len(title) > 255:
                    raise PartError("a sheet has a name that no program gives")
                if title.lower() in (one.lower() for one in found) or place in seen:
                    raise PartError(f'the sheet "{title}" is there twice')
                if len(found) >= 1_000:
                    raise PartError("there are more than 1,000 sheets")
                seen.add(place)
                found[title] = (attributes.get("state", "visible") == "visible", place)

        go_through(self._archive, main, start, _nothing)
        if not found:
            raise PartError("there is no sheet of cells")
        return is_1904, found


def read(content: bytes, *, most: int = MOST_CELLS) -> list[Part]:
    """Return the sheets of a workbook; each may hold `most` filled cells.

    Raises
    ------
    PartError
        When it is not a workbook.
    """
    book = Book(content)
    return [book.part(title, most=most) for title in book.sheets]


def _nothing(*_: object) -> None:
    pass


def _fill(part: Part, archive: zipfile.ZipFile, place: str, values: Values, most: int) -> None:
    """Add to a sheet what its part holds."""
    local, words = LocalNames(), Words()
    found = part.cells
    row = column = 0
    coordinate = kind = style = row_text = ""
    in_data = in_cell = has_value = has_formula = is_phonetic = False
    hidden_rows, hidden_columns, columns = set[int](), bytearray(cells.LAST_COLUMN + 1), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, row_text, column, style, coordinate, kind, columns
        nonlocal in_data, in_cell, has_value, has_formula, is_phonetic
        name = local[tag]
        if in_cell:
            if name == "v":
                if has_value:
                    raise PartError("a cell holds two values")
                has_value = words.is_on = True
            elif name == "f":
                has_formula = True
            elif name == "t":
                if kind == "inlineStr" and not is_phonetic:
                    has_value = words.is_on = True
            elif name == "rPh":
                is_phonetic = True
        elif name == "c":
            in_cell = in_data
            has_value = has_formula = is_phonetic = False
            kind, style = attributes.get("t", "n"), attributes.get("s", "")
            if "r" in attributes:
                coordinate, column = attributes["r"], 0
            elif coordinate:
                coordinate, column = "", _row_and_column(coordinate)[1] + 2
            else:
                column += 1
        elif name == "row" and in_data:
            number = attributes.get("r")
            row = _row_number(number) if number else row + 1
            coordinate, column, row_text = "", 0, str(row)
            if attributes.get("hidden") in _TRUE:
                hidden_rows.add(row)
        elif name == "sheetData":
            in_data = True
        elif name == "mergeCell":
            if len(part.merged) >= _MOST_MERGED:
                raise PartError(f"more than {_MOST_MERGED:,} ranges of cells are merged")
            part.merged.append(_range(attributes.get("ref", "")))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            columns += 1
            first, last = max(whole(attributes.get("min")), 1), min(whole(attributes.get("max")), cells.LAST_COLUMN)
            if last >= first and columns <= cells.LAST_COLUMN:
                hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def end(tag: str) -> None:
        nonlocal row, in_data, in_cell, coordinate, is_phonetic
        name = local[tag]
        if in_cell:
            if name in ("v", "t"):
                words.is_on = False
            elif name == "rPh":
                is_phonetic = False
            elif name == "c":
                in_cell = False
                if has_value or has_formula:
                    keep()
        elif name == "sheetData":
            in_data = False

    def keep() -> None:
        nonlocal row
        if coordinate:
            letters = coordinate.removesuffix(row_text)
            position = _columns.get(letters, -1) if letters is not coordinate and 1 <= row <= cells.LAST_ROW else -1
            if position < 0:
                row, position = _row_and_column(coordinate)
        else:
            position = column - 1
            if not (1 <= row <= cells.LAST_ROW and position < cells.LAST_COLUMN):
                raise PartError("a cell lies beyond the last of a sheet")
        text, of_kind, fault = values.of(words.taken(), kind, whole(style), has_formula=has_formula)
        if text or fault:
            if (row, position) in found:
                raise PartError(f"cell {cells.address(row, position)} is there twice")
            if len(found) >= most:
                raise TooManyCellsError("more cells are filled in than are read")
            found[row, position] = (text, of_kind, fault)

    go_through(archive, place, start, end, words.add)
    if hidden_rows:
        part.hidden_rows = hidden_rows & {row for row, _ in found}
    if columns:
        part.hidden_columns = {number - 1 for number, is_hidden in enumerate(hidden_columns) if is_hidden}
    part.merged.sort()


def _row_and_column(coordinate: str) -> Place:
    try:
        return cells.place(coordinate)
    except ValueError:
        raise PartError(f'a cell has the address "{coordinate[:20]}", which no sheet has') from None


def _row_number(text: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        raise PartError(f'a row has the number "{text[:20]}"') from None


def _range(text: str) -> str:
    """Return a range of cells as it is written everywhere: A3:B5."""
    first, _, last = text.partition(":")
    _row_and_column(first)
    _row_and_column(last or first)
    return text.replace("$", "").upper()
