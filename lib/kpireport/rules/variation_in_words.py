"""Tells what the XmR chart of a KPI's series says of its last result and of its target (`variation`)."""

from kpireport.rules.in_words import Printed, Row, is_missing
from kpireport.rules.variation_series import LEAST_POINTS
from kpireport.vocabulary import Assurance, Variation, VariationRule, WhyNot

_NO_CHART = {
    WhyNot.OVERLAPPING_WINDOWS: "its periods share months, or its figures are cumulative, so that neighbours are not independent",
    WhyNot.TOO_FEW_POINTS: f"it has fewer than {LEAST_POINTS} results",
    WhyNot.GAPS: f"it has fewer than {LEAST_POINTS} results since the last gap in its series",
    WhyNot.TOO_FEW_SINCE_REBASE: f"it has fewer than {LEAST_POINTS} results since its process changed",
}
_KINDS = {
    Variation.IMPROVEMENT: "special cause, for the better",
    Variation.CONCERN: "special cause, for the worse",
    Variation.NEUTRAL_HIGH: "special cause, high; told without judgement",
    Variation.NEUTRAL_LOW: "special cause, low; told without judgement",
}
_ASSURANCE = {
    Assurance.CONSISTENTLY_PASSING: "the whole usual range meets the target: as things are, it can be expected to go on so",
    Assurance.CONSISTENTLY_FAILING: "the whole usual range misses the target: as things are, it can be expected to go on so",
    Assurance.HIT_OR_MISS: "the target lies within the usual range: as things are, it is met at times and missed at others",
}
_CONTRADICTED = {
    (Variation.CONCERN, Assurance.CONSISTENTLY_PASSING),
    (Variation.IMPROVEMENT, Assurance.CONSISTENTLY_FAILING),
}


def explain(row: Row, printed: Printed) -> list[str]:
    """Return the lines of the chart, the rule that catches the last result, and what that says of the target."""
    if why_not := str(row["variation_why_not"]):
        return [f"There is no chart of its variation: {_NO_CHART[WhyNot(why_not)]}."]
    kind = str(row["variation"])
    if not kind or is_missing(row["mean"]):
        return ["There is no chart of its variation."]
    low, mean, high = (printed.figure(float(row[name])) for name in ("lower_limit", "mean", "upper_limit"))
    said = [
        f"The last {int(row['points'])} results are charted: their mean is {mean}, and their usual range, the mean and 2.66 mean "
        f"moving ranges to either side, is {low} to {high}."
    ]
    if kind == Variation.COMMON_CAUSE:
        said.append("None of the four rules catches the last result: usual variation.")
    else:
        said.append(f"{_caught(row)}: {_KINDS[Variation(kind)]}.")
    if assurance := str(row["assurance"]):
        said.append(f"Against its target: {_ASSURANCE[Assurance(assurance)]}.")
    if (kind, assurance) in _CONTRADICTED:
        said.append("Reports leave that out, because the latest results run against it.")
    return said


def _caught(row: Row) -> str:
    is_high = row["variation_side"] == "high"
    match VariationRule(str(row["variation_rule"])):
        case VariationRule.OUTSIDE_LIMITS:
            return f"The last result is {'above' if is_high else 'below'} the usual range (the first of the four rules)"
        case VariationRule.TREND:
            return f"Seven or more results running have {'risen' if is_high else 'fallen'} (the second of the four rules)"
        case VariationRule.TWO_OF_THREE:
            end = "upper" if is_high else "lower"
            return f"Two of three results running are in the outer third of the range's {end} half (the third of the four rules)"
        case VariationRule.ONE_SIDE:
            return f"Seven or more results running are {'above' if is_high else 'below'} the mean (the last of the four rules)"
