"""A KPI's outturn: its one figure for a whole financial year.

Source: the reports' calendar ("or latest available, with its own period"); the rating contract, part 2, rule 10. By measure type:

==========================================  ======================================================================
measure type                                outturn
==========================================  ======================================================================
cumulative, snapshot, rolling year          the result of the period that ends with the year
annual, academic year, pooled years,        the latest result of a period that ends within the year
termly
in period                                   the whole year's, where numerators allow; else that of its last period
==========================================  ======================================================================

Numerators allow the whole year when every month or quarter of it has them: a percentage is then the sum of its numerators over
the sum of its denominators, and a count without a denominator the sum of its numerators. Other rates are not summed, as the
people or homes that they are counted over are the same in each period. Where the year has no such figure the outturn is the
latest available, and carries its own, earlier period.
"""

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.rules import direction
from kpireport.rules.availability import period_days
from kpireport.vocabulary import Maturity, MeasureType, OutturnBasis

_ENDS_WITH_THE_YEAR = [MeasureType.CUMULATIVE, MeasureType.SNAPSHOT, MeasureType.ROLLING_YEAR]
_PARTS_OF_A_YEAR = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}
_OUTTURN = ["outturn", "outturn_period", "outturn_basis", "outturn_maturity", "outturn_is_revised"]


def outturns(kpis: pd.DataFrame, history: pd.DataFrame, *, year: Period) -> pd.DataFrame:
    """Return each KPI's figure for a financial year: one row is one KPI, with the index of `kpis`.

    Parameters
    ----------
    kpis
        One row is one KPI, with its Supporting Information.
    history
        One row is one KPI and period of the council's results, as `Performance.history`.

    Returns
    -------
    pd.DataFrame
        `outturn` in the KPI's unit, at full precision; `outturn_period`, the period that it describes; `outturn_basis`, a word of
        `OutturnBasis`; `outturn_maturity`, provisional when any part of it is; `outturn_is_revised`, when any part was.
    """
    terms = kpis[["kpi_id", "measure_type", "period_kind", "unit", "decimals"]]
    known = history[history["value"].notna() & (history["period_end"] <= pd.Timestamp(year.end))]
    latest = known.sort_values("period_end", kind="stable").drop_duplicates("kpi_id", keep="last")
    rows = terms.merge(
        latest[["kpi_id", "period", "period_end", "value", "maturity", "is_revised"]],
        on="kpi_id",
        how="left",
        validate="one_to_one",
    ).set_axis(kpis.index)
    rows = rows.assign(
        outturn=rows["value"],
        outturn_period=rows["period"].fillna(""),
        outturn_basis=_basis(rows, year),
        outturn_maturity=rows["maturity"].fillna(""),
        outturn_is_revised=rows["is_revised"].eq(other=True),
    )
    whole = _whole_years(terms, known, year).reindex(rows["kpi_id"]).set_axis(rows.index)
    return rows[_OUTTURN].mask(whole["outturn"].notna(), whole[_OUTTURN])


def _basis(rows: pd.DataFrame, year: Period) -> pd.Series:
    ends_with, measure = rows["period_end"] == pd.Timestamp(year.end), rows["measure_type"]
    ends_within = (rows["period_end"] >= pd.Timestamp(year.start)) & (rows["period_end"] <= pd.Timestamp(year.end))
    by_point, by_part = measure.isin(_ENDS_WITH_THE_YEAR), measure == MeasureType.IN_PERIOD
    words = np.select(
        [rows["value"].isna(), by_point & ends_with, by_part & ends_with, ~by_point & ~by_part & ends_within],
        [OutturnBasis.NONE, OutturnBasis.YEAR_END, OutturnBasis.LAST_PERIOD, OutturnBasis.OWN_YEAR],
        OutturnBasis.EARLIER,
    )
    return pd.Series(words, index=rows.index, dtype="str")


def _whole_years(terms: pd.DataFrame, known: pd.DataFrame, year: Period) -> pd.DataFrame:
    """Return the sums over the year of those in-period KPIs whose numerators allow one: one row is one KPI, its index."""
    own = terms[(terms["measure_type"] == MeasureType.IN_PERIOD) & terms["period_kind"].isin(list(_PARTS_OF_A_YEAR))]
    parts = known[known["period_end"] >= pd.Timestamp(year.start)].merge(own, on="kpi_id", how="inner", validate="many_to_one")
    is_share = (parts["unit"] == "%") & parts["denominator"].gt(0)
    is_count = (parts["unit"] == "number") & parts["denominator"].isna()
    made = (100 * parts["numerator"] / parts["denominator"]).where(is_share, parts["numerator"])
    # Counts that do not give the value back belong to something else, and are not added up.
    agrees = (made - parts["value"]).abs() <= 10.0 ** -parts["decimals"].astype(float)
    sums = (
        parts.assign(fits=agrees & (is_share | is_count), is_provisional=parts["maturity"] == Maturity.PROVISIONAL)
        .groupby("kpi_id")
        .agg(
            fits=("fits", "all"),
            number=("period", "size"),
            kind=("period_kind", "first"),
            unit=("unit", "first"),
            numerator=("numerator", "sum"),
            denominator=("denominator", "sum"),
            is_provisional=("is_provisional", "any"),
            outturn_is_revised=("is_revised", "any"),
        )
    )
    sums = sums[sums["fits"].astype(bool) & (sums["number"] == sums["kind"].map(_PARTS_OF_A_YEAR))]
    maturity = sums["is_provisional"].map({True: str(Maturity.PROVISIONAL), False: str(Maturity.FINAL)})
    return sums.assign(
        outturn=(100 * sums["numerator"] / sums["denominator"]).where(sums["unit"] == "%", sums["numerator"]),
        outturn_period=str(year),
        outturn_basis=str(OutturnBasis.WHOLE_YEAR),
        outturn_maturity=maturity,
    )[_OUTTURN]


def compare(kpis: pd.DataFrame, now: pd.DataFrame, history: pd.DataFrame, *, year: Period) -> pd.DataFrame:
    """Return each outturn of `year` against the same figure a year before its own period, with the index of `kpis`.

    A figure for the whole year is compared with the whole year before. Windows of several years that overlap are not compared,
    nor is a figure with one of an earlier definition (`comparable_from`).

    Returns
    -------
    pd.DataFrame
        `outturn_last_year` and `outturn_last_year_period` (missing and "" where not comparable); `year_change` and
        `year_direction`, as `direction.directions` gives them; `year_change_share`, the size of the change in proportion to the
        earlier figure, missing for a figure of 0; `is_news`: the outturn's period ended within the year.
    """
    wanted = pd.DataFrame({"kpi_id": kpis["kpi_id"], "period": now["outturn_period"].map(_year_before).astype("str")})
    found = wanted.merge(history[["kpi_id", "period", "value"]], on=["kpi_id", "period"], how="left", validate="one_to_one")
    single = found["value"].set_axis(kpis.index)
    sums = outturns(kpis, history, year=year.same_last_year())
    is_sum = now["outturn_basis"] == OutturnBasis.WHOLE_YEAR
    earlier = single.mask(is_sum, sums["outturn"].where(sums["outturn_basis"] == OutturnBasis.WHOLE_YEAR))
    starts, comparable = (
        period_days(texts, of="start") for texts in (wanted["period"].set_axis(kpis.index), kpis["comparable_from"])
    )
    is_like = (kpis["measure_type"] != MeasureType.POOLED_YEARS) & (comparable.isna() | (starts >= comparable))
    earlier = earlier.where(is_like)
    told = direction.directions(kpis.assign(value=now["outturn"], comparator_value=earlier))
    return pd.DataFrame(
        {
            "outturn_last_year": earlier,
            "outturn_last_year_period": wanted["period"].where(earlier.notna(), ""),
            "year_change": told["change"],
            "year_direction": told["direction"],
            "year_change_share": told["change"].abs() / earlier.abs().where(earlier != 0),
            "is_news": period_days(now["outturn_period"]) >= pd.Timestamp(year.start),
        }
    )


def _year_before(period: str) -> str:
    return str(periods.parse(period).same_last_year()) if period else ""
