"""Tells whether a KPI differs from another area, or from its own past, by more than chance (`significance`, `recent_trend`)."""

from kpireport.rules.in_words import Printed, Row, is_missing
from kpireport.rules.recent_trend import CRITICAL, POINTS
from kpireport.vocabulary import RecentTrend, Significance, WhyNot

_WORDS = {
    Significance.BETTER: "significantly better",
    Significance.WORSE: "significantly worse",
    Significance.HIGHER: "significantly higher, which is told without judgement",
    Significance.LOWER: "significantly lower, which is told without judgement",
    Significance.SIMILAR: "not significantly different",
}
_NO_COUNTS = "the record has no counts (numerator and denominator) from which an interval could be worked out"


def benchmark(row: Row, printed: Printed) -> str:
    """Return how the result stands to the country, or why it is not compared."""
    name = str(row["benchmark_name"]) or "the country"
    word = str(row["significance"])
    if word == Significance.NOT_COMPARED or word not in tuple(Significance):
        reasons = {
            WhyNot.ITSELF: "an area is never compared with itself",
            WhyNot.NO_VALUE: "there is no result",
            WhyNot.NO_BENCHMARK: f"the benchmarks table has no figure of {name}",
            WhyNot.DIFFERENT_PERIOD: f"its latest figure is of another period, {row['benchmark_period']}",
            WhyNot.NO_INTERVAL: _NO_COUNTS,
        }
        why = reasons.get(str(row["significance_why_not"]), "the two cannot be compared")  # type: ignore[call-overload]
        return f"Not compared with {name}: {why}."
    theirs = f"{name}, {printed.figure(float(row['benchmark_value']))} in {printed.period(str(row['benchmark_period']))}"
    value, low, high = (printed.figure(float(row[name])) for name in ("value", "lower_95", "upper_95"))
    return f"Against {theirs}: {value}, 95% interval {low} to {high}: {_WORDS[Significance(word)]} at the 95% level."


def change(row: Row, printed: Printed) -> str:
    """Return whether the change since the comparator is more than chance, or why that cannot be said."""
    word = str(row["change_significance"])
    if word == Significance.NOT_COMPARED or word not in tuple(Significance):
        reasons = {
            WhyNot.NO_VALUE: "there is no result",
            WhyNot.NO_BENCHMARK: "there is no earlier result to compare with",
            WhyNot.NO_INTERVAL: _NO_COUNTS,
        }
        return f"Whether the change is more than chance cannot be said: {reasons.get(str(row['change_why_not']), _NO_COUNTS)}."  # type: ignore[call-overload]
    low, high = float(row["change_lower_95"]), float(row["change_upper_95"])
    ends = " to ".join(f"{'a fall' if end < 0 else 'a rise'} of {printed.difference(end)}" for end in (low, high))
    is_chance = word == Significance.SIMILAR
    verdict = (
        "which includes no change, so it may be chance" if is_chance else "which leaves out no change, so it is more than chance"
    )
    return f"The 95% interval of the change is {ends}, {verdict}."


def recent_trend(row: Row) -> str:
    """Return what the last five results show, or why nothing is said of them."""
    word = str(row["recent_trend"])
    if word in (RecentTrend.TOO_FEW_POINTS, ""):
        return f"No recent trend is worked out: there are fewer than {POINTS} results."
    if word == RecentTrend.CANNOT_BE_CALCULATED:
        is_overlap = row["trend_why_not"] == WhyNot.OVERLAPPING_WINDOWS
        why = "its periods share months, or its figures are cumulative" if is_overlap else _NO_COUNTS
        return f"No recent trend is worked out: {why}."
    value = 0.0 if is_missing(row["trend_chi_squared"]) else float(row["trend_chi_squared"])
    test = (
        f"Chi-squared for trend over the last {POINTS} results is {value:.2f}; above {CRITICAL:.4f} would be significant (99.8%)"
    )
    if word == RecentTrend.NO_SIGNIFICANT_CHANGE:
        alone = ", but the slope does not keep its sign when one of the results is left out" if value > CRITICAL else ""
        return f"{test}{alone}: no significant change."
    way = "a rise" if word.startswith("increasing") else "a fall"
    judged = {"better": ", for the better", "worse": ", for the worse"}.get(word.rsplit("_", 1)[-1], "")
    return f"{test}: a significant trend, {way}{judged}. The slope keeps its sign whichever result is left out."
