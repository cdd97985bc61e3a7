"""Which result a report may use: what the record held on a day, what had fallen due, and the latest available.

The reporting period and the data's own period are different things: each result keeps its own. Source: the rating contract,
part 2, rules 7, 8 and 10.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.vocabulary import ALL_PEOPLE, Frequency, NotRated

RESULT_KEY = ["kpi_id", "area", "group", "period"]
_FREQUENCY_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12, Frequency.BIENNIAL: 24}
_KIND_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.ROLLING_YEAR: 1}
_USUAL = {
    PeriodKind.MONTH: periods.month(2000, 3),
    PeriodKind.QUARTER: periods.quarter(1999, 4),
    PeriodKind.TERM: periods.term(1999, "Summer"),
    PeriodKind.FINANCIAL_YEAR: periods.financial_year(1999),
    PeriodKind.CALENDAR_YEAR: periods.calendar_year(1999),
    PeriodKind.ACADEMIC_YEAR: periods.academic_year(1999),
    PeriodKind.ROLLING_YEAR: periods.rolling_year(2000, 3),
    PeriodKind.POOLED_YEARS: periods.pooled_years(1997, 1999),
}
"""A period of each kind from which the others are counted when a KPI has neither a result nor a baseline."""


def period_days(texts: pd.Series, *, of: str = "end") -> pd.Series:
    """Return the last day of each period (the first with ``of="start"``); missing for ""."""
    codes, unique = pd.factorize(texts)
    days = np.array([getattr(periods.parse(text), of) if text else None for text in unique], dtype="datetime64[s]")
    return pd.Series(days[codes] if len(codes) else days, index=texts.index)


def as_known(results: pd.DataFrame, known_on: date | None, *, key: Sequence[str] = RESULT_KEY) -> pd.DataFrame:
    """Return the KPI Data Record as it stood at the end of a day: the latest vintage of each result then received.

    One row is one result (KPI, area, group, period), with `period_end`, and `is_revised`: an earlier vintage gave another value,
    numerator or denominator. A first value after a reason for absence, or a provisional value confirmed unchanged, is no
    revision. `known_on` None means the whole record. `key` tells results apart: less will do where they are of one area.
    """
    key = list(key)
    known = results if known_on is None else results[results["received_on"] <= pd.Timestamp(known_on)]
    repeated = known[known.duplicated(key, keep=False)].sort_values("vintage", kind="stable")
    vintages = repeated.groupby(key, sort=False)
    earlier = vintages[["value", "numerator", "denominator"]].shift()
    changed = (earlier.notna() & (repeated[earlier.columns] != earlier)).any(axis="columns")
    revised = changed.groupby([repeated[name] for name in key], sort=False).transform("any")
    latest = known.drop(repeated.index[repeated.duplicated(key, keep="last")])
    return latest.assign(is_revised=latest.index.isin(revised.index[revised]), period_end=period_days(latest["period"]))


def of_council(results: pd.DataFrame, area: str) -> pd.DataFrame:
    """Return the results for everyone in the council's own area, with `period_end`, in order of KPI and period."""
    own = results[(results["area"] == area) & (results["group"] == ALL_PEOPLE)]
    return own.assign(period_end=period_days(own["period"])).sort_values(["kpi_id", "period_end"], kind="stable")


def months_apart(kind: PeriodKind, frequency: Frequency) -> int:
    """Return how many months lie between one period of a KPI and its next. School terms have no such number; they give 12."""
    return max(_FREQUENCY_MONTHS.get(frequency, 12), _KIND_MONTHS.get(kind, 12))


def expected_period(kind: PeriodKind, frequency: Frequency, lag_months: int, anchor: Period | None, by: date) -> Period | None:
    """Return the latest period whose result has fallen due by a day: its end and `lag_months` more have passed.

    Periods are counted from `anchor`, a period that the KPI is known to have: a survey taken every second year is due only in
    its own years, and a year may end in any month. None when a biennial KPI has no anchor.
    """
    last_month = by.year * 12 + by.month - 1 - lag_months
    if kind is PeriodKind.TERM and frequency is Frequency.TERMLY:
        year, number = divmod(last_month, 12)
        return periods.last_ended(kind, date(year, number + 1, monthrange(year, number + 1)[1]))
    if anchor is None or anchor.kind is not kind:
        if frequency is Frequency.BIENNIAL:
            return None
        anchor = _USUAL[kind]
    step = months_apart(kind, frequency)
    steps = (last_month - (anchor.end.year * 12 + anchor.end.month - 1)) // step
    return anchor.shift(steps * step)


def expected(kpis: pd.DataFrame, known: pd.DataFrame, quarter: Period) -> pd.Series:
    """Return the period whose result each KPI owes the quarter's report; "" while nothing has fallen due.

    Nothing is owed for periods that ended before the KPI joined the list, unless its service has sent results that old.
    `known` holds the council's results as known, in order of KPI and period.
    """
    first = known.drop_duplicates("kpi_id").set_index("kpi_id").reindex(kpis["kpi_id"]).set_axis(kpis.index)
    anchors = first["period"].where(first["period"].notna(), kpis["baseline_period"])
    terms = pd.DataFrame(
        {"kind": kpis["period_kind"], "frequency": kpis["frequency"], "lag": kpis["lag_months"].astype(int), "anchor": anchors}
    )
    due = {
        (kind, frequency, lag, anchor): expected_period(
            PeriodKind(kind), Frequency(frequency), lag, periods.parse(anchor) if anchor else None, quarter.end
        )
        for kind, frequency, lag, anchor in terms.drop_duplicates().itertuples(index=False, name=None)
    }
    owed = [str(due[key] or "") for key in terms.itertuples(index=False, name=None)]
    texts = pd.Series(owed, index=kpis.index, dtype="str")
    ends = period_days(texts)
    since = period_days(kpis["introduced"], of="start")
    return texts.where((ends >= since) | (ends >= first["period_end"]), "")


def latest(kpis: pd.DataFrame, known: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """Return what each KPI can show in the quarter's report, and why it cannot be rated where it cannot.

    One row is one KPI, indexed like `kpis`: the columns of its latest result with a value ("or latest available"; without one,
    those of its latest reason for absence), `expected_period`, `is_latest_expected`, and `state`: "" when the result may be
    rated, otherwise `not_due`, `awaited`, or the reason for absence of the expected result. `absence` and `note` are those of
    the expected result when that is the one without a value.
    """
    usable = known[known["period_end"] <= pd.Timestamp(quarter.end)]
    newest = usable.drop_duplicates("kpi_id", keep="last").set_index("kpi_id").reindex(kpis["kpi_id"])
    shown = usable[usable["value"].notna()].drop_duplicates("kpi_id", keep="last").set_index("kpi_id").reindex(kpis["kpi_id"])
    newest, shown = newest.set_axis(kpis.index), shown.set_axis(kpis.index)
    owed = expected(kpis, usable, quarter)
    owed_end = period_days(owed)
    has_value = shown["value"].notna()
    is_in = has_value & ((shown["period_end"] >= owed_end) | owed_end.isna())
    explained = ~is_in & (newest["period_end"] >= owed_end) & (newest["absence"] != "")
    state = np.select(
        [is_in, owed_end.isna(), explained],
        ["", NotRated.NOT_DUE, newest["absence"].fillna("").astype(object)],
        NotRated.AWAITED,
    )
    words = shown.columns[shown.dtypes == "str"]
    result = shown.where(has_value, newest)
    result = result.assign(
        absence=newest["absence"].where(explained, ""),
        note=result["note"].where(~(explained & (newest["note"] != "")), newest["note"]),
        is_revised=result["is_revised"].eq(other=True),
        expected_period=owed,
        is_latest_expected=is_in,
        state=pd.Series(state, index=kpis.index, dtype="str"),
    )
    return result.assign(**{name: result[name].fillna("") for name in words})
