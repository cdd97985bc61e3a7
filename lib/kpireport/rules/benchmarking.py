"""Where the council stands among other areas: like periods side by side, then centre, spread, rank and gap.

An area is never compared with itself: the council's own value is in no mean, median, quartile or deviation of its comparators.
Its rank is its place among the comparators and itself. Source: the rating contract, part 6.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpireport.rules.availability import period_days
from kpireport.rules.figures import minus, round_half_away
from kpireport.vocabulary import MadConvention, PeriodAlignment, Polarity

NORMAL_SCALE = 1.4826
"""The median absolute deviation of normal data times this is their standard deviation (1 / the normal quantile of 0.75)."""
_SIGN = {Polarity.HIGHER_IS_BETTER: 1.0, Polarity.LOWER_IS_BETTER: -1.0}
_PLACES = 9
"""Decimals to which distances are compared, far beyond any figure printed: binary dust must not part equals."""


def in_sets(values: pd.DataFrame, comparator_sets: pd.DataFrame, wanted: Sequence[str], *, area: str) -> pd.DataFrame:
    """Return the values of each wanted comparator set, the council's own in every one: one row is one value in one set.

    Adds `comparator_set` and `is_council`; sets come in the order wanted. An area in two sets stands in both. Areas in no wanted
    set are left out, and so are rows without a value. The council's own values are its own whether the set lists it or not.
    """
    members = comparator_sets.loc[
        comparator_sets["comparator_set"].isin(wanted) & (comparator_sets["area"] != area), ["comparator_set", "area"]
    ]
    councils = pd.DataFrame({"comparator_set": list(wanted), "area": area})
    order = {code: place for place, code in enumerate(wanted)}
    listed = pd.concat([councils, members], ignore_index=True).sort_values(
        "comparator_set", key=lambda codes: codes.map(order), kind="stable"
    )
    known = values[values["value"].notna()]
    joined = listed.merge(known, on="area", how="inner", validate="many_to_many")
    return joined.assign(is_council=joined["area"] == area)


def align(values: pd.DataFrame, *, rule: PeriodAlignment, by: Sequence[str] = ("kpi_id", "comparator_set")) -> pd.DataFrame:
    """Return one value for each area: those of the periods that the rule sets side by side.

    ==============  ==================================================================================================
    rule            periods
    ==============  ==================================================================================================
    same_period     the council's latest; others only where they have that same period
    latest_shared   the latest period that the council and at least one other area have; nothing without one
    latest_each     each area's own latest, the mismatch with the council's shown
    ==============  ==================================================================================================

    Periods are the same when they are written the same. Where the council has no value nothing is compared. Periods sort by
    their last day, then by their first.

    Parameters
    ----------
    values
        One row is one area and period of one group of `by`, with `area`, `period`, `value` and `is_council`, no value missing.

    Returns
    -------
    pd.DataFrame
        One row is one area of one group: the columns of `values`, `council_period`, and `is_same_period`. A group in which no
        other area remains is left out: a council alone is no comparison.
    """
    group = list(by)
    ends, starts = period_days(values["period"]), period_days(values["period"], of="start")
    ordered = values.assign(_end=ends, _start=starts).sort_values(["_end", "_start"], kind="stable")
    if rule is PeriodAlignment.LATEST_SHARED:
        other_periods = ordered.loc[~ordered["is_council"], [*group, "period"]].drop_duplicates().assign(is_shared=True)
        marked = ordered.merge(other_periods, on=[*group, "period"], how="left", validate="many_to_one")
        ordered = marked[marked["is_shared"].eq(other=True)].drop(columns="is_shared")
    councils = ordered[ordered["is_council"]].drop_duplicates(group, keep="last")
    placed = ordered.merge(
        councils[[*group, "period"]].rename(columns={"period": "council_period"}), on=group, how="inner", validate="many_to_one"
    )
    placed = placed.assign(is_same_period=placed["period"] == placed["council_period"])
    if rule is not PeriodAlignment.LATEST_EACH:
        placed = placed[placed["is_same_period"]]
    latest = placed.drop_duplicates([*group, "area"], keep="last")
    others = (~latest["is_council"]).groupby([latest[name] for name in group], sort=False).transform("any")
    first = latest[others].sort_values("is_council", ascending=False, kind="stable")
    return first.drop(columns=["_end", "_start"]).reset_index(drop=True)


def absent(aligned: pd.DataFrame, comparator_sets: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return the members of each set that a comparison had to do without: one row is one KPI, set and area.

    They have no value in the periods compared. The council itself is never absent. `aligned` comes from `align`.
    """
    wanted = aligned[["kpi_id", "comparator_set"]].drop_duplicates()
    members = comparator_sets.loc[comparator_sets["area"] != area, ["comparator_set", "area"]]
    expected = wanted.merge(members, on="comparator_set", how="inner", validate="many_to_many")
    present = aligned[["kpi_id", "comparator_set", "area"]].assign(is_present=True)
    found = expected.merge(present, on=["kpi_id", "comparator_set", "area"], how="left", validate="one_to_one")
    return found.loc[found["is_present"].isna(), ["kpi_id", "comparator_set", "area"]].reset_index(drop=True)


def centre_and_spread(values: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the centre and spread of each group of areas: one row is one group, in order of appearance.

    Columns: `by`, `areas` (how many have a value), `mean`, `lower_quartile`, `median`, `upper_quartile`, and `mad`, the median
    absolute deviation from the median, unscaled: median(|x - median(x)|); all in the KPI's unit. Each area counts once, whatever
    its size. A quantile p of n sorted values lies at place 1 + (n - 1) p, straight between its two neighbours (Hyndman and Fan,
    1996, definition 7; QUARTILE.INC of spreadsheets); tied values each count. One area is its own mean and quartiles and has a
    deviation of 0; missing values do not count, and a group without any is missing throughout.
    """
    group = list(by)
    figures = values.groupby(group, sort=False)["value"]
    deviations = (values["value"] - figures.transform("median")).abs().round(_PLACES)
    mad = deviations.groupby([values[name] for name in group], sort=False).median()
    summary = {
        "areas": figures.count(),
        "mean": figures.mean(),
        "lower_quartile": figures.quantile(0.25),
        "median": figures.median(),
        "upper_quartile": figures.quantile(0.75),
        "mad": mad,
    }
    return pd.DataFrame(summary).reset_index()


def in_mads(distance: pd.Series, mad: pd.Series, *, convention: MadConvention) -> pd.Series:
    """Return a distance from the median in median absolute deviations (no unit; the sign is the distance's own).

    `raw`: distance / MAD, as the Office for Local Government published it. `scaled`: distance / (1.4826 MAD), which reads as
    standard deviations where the areas are spread normally. Missing where the deviation is 0 (more than half of the areas are
    equal: no distance can be told) or where either is missing.
    """
    scale = NORMAL_SCALE if convention is MadConvention.SCALED else 1.0
    return distance / (mad.where(mad > 0) * scale)


def rank(values: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the place of each area in its group, 1 for the most favourable, indexed like `values`.

    Columns: `rank`, `of` (areas with a value), `is_tied`, and `rank_label`, "1=" for areas that share a place ("standard
    competition ranking": after two on 1= comes 3). Missing for an area without a value, and where neither way is good (neutral
    polarity, a range). Values are compared as they are: round them as printed first (`printed`), so that equals share a place.

    Parameters
    ----------
    values
        One row is one area, with `value` and `polarity`.
    """
    good_way = values["polarity"].map(_SIGN)
    favour = values["value"] * good_way
    group = [values[name] for name in by]
    place = favour.groupby(group, sort=False).rank(method="min", ascending=False)
    sharing = favour.groupby([*group, favour], sort=False).transform("size")
    tied = (sharing > 1) & place.notna()
    label = place.astype("Int64").astype("str").where(place.notna(), "") + tied.map({True: "=", False: ""})
    return pd.DataFrame(
        {
            "rank": place.astype("Int64"),
            "of": favour.groupby(group, sort=False).transform("count").astype("Int64").where(place.notna()),
            "is_tied": tied,
            "rank_label": label.astype("str"),
        },
        index=values.index,
    )


def printed(values: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the values rounded to their KPI's decimals, with its `polarity` and `decimals`: comparison follows the print."""
    terms = values[["kpi_id"]].merge(kpis[["kpi_id", "polarity", "decimals"]], on="kpi_id", how="left", validate="many_to_one")
    terms = terms.set_axis(values.index)
    return values.assign(
        value=round_half_away(values["value"], terms["decimals"]), polarity=terms["polarity"], decimals=terms["decimals"]
    )


def compare(aligned: pd.DataFrame, kpis: pd.DataFrame, comparator_sets: pd.DataFrame) -> pd.DataFrame:
    """Return where the council stands in each comparator set: one row is one KPI and set.

    All comparison is of values rounded as printed. `aligned` comes from `align`.

    Returns
    -------
    pd.DataFrame
        `kpi_id`, `comparator_set`, `period` and `value` of the council; `members` of the set (the council apart), `areas` of them
        compared; `mean`, `lower_quartile`, `median`, `upper_quartile` and `mad` of these; `difference` (value - median, in the
        KPI's unit); `gap`, the same signed so that positive is favourable (missing where neither way is good); `mads_raw` and
        `mads_scaled`, the difference in deviations; `rank`, `of`, `is_tied`, `rank_label` of the council; `quarter_of_areas`: 1
        when it is at or beyond the favourable quartile of its comparators, 2 at or beyond their median, 3 at or beyond the other
        quartile, else 4 (missing where neither way is good or the quartiles are equal and so tell nothing apart);
        `differing_periods`, how many comparators have another period than the council; `first_period` and `last_period`, the
        earliest and latest of all.
    """
    by = ["kpi_id", "comparator_set"]
    shown = printed(aligned, kpis)
    ranked = shown.join(rank(shown, by))
    own = ranked.loc[ranked["is_council"], [*by, "period", "value", "polarity", "rank", "of", "is_tied", "rank_label"]]
    others = shown[~shown["is_council"]]
    ends = period_days(shown["period"])
    in_order = shown.assign(_end=ends).sort_values("_end", kind="stable").groupby(by, sort=False)["period"]
    spans = pd.DataFrame({"first_period": in_order.first(), "last_period": in_order.last()}).reset_index()
    differing = (~others["is_same_period"]).groupby([others[name] for name in by], sort=False).sum().rename("differing_periods")
    listed = comparator_sets[~comparator_sets["area"].isin(shown.loc[shown["is_council"], "area"])]
    members = listed.groupby("comparator_set").size().rename("members").reset_index()
    rows = own.merge(centre_and_spread(others, by), on=by, how="left", validate="one_to_one")
    rows = rows.merge(members, on="comparator_set", how="left", validate="many_to_one")
    rows = rows.merge(differing.reset_index(), on=by, how="left", validate="one_to_one")
    rows = rows.merge(spans, on=by, how="left", validate="one_to_one")
    difference = minus(rows["value"], rows["median"])
    good_way = rows["polarity"].map(_SIGN)
    rows = rows.assign(
        difference=difference,
        gap=difference * good_way + 0.0,
        mads_raw=in_mads(difference, rows["mad"], convention=MadConvention.RAW),
        mads_scaled=in_mads(difference, rows["mad"], convention=MadConvention.SCALED),
        quarter_of_areas=_quarter(rows, good_way),
    )
    columns = ["kpi_id", "comparator_set", "period", "value", "members", "areas", "mean", "lower_quartile", "median"]
    columns += ["upper_quartile", "mad", "difference", "gap", "mads_raw", "mads_scaled", "rank", "of", "is_tied", "rank_label"]
    return rows[[*columns, "quarter_of_areas", "differing_periods", "first_period", "last_period"]]


def _quarter(rows: pd.DataFrame, good_way: pd.Series) -> pd.Series:
    value = (rows["value"] * good_way).round(_PLACES)
    edges = rows[["lower_quartile", "median", "upper_quartile"]].mul(good_way, axis="index").round(_PLACES)
    best, worst = edges.max(axis="columns"), edges.min(axis="columns")
    place = np.select([value >= best, value >= edges["median"], value >= worst], [1, 2, 3], 4)
    is_told = value.notna() & (best > worst)
    return pd.Series(place, index=rows.index).astype("Int64").where(is_told)
