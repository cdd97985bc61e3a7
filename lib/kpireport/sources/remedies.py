"""Say in words what is wrong with a cell and how to put it right: the text that is meant, where it can only be one.

Suggestions are words for a person. Nothing here changes what is read.
"""

import calendar
import re
from datetime import date

from kpireport import periods

NOTHING = {"", "-", "--", ".", "..", "...", "n/a", "na", "n.a.", "#n/a", "nil", "none", "null", "nan", "tbc", "tba", "tbd"}
"""What people write where there is no value, in lower case."""
LEAVE_EMPTY = "Leave the cell empty; in the record, say why in absence."
NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
DAY = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})|(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
UNSEEN = re.compile("[\u200b\u2060\ufeff]")
"""Characters that take no room and mean nothing: web pages and e-mails leave them in what is copied."""
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the order of text around, so that it does not read as it is stored."""
_DASHES = str.maketrans("‐‑‒–—−", "------")
_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")


def quoted(text: str) -> str:
    """Return a cell's text in quotation marks, on one line, with what cannot be seen said in words."""
    if not text.strip():
        return "spaces only" if text else "an empty cell"
    seen = " ".join(text.split())
    notes = [
        words
        for is_so, words in (
            ("\u00a0" in text or "\u202f" in text, "a non-breaking space"),
            (re.search("[‐‑‒–—−]", text) is not None, "a dash that is not a hyphen"),
            (text != text.strip(), "spaces around it"),
            (CONTROL.search(text) is not None, "a character that cannot be printed"),
            (UNSEEN.search(text) is not None, "a character that cannot be seen"),
            (TURNED.search(text) is not None, "a character that turns the order of the text around"),
        )
        if is_so
    ]
    seen = TURNED.sub("?", UNSEEN.sub("", CONTROL.sub("?", seen if len(seen) <= 60 else seen[:57] + "...")))
    return f'"{seen}"' + (f" with {' and '.join(notes)}" if notes else "")


def of_percent_cell(stored: str) -> tuple[str, str]:
    """Return what was found in a percentage cell of a workbook, and the remedy."""
    shown = f"{float(stored) * 100:.10g}"
    return f"{stored} shown as {shown}%", f"Set the cell's number format to General and write {shown}."


def of_date_cell(iso: str, format: str) -> tuple[str, str]:
    """Return what was found in a date cell of a workbook whose column holds something else, and the remedy."""
    day = date.fromisoformat(iso)
    month = f"{periods.MONTHS[day.month - 1]} {day.year}"
    remedies = {
        "period": f'Format the cell as Text and write "{month}", or the period that is meant.',
        "quarter": "Format the cell as Text and write the quarter.",
        "number": "Set the cell's number format to General and write the number.",
        "whole": "Set the cell's number format to General and write the number.",
    }
    return f"a date cell, {day:%d/%m/%Y}", remedies.get(format, "Format the cell as Text and write it again.")


def of_text(text: str, format: str) -> str:
    """Return what to do about a cell whose text is not of its column's format."""
    plain = _SPACES.sub(" ", text.translate(_DASHES)).strip()
    if format in ("text", "list"):
        if TURNED.search(text):
            return "Write the text again: its order is turned around, so that it does not read as it is stored."
        return "Write the text again: a character in it was lost or cannot be printed."
    if plain.lower() in NOTHING:
        return LEAVE_EMPTY if format == "number" else "Leave the cell empty, or write what is known."
    if format in ("number", "whole"):
        return _of_number(plain, format)
    if format == "day":
        return _of_day(plain)
    meant = _period_meant(plain, is_quarter=format == "quarter")
    return f'Write "{meant}".' if meant else "Write it in one of these forms." if format == "period" else "Write it so."


def _of_number(plain: str, format: str) -> str:
    joined = plain.replace(" ", "")
    digits = joined.replace(",", "") if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", joined) else joined
    if joined.endswith("%") and NUMBER.fullmatch(joined[:-1]):
        return f"Write {joined[:-1]}; the KPI's unit says that it is a percentage."
    if re.fullmatch(r"\(£?[0-9][0-9,]*(\.[0-9]+)?\)", joined):
        return f"Write -{re.sub('[(),£]', '', joined)}, with a hyphen for minus."
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|-?[0-9]+,([0-9]{1,2}|[0-9]{4,})", joined):
        return f"Write {joined.replace('.', '').replace(',', '.')}, with a point before decimals."
    if NUMBER.fullmatch(digits):
        if format == "whole" and "." in digits:
            return "Write a number without decimals."
        without = "without commas" if digits != joined else "with a hyphen for minus" if digits[0] == "-" else "without spaces"
        return f"Write {digits}, {without}."
    if re.fullmatch(r"£?-?[0-9.,]+(k|m|bn)?", joined.lower()):
        return "Write digits only, in the KPI's unit."
    return "Write the number alone; put words in the note."


def _of_day(plain: str) -> str:
    found = DAY.fullmatch(plain)
    if found:
        year, month, day = (int(found[long] or found[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d")))
        if month > 12:
            return f"There is no month {month}: write the day first, then the month."
        if not (1900 <= year <= 2100 and month and day):
            return "Write the day that is meant."
        last = calendar.monthrange(year, month)[1]
        if day > last:
            return f"{calendar.month_name[month]} {year} has {last} days: write the day that is meant."
        return "Write the day without spaces around it and with hyphens."
    short = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", plain)
    if short:
        return f"Write {int(short[1]):02d}/{int(short[2]):02d}/{short[3]} if the day comes first."
    return "Write day, month and the year's four digits."


def _period_meant(plain: str, *, is_quarter: bool) -> str:
    """Return the period that a common misspelling can only mean, or ""."""
    months = "|".join(calendar.month_name[1:])
    candidates = [
        plain,
        plain.capitalize(),
        re.sub(rf"\b({months})\b", lambda name: name[0][:3], plain),
        re.sub(r"^([A-Z][a-z]{2})[- ]([0-9]{2})$", r"\1 20\2", plain),
        re.sub(r"^([0-9]{4}[-/])20([0-9]{2})", r"\1\2", plain),
        re.sub(r"^([0-9]{4})/([0-9]{2}) ?[qQ]", r"\1-\2 Q", plain),
        re.sub(r"^([0-9]{4}-[0-9]{2})[ -]?[qQ]([1-4])$", r"\1 Q\2", plain),
        re.sub(r"^[qQ]([1-4]) ([0-9]{4})[-/]([0-9]{2})$", r"\2-\3 Q\1", plain),
    ]
    read = periods.parse_quarter if is_quarter else periods.parse
    meant = set()
    for candidate in candidates:
        try:
            meant.add(str(read(candidate)))
        except ValueError:
            continue
    return meant.pop() if len(meant) == 1 else ""
