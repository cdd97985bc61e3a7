"""Direction of travel: which earlier result a result is compared with, and whether the change is for the better.

Source: the rating contract, part 3.
"""

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.rules.availability import months_apart, period_days
from kpireport.rules.figures import minus, round_half_away
from kpireport.vocabulary import ComparatorRule, Direction, Frequency, Kind, MeasureType, Polarity

_RUNNING = (MeasureType.CUMULATIVE, MeasureType.ROLLING_YEAR)


def comparator_period(period: Period, measure_type: MeasureType, rule: ComparatorRule, frequency: Frequency) -> Period:
    """Return the earlier period with which a result is compared.

    A cumulative figure is compared with the same point of last year only, a rolling year with the same window a year earlier,
    pooled years with the window before that shares no year, and a biennial figure with the one two years earlier, whatever
    the rule. Otherwise the KPI's rule decides: the period before, or the same stretch a year earlier.
    """
    if period.kind is PeriodKind.POOLED_YEARS:
        return period.previous()
    if frequency is Frequency.BIENNIAL:
        return period.shift(-24)
    is_running = measure_type in _RUNNING or period.kind is PeriodKind.ROLLING_YEAR
    if is_running or rule is not ComparatorRule.PREVIOUS_PERIOD:
        return period.same_last_year()
    if period.kind is PeriodKind.TERM and frequency is Frequency.TERMLY:
        return period.previous()
    return period.shift(-months_apart(period.kind, frequency))


def with_comparators(results: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the results with `comparator_period` and `comparator_value` ("" and missing where there is none).

    A comparator that begins before `comparable_from` has another definition and is no comparator. `results` has one row for
    one KPI and period, with the KPI's columns; `known` has one row for one KPI and period of the council's own results.
    """
    terms = results[["period", "measure_type", "comparator_rule", "frequency"]]
    earlier = {
        key: str(comparator_period(periods.parse(key[0]), MeasureType(key[1]), ComparatorRule(key[2]), Frequency(key[3])))
        if key[0]
        else ""
        for key in terms.drop_duplicates().itertuples(index=False, name=None)
    }
    texts = pd.Series([earlier[key] for key in terms.itertuples(index=False, name=None)], index=results.index, dtype="str")
    wanted = pd.DataFrame({"kpi_id": results["kpi_id"], "period": texts})
    values = wanted.merge(known[["kpi_id", "period", "value"]], on=["kpi_id", "period"], how="left", validate="many_to_one")
    value = values["value"].set_axis(results.index).astype(float)
    starts, comparable = period_days(texts, of="start"), period_days(results["comparable_from"], of="start")
    value = value.where(comparable.isna() | (starts >= comparable))
    return results.assign(comparator_period=texts.where(value.notna(), ""), comparator_value=value)


def directions(results: pd.DataFrame) -> pd.DataFrame:
    """Return `change` and `direction` of each result against its comparator, both as printed.

    `change` is the value less the comparator, in the KPI's unit, of figures rounded to its decimals, so that the words beside
    the arrow agree with them. A change no larger than the dead band is none. A change of a neutral KPI or a tracker is told
    without judgement; so is one inside a wanted range, where nearer the range is better.
    """
    places = results["decimals"]
    value, comparator = (round_half_away(results[name], places) for name in ("value", "comparator_value"))
    change = minus(value, comparator)
    dead_band = results["dead_band"].fillna(0.0)
    way = results["polarity"].map({Polarity.HIGHER_IS_BETTER: 1.0, Polarity.LOWER_IS_BETTER: -1.0}).astype(float)
    gain = change * way
    lower, upper = (round_half_away(results[name], places) for name in ("target", "upper"))
    nearer = minus(_outside(comparator, lower, upper), _outside(value, lower, upper))
    gain = gain.where(results["polarity"] != Polarity.WITHIN_RANGE, nearer).where(results["kind"] != Kind.TRACKER)
    words = np.select(
        [change.isna(), change.abs() <= dead_band, gain > dead_band, gain < -dead_band, change > 0],
        [Direction.NOT_COMPARABLE, Direction.NO_CHANGE, Direction.IMPROVING, Direction.WORSENING, Direction.INCREASING],
        Direction.DECREASING,
    )
    return pd.DataFrame({"change": change, "direction": pd.Series(words, index=results.index, dtype="str")})


def _outside(value: pd.Series, lower: pd.Series, upper: pd.Series) -> pd.Series:
    below, above = minus(lower, value), minus(value, upper)
    return below.where(below > above, above).clip(lower=0).where(below.notna() & above.notna())
