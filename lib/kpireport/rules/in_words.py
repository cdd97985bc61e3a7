"""What the modules `..._in_words` share: each tells, in sentences, how the rule of its name comes to what it says of one KPI.

They are for those who check a figure one by one. Each works the rule out again by itself, in decimals and one KPI at a time, so
that what it concludes is a second opinion on the rule; `trace` compares the two. How a figure or a day is printed is not known
here: whoever asks brings it along, as `Printed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

import pandas as pd

Row = Mapping[str, Any] | pd.Series
"""A row of `Performance.kpis`."""


class Printed(Protocol):
    """How reports print a KPI's figures, and days and periods in a sentence."""

    def figure(self, value: float) -> str:
        """Return a figure with its unit and decimals: "95.0%"."""

    def amount(self, value: float) -> str:
        """Return a difference without a sign, with all its digits: "0.8 percentage points"."""

    def difference(self, value: float) -> str:
        """Return a difference without a sign, rounded to the KPI's decimals."""

    def day(self, value: date) -> str:
        """Return a day: "30 September 2024"."""

    def period(self, text: str) -> str:
        """Return a period as the middle of a sentence names it: "the year to Jun 2024"."""


@dataclass(frozen=True)
class Told:
    """What a rule comes to, and why."""

    conclusion: str
    """The rule's word, worked out here."""
    said: tuple[str, ...]
    """Sentences."""


def is_missing(value: object) -> bool:
    """Return whether a cell is empty; text never is."""
    return not isinstance(value, str) and bool(pd.isna(value))  # type: ignore[call-overload]


def as_written(value: float) -> Decimal:
    """Return the decimal that a figure of the register stands for."""
    return Decimal(repr(float(value)))


def rounded(value: float, places: int) -> Decimal:
    """Return a figure rounded half away from zero."""
    return as_written(value).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP) + 0


def digits(value: float) -> str:
    """Return a figure with all its digits and no others: 44.20 as 44.2, 1000.0 as 1000."""
    plain = format(as_written(value), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
