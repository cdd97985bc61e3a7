"""The KPI Data Record and the benchmarks of a made-up register."""

from datetime import timedelta

import numpy as np
import pandas as pd

from kpireport import schemas
from kpireport.periods import Period
from kpireport.sample import calendar, places, series
from kpireport.sample.patterns import PATTERNS, Pattern
from kpireport.vocabulary import ALL_PEOPLE, ILLUSTRATIVE, Absence, Maturity, MeasureType

AWAITED = 0.03
"""The share of KPIs whose latest result has not come."""
UNAVAILABLE = 0.004
"""The share of results that were never collected."""
REVISED = 0.02
"""The share of results that were revised once."""
REVISED_AFTER = timedelta(days=80)
COUNTS = ("number", "£m")
"""Units whose parts add up to the whole."""
CONTRAST_EACH, WARDS_EACH, BENCHMARK_EACH = 10, 20, 8
"""One KPI in so many has results for the most deprived tenth, results by ward, and benchmarks."""


def results(
    rng: np.random.Generator, kpi_ids: np.ndarray, patterns: np.ndarray, levels: np.ndarray, *, years: int
) -> pd.DataFrame:
    """Return the record: one row is one vintage of one result.

    Parameters
    ----------
    patterns
        Place in `PATTERNS` of each KPI.
    levels
        Usual value of each KPI.
    """
    parts = [
        _of_pattern(rng, kpi_ids[patterns == place], levels[patterns == place], pattern, years)
        for place, pattern in enumerate(PATTERNS)
        if (patterns == place).any()
    ]
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return frame.reindex(columns=list(schemas.RESULTS.columns))


def _of_pattern(rng: np.random.Generator, ids: np.ndarray, levels: np.ndarray, pattern: Pattern, years: int) -> pd.DataFrame:
    """Return the results of every KPI of one pattern, with their revisions, contrasts and wards."""
    timing = pattern.timing
    wanted = calendar.due_periods(timing.period_kind, timing.frequency, timing.lag_months, years=years)
    if not wanted:
        return pd.DataFrame(columns=["kpi_id"])
    values = np.round(_values(rng, levels, pattern, wanted), _decimals(pattern))
    shape = values.shape
    frame = pd.DataFrame(
        {
            "kpi_id": np.repeat(ids, shape[1]),
            "area": places.COUNCIL,
            "group": ALL_PEOPLE,
            "period": np.tile([str(period) for period in wanted], shape[0]),
            "value": values.ravel(),
            "absence": "",
            "maturity": str(Maturity.FINAL),
            "vintage": 1,
            "received_on": calendar.received_on(rng, wanted, timing.lag_months, shape[0]).ravel(),
            "producer": ILLUSTRATIVE,
            "source_file": np.tile([f"returns/{period.end:%Y-%m}.xlsx" for period in wanted], shape[0]),
            "source_sheet": "Return",
            "source_cell": "F" + pd.Series(np.repeat(np.arange(shape[0]) + 5, shape[1])).astype("str"),
            "source_sha256": "",
            "note": "",
        }
    )
    if pattern.unit == "%":
        frame["denominator"] = np.repeat(rng.integers(1_000, 20_000, size=shape[0]), shape[1])
        frame["numerator"] = np.round(frame["value"] * frame["denominator"] / 100)
    is_last = np.tile(np.arange(shape[1]) == shape[1] - 1, shape[0])
    is_kept = ~(is_last & np.repeat(rng.random(shape[0]) < AWAITED, shape[1]))
    is_absent = rng.random(len(frame)) < UNAVAILABLE
    main = _without_value(frame, is_absent)[is_kept]
    contrast = frame[is_kept & ~is_absent & np.repeat(np.arange(shape[0]) % CONTRAST_EACH == 0, shape[1])]
    wards = frame[is_kept & ~is_absent & is_last & np.repeat(np.arange(shape[0]) % WARDS_EACH == 0, shape[1])]
    return pd.concat([_with_revisions(rng, main, pattern), _of_deprived(rng, contrast, pattern), _by_ward(rng, wards, pattern)])


def _decimals(pattern: Pattern) -> int:
    """Return how many decimals a service returns: one more than reports show, except for counts."""
    return pattern.decimals + (pattern.unit != "number")


def _values(rng: np.random.Generator, levels: np.ndarray, pattern: Pattern, wanted: list[Period]) -> np.ndarray:
    make = series.shares if pattern.unit == "%" else series.around
    values = make(rng, levels, wanted, step=pattern.step, season=pattern.season, pandemic=pattern.pandemic)
    return series.cumulative(rng, values, wanted) if pattern.timing.measure_type is MeasureType.CUMULATIVE else values


def _without_value(frame: pd.DataFrame, is_absent: np.ndarray) -> pd.DataFrame:
    numbers = frame.columns.intersection(["value", "numerator", "denominator"])
    return frame.assign(
        **{name: frame[name].mask(is_absent) for name in numbers},
        absence=np.where(is_absent, str(Absence.NOT_AVAILABLE), ""),
        note=np.where(is_absent, "Not collected.", ""),
    )


def _with_revisions(rng: np.random.Generator, frame: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """Return `frame` where some results were first returned a little higher, then revised to what they are."""
    later = frame["received_on"] + REVISED_AFTER
    is_revised = (rng.random(len(frame)) < REVISED) & frame["value"].notna() & (later <= pd.Timestamp(_last_day()))
    step = 10.0**-pattern.decimals * np.where(frame["value"] > 100, 5, 1)
    higher = (frame["value"] + step).clip(upper=100 if pattern.unit == "%" else None)
    first = frame.assign(
        value=higher.where(is_revised, frame["value"]).round(_decimals(pattern)),
        maturity=np.where(is_revised, str(Maturity.PROVISIONAL), str(Maturity.FINAL)),
    )
    if "numerator" in frame:
        first["numerator"] = np.round(first["value"] * first["denominator"] / 100)
    second = frame[is_revised].assign(vintage=2, received_on=later[is_revised], note="Late cases were added.")
    return pd.concat([first, second])


def _last_day() -> str:
    return str(calendar.cut_off_on(calendar.LAST_QUARTER))


def _of_deprived(rng: np.random.Generator, frame: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """Return results for the most deprived tenth: counts are a part of the whole, other figures are less good."""
    if pattern.unit in COUNTS:
        values = frame["value"] * 0.2
    elif pattern.unit == "%":
        values = frame["value"] * 0.9
    else:
        values = frame["value"] * (0.85 + 0.03 * rng.random(len(frame)))
    return frame.assign(group=places.DEPRIVED, value=values.round(_decimals(pattern)), numerator=np.nan, denominator=np.nan)


def _by_ward(rng: np.random.Generator, frame: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """Return the latest result by ward; counts are shared out among the wards."""
    number = len(places.WARDS)
    wards = frame.drop(columns="area").merge(pd.DataFrame({"area": list(places.WARDS)}), how="cross")
    # Steps in a random order rather than random numbers: no two wards are to have the same value.
    factor = rng.permuted(np.tile(np.linspace(0.85, 1.05, number), (len(frame), 1)), axis=1)
    if pattern.unit in COUNTS:
        factor /= factor.sum(axis=1, keepdims=True)
    values = (wards["value"] * factor.ravel()).round(_decimals(pattern))
    return wards.assign(value=values, numerator=np.nan, denominator=np.nan)


def benchmarks(rng: np.random.Generator, results: pd.DataFrame, definitions: pd.DataFrame) -> pd.DataFrame:
    """Return values of other areas for the latest two periods of some KPIs: one row is one KPI's value in another area."""
    wanted = definitions["kpi_id"].iloc[::BENCHMARK_EACH]
    own = results[
        results["kpi_id"].isin(wanted)
        & (results["area"] == places.COUNCIL)
        & (results["group"] == ALL_PEOPLE)
        & (results["vintage"] == 1)
        & results["value"].notna()
    ]
    latest = own.groupby("kpi_id", sort=False).tail(2)[["kpi_id", "period", "value"]]
    others = pd.DataFrame({"area": [*places.PEERS, places.COUNTRY]})
    table = latest.merge(others, how="cross").merge(
        definitions[["kpi_id", "unit", "decimals"]], on="kpi_id", how="left", validate="many_to_one"
    )
    values = table["value"] * rng.uniform(0.9, 1.1, size=len(table))
    values = values.where(table["unit"] != "%", values.clip(upper=100))
    scale = 10.0 ** table["decimals"].astype(float)
    return table.assign(value=np.round(values * scale) / scale, numerator=np.nan, denominator=np.nan, producer=ILLUSTRATIVE)
