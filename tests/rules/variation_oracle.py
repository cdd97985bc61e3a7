"""XmR charts again, in exact fractions, one series and one point at a time: a slower second opinion for the tests."""

from fractions import Fraction

SIDES = {1: "high", -1: "low", 0: ""}


def chart_by_hand(values: list[Fraction], *, screen: bool, baseline: int | None) -> tuple[Fraction, Fraction, Fraction]:
    """Return the mean and the two limits of one unbroken stretch."""
    base = values if baseline is None else values[:baseline]
    mean = sum(base) / len(base)
    ranges = [abs(base[i] - base[i - 1]) for i in range(1, len(base))]
    average = sum(ranges) / len(ranges)
    if screen:
        kept = [one for one in ranges if one < Fraction("3.267") * average]
        if any(kept):
            average = sum(kept) / len(kept)
    return mean, mean - Fraction("2.66") * average, mean + Fraction("2.66") * average


def outside_by_hand(values: list, low, high) -> list[int]:
    return [1 if value > high else -1 if value < low else 0 for value in values]


def trend_by_hand(values: list) -> list[int]:
    """Ask every window of seven; a later window has the last word on the points that it shares."""
    caught = [0] * len(values)
    for start in range(len(values) - 6):
        window = values[start : start + 7]
        rising = all(window[i] < window[i + 1] for i in range(6))
        falling = all(window[i] > window[i + 1] for i in range(6))
        for i in range(start, start + 7):
            caught[i] = 1 if rising else -1 if falling else caught[i]
    return caught


def two_of_three_by_hand(values: list, low, high) -> list[int]:
    caught = [0] * len(values)
    for start in range(len(values) - 2):
        window = range(start, start + 3)
        above, below = [i for i in window if values[i] > high], [i for i in window if values[i] < low]
        for side, points in ((1, above), (-1, below)):
            if len(points) >= 2:
                for i in points:
                    caught[i] = side
    return caught


def one_side_by_hand(values: list, mean) -> list[int]:
    caught = [0] * len(values)
    for start in range(len(values) - 6):
        window = values[start : start + 7]
        side = 1 if all(value > mean for value in window) else -1 if all(value < mean for value in window) else 0
        for i in range(start, start + 7):
            caught[i] = side or caught[i]
    return caught


def stretch_by_hand(values: list[Fraction], way: int, *, screen: bool, baseline: int | None) -> list[dict]:
    """Return what is said of each point of one stretch, as `variation.chart_points` does."""
    if len(values) < 12:
        return [{"variation": "", "variation_rule": "", "variation_side": "", "mean": None} for _ in values]
    mean, low, high = chart_by_hand(values, screen=screen, baseline=baseline)
    rules = {
        "outside_limits": outside_by_hand(values, low, high),
        "trend": trend_by_hand(values),
        "two_of_three": two_of_three_by_hand(values, mean + (low - mean) * 2 / 3, mean + (high - mean) * 2 / 3),
        "one_side": one_side_by_hand(values, mean),
    }
    said = []
    for i in range(len(values)):
        rule, side = next(((name, caught[i]) for name, caught in rules.items() if caught[i]), ("", 0))
        word = "common_cause"
        if side:
            word = f"neutral_{SIDES[side]}" if not way else "improvement" if side == way else "concern"
        line = {"mean": mean, "lower_limit": low, "upper_limit": high}
        said.append({"variation": word, "variation_rule": rule, "variation_side": SIDES[side], **line})
    return said


def series_by_hand(
    values: list[Fraction | None], rebases: list[int], way: int, *, screen: bool, baseline: int | None
) -> tuple[str, dict[int, dict]]:
    """Return why there is no chart of a series ("" when there is one), and what is said of each period by its number.

    Missing values are None; `rebases` are numbers of periods.
    """
    present = [i for i, value in enumerate(values) if value is not None]
    run = []
    for i in present:
        run = [*run, i] if run and i == run[-1] + 1 else [i]
    stretches: list[list[int]] = []
    for i in run:
        begins = i == run[0] or any(i == change for change in rebases)
        stretches = [*stretches, [i]] if begins else [*stretches[:-1], [*stretches[-1], i]]
    if len(present) < 12:
        return "too_few_points", {}
    if len(run) < 12:
        return "gaps", {}
    if len(stretches[-1]) < 12:
        return "too_few_since_rebase", {}
    said: dict[int, dict] = {}
    for stretch in stretches:
        told = stretch_by_hand([values[i] for i in stretch], way, screen=screen, baseline=baseline)  # type: ignore[misc]
        said |= dict(zip(stretch, told, strict=True))
    return "", said


def assurance_by_hand(low, high, target, upper, polarity: str) -> str:
    """Would every value from one limit to the other meet the target, or none?"""
    meets = {
        "higher_is_better": lambda value: value >= target,
        "lower_is_better": lambda value: value <= target,
        "within_range": lambda value: target <= value <= upper,
    }[polarity]
    edges = [low, high, *(edge for edge in (target, upper) if edge is not None and low <= edge <= high)]
    met = [meets(edge) for edge in edges]
    return "consistently_passing" if all(met) else "hit_or_miss" if any(met) else "consistently_failing"
