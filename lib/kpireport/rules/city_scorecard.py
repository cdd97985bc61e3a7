"""The Best City Ambition Scorecard: how a city fares by its pillars, in its most deprived tenth, and ward by ward.

It is a report of its own and a part of the Annual Performance Report, and is put together here for both. It rates nothing
against a target: these are outcomes that no council controls. Source: the council's account of its arrangements, points 9 and 22.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpireport import periods
from kpireport.periods import Period
from kpireport.rules import availability, city_outcomes, performance, public_edition, sign_offs, sub_city, ward_index
from kpireport.rules.record import Record
from kpireport.rules.ward_index import WardIndex
from kpireport.vocabulary import ALL_PEOPLE, ILLUSTRATIVE, YesNo

DEPRIVED = "most deprived tenth"


@dataclass(frozen=True)
class Tally:
    """How often one side fares better than the other, on the indicators that have a good way and figures of both."""

    better: int
    same: int
    worse: int

    @property
    def of(self) -> int:
        """How many indicators were compared."""
        return self.better + self.same + self.worse


@dataclass(frozen=True, eq=False)
class CityScorecard:
    """The scorecard of one financial year, as a public or an internal edition shows it."""

    year: str
    known_on: date | None
    """The last day whose results are used; None for the whole record."""
    pillars: pd.DataFrame
    indicators: pd.DataFrame
    """One row is one indicator (`city_outcomes.indicators_of`), with the columns of `city_outcomes.benchmarks_of`."""
    history: pd.DataFrame
    """One row is one indicator and period, with the columns of `Performance.history`."""
    counts: pd.DataFrame
    """One row is one pillar, then all of them (`city_outcomes.counts_of_travel`)."""
    contrast: pd.DataFrame
    """One row is one indicator in the latest period that has both the most deprived tenth and everyone: the indicator's columns
    and `contrast_period`, `deprived_value`, `whole_value`, `absolute_gap`, `gap`, `relative_gap`, `contrast_producer`."""
    groups: pd.DataFrame
    """One row is one indicator, group (everyone or the most deprived tenth) and period, with `value` and `producer`."""
    against_country: Tally
    """The city against the country."""
    deprived_against_all: Tally
    """The most deprived tenth of the city against all of it."""
    widest: str
    """The `kpi_id` whose most deprived tenth fares worst beside the whole city by ratio; "" without any."""
    index: WardIndex | None
    ward_outlines: Mapping[str, Sequence[Sequence[tuple[float, float]]]]
    """The rings of each ward's outline in degrees, by GSS code; empty where the council has none, and maps are made of tiles."""
    voice: pd.DataFrame
    """One row is a quotation by someone who agreed to be quoted: `quote`, `source`, `collected_on`, `pillar`, `pillar_name`,
    `producer`."""
    withheld: int
    """How many quotations are left out for want of consent."""
    not_listed: pd.DataFrame
    """One row is an indicator whose KPI is not on the KPI list in the year: `bca_indicator`, `kpi_id`, `kpi_name`."""
    illustrative: int
    """How many indicators show a sample value that no producer published."""


def assemble(
    record: Record,
    *,
    year: Period,
    area: str,
    comparators: tuple[str, ...],
    is_public: bool,
    ward_outlines: Mapping[str, Sequence[Sequence[tuple[float, float]]]] | None = None,
) -> CityScorecard:
    """Return the scorecard of a financial year, on the results that its last quarter's reports use.

    Parameters
    ----------
    is_public
        Whether small counts are hidden before anything else is worked out (`rules.public_edition`).
    area, comparators
        The council's own area, and its comparator sets in order (council.yaml).
    ward_outlines
        The outlines of wards, where the council has them (`sources.outlines`).

    Raises
    ------
    DataError
        With every fault of the index's hierarchy.
    """
    quarter = periods.quarter(year.start.year, 4)
    days = record.rounds.loc[record.rounds["quarter"] == str(quarter), "cut_off_on"].dropna()
    known_on = None if days.empty else pd.Timestamp(days.iloc[0]).date()
    record = sign_offs.provisional_until_signed(record, known_on=known_on)
    own_kpis = city_outcomes.as_kpis(record.indicators, record.kpis, since=str(periods.quarter(1950, 1)))
    every_kpi = pd.concat([record.kpis, own_kpis], ignore_index=True)
    used = {*record.indicators["kpi_id"], *own_kpis["kpi_id"], *record.index_hierarchy["kpi_id"]} - {""}
    results = pd.concat([record.results, city_outcomes.as_results(record.outcomes, record.results)], ignore_index=True)
    results = results[results["kpi_id"].isin(used)].reset_index(drop=True)
    results = results[availability.period_days(results["period"]) <= pd.Timestamp(quarter.end)]
    is_elsewhere = results["kpi_id"].isin(own_kpis["kpi_id"]) & results["area"].ne(area)
    results, elsewhere = results[~is_elsewhere], results[is_elsewhere]
    if is_public:
        results = public_edition.protected(results, every_kpi, record.areas, area=area, known_on=(known_on,))
    shown = performance.for_quarter(
        pd.concat([record.kpis[record.kpis["kpi_id"].isin(record.indicators["kpi_id"])], own_kpis], ignore_index=True),
        record.targets,
        results,
        record.rounds,
        quarter=quarter,
        area=area,
        as_known_on=known_on,
        rebases=record.rebases,
        changes=record.kpi_changes,
    )
    latest = availability.as_known(results, known_on)
    listed = city_outcomes.indicators_of(shown, record.indicators, record.pillars, record.index_hierarchy)
    columns = ["kpi_id", "area", "period", "value"]
    beside = city_outcomes.benchmarks_of(
        listed,
        pd.concat(
            [
                shown.history.assign(area=area)[columns],
                record.benchmarks.loc[record.benchmarks["area"] != area, columns],
                availability.as_known(elsewhere, known_on)[columns],
            ],
            ignore_index=True,
        ),
        record.areas,
        record.comparator_sets,
        area=area,
        comparators=comparators,
    )
    listed = listed.merge(beside, on="kpi_id", how="left", validate="one_to_one")
    groups = latest[
        latest["area"].eq(area) & latest["group"].isin([ALL_PEOPLE, DEPRIVED]) & latest["kpi_id"].isin(listed["kpi_id"])
    ]
    contrast = _contrast(listed, groups, area=area)
    spoken = record.community_voice.merge(record.pillars, on="pillar", how="left", validate="many_to_one")
    spoken = spoken[spoken["collected_on"] <= pd.Timestamp(known_on or year.end)]
    is_agreed = spoken["consent"] == YesNo.YES
    off_list = record.indicators[(record.indicators["kpi_id"] != "") & ~record.indicators["kpi_id"].isin(listed["kpi_id"])]
    return CityScorecard(
        year=str(year),
        known_on=shown.known_on,
        pillars=record.pillars,
        indicators=listed,
        history=shown.history,
        counts=city_outcomes.counts_of_travel(listed, record.pillars),
        contrast=contrast,
        groups=groups.sort_values(["kpi_id", "period_end"])[["kpi_id", "group", "period", "value", "producer"]],
        against_country=_tally(listed["country_gap"]),
        deprived_against_all=_tally(contrast["gap"]),
        widest=_widest(contrast),
        index=ward_index.build(
            record.index_hierarchy, record.index_values, latest, record.kpis, record.areas, record.ward_tiles, year=year
        ),
        ward_outlines=ward_outlines or {},
        voice=_in_order(spoken[is_agreed], record.pillars),
        withheld=int((~is_agreed).sum()),
        not_listed=off_list[["bca_indicator", "kpi_id"]].merge(
            record.kpis[["kpi_id", "kpi_name"]], on="kpi_id", how="left", validate="one_to_one"
        ),
        illustrative=int(listed["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _contrast(listed: pd.DataFrame, groups: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return each indicator's latest contrast of the most deprived tenth with everyone (`sub_city.contrast`)."""
    rows = sub_city.contrast(groups, listed, area=area, deprived=DEPRIVED)
    ordered = rows.assign(end=availability.period_days(rows["period"])).sort_values("end", kind="stable")
    latest = ordered.drop_duplicates("kpi_id", keep="last").drop(columns="end")
    producers = groups.loc[groups["group"] == DEPRIVED, ["kpi_id", "period", "producer"]]
    told = latest.merge(producers, on=["kpi_id", "period"], how="left", validate="one_to_one")
    told = told.rename(columns={"period": "contrast_period", "producer": "contrast_producer"})
    return listed.merge(told, on="kpi_id", how="inner", validate="one_to_one")


def _tally(gaps: pd.Series) -> Tally:
    return Tally(int((gaps > 0).sum()), int((gaps == 0).sum()), int((gaps < 0).sum()))


def _widest(contrast: pd.DataFrame) -> str:
    """Return the indicator on which the most deprived tenth is most times worse off than everyone."""
    adverse = contrast[(contrast["gap"] < 0) & (contrast["relative_gap"] > 0)]
    if adverse.empty:
        return ""
    times = adverse["relative_gap"].where(adverse["relative_gap"] > 1, 1 / adverse["relative_gap"])
    return str(adverse["kpi_id"].iloc[int(times.argmax())])


def _in_order(voice: pd.DataFrame, pillars: pd.DataFrame) -> pd.DataFrame:
    order = {code: place for place, code in enumerate(pillars["pillar"])}
    ordered = voice.assign(place=voice["pillar"].map(order)).sort_values(["place", "collected_on"], kind="stable")
    return ordered[["quote", "source", "collected_on", "pillar", "pillar_name", "producer"]].reset_index(drop=True)
