"""The outcome indicators of a city, which its council does not control: KPIs of the register, and series of their own.

A series of its own goes through the same rules as a KPI: it is put into a KPI's shape, once, and nothing afterwards tells the two
apart. Source: the council's account of its arrangements, points 21 and 22.
"""

import pandas as pd

from kpireport.rules import benchmarking
from kpireport.rules.figures import minus
from kpireport.rules.judgement import good_way
from kpireport.rules.performance import Performance
from kpireport.vocabulary import (
    ComparatorRule,
    Direction,
    Frequency,
    Kind,
    Maturity,
    MeasureType,
    PeriodAlignment,
    Purpose,
    QualityLabel,
    TargetType,
    YesNo,
)

_MEASURES = {"pooled_years": MeasureType.POOLED_YEARS, "rolling_year": MeasureType.ROLLING_YEAR}
_CONTACTS = ["accountable_officer", "key_contacts"]


def as_kpis(indicators: pd.DataFrame, kpis: pd.DataFrame, *, since: str) -> pd.DataFrame:
    """Return the own series among the indicators in the shape of the KPI Supporting Information: one row is one series.

    `since` is a quarter: from then on they are shown.
    """
    own = indicators[indicators["kpi_id"] == ""]
    same = own[["indicator_name", "definition", "unit", "decimals", "polarity", "period_kind", "source"]]
    shaped = same.rename(columns={"indicator_name": "kpi_name"}).assign(
        kpi_id=own["bca_indicator"],
        pillars=own["pillar"],
        purpose=str(Purpose.CITY_CONTRIBUTION),
        kind=str(Kind.KPI),
        measure_type=own["period_kind"].map(_MEASURES).fillna(MeasureType.ANNUAL).map(str),
        frequency=str(Frequency.ANNUAL),
        lag_months=12,
        comparator_rule=str(ComparatorRule.PREVIOUS_YEAR),
        target_type=str(TargetType.NONE),
        quality_label=str(QualityLabel.PUBLIC),
        introduced=since,
    )
    return _in_shape(shaped, kpis)


def as_results(outcomes: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Return the values of own series in the shape of the KPI Data Record: one row is one area, group and period."""
    shaped = outcomes[["area", "group", "period", "value", "producer"]].assign(
        kpi_id=outcomes["bca_indicator"], received_on=outcomes["published_on"], maturity=str(Maturity.FINAL), vintage=1
    )
    return _in_shape(shaped, results)


def _in_shape(rows: pd.DataFrame, pattern: pd.DataFrame) -> pd.DataFrame:
    shaped = rows.reindex(columns=pattern.columns)
    texts = [name for name in pattern.columns if pattern[name].dtype == "str"]
    return shaped.assign(**{name: shaped[name].fillna("") for name in texts}).astype(pattern.dtypes)


def indicators_of(shown: Performance, indicators: pd.DataFrame, pillars: pd.DataFrame, components: pd.DataFrame) -> pd.DataFrame:
    """Return the scorecard's indicators: one row is one indicator in the order of pillars, with its row of `Performance.kpis`.

    Adds `bca_indicator`, `pillar`, `pillar_name`, `is_shared` (whether it is a KPI of the register), `is_marmot` and
    `spi_component`, the name of the component of the index; takes away whoever is to be asked. `components` has `node` and
    `node_name`.
    """
    listed = indicators.assign(
        is_shared=indicators["kpi_id"] != "",
        kpi_id=indicators["kpi_id"].mask(indicators["kpi_id"] == "", indicators["bca_indicator"]),
        is_marmot=indicators["is_marmot"] == YesNo.YES,
        spi_component=indicators["spi_component"].map(components.set_index("node")["node_name"]).fillna(""),
    )[["bca_indicator", "order", "pillar", "kpi_id", "is_shared", "is_marmot", "spi_component"]]
    order = {code: place for place, code in enumerate(pillars["pillar"])}
    named = listed.merge(pillars, on="pillar", how="left", validate="many_to_one").assign(place=listed["pillar"].map(order).array)
    both = named.merge(shown.kpis.drop(columns=_CONTACTS), on="kpi_id", how="inner", validate="one_to_one")
    return both.sort_values(["place", "order"], ignore_index=True).drop(columns=["place", "order"])


def counts_of_travel(indicators: pd.DataFrame, pillars: pd.DataFrame) -> pd.DataFrame:
    """Return how many indicators travel which way: one row is one pillar with any, then all of them (`pillar` "").

    Columns: `pillar`, `pillar_name`, `improving`, `no_change`, `worsening`, `not_judged` (told without judgement, or not
    comparable), `of`.
    """
    judged = {Direction.IMPROVING: "improving", Direction.NO_CHANGE: "no_change", Direction.WORSENING: "worsening"}
    words = indicators["direction"].map({str(key): word for key, word in judged.items()}).fillna("not_judged")
    columns = [*judged.values(), "not_judged"]
    counted = pd.crosstab(indicators["pillar"], words).reindex(columns=columns, fill_value=0)
    whole = pd.DataFrame([counted.sum()], index=pd.Index([""], name="pillar"))
    rows = pd.concat([counted.reindex([one for one in pillars["pillar"] if one in counted.index]), whole])
    names = pillars.set_index("pillar")["pillar_name"]
    told = rows.assign(of=rows.sum(axis="columns"), pillar_name=[names.get(code, "All") for code in rows.index])
    return told.astype(dict.fromkeys([*columns, "of"], int)).rename_axis("pillar").reset_index()


def benchmarks_of(
    indicators: pd.DataFrame,
    values: pd.DataFrame,
    areas: pd.DataFrame,
    comparator_sets: pd.DataFrame,
    *,
    area: str,
    comparators: tuple[str, ...],
) -> pd.DataFrame:
    """Return how each indicator stands to the country, and among the first comparator set: one row is one indicator.

    The country is the first area of the last of `comparators`. Like periods only: the latest that both have.

    Parameters
    ----------
    values
        One row is one indicator, area and period: `kpi_id`, `area`, `period`, `value`; the council's own among them.

    Returns
    -------
    pd.DataFrame
        `kpi_id`; `country_name`, `country_period`, `country_value`, `own_value` of that period, and `country_gap`, own - country
        as printed and signed so that positive is favourable (missing where neither way is good); `set_name`, `set_period`,
        `rank_label`, `of`: the council's place in the set, 1 the best. Missing ("" in text) where there is none.
    """
    terms = indicators[["kpi_id", "polarity", "decimals"]]
    known = values[values["value"].notna() & values["kpi_id"].isin(terms["kpi_id"])]
    members = comparator_sets.loc[comparator_sets["comparator_set"].isin(comparators[-1:]), "area"]
    country = str(members.iloc[0]) if len(members) else ""
    two = known[known["area"].isin([area, country])]
    pair = benchmarking.align(two.assign(is_council=two["area"] == area), rule=PeriodAlignment.LATEST_SHARED, by=["kpi_id"])
    printed = benchmarking.printed(pair, indicators)
    side = ["kpi_id", "period", "value"]
    own = printed.loc[printed["is_council"], side].rename(columns={"period": "country_period", "value": "own_value"})
    other = printed.loc[~printed["is_council"], ["kpi_id", "value"]].rename(columns={"value": "country_value"})
    beside = own.merge(other, on="kpi_id", how="inner", validate="one_to_one")
    first = benchmarking.in_sets(known, comparator_sets, comparators[:1], area=area)
    placed = benchmarking.compare(
        benchmarking.align(first, rule=PeriodAlignment.LATEST_SHARED), indicators, comparator_sets
    ).rename(columns={"period": "set_period"})
    rows = terms.merge(beside, on="kpi_id", how="left", validate="one_to_one").merge(
        placed[["kpi_id", "set_period", "rank_label", "of"]], on="kpi_id", how="left", validate="one_to_one"
    )
    way = pd.Series(good_way(indicators), index=rows.index, dtype=float)
    names = areas.set_index("area")["area_name"]
    set_names = comparator_sets.loc[comparator_sets["comparator_set"].isin(comparators[:1]), "comparator_set_name"]
    texts = {name: rows[name].fillna("").astype("str") for name in ("country_period", "set_period", "rank_label")}
    return rows.assign(
        **texts,
        country_name=str(names.get(country, "")),
        country_gap=minus(rows["own_value"], rows["country_value"]) * way.where(way != 0),
        set_name=str(set_names.iloc[0]) if len(set_names) else "",
    ).drop(columns=["polarity", "decimals"])
