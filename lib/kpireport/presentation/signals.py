"""Says what a KPI's whole series and its benchmark show beyond chance: in a sentence, and as a letter with its word.

A `row` is a row of `Performance.kpis` with the columns of `rules.variation`, `rules.recent_trend` and `rules.significance`. Where
a rule says nothing of a KPI, nothing is said here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kpireport.presentation import theme
from kpireport.presentation.phrases import figure, is_missing, join, named_period, sentence
from kpireport.vocabulary import Assurance, RecentTrend, Significance, Variation, VariationRule, WhyNot

Row = Mapping[str, Any] | pd.Series
_OPENINGS: dict[str, str] = {
    Variation.IMPROVEMENT: "Better than usual variation explains",
    Variation.CONCERN: "Worse than usual variation explains",
    Variation.NEUTRAL_HIGH: "Higher than usual variation explains",
    Variation.NEUTRAL_LOW: "Lower than usual variation explains",
}
_PROSPECTS: dict[str, str] = {
    Assurance.CONSISTENTLY_PASSING: "As things are, it can be expected to go on meeting its target.",
    Assurance.CONSISTENTLY_FAILING: "As things are, it can be expected to go on missing its target.",
    Assurance.HIT_OR_MISS: "As things are, it can be expected to meet its target at some times and miss it at others.",
}
_TRENDS: dict[str, str] = {
    RecentTrend.INCREASING_GETTING_BETTER: "a significant rise, for the better",
    RecentTrend.INCREASING_GETTING_WORSE: "a significant rise, for the worse",
    RecentTrend.INCREASING: "a significant rise",
    RecentTrend.DECREASING_GETTING_BETTER: "a significant fall, for the better",
    RecentTrend.DECREASING_GETTING_WORSE: "a significant fall, for the worse",
    RecentTrend.DECREASING: "a significant fall",
}
WHY_NO_VARIATION: dict[str, str] = {
    WhyNot.TOO_FEW_POINTS: "too few results",
    WhyNot.TOO_FEW_SINCE_REBASE: "too few results since the process changed",
    WhyNot.GAPS: "gaps in the series",
    WhyNot.OVERLAPPING_WINDOWS: "periods overlap",
}
EXPLANATIONS: dict[str, str] = {
    "H, L": "Unusually high or low: beyond the variation of the KPI's own series, by one of four rules. Improvement or concern "
    "says whether that is good.",
    "~": "Usual variation: the latest result differs from the others by no more than they do among themselves.",
    "P, F, ?": "The target lies outside the usual range, which passes it or falls short of it; or inside, hit or miss. Not said "
    "where the latest results run against it.",
    "–": "No chart: fewer than 12 results in a row, or results whose periods overlap.",
}
"""What the letters mean, for the notes."""


def sentences(row: Row) -> str:
    """Return all that can be said beyond a comparison of two points and a colour, in at most five sentences."""
    said = [variation(row), assurance(row), recent_trend(row), change(row), benchmark(row)]
    return " ".join(part for part in said if part)


def variation(row: Row) -> str:
    """Return how the latest result stands to the KPI's usual variation: "Within usual variation, 9.1 to 12.3."."""
    kind = str(row["variation"])
    if kind == Variation.COMMON_CAUSE:
        return f"Within usual variation, {_usual_range(row)}."
    return f"{_OPENINGS[kind]}: {_because(row)}." if kind in _OPENINGS else ""


def _because(row: Row) -> str:
    is_high = row["variation_side"] == "high"
    match VariationRule(str(row["variation_rule"])):
        case VariationRule.OUTSIDE_LIMITS:
            return f"it is outside the usual range, {_usual_range(row)}"
        case VariationRule.TREND:
            return f"it has {'risen' if is_high else 'fallen'} at seven or more results running"
        case VariationRule.TWO_OF_THREE:
            return f"two of the last three results are close to the {'upper' if is_high else 'lower'} end of the usual range"
        case VariationRule.ONE_SIDE:
            return f"seven or more results running are {'above' if is_high else 'below'} the average, {_figure(row, 'mean')}"


def _usual_range(row: Row) -> str:
    if row["lower_limit"] < 0 <= min(row["mean"], row["value"]):
        return f"up to {_figure(row, 'upper_limit')}"
    return f"{_figure(row, 'lower_limit')} to {_figure(row, 'upper_limit')}"


def _figure(row: Row, column: str) -> str:
    return figure(row[column], str(row["unit"]), int(row["decimals"]))


def assurance(row: Row) -> str:
    """Return whether the KPI can be relied on to meet its target as things are; see `_prospect`."""
    return _PROSPECTS.get(_prospect(row), "")


def _prospect(row: Row) -> str:
    """Return the KPI's assurance, or "" where its latest results run against it: the limits of its past no longer hold then."""
    found = (str(row["variation"]), str(row["assurance"]))
    is_contradicted = found in (
        (Variation.CONCERN, Assurance.CONSISTENTLY_PASSING),
        (Variation.IMPROVEMENT, Assurance.CONSISTENTLY_FAILING),
    )
    return "" if is_contradicted else found[1]


def recent_trend(row: Row) -> str:
    """Return the trend of the last five results where it is significant."""
    found = _TRENDS.get(str(row["recent_trend"]))
    return f"The last five results show {found}." if found else ""


def change(row: Row) -> str:
    """Return whether the change since the comparator is more than chance; nothing where the counts do not tell."""
    kind = str(row["change_significance"])
    if kind == Significance.NOT_COMPARED:
        return ""
    since = named_period(str(row["comparator_period"]))
    return f"The change since {since} is {'no ' if kind == Significance.SIMILAR else ''}more than chance would explain."


def benchmark(row: Row) -> str:
    """Return how the result stands to the benchmark: "Significantly better than England (7.1% in 2023-24 Q4)."."""
    opening = theme.SIGNIFICANCE_WORDS.get(str(row["significance"]))
    if opening is None or is_missing(row["benchmark_value"]):
        return ""
    return sentence(f"{opening} {row['benchmark_name']} ({_figure(row, 'benchmark_value')}) at the 95% level")


def signals(row: Row) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield the letter, the word and the colours of what the KPI's variation and its assurance show."""
    kind, prospect = str(row["variation"]), _prospect(row)
    if kind in theme.VARIATION_WORDS:
        letter = theme.SIGNAL_LETTERS[kind if kind == Variation.COMMON_CAUSE else str(row["variation_side"])]
        yield letter, theme.VARIATION_WORDS[kind], theme.SIGNAL_PAIRS.get(kind, theme.PLAIN_SIGNAL)
    if prospect in theme.ASSURANCE_WORDS:
        pair = theme.SIGNAL_PAIRS.get(prospect, theme.PLAIN_SIGNAL)
        yield theme.SIGNAL_LETTERS[prospect], theme.ASSURANCE_WORDS[prospect], pair


def printed(row: Row) -> str:
    """Return the signals as text: "Concern (H), Falls short (F)"; or why there are none."""
    shown = [f"{word} ({letter})" for letter, word, _ in signals(row)]
    return join(shown) if shown else WHY_NO_VARIATION.get(str(row["variation_why_not"]), "")
