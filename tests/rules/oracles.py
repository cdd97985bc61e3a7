"""The rules again, written plainly in decimals, one KPI at a time: slower second opinions for the tests."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(text: str | None, decimals: int) -> Decimal | None:
    if text is None:
        return None
    return Decimal(text).quantize(Decimal(10) ** -decimals, rounding=ROUND_HALF_UP)


def rate_by_hand(case: dict, *, exact: bool = False) -> str:
    """Return the colour of one result, or "" when nothing judges it. Figures are text or None."""
    figure = (
        (lambda name: None if case[name] is None else Decimal(case[name]))
        if exact
        else (lambda name: rounded(case[name], case["decimals"]))
    )
    value, target, upper, comparator = (figure(name) for name in ("value", "target", "upper", "comparator_value"))
    if case["kind"] == "tracker" or value is None:
        return ""
    if case["target_type"] in ("increase", "decrease"):
        if comparator is None:
            return ""
        band = Decimal(case["dead_band"] or 0)
        better_by = value - comparator if case["target_type"] == "increase" else comparator - value
        return "green" if better_by > band else "amber" if better_by >= -band else "red"
    if target is None or case["target_type"] == "none":
        return ""
    band = Decimal(case["tolerance"] or 0)
    if case["tolerance_type"] == "percent_of_target":
        band = abs(target) * band / 100
    if case["target_type"] == "range":
        if upper is None:
            return ""
        if target <= value <= upper:
            return "green"
        return "amber" if target - band <= value <= upper + band else "red"
    if case["polarity"] == "higher_is_better":
        return "green" if value >= target else "amber" if value >= target - band else "red"
    if case["polarity"] == "lower_is_better":
        return "green" if value <= target else "amber" if value <= target + band else "red"
    return ""


def direction_by_hand(case: dict) -> str:
    """Return the direction of travel of one result."""
    value, comparator = (rounded(case[name], case["decimals"]) for name in ("value", "comparator_value"))
    if value is None or comparator is None:
        return "not_comparable"
    band = Decimal(case["dead_band"] or 0)
    if abs(value - comparator) <= band:
        return "no_change"
    rose = "increasing" if value > comparator else "decreasing"
    if case["kind"] == "tracker" or case["polarity"] == "neutral":
        return rose
    if case["polarity"] == "within_range":
        lower, upper = (rounded(case[name], case["decimals"]) for name in ("target", "upper"))
        if lower is None or upper is None:
            return rose
        nearer = outside(comparator, lower, upper) - outside(value, lower, upper)
        return "improving" if nearer > band else "worsening" if nearer < -band else rose
    is_good = (value > comparator) == (case["polarity"] == "higher_is_better")
    return "improving" if is_good else "worsening"


def outside(value: Decimal, lower: Decimal, upper: Decimal) -> Decimal:
    return max(lower - value, value - upper, Decimal(0))
