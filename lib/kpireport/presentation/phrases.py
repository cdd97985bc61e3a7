"""Turns numbers, days, periods and lists into text: "95.0%", "39.6 per 10,000", "38 of 46 rated KPIs (83%)", "a, b and c".

Figures are rounded half away from zero on the decimal digits as written, which is how they are rounded before they are rated, so
that a printed figure never contradicts its colour.
"""

import math
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

BARE_UNITS = frozenset({"number", "score", "ratio", "index"})
"""Units that are not printed beside the figure."""
MEASURED_UNITS = frozenset({"%", "£", "£k", "£m", "£bn", "days", "weeks", "months", "years", "hours", "minutes", "tonnes", "kg"})
"""Units of which there is less, not fewer."""
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NAMES_IN_A_SENTENCE = 4
NAMES_IN_A_NOTE = 20
"""Names that a note lists where all of them matter; of more it says how many there are."""
LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def is_missing(value: object) -> bool:
    """Return whether a cell is empty: None, NaN, NaT or NA."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def rounded(value: float, decimals: int) -> Decimal:
    """Return `value` rounded half away from zero, on its digits as written (0.285 is 0.29, although its binary form is less)."""
    quantum = Decimal(1).scaleb(-int(decimals))
    result = Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number(value: float, decimals: int) -> str:
    """Return a number with thousands parted by commas and a true minus sign: "1,333", "−0.1"."""
    return f"{rounded(value, decimals):,f}".replace("-", "\u2212")


def figure(value: float | None, unit: str, decimals: int) -> str:
    """Return a figure with its unit: "95.0%", "£1.2m", "1,333", "39.6 per 10,000"; "–" when it is missing."""
    if value is None or is_missing(value) or not math.isfinite(value):
        return "–"
    digits = number(value, decimals)
    if unit == "%":
        return f"{digits}%"
    if unit.startswith("£"):
        sign = "\u2212" if digits.startswith("\u2212") else ""
        return f"{sign}£{digits.removeprefix(sign)}{unit.removeprefix('£')}"
    if unit in BARE_UNITS or not unit:
        return digits
    return f"{digits} {unit.removesuffix('s') if digits in ('1', '−1') and unit in MEASURED_UNITS else unit}"


def amount(value: float, unit: str, decimals: int) -> str:
    """Return a difference between two figures, without a sign: "7.7 percentage points", "£1.2m", "13"."""
    if unit == "%":
        digits = number(abs(value), decimals)
        return f"{digits} percentage point{'' if digits == '1' else 's'}"
    return figure(abs(value), unit, decimals)


def in_period(period: str) -> str:
    """Return a period as a sentence says it: "in Sep 2024", "in the year to Jun 2024"."""
    return f"in {named_period(period)}"


def named_period(period: str) -> str:
    """Return a period as the middle of a sentence names it: "Sep 2024", "the year to Jun 2024"."""
    return f"the year to {period.removeprefix('Year to ')}" if period.startswith("Year to ") else period


def day(value: date | pd.Timestamp | None) -> str:
    """Return a day as "1 April 2024"; "–" when it is missing."""
    return "–" if value is None or is_missing(value) else f"{value.day} {LONG_MONTHS[value.month - 1]} {value.year}"


def as_known(on: str) -> str:
    """Return what follows the period of a report as known on a day that was asked for: ``, as known on 20 May 2024``."""
    return f", as known on {day(date.fromisoformat(on))}" if on else ""


def percent(count: int, of: int) -> str:
    """Return a share as a whole percentage, rounded half away from zero; "–" when there is nothing to share."""
    return f"{rounded(count * 100 / of, 0)}%" if of else "–"


def share(count: int, of: int, noun: str) -> str:
    """Return a share with its denominator: "38 of 46 rated KPIs (83%)"; a few of very many are never "0%"."""
    if not of:
        return f"no {plural(noun)}"
    shown = percent(count, of)
    if count and shown == "0%":
        shown = "under 1%"
    if count < of and shown == "100%":
        shown = "over 99%"
    return f"{count:,} of {of:,} {plural(noun, of)} ({shown})"


def plural(noun: str, number_of: int = 2) -> str:
    """Return a noun for a number of things; "KPI and tracker" has two, "KPI rated on a target" begins with it."""
    if number_of == 1:
        return noun
    if " and " in noun:
        return " and ".join(plural(part) for part in noun.split(" and "))
    first, _, rest = noun.partition(" ")
    if rest.startswith(("rated ", "with ", "of ", "not ")):
        return f"{plural(first)} {rest}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    if noun.endswith("series"):
        return noun
    return f"{noun}{'es' if noun.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def count(number_of: int, noun: str) -> str:
    """Return a number of things in figures: "1 KPI", "1,204 KPIs"."""
    return f"{number_of:,} {plural(noun, number_of)}"


def count_in_words(number_of: int, noun: str) -> str:
    """Return a number of things as a sentence says it: "no KPI", "four KPIs", "12 KPIs"."""
    return f"no {noun}" if number_of == 0 else f"{in_words(number_of)} {plural(noun, number_of)}"


def in_words(number_of: int) -> str:
    """Return a number as a sentence says it: in letters to nine, in figures from 10."""
    return NUMBER_WORDS[number_of] if number_of < len(NUMBER_WORDS) else f"{number_of:,}"


def join(words: Iterable[str]) -> str:
    """Return "a, b and c"; parted by semicolons when one of them has a comma."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    if any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}; and {parts[-1]}"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def join_some(words: Iterable[str], most: int = NAMES_IN_A_SENTENCE) -> str:
    """Return the first few of `words` joined, and how many more there are."""
    parts = list(words)
    return join(parts if len(parts) <= most + 1 else [*parts[:most], f"{in_words(len(parts) - most)} more"])


def sentence(text: str) -> str:
    """Return `text` as a sentence: its first letter a capital, a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}" if text else ""
