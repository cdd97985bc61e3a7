"""Says a KPI's result to anybody: short sentences, everyday words, and periods as people speak of them.

A `row` is a row of `Performance.kpis`. What can be said and when is decided as in `wording` and `signals`; here it is said in
fewer words, for readers aged about 9 to 12 and over. A KPI is called a measure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kpireport import periods
from kpireport.periods import TERMS, PeriodKind
from kpireport.presentation import signals, wording
from kpireport.presentation.phrases import LONG_MONTHS, amount, figure, is_missing, rounded, sentence
from kpireport.vocabulary import (
    Assurance,
    Basis,
    Direction,
    Kind,
    Maturity,
    MeasureType,
    NotRated,
    Polarity,
    Rag,
    Significance,
    TargetType,
    Variation,
)

Row = Mapping[str, Any] | pd.Series
NO_FIGURE: dict[str, str] = {
    NotRated.NOT_DUE: "The first figure is not due yet.",
    NotRated.AWAITED: "The newest figure has not come in yet.",
    NotRated.NOT_PUBLISHED: "The newest figure has not been published in England yet.",
    NotRated.SUPPRESSED: "The newest figure is hidden. The numbers are so small that people might be recognised.",
    NotRated.NOT_APPLICABLE: "This measure does not apply at the moment.",
    NotRated.NOT_AVAILABLE: "There is no new figure.",
}
"""Why there is no newest figure."""
REASONS: dict[str, str] = {
    "newly red": "It has just turned red.",
    "red with one of the largest gaps to target": "It is one of the measures furthest from their targets.",
    "beyond usual variation": "The figure is unusual.",
    "a significant trend over the last five results": "It has moved the same way for some time.",
    "one of the largest improvements": "It is one of the biggest improvements.",
    "awaited twice running": "Its figure has been late twice.",
    "rating restated": "An older figure was corrected, and its colour changed.",
    "linked to a red corporate risk": "It is tied to one of the council's biggest worries.",
    "chosen by the team": "We chose it because it matters now.",
}
"""Why a measure deserves attention (`rules.highlights.Reason`), in plain words."""
GLOSSARY: dict[str, str] = {
    "Measure": "A figure that shows how well something is going. The council also calls it a KPI.",
    "Target": "The figure that the council wants to reach.",
    "Green": "The target is met. Or, where there is no target number, things got better.",
    "Amber": "The target is just missed. Or, where there is no target number, things stayed about the same.",
    "Red": "The target is missed by more. Or, where there is no target number, things got worse.",
    "Percentage points": "The gap between two percentages. From 20% to 25% is 5 percentage points.",
    "Most deprived tenth": "The neighbourhoods that are among the poorest tenth in England.",
    "Q1, Q2, Q3 and Q4": "The quarters of the council's year. Q1 is April to June, Q2 is July to September, "
    "Q3 is October to December, Q4 is January to March.",
    "Could be chance": "Figures move a little by luck alone. We say so when a change is no bigger than that.",
}
"""Words that a public report explains."""


def period(text: str, measure_type: str = "") -> str:
    """Return a period in everyday words: "July to September 2024", "the year to June 2024", "the end of September 2024"."""
    if not text:
        return ""
    found = periods.parse(text)
    start, end = LONG_MONTHS[found.start.month - 1], f"{LONG_MONTHS[found.end.month - 1]} {found.end.year}"
    if measure_type == MeasureType.SNAPSHOT and found.kind in (PeriodKind.QUARTER, PeriodKind.MONTH):
        return f"the end of {end}"
    if measure_type == MeasureType.CUMULATIVE and found.kind is PeriodKind.QUARTER:
        year = found.financial_year().start.year
        return f"April{f' {year}' if year != found.end.year else ''} to {end}"
    match found.kind:
        case PeriodKind.MONTH:
            return end
        case PeriodKind.QUARTER:
            return f"{start} to {end}"
        case PeriodKind.FINANCIAL_YEAR:
            return f"{start} {found.start.year} to {end}"
        case PeriodKind.ROLLING_YEAR:
            return f"the year to {end}"
        case PeriodKind.ACADEMIC_YEAR:
            return f"the school year {found}"
        case PeriodKind.TERM:
            name = next(name for name, (first, _, _) in TERMS.items() if first == found.start.month)
            return f"the {name.lower()} term of {found.start.year}"
        case _:
            return str(found)


def told(row: Row, place: str) -> Iterator[str]:
    """Yield what there is to say of a measure, one short sentence each, in the order a reader asks."""
    yield from result(row)
    yield from against_target(row)
    yield from change(row)
    yield from beyond_chance(row)
    yield from prospect(row)
    yield from benchmark(row, place)


def result(row: Row) -> Iterator[str]:
    """Yield the latest figure with its period, and why there is no newer one."""
    if not is_missing(row["value"]):
        when = period(str(row["period"]), str(row["measure_type"]))
        is_moment = when.startswith("the end of ")
        yield sentence(f"The latest figure is {_figure(row, row['value'])}, {'at' if is_moment else 'for'} {when}")
        if row["maturity"] == Maturity.PROVISIONAL:
            yield "It is a first figure and may still change."
        if bool(row["is_revised"]):
            yield "It was corrected after it first came out."
    if str(row["rating"]) in NO_FIGURE:
        yield NO_FIGURE[str(row["rating"])]


def against_target(row: Row) -> Iterator[str]:
    """Yield how the figure stands to its target, or that there is no target."""
    if row["kind"] == Kind.TRACKER:
        yield "There is no target. The council watches this figure, but cannot do much to change it."
    elif row["target_type"] in (TargetType.INCREASE, TargetType.DECREASE):
        yield f"There is no target number yet. We want the figure to {_wanted(row)}."
    elif row["target_type"] == TargetType.NONE or is_missing(row["target"]):
        yield "No target has been set yet."
    elif row["rating"] not in tuple(Rag) or row["basis"] != Basis.TARGET:
        yield f"The target is {wording.target(row)}."
    elif row["rating"] == Rag.GREEN:
        yield f"That meets the target of {wording.target(row)}."
    else:
        missed = f"{'just ' if row['rating'] == Rag.AMBER else ''}misses the target of {wording.target(row)}"
        gap = row["gap_to_target"]
        by = "" if is_missing(gap) else f", by {amount(gap, str(row['unit']), int(row['decimals']))}"
        yield f"That {missed}{by}."


def _wanted(row: Row) -> str:
    return "go up" if row["target_type"] == TargetType.INCREASE else "come down"


def change(row: Row) -> Iterator[str]:
    """Yield how the figure stands to the earlier one that it is compared with."""
    now, then, way = row["value"], row["comparator_value"], str(row["direction"])
    if way == Direction.NOT_COMPARABLE or is_missing(now) or is_missing(then):
        return
    when = period(str(row["comparator_period"]), str(row["measure_type"]))
    before = f"{'at' if when.startswith('the end of ') else 'in'} {when} it was {_figure(row, then)}"
    decimals = int(row["decimals"])
    is_up = rounded(now, decimals) > rounded(then, decimals)
    match way:
        case Direction.IMPROVING:
            yield sentence(f"That is better than before: {before}")
        case Direction.WORSENING:
            yield sentence(f"That is worse than before: {before}")
        case Direction.NO_CHANGE:
            yield sentence(f"That is about the same as before: {before}")
        case _:
            yield sentence(f"It has gone {'up' if is_up else 'down'}: {before}")


def beyond_chance(row: Row) -> Iterator[str]:
    """Yield whether the figure or its change is more than chance, from the strongest thing that can be said."""
    kind, change_kind = str(row["variation"]), str(row["change_significance"])
    unusual = {
        Variation.IMPROVEMENT: "This is better than we would usually see.",
        Variation.CONCERN: "This is worse than we would usually see.",
        Variation.NEUTRAL_HIGH: "This is higher than we would usually see.",
        Variation.NEUTRAL_LOW: "This is lower than we would usually see.",
    }
    if kind in tuple(unusual):
        yield unusual[Variation(kind)]
    elif change_kind == Significance.SIMILAR and row["direction"] != Direction.NO_CHANGE:
        yield "The change is small and could be chance."
    elif kind == Variation.COMMON_CAUSE:
        yield "Figures go up and down all the time. This one is nothing unusual."
    elif change_kind not in (Significance.SIMILAR, Significance.NOT_COMPARED, ""):
        yield "The change is too big to be just chance."


def prospect(row: Row) -> Iterator[str]:
    """Yield what to expect if nothing changes, where the series tells."""
    if not signals.assurance(row):
        return
    yield {
        Assurance.CONSISTENTLY_PASSING: "If nothing changes, it should go on meeting its target.",
        Assurance.CONSISTENTLY_FAILING: "If nothing changes, it will probably go on missing its target.",
        Assurance.HIT_OR_MISS: "If nothing changes, it will meet its target at some times and miss it at others.",
    }[Assurance(str(row["assurance"]))]


def benchmark(row: Row, place: str) -> Iterator[str]:
    """Yield how the place stands to the country, where the counts tell better or worse from chance."""
    words = {
        Significance.BETTER: "is doing better than",
        Significance.WORSE: "is doing worse than",
        Significance.SIMILAR: "is about the same as",
        Significance.HIGHER: "is higher than",
        Significance.LOWER: "is lower than",
    }
    kind = str(row["significance"])
    if kind in tuple(words) and not is_missing(row["benchmark_value"]):
        yield f"{place} {words[Significance(kind)]} {row['benchmark_name']}, where it is {_figure(row, row['benchmark_value'])}."


def target(row: Row) -> str:
    """Return a measure's target as a table's cell has it."""
    if row["kind"] == Kind.TRACKER:
        return "None: only watched"
    if row["target_type"] in (TargetType.INCREASE, TargetType.DECREASE):
        return f"To {_wanted(row)}"
    said = wording.target(row)
    return f"{said[:1].upper()}{said[1:]}"


def good_way(row: Row) -> str:
    """Return which way is good, as a definition says it."""
    return {Polarity.HIGHER_IS_BETTER: "Higher is better.", Polarity.LOWER_IS_BETTER: "Lower is better."}.get(row["polarity"], "")


def reasons(row_reasons: str) -> str:
    """Return why a measure deserves attention, as sentences."""
    return " ".join(REASONS.get(part, sentence(part)) for part in row_reasons.split("; "))


def _figure(row: Row, value: float) -> str:
    return figure(value, str(row["unit"]), int(row["decimals"]))
