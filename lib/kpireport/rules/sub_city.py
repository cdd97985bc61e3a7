"""The picture within the city: wards on one edition of their boundaries, and how the most deprived fare.

Source: the rating contract, parts 5, 6 and 9 (cases 9 and 10). Inequality across deciles: the slope index as the Office for
Health Improvement and Disparities computes it for Fingertips (after Mackenbach and Kunst, Social Science and Medicine 44, 1997).
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kpireport.errors import ParameterError, shown, suggest
from kpireport.rules.availability import period_days
from kpireport.rules.benchmarking import printed, rank
from kpireport.rules.boundaries import on_boundaries
from kpireport.rules.figures import minus
from kpireport.vocabulary import ALL_PEOPLE, AreaType, MeasureType, Polarity

_SIGN = {Polarity.HIGHER_IS_BETTER: 1.0, Polarity.LOWER_IS_BETTER: -1.0}


def wards_on(values: pd.DataFrame, areas: pd.DataFrame, kpis: pd.DataFrame, *, boundaries: str) -> pd.DataFrame:
    """Return each KPI's ward values on one edition of the boundaries: one row is one KPI, period and ward of the edition.

    A ward without a value has a row without one, so that a table that omits a ward shows it. Wards are joined by code: names
    vary, and codes change between editions (put older values on these boundaries first, with `boundaries.on_boundaries`). Values
    in wards of another edition, in other areas and of part of the people are left out.

    Parameters
    ----------
    values
        One row is one KPI, area, group and period, with `value`.
    boundaries
        The edition, as the areas table names it.

    Returns
    -------
    pd.DataFrame
        `kpi_id`, `period`, `area`, `area_name`, `value`, and `rank`, `of`, `is_tied`, `rank_label` among the wards of the period,
        1 being the most favourable (see `benchmarking.rank`). Sorted by KPI, period and code.
    """
    is_ward = (areas["area_type"] == AreaType.WARD) & (areas["boundaries"] == boundaries)
    edition = areas.loc[is_ward, ["area", "area_name"]]
    everyone = values[(values["group"] == ALL_PEOPLE) & values["area"].isin(edition["area"])]
    grid = everyone[["kpi_id", "period"]].drop_duplicates().merge(edition, how="cross")
    key = ["kpi_id", "period", "area"]
    rows = grid.merge(everyone[[*key, "value"]], on=key, how="left", validate="one_to_one")
    rows = rows.merge(kpis[["kpi_id", "polarity"]], on="kpi_id", how="left", validate="many_to_one")
    rows = rows.sort_values(key, ignore_index=True)
    return rows.join(rank(rows, ["kpi_id", "period"])).drop(columns="polarity")


def named_wards(areas: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return the wards of these names, on every edition of the boundaries: one row is one area.

    Raises
    ------
    ParameterError
        With every name that no ward has, and what may have been meant.
    """
    wards = areas[areas["area_type"] == AreaType.WARD]
    known = wards["area_name"].drop_duplicates().tolist()
    wanted = list(names)
    if faults := [
        f"wards: {shown(name)} is no ward of the areas table. {suggest(name, known)}" for name in wanted if name not in known
    ]:
        raise ParameterError("\n".join(faults))
    return wards[wards["area_name"].isin(wanted)]


def latest_in_wards(
    breakdowns: pd.DataFrame, areas: pd.DataFrame, lookup: pd.DataFrame, kpis: pd.DataFrame, *, area: str
) -> pd.DataFrame:
    """Return the latest ward values of each KPI that has any on the latest boundaries: one row is one KPI and ward.

    Parameters
    ----------
    breakdowns
        One row is one KPI, area, group and period, with `period_end`, `value`, `numerator` and `denominator`.
    lookup
        The area_lookup table, by which earlier values are put on the latest boundaries.
    area
        The council's own area.

    Returns
    -------
    pd.DataFrame
        The columns of `wards_on`; `whole_value`: the council's own value in the same period, missing where it has none; and
        `before_period` and `before_value`: the KPI's last earlier period with wards that it may be compared with ("" and missing
        without one), which for a cumulative KPI is the same part of an earlier year.
    """
    wards = areas[areas["area_type"] == AreaType.WARD]
    everyone = breakdowns[breakdowns["group"].eq(ALL_PEOPLE) & breakdowns["kpi_id"].isin(kpis["kpi_id"])]
    latest_edition = wards["boundaries"].max() if len(wards) else ""
    on_edition = everyone[everyone["area"].isin(wards.loc[wards["boundaries"] == latest_edition, "area"])]
    latest = on_edition[on_edition["period_end"] == on_edition.groupby("kpi_id")["period_end"].transform("max")]
    own = everyone.loc[everyone["area"] == area, ["kpi_id", "period", "value"]].rename(columns={"value": "whole_value"})
    rows = wards_on(_as_printed(latest, kpis), areas, kpis, boundaries=latest_edition)
    rows = rows.merge(own, on=["kpi_id", "period"], how="left", validate="many_to_one")
    before = _before(everyone[everyone["area"].isin(wards["area"])], lookup, kpis, rows)
    rows = rows.merge(before, on=["kpi_id", "area"], how="left", validate="one_to_one")
    periods = before.drop_duplicates("kpi_id").set_index("kpi_id")["before_period"]
    return rows.drop(columns="before_period").assign(before_period=rows["kpi_id"].map(periods).fillna("").astype("str"))


def _before(wards: pd.DataFrame, lookup: pd.DataFrame, kpis: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Return `before_period` and `before_value` of each KPI and ward of `shown`, on its boundaries."""
    is_count = wards["kpi_id"].map(kpis.set_index("kpi_id")["unit"]) == "number"
    counts, rates = wards[is_count], wards[~is_count]
    moved = pd.concat([on_boundaries(counts, lookup, is_count=True), on_boundaries(rates, lookup, is_count=False)])
    moved = moved[moved["area"].isin(shown["area"]) & moved["value"].notna()]
    terms = kpis[["kpi_id", "measure_type", "comparable_from"]].merge(
        shown[["kpi_id", "period"]].drop_duplicates().rename(columns={"period": "now"}), on="kpi_id", validate="one_to_one"
    )
    rows = moved.merge(terms, on="kpi_id", how="inner", validate="many_to_one")
    then, now = period_days(rows["period"]), period_days(rows["now"])
    is_comparable = ~(then < period_days(rows["comparable_from"]))
    is_same_part = (rows["measure_type"] != MeasureType.CUMULATIVE) | (then.dt.month == now.dt.month)
    rows = rows.assign(period_end=then)[(then < now) & is_comparable & is_same_part]
    last = rows[rows["period_end"] == rows.groupby("kpi_id")["period_end"].transform("max")]
    return _as_printed(last, kpis)[["kpi_id", "area", "period", "value"]].rename(
        columns={"period": "before_period", "value": "before_value"}
    )


def _as_printed(values: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    return printed(values, kpis).drop(columns=["polarity", "decimals"])


def contrast(values: pd.DataFrame, kpis: pd.DataFrame, *, area: str, deprived: str = "most deprived tenth") -> pd.DataFrame:
    """Return how the people of the most deprived tenth fare against the whole city: one row is one KPI and period.

    The whole includes the deprived tenth, as both are published. Only periods that have both are compared.

    Returns
    -------
    pd.DataFrame
        `kpi_id`, `period`, `deprived_value`, `whole_value`; `absolute_gap`, deprived - whole in the KPI's unit; `gap`, the same
        signed so that positive is favourable to the deprived tenth (missing where neither way is good); `relative_gap`,
        deprived / whole (1 is no gap, no unit; missing when the whole is 0 or the two have different signs, for which a ratio
        means nothing).
    """
    key = ["kpi_id", "period"]
    own = values[(values["area"] == area) & values["value"].notna()]
    whole = own.loc[own["group"] == ALL_PEOPLE, [*key, "value"]].rename(columns={"value": "whole_value"})
    tenth = own.loc[own["group"] == deprived, [*key, "value"]].rename(columns={"value": "deprived_value"})
    rows = tenth.merge(whole, on=key, how="inner", validate="one_to_one")
    rows = rows.merge(kpis[["kpi_id", "polarity"]], on="kpi_id", how="left", validate="many_to_one")
    difference = minus(rows["deprived_value"], rows["whole_value"])
    is_ratio = (rows["whole_value"] != 0) & (rows["deprived_value"] * rows["whole_value"] >= 0)
    return rows.assign(
        absolute_gap=difference,
        gap=difference * rows["polarity"].map(_SIGN) + 0.0,
        relative_gap=rows["deprived_value"] / rows["whole_value"].where(is_ratio),
    ).drop(columns="polarity")


def slope_index(deciles: pd.DataFrame) -> pd.DataFrame:
    """Return the inequality across all tenths of deprivation: one row is one KPI and period.

    The value of each decile is regressed on its place in the population, least squares weighted by its people: decile 1 (most
    deprived) stands at half its share of people, the next at the share below it plus half its own, and so on, from 0 to 1. With
    x the places, y the values and w the people, b = sum w (x - mx)(y - my) / sum w (x - mx)², mx and my being weighted means.

    A decile without a value keeps its place and is left out of the regression; one with no people, or without their number, has
    no place and is left out. Fewer than two deciles left: missing. All values equal: 0. Any other split (fifths) works alike.

    Parameters
    ----------
    deciles
        One row is one decile: `kpi_id`, `period`, `decile` (1 is the most deprived), `value`, `population` (0 or more).

    Returns
    -------
    pd.DataFrame
        `kpi_id`, `period`, `groups_used`; `slope_index`, b: the fitted value of the least deprived end minus that of the most
        deprived, in the KPI's unit; `relative_index`, b / my (no unit; missing unless the mean is above 0); `relative_ratio`,
        fitted most deprived end / fitted least deprived end (missing unless both are above 0).

    Raises
    ------
    ValueError
        When a population is negative.
    """
    if (deciles["population"] < 0).any():
        raise ValueError("a population is negative")
    key = ["kpi_id", "period"]
    rows = deciles[deciles["population"] > 0].sort_values([*key, "decile"], kind="stable")
    group = [rows[name] for name in key]
    people = rows["population"].groupby(group, sort=False)
    place = (people.cumsum() - rows["population"] / 2) / people.transform("sum")
    used = rows.assign(x=place)[rows["value"].notna()]
    group = [used[name] for name in key]

    def total(figures: pd.Series) -> pd.Series:
        return figures.groupby(group, sort=False).transform("sum")

    weight = used["population"] / total(used["population"])
    mean_x, mean_y = total(weight * used["x"]), total(weight * used["value"])
    covariance = total(weight * (used["x"] - mean_x) * (used["value"] - mean_y))
    variance = total(weight * (used["x"] - mean_x) ** 2)
    number = used["value"].groupby(group, sort=False).transform("size")
    all_equal = used["value"].groupby(group, sort=False).transform("nunique") == 1
    slope = (covariance / variance.where(number >= 2)).mask(all_equal & (number >= 2), 0.0)
    most, least = mean_y - slope * mean_x, mean_y + slope * (1 - mean_x)
    worked_out = used[key].assign(
        groups_used=number,
        slope_index=slope,
        relative_index=slope / mean_y.where(mean_y > 0),
        relative_ratio=np.where((most > 0) & (least > 0), most / least.where(least > 0), np.nan),
    )
    found = worked_out.drop_duplicates(key)
    listed = deciles[key].drop_duplicates().merge(found, on=key, how="left", validate="one_to_one")
    return listed.assign(groups_used=listed["groups_used"].fillna(0).astype(int)).reset_index(drop=True)
