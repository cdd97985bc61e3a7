"""Tells with which earlier result a KPI is compared, and which way it went (`direction`)."""

from kpireport import periods
from kpireport.periods import PeriodKind
from kpireport.rules.direction import comparator_period
from kpireport.rules.in_words import Printed, Row, Told, as_written, is_missing, rounded
from kpireport.vocabulary import ComparatorRule, Direction, Frequency, Kind, MeasureType, Polarity

_OWN_RULES = {
    ComparatorRule.PREVIOUS_PERIOD: "Its rule is the period before",
    ComparatorRule.SAME_PERIOD_LAST_YEAR: "Its rule is the same period a year earlier",
    ComparatorRule.PREVIOUS_YEAR: "Its rule is the year before",
}


def explain(row: Row, printed: Printed) -> Told:
    """Return the direction of travel, worked out again, with how the comparator was found."""
    if not row["period"] or is_missing(row["value"]):
        return Told(str(Direction.NOT_COMPARABLE), ("There is no result to compare.",))
    measure, rule, frequency = (
        MeasureType(row["measure_type"]),
        ComparatorRule(row["comparator_rule"]),
        Frequency(row["frequency"]),
    )
    period = periods.parse(str(row["period"]))
    wanted = comparator_period(period, measure, rule, frequency)
    found = f"{_why(period.kind, measure, rule, frequency)}: {printed.period(str(wanted))}."
    if is_missing(row["comparator_value"]):
        since = str(row["comparable_from"])
        if since and wanted.start < periods.parse(since).start:
            why = f"That is before {printed.period(since)}, when its present definition began, so the two are not comparable."
        else:
            why = "The record has no figure for it, so there is nothing to compare with."
        return Told(str(Direction.NOT_COMPARABLE), (found, why))
    places = int(row["decimals"])
    now, then = rounded(row["value"], places), rounded(row["comparator_value"], places)
    change = now - then
    band = as_written(0.0 if is_missing(row["dead_band"]) else row["dead_band"])
    pair = f"{printed.figure(row['value'])} against {printed.figure(row['comparator_value'])}"
    if abs(change) <= band:
        why = (
            "the same as printed"
            if not change
            else f"{_moved(change, printed)}, no more than the dead band of {printed.amount(float(band))}"
        )
        return Told(str(Direction.NO_CHANGE), (found, f"{pair}: {why}, so there is no change."))
    if row["kind"] != Kind.TRACKER and row["polarity"] == Polarity.WITHIN_RANGE:
        return _towards_range(row, found, f"{pair}: {_moved(change, printed)}", band, change)
    way = {Polarity.HIGHER_IS_BETTER: 1, Polarity.LOWER_IS_BETTER: -1}.get(row["polarity"], 0)
    if row["kind"] == Kind.TRACKER or not way:
        why = "A tracker" if row["kind"] == Kind.TRACKER else "A KPI without a good way"
        word = Direction.INCREASING if change > 0 else Direction.DECREASING
        return Told(str(word), (found, f"{pair}: {_moved(change, printed)}. {why} is told without judgement: {word}."))
    good = "higher" if way > 0 else "lower"
    word = Direction.IMPROVING if change * way > 0 else Direction.WORSENING
    return Told(str(word), (found, f"{pair}: {_moved(change, printed)}, and {good} is better, so it is {word}."))


def _why(kind: PeriodKind, measure: MeasureType, rule: ComparatorRule, frequency: Frequency) -> str:
    if kind is PeriodKind.POOLED_YEARS:
        return "Pooled years are compared with those before them that share no year"
    if frequency is Frequency.BIENNIAL:
        return "A figure of every second year is compared with the one two years earlier"
    if measure is MeasureType.CUMULATIVE:
        return "A cumulative figure is compared with the same point of the year before, whatever the KPI's rule"
    if measure is MeasureType.ROLLING_YEAR or kind is PeriodKind.ROLLING_YEAR:
        return "A rolling year is compared with the same twelve months a year earlier, whatever the KPI's rule"
    return _OWN_RULES[rule]


def _moved(change: object, printed: Printed) -> str:
    size = float(change)  # type: ignore[arg-type]
    return f"{'up' if size > 0 else 'down'} by {printed.amount(abs(size))}"


def _towards_range(row: Row, found: str, moved: str, band: object, change: object) -> Told:
    """Tell of a KPI that is wanted within a range: nearer the range is better; inside it, a move is told without judgement."""
    places = int(row["decimals"])
    nearer = None
    if not (is_missing(row["target"]) or is_missing(row["upper"])):
        lower, upper = rounded(row["target"], places), rounded(row["upper"], places)
        now, then = (
            max(lower - value, value - upper, as_written(0.0))
            for value in (rounded(row[name], places) for name in ("value", "comparator_value"))
        )
        nearer = then - now
    if nearer is not None and abs(nearer) > band:  # type: ignore[operator]
        word = Direction.IMPROVING if nearer > 0 else Direction.WORSENING
        return Told(
            str(word), (found, f"{moved}, {'nearer to' if nearer > 0 else 'further from'} the wanted range, so it is {word}.")
        )
    word = Direction.INCREASING if change > 0 else Direction.DECREASING  # type: ignore[operator]
    return Told(str(word), (found, f"{moved}, which brings it no nearer to the wanted range and no further from it: {word}."))
