"""Puts each result into plain words: the one place where a KPI's figure, target, change and rating become sentences.

A `row` is a row of `Performance.kpis`, or anything with the same keys. Words about numbers alone are in `phrases`, and the first
page's sentences in `headlines`; both may be called from here.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from kpireport.presentation.headlines import Figures, headline_sentences, rounding_sentences
from kpireport.presentation.phrases import (
    BARE_UNITS,
    MEASURED_UNITS,
    amount,
    count,
    count_in_words,
    day,
    figure,
    in_period,
    in_words,
    is_missing,
    join,
    join_some,
    named_period,
    number,
    percent,
    plural,
    rounded,
    sentence,
    share,
)
from kpireport.presentation.theme import RATING_WORDS, REASONS_NOT_RATED
from kpireport.vocabulary import Basis, Direction, Kind, Maturity, NotRated, Polarity, Rag, TargetType, ToleranceType

__all__ = [
    "Figures",
    "Row",
    "absence",
    "amount",
    "change",
    "count",
    "count_in_words",
    "day",
    "figure",
    "gap",
    "headline_sentences",
    "highlight_sentence",
    "in_period",
    "in_words",
    "is_missing",
    "join",
    "join_some",
    "named_period",
    "number",
    "percent",
    "plural",
    "rating_sentence",
    "result",
    "rounded",
    "rounding_sentences",
    "rows",
    "sentence",
    "share",
    "shorthand",
    "target",
    "tolerance",
]

Row = Mapping[str, Any] | pd.Series
"""A KPI's row."""
SYMBOLS_OF_ABSENCE: dict[str, str] = {
    NotRated.NOT_DUE: "[x]",
    NotRated.AWAITED: "[x]",
    NotRated.NOT_PUBLISHED: "[x]",
    NotRated.SUPPRESSED: "[c]",
    NotRated.NOT_APPLICABLE: "[z]",
    NotRated.NOT_AVAILABLE: "[x]",
}


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain records, which are read many times faster than rows that are Series."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def result(row: Row) -> str:
    """Return a KPI's latest figure with its symbols ("95.0% [p]"), or why there is none ("– awaited [x]")."""
    symbols = shorthand(row)
    if is_missing(row["value"]):
        return " ".join(part for part in ("–", absence(row), symbols) if part)
    return f"{figure(row['value'], row['unit'], row['decimals'])} {symbols}".rstrip()


def absence(row: Row) -> str:
    """Return why a KPI has no figure, such as "not published"; "" when it has one or no reason is known."""
    reason = str(row["absence"] or "") or (str(row["rating"]) if row["rating"] in tuple(NotRated) else "")
    return RATING_WORDS[reason].lower() if is_missing(row["value"]) and reason in tuple(NotRated) else ""


def shorthand(row: Row) -> str:
    """Return the symbols that go with a KPI's figure: [p] provisional, [r] revised; [c], [x] or [z] in place of a figure."""
    if is_missing(row["value"]):
        reason = str(row["absence"] or "") or str(row["rating"])
        return SYMBOLS_OF_ABSENCE.get(reason, "[x]")
    marks = ["[p]"] if row["maturity"] == Maturity.PROVISIONAL else []
    return " ".join([*marks, "[r]"] if row["is_revised"] is not None and bool(row["is_revised"]) else marks)


def target(row: Row) -> str:
    """Return a KPI's target in words: "95.0% or more", "27 or fewer", "between 20 and 30", "an increase", "not set"."""
    if row["kind"] == Kind.TRACKER:
        return "none (tracker)"
    kind = row["target_type"]
    if kind == TargetType.INCREASE:
        return "an increase"
    if kind == TargetType.DECREASE:
        return "a decrease"
    if kind == TargetType.NONE or is_missing(row["target"]):
        return "not set"
    unit, decimals = str(row["unit"]), int(row["decimals"])
    shown = figure(row["target"], unit, decimals)
    if kind == TargetType.RANGE:
        if is_missing(row["upper"]):
            return shown
        return "between {} and {}".format(*_pair(row["target"], row["upper"], unit, decimals))
    if row["polarity"] == Polarity.HIGHER_IS_BETTER:
        return f"{shown} or more"
    if row["polarity"] == Polarity.LOWER_IS_BETTER and rounded(row["target"], decimals) != 0:
        return f"{shown} or {_less(unit, decimals)}"
    return shown


def tolerance(row: Row) -> str:
    """Return the size of a KPI's amber band in words: "2 percentage points", "5% of target"; "" where it can have none."""
    if row["kind"] == Kind.TRACKER or row["target_type"] not in (TargetType.VALUE, TargetType.RANGE):
        return ""
    if is_missing(row["tolerance"]):
        return "not set"
    size = float(row["tolerance"])
    decimals = max(0, -int(Decimal(repr(size)).normalize().as_tuple().exponent))
    if row["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET:
        return f"{number(size, decimals)}% of target"
    return amount(size, str(row["unit"]), decimals)


def gap(row: Row) -> str:
    """Return how far a KPI is from its target: "7.7 percentage points short of target", "on target"; "" when not known."""
    size = row["gap_to_target"]
    if is_missing(size):
        return ""
    if rounded(size, int(row["decimals"])) == 0:
        return "on target"
    shown = amount(size, str(row["unit"]), int(row["decimals"]))
    if row["target_type"] == TargetType.RANGE:
        return f"{shown} {'inside' if size > 0 else 'outside'} the target range"
    if size > 0:
        return f"{shown} better than target"
    return f"{shown} {'short of' if row['polarity'] == Polarity.HIGHER_IS_BETTER else 'worse than'} target"


def change(row: Row) -> str:
    """Return a KPI's direction of travel in words: "improved: fell from 27 to 13"."""
    now, then, direction = row["value"], row["comparator_value"], row["direction"]
    if direction == Direction.NOT_COMPARABLE or is_missing(now) or is_missing(then):
        return "not comparable" if is_missing(now) or not is_missing(then) else "not comparable: no earlier result"
    unit, decimals = str(row["unit"]), int(row["decimals"])
    before, after = rounded(then, decimals), rounded(now, decimals)
    if direction == Direction.NO_CHANGE:
        if before == after:
            return f"no change: still {figure(now, unit, decimals)}"
        return "no material change: from {} to {}".format(*_pair(then, now, unit, decimals))
    judgement = {Direction.IMPROVING: "improved: ", Direction.WORSENING: "worsened: "}.get(direction, "")
    if before == after:
        return f"{judgement or f'{direction}: '}by less than the rounding of {figure(now, unit, decimals)}"
    verb = "rose" if after > before else "fell"
    return "{}{} from {} to {}".format(judgement, verb, *_pair(then, now, unit, decimals))


def highlight_sentence(row: Row) -> str:
    """Return one KPI's quarter in sentences: its result and period, its rating with what it rests on, and its travel."""
    unit, decimals = str(row["unit"]), int(row["decimals"])
    if is_missing(row["value"]):
        first = f"{row['kpi_name']}: no figure, {absence(row) or 'not available'}"
    else:
        marks = [
            word
            for word, known in (("provisional", row["maturity"] == Maturity.PROVISIONAL), ("revised", bool(row["is_revised"])))
            if known
        ]
        note = f" ({join(marks)})" if marks else ""
        first = f"{row['kpi_name']}: {figure(row['value'], unit, decimals)} {in_period(str(row['period']))}{note}"
    travel = ""
    if row["direction"] != Direction.NOT_COMPARABLE:
        since = f" (compared with {named_period(str(row['comparator_period']))})" if row["comparator_period"] else ""
        travel = f"{change(row)}{since}"
    return " ".join(sentence(text) for text in (first, rating_sentence(row), travel) if text)


def rating_sentence(row: Row) -> str:
    """Return a KPI's rating, what it rests on and what it was: "Red: 7.7 percentage points short of target (95.0% or more)"."""
    rating, previous = str(row["rating"]), str(row["previous_rating"] or "")
    if rating not in tuple(Rag):
        expected = (
            f" for {named_period(str(row['expected_period']))}" if row["expected_period"] and rating == NotRated.AWAITED else ""
        )
        reason = _why_not_judged(row) if rating == NotRated.NOT_RATED else REASONS_NOT_RATED[rating]
        if rating == NotRated.AWAITED:
            return f"Not rated: the result{expected} is awaited."
        return sentence(f"Not rated: {reason}")
    if row["basis"] == Basis.DIRECTIONAL:
        basis = f"the interim target is {target(row)}"
    else:
        basis = f"{gap(row)} ({target(row)})" if gap(row) else f"the target is {target(row)}"
    was = ""
    if row["previous_basis"] == row["basis"] and previous in RATING_WORDS:
        was = ", as in the previous report" if previous == rating else f"; it was {previous} in the previous report"
    return sentence(f"{RATING_WORDS[rating]}: {basis}{was}")


def _why_not_judged(row: Row) -> str:
    if row["kind"] == Kind.TRACKER:
        return "a tracker, which has no target"
    if row["target_type"] in (TargetType.INCREASE, TargetType.DECREASE):
        return f"the interim target is {target(row)}, and there is no earlier result to compare with"
    return "no target has been set"


def _less(unit: str, decimals: int) -> str:
    return "less" if unit in MEASURED_UNITS or unit in BARE_UNITS - {"number"} or "per " in unit or decimals else "fewer"


def _pair(first: float, second: float, unit: str, decimals: int) -> tuple[str, str]:
    """Return two figures of one sentence; a unit written after the figure is said once."""
    said_twice = unit == "%" or unit.startswith("£")
    return figure(first, unit if said_twice else "number", decimals), figure(second, unit, decimals)
