"""Tells why a KPI has its RAG status, clause by clause of the scheme `target-tolerance-v1` (`rating`)."""

from decimal import Decimal

from kpireport.rules.in_words import Printed, Row, Told, as_written, digits, is_missing, rounded
from kpireport.vocabulary import Kind, Maturity, NotRated, Polarity, Rag, TargetType, ToleranceType

RULES = {
    1: "The result and the target are rounded as they are printed before they are compared, halves away from zero.",
    2: "Amber ends where the tolerance ends: below a target that is to be reached, above one that is not to be passed. A "
    "tolerance in percent is of the target's size.",
    3: "At the target or better is green; within the tolerance of it is amber; beyond that is red. In a wanted range is green.",
    4: "Without an agreed tolerance there is no amber band.",
    5: "An interim target, an increase or a decrease, is judged against an earlier result: better by more than the dead band is "
    "green, within it amber, worse red. Without an earlier result there is no rating.",
    6: "A tracker has no target and is never rated.",
    7: "What is not rated is, in this order: not due, awaited, not published, suppressed, not applicable, not available, not "
    "rated. A missing result is never green and never red.",
    8: "A provisional result is rated and marked [p]. A revision is a new vintage, and the earlier one is kept; a result that "
    "was revised is marked [r].",
    9: "A percentage of ratings is printed with what it is a percentage of.",
    10: "A result keeps its own period, which may be earlier than the quarter reported on.",
}
"""The clauses of the scheme by their numbers. Source: the rating contract, part 2."""
_REASONS = {
    NotRated.NOT_PUBLISHED: "its producer had not published it",
    NotRated.NOT_APPLICABLE: "it does not apply",
    NotRated.NOT_AVAILABLE: "it is not available",
}
_WAYS = {Polarity.HIGHER_IS_BETTER: 1, Polarity.LOWER_IS_BETTER: -1}


def explain(row: Row, printed: Printed) -> Told:
    """Return a KPI's rating, worked out again where its result may be rated, with the clauses that give it."""
    told = _judged(row, printed) if bool(row["is_latest_expected"]) else _without_result(row, printed)
    if told.conclusion in tuple(Rag) and row["maturity"] == Maturity.PROVISIONAL:
        return Told(
            told.conclusion, (*told.said, "The result is provisional: it is rated all the same, and marked [p] (rule 8).")
        )
    return told


def _without_result(row: Row, printed: Printed) -> Told:
    """Tell of a KPI whose expected result is not there: its state is a matter of what the record holds."""
    rating = str(row["rating"])
    if rating == NotRated.NOT_DUE or not row["expected_period"]:
        return Told(NotRated.NOT_DUE, ("No result had fallen due yet, so it is not due and has no rating (rule 7).",))
    owed = printed.period(str(row["expected_period"]))
    said = []
    if rating == NotRated.SUPPRESSED:
        said.append(f"The result for {owed} is hidden, as it could tell of a person, so it is suppressed (rule 7).")
    elif rating in tuple(_REASONS):
        reason = _REASONS[NotRated(rating)]
        words = rating.replace("_", " ")
        said.append(f"The record has a reason in place of the result for {owed}: {reason}. So it is {words} (rule 7).")
    else:
        rating = str(NotRated.AWAITED)
        said.append(f"The result for {owed} had fallen due and was not in the record, so it is awaited (rule 7).")
    if not is_missing(row["value"]):
        shown = f"{printed.figure(row['value'])} of {printed.period(str(row['period']))}"
        said.append(f"The latest result, {shown}, is shown with its own period (rule 10); it is not rated.")
    return Told(rating, tuple(said))


def _judged(row: Row, printed: Printed) -> Told:
    kind = str(row["target_type"])
    if row["kind"] == Kind.TRACKER:
        return _not_rated("It is a tracker: it has no target and is never rated (rule 6).")
    if kind in (TargetType.INCREASE, TargetType.DECREASE):
        return _directional(row, printed)
    if kind == TargetType.NONE:
        return _not_rated("No target has been set, so there is nothing to rate it by (rule 7).")
    if is_missing(row["target"]) or (kind == TargetType.RANGE and is_missing(row["upper"])):
        return _not_rated(f"No target covers {printed.period(str(row['period']))}, so there is nothing to rate it by (rule 7).")
    if kind == TargetType.RANGE:
        return _in_range(row, printed)
    if row["polarity"] not in _WAYS:
        return _not_rated("Its polarity does not say which way is good, so it cannot be rated against one figure (rule 7).")
    return _against_target(row, printed)


def _not_rated(said: str) -> Told:
    return Told(str(NotRated.NOT_RATED), (said,))


def _against_target(row: Row, printed: Printed) -> Told:
    places, way = int(row["decimals"]), _WAYS[Polarity(row["polarity"])]
    value, target = rounded(row["value"], places), rounded(row["target"], places)
    short = (target - value) * way
    side = "above" if value > target else "below"
    less = ", and lower is better" if way < 0 and short else ""
    shown, aim = printed.figure(row["value"]), printed.figure(row["target"])
    size = printed.amount(float(abs(short)))
    where = f"{shown} is {side} the target of {aim} by {size}" if short else f"{shown} is the target itself"
    said = [_as_printed(row, {"result": row["value"], "target": row["target"]}, printed)]
    if short <= 0:
        return Told(str(Rag.GREEN), (*said, f"{where}{less}, so it is green (rule 3)."))
    return _short_of(row, printed, said, f"{where}{less}", short, target, float(target - way * _size(row, target)))


def _in_range(row: Row, printed: Printed) -> Told:
    places = int(row["decimals"])
    value, lower, upper = (rounded(row[name], places) for name in ("value", "target", "upper"))
    ends = f"{printed.figure(row['target'])} to {printed.figure(row['upper'])}"
    figures = {"result": row["value"], "lower end": row["target"], "upper end": row["upper"]}
    said = [_as_printed(row, figures, printed)]
    below, above = lower - value, value - upper
    outside = max(below, above)
    if outside <= 0:
        return Told(
            str(Rag.GREEN), (*said, f"{printed.figure(row['value'])} is in the wanted range, {ends}, so it is green (rule 3).")
        )
    end = "below the lower end" if below >= above else "above the upper end"
    where = f"{printed.figure(row['value'])} is {end} of the wanted range, {ends}, by {printed.amount(float(outside))}"
    size = _size(row, lower)
    edge = float(lower - size if below >= above else upper + size)
    return _short_of(row, printed, said, where, outside, lower, edge)


def _size(row: Row, target: Decimal) -> Decimal:
    """Return the size of the amber band; 0 where none is agreed."""
    if is_missing(row["tolerance"]):
        return Decimal(0)
    size = as_written(row["tolerance"])
    return abs(target) * size / 100 if row["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET else size


def _short_of(row: Row, printed: Printed, said: list[str], where: str, short: Decimal, target: Decimal, edge: float) -> Told:
    """Tell amber from red."""
    if is_missing(row["tolerance"]):
        return Told(
            str(Rag.RED), (*said, f"{where}. No tolerance is agreed, so there is no amber band (rule 4) and it is red (rule 3).")
        )
    size = _size(row, target)
    tolerance = f"the tolerance of {printed.amount(float(size))}"
    if row["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET:
        of = f"{digits(row['tolerance'])}% of {printed.figure(float(target))}"
        said = [*said, f"The tolerance is {of}, which is {printed.amount(float(size))}: amber ends at {digits(edge)} (rule 2)."]
    else:
        said = [*said, f"The tolerance is {printed.amount(float(size))}: amber ends at {digits(edge)} (rule 2)."]
    if short <= size:
        within = f"exactly {tolerance}, which is still within it" if short == size else f"within {tolerance}"
        return Told(str(Rag.AMBER), (*said, f"{where}, {within}, so it is amber (rule 3)."))
    return Told(str(Rag.RED), (*said, f"{where}, more than {tolerance}, so it is red (rule 3)."))


def _directional(row: Row, printed: Printed) -> Told:
    wanted = "an increase" if row["target_type"] == TargetType.INCREASE else "a decrease"
    if is_missing(row["comparator_value"]):
        return _not_rated(f"The interim target is {wanted}, and there is no earlier result to compare with: not rated (rule 5).")
    places = int(row["decimals"])
    value, before = rounded(row["value"], places), rounded(row["comparator_value"], places)
    gain = (value - before) * (1 if row["target_type"] == TargetType.INCREASE else -1)
    band = Decimal(0) if is_missing(row["dead_band"]) else as_written(row["dead_band"])
    said = [
        _as_printed(row, {"result": row["value"], "earlier result": row["comparator_value"]}, printed),
        f"The interim target is {wanted} on the result of {printed.period(str(row['comparator_period']))}. Such a rating rests "
        "on the direction of travel, and is counted apart from ratings on a target.",
    ]
    change = f"{printed.figure(row['value'])} against {printed.figure(row['comparator_value'])}"
    size, limit = printed.amount(float(abs(gain))), f"the dead band of {printed.amount(float(band))}"
    if gain > band:
        more = f", more than {limit}" if band else ""
        return Told(str(Rag.GREEN), (*said, f"{change} is better by {size}{more}, so it is green (rule 5)."))
    if gain >= -band:
        within = f"a change of {size}, within {limit}: no material change" if band else "no change"
        return Told(str(Rag.AMBER), (*said, f"{change} is {within}, so it is amber (rule 5)."))
    more = f", more than {limit}" if band else ""
    return Told(str(Rag.RED), (*said, f"{change} is worse by {size}{more}, so it is red (rule 5)."))


def _as_printed(row: Row, figures: dict[str, float], printed: Printed) -> str:
    """Tell what rounding did before figures were compared."""
    places = int(row["decimals"])
    changed = [
        f"{digits(value)} is printed, and compared, as {printed.figure(value)}"
        for value in figures.values()
        if rounded(value, places) != as_written(value)
    ]
    names = ", ".join(list(figures)[:-1]) + f" and {list(figures)[-1]}"
    if not changed:
        decimals = "no decimals" if not places else f"{places} decimal{'s' if places > 1 else ''}"
        neither = "neither" if len(figures) == 2 else "none of them"
        return f"The {names} are compared as printed, with {decimals}; rounding changes {neither} (rule 1)."
    other = str(row["unrounded_rag"])
    turned = f" Figures before rounding would give {other}." if other and other != row["rag"] else ""
    return f"The {names} are compared as printed: {'; '.join(changed)} (rule 1).{turned}"
