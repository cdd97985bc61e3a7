"""What the cells of a workbook share and refer to: its texts and number formats, and what a value stored in a cell is."""

import zipfile
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from kpireport.sources import cells
from kpireport.sources.cells import CellKind, Fault
from kpireport.sources.xml_parts import LocalNames, PartError, go_through

_LONGEST = 1_000_000
"""No text of a workbook has more characters than this, whether or not a cell may hold it."""


class Words:
    """Collects the text of one element."""

    __slots__ = ("is_on", "size", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_on = False
        self.size = 0

    def add(self, text: str) -> None:
        """Add text, while it is collected."""
        if self.is_on:
            self.size += len(text)
            if self.size > _LONGEST:
                raise PartError(f"a text has more than {_LONGEST:,} characters")
            self.texts.append(text)

    def taken(self) -> str:
        """Return what was collected, and begin anew."""
        text = self.texts[0] if len(self.texts) == 1 else "".join(self.texts)
        self.texts, self.is_on, self.size = [], False, 0
        return text


def strings(archive: zipfile.ZipFile, place: str) -> list[str]:
    """Return the texts that cells share, without their formats and without what they are pronounced like."""
    local, words, found = LocalNames(), Words(), list[str]()
    is_phonetic = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_phonetic
        name = local[tag]
        if name == "t":
            words.is_on = not is_phonetic
        elif name == "rPh":
            is_phonetic = True

    def end(tag: str) -> None:
        nonlocal is_phonetic
        name = local[tag]
        if name == "t":
            words.is_on = False
        elif name == "si":
            text = words.taken()
            found.append(text.replace("x005F_", "") if "x005F_" in text else text)
        elif name == "rPh":
            is_phonetic = False

    go_through(archive, place, start, end, words.add)
    return found


def formats(archive: zipfile.ZipFile, place: str) -> list[str]:
    """Return the number format of each style of a cell."""
    local, own, numbers = LocalNames(), dict[int, str](), list[int]()
    within = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal within
        name = local[tag]
        if name in ("numFmts", "cellXfs"):
            within = name
        elif name == "numFmt" and within == "numFmts":
            own[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:1000]
        elif name == "xf" and within == "cellXfs":
            numbers.append(whole(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        nonlocal within
        if local[tag] == within:
            within = ""

    go_through(archive, place, start, end)
    return [own.get(number) or BUILTIN_FORMATS.get(number, "General") for number in numbers]


@lru_cache(maxsize=1024)
def whole(text: str | None) -> int:
    """Return a number of at most nine digits; 0 where there is none."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else 0


class Values:
    """What the cells of a workbook hold, by what their parts store."""

    def __init__(self, strings: Sequence[str], formats: Sequence[str], *, is_1904: bool) -> None:
        self._strings, self._formats = strings, formats
        self._epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        different = set(formats)
        self._dates = {code for code in different if is_date_format(code)}
        self._spans = {code for code in different if is_timedelta_format(code)}

    def of(self, text: str, kind: str, style: int, *, has_formula: bool) -> tuple[str, CellKind, Fault | None]:
        """Return text, kind and fault of a cell: `text` is what stands between the tags of its value, "" for nothing."""
        code = self._formats[style] if style < len(self._formats) else "General"
        if not text and kind != "inlineStr":
            return cells.judge(None, kind, code, has_formula=has_formula)
        try:
            value, kind = self._value(text, kind, code)
        except (ValueError, IndexError, OverflowError, TypeError):
            words = {"n": "a number", "s": "a text of the workbook", "b": "a logical value", "d": "a day"}.get(kind, "a value")
            return "", CellKind.UNREADABLE, (f'"{text[:40]}", which is not {words}', "a value", "Type the value again.")
        return cells.judge(value, kind, code, has_formula=has_formula)

    def _value(self, text: str, kind: str, code: str) -> tuple[Any, str]:
        """Return what a cell holds and what openpyxl calls its kind."""
        if kind == "s":
            number = int(text)
            if number < 0:
                raise IndexError(text)
            return self._strings[number], "s"
        if kind == "n":
            if "_" in text:
                raise ValueError(text)
            value = float(text) if "." in text or "E" in text or "e" in text or len(text) > 300 else int(text)
            if code not in self._dates:
                return value, "n"
            try:
                return from_excel(value, self._epoch, timedelta=code in self._spans), "d"
            except (OverflowError, ValueError):
                return "#VALUE!", "e"
        if kind in ("inlineStr", "str"):
            return text, "s"
        if kind == "b":
            return bool(int(text)), "b"
        if kind == "d":
            return from_ISO8601(text), "d"  # type: ignore[no-untyped-call]
        return text, kind
