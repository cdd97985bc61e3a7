"""Lays out a chart: round numbers on its axis, periods along its foot, room for its words, and labels that do not touch.

Positions in time are months counted from year 0, at each period's end: no time zone and no locale can move them.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.presentation.phrases import figure
from kpireport.presentation.theme import NORMAL

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
ZERO_FROM = 0.6
"""An axis begins at 0 when the lowest value is less than this share of the highest."""
NARROW, WIDE, WIDEST = frozenset(" ,.:;'!|ijlIft-()"), frozenset("mwM%W@"), frozenset("%W@")
SAME_MONTH_EACH_YEAR = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.ROLLING_YEAR, PeriodKind.TERM)


@dataclass(frozen=True)
class Axis:
    """An axis of figures: where it begins and ends, its round numbers, and their labels."""

    start: float
    end: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def label_expression(self) -> str:
        """The Vega expression that gives each round number its label."""
        steps = [
            f"abs(datum.value - ({tick!r})) < {self.step / 1000!r} ? {json.dumps(label)} : " for tick, label in self.labelled
        ]
        return f"{''.join(steps)}''"

    @property
    def labelled(self) -> list[tuple[float, str]]:
        """Each round number with its label."""
        return list(zip(self.ticks, self.labels, strict=True))

    @property
    def step(self) -> float:
        """The distance between two round numbers."""
        return self.ticks[1] - self.ticks[0]

    def pixel(self, value: float, height: float) -> float:
        """Return how far below the top of a plot `height` pixels high a value lies."""
        return height * (self.end - value) / (self.end - self.start)


def axis_of(values: Sequence[float], unit: str, *, from_zero: bool = False, about: int = 5) -> Axis:
    """Return an axis of about `about` round numbers that holds all `values`.

    It begins at 0 when `from_zero`, or when the values come near enough to it that cutting the axis would mislead. Shares in
    per cent do not go past 100 unless a value does.
    """
    lowest, highest = min(values), max(values)
    if from_zero or 0 <= lowest < ZERO_FROM * highest or 0 >= highest > ZERO_FROM * lowest:
        lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    if lowest == highest:
        room = abs(highest) * 0.05 or 1.0
        lowest, highest = lowest - room if lowest else 0.0, highest + room
    span = highest - lowest
    size = 10.0 ** math.floor(math.log10(span / about))
    step = next(step * size for step in STEPS if step * size >= span / about * 0.999)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    last = max(last, first + 1)
    if unit == "%" and max(values) <= 100:
        last = min(last, max(math.ceil(100 / step), first + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if step / size == 2.5 and step < 10 else 0)
    ticks = tuple(round(number * step, decimals + 1) for number in range(first, last + 1))
    short = unit if unit == "%" or unit.startswith("£") else "number"
    return Axis(ticks[0], ticks[-1], ticks, tuple(figure(tick, short, decimals) for tick in ticks))


def month_number(period: Period) -> int:
    """Return the position of a period's end: months since year 0."""
    return period.end.year * 12 + period.end.month


def period_ticks(texts: Sequence[str], pixels_per_month: float) -> list[tuple[int, str]]:
    """Return the positions and labels of the periods to name along the foot, the last of them always.

    Where the periods are parts of a year, the same part of each year is named.
    """
    known = sorted({periods.parse(text) for text in texts})
    last = known[-1]
    span = month_number(last) - month_number(known[0])
    named = known
    if last.kind in SAME_MONTH_EACH_YEAR and span > 24:
        named = [period for period in known if period.end.month == last.end.month]
    ticks: list[tuple[int, str]] = []
    for period in reversed(named):
        label = axis_label(period)
        room = text_width(label) + 14
        if not ticks or (ticks[-1][0] - month_number(period)) * pixels_per_month >= room:
            ticks.append((month_number(period), label))
    return ticks[::-1]


def axis_label(period: Period) -> str:
    """Return a period's label along the foot: a rolling year is named by its last month alone."""
    return str(period).removeprefix("Year to ")


def text_width(text: str, size: float = NORMAL) -> float:
    """Return about how wide `text` is in the bundled font, in pixels, never less than it is."""
    return sum(_share(character) for character in text) * size


def _share(character: str) -> float:
    if character in NARROW:
        return 0.335
    if character in WIDE:
        return 1.02 if character in WIDEST else 0.84
    return 0.78 if character.isupper() else 0.56 if character.isalnum() else 0.67


def wrap(text: str, room: float, size: float = NORMAL) -> list[str]:
    """Return `text` in lines, none wider than `room` pixels where words allow."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def spread(places: Sequence[float], apart: float, *, low: float, high: float) -> list[float]:
    """Return the places of labels moved as little as can be until they are `apart`, all between `low` and `high`.

    Their order is kept. Where there is no room for all, they overrun `high`.
    """
    order = sorted(range(len(places)), key=lambda item: places[item])
    # Less its turn times `apart`, each place has only to come after the one before: those that do not share their mean.
    groups: list[tuple[float, int]] = []
    for turn, item in enumerate(order):
        mean, size = places[item] - turn * apart, 1
        while groups and groups[-1][0] >= mean:
            earlier, others = groups.pop()
            mean, size = (earlier * others + mean * size) / (others + size), others + size
        groups.append((mean, size))
    starts = [mean for mean, size in groups for _ in range(size)]
    last = max(high - (len(places) - 1) * apart, low)
    moved = dict.fromkeys(order, 0.0)
    for turn, (item, start) in enumerate(zip(order, starts, strict=True)):
        moved[item] = round(min(max(start, low), last) + turn * apart, 1)
    return [moved[item] for item in range(len(places))]
