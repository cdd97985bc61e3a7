"""What a highlight item shows beside its result: history, benchmarks, the sub-city picture and the service's commentary.

Source: the rating contract, part 5 ("A highlight shows ...") and part 6 ("Compare like periods only").
"""

from dataclasses import dataclass

import pandas as pd

from kpireport.rules.benchmarking import align
from kpireport.rules.performance import Performance
from kpireport.rules.record import Record
from kpireport.vocabulary import ALL_PEOPLE, AreaType, PeriodAlignment


@dataclass(frozen=True)
class Highlight:
    """One KPI that deserves attention this quarter."""

    kpi: pd.Series
    """Its row of `Performance.kpis`."""
    reasons: str
    """Why it deserves attention, in words parted by semicolons."""
    is_adverse: bool
    commentary: pd.Series | None
    """Its row of the commentary table, if the service wrote one."""
    history: pd.DataFrame
    """One row is one period of the KPI, earliest first, with the columns of `Performance.history`."""
    benchmarks: pd.DataFrame
    """One row is one area with `area, area_name, comparator_set, period, value, is_council, producer`; empty without any."""
    wards: pd.DataFrame
    """One row is one ward in the latest period that has wards: `area, area_name, period, value, producer`."""
    contrast: pd.DataFrame
    """One row is one group of people in one period: `group, period, value, producer`; empty without groups."""


_COMPARED = ["area", "area_name", "comparator_set", "period", "value", "is_council", "producer"]
_WARDS = ["area", "area_name", "period", "value", "producer"]


def compare_like_periods(
    benchmarks: pd.DataFrame,
    history: pd.DataFrame,
    areas: pd.DataFrame,
    comparator_sets: pd.DataFrame,
    *,
    area: str,
    wanted: tuple[str, ...],
) -> pd.DataFrame:
    """Return one KPI's benchmarks with the council among them: one row is one area.

    All rows are of the latest period that the council and at least one wanted area share. Where they share none, each area has
    its own latest period, which the row names.

    Parameters
    ----------
    benchmarks, history
        One KPI's rows of the benchmarks table and of `Performance.history`.
    wanted
        The comparator sets to show, in the order of the reports; an area in two sets appears once, in the first.
    """
    one = {"kpi_id": ""}
    rows = _compared(benchmarks.assign(**one), history.assign(**one), areas, comparator_sets, area=area, wanted=wanted)
    return rows[_COMPARED]


def _compared(
    benchmarks: pd.DataFrame,
    histories: pd.DataFrame,
    areas: pd.DataFrame,
    comparator_sets: pd.DataFrame,
    *,
    area: str,
    wanted: tuple[str, ...],
) -> pd.DataFrame:
    """Return the benchmarks of every KPI as `compare_like_periods` does that of one: one row is one KPI and area."""
    mine = histories[["kpi_id", "period", "value", "producer"]].assign(area=area)
    both = pd.concat([mine, benchmarks.loc[benchmarks["area"] != area, ["kpi_id", "area", "period", "value", "producer"]]])
    is_wanted = both["area"].isin(comparator_sets.loc[comparator_sets["comparator_set"].isin(wanted), "area"])
    known = both[both["value"].notna() & (is_wanted | both["area"].eq(area))]
    known = known.assign(is_council=known["area"] == area)
    shared = align(known, rule=PeriodAlignment.LATEST_SHARED, by=["kpi_id"])
    alone = known[~known["kpi_id"].isin(shared["kpi_id"])]
    rows = pd.concat([shared, align(alone, rule=PeriodAlignment.LATEST_EACH, by=["kpi_id"])], ignore_index=True)
    order = {code: place for place, code in enumerate(wanted)}
    members = (
        comparator_sets[comparator_sets["comparator_set"].isin(wanted)]
        .assign(order=lambda sets: sets["comparator_set"].map(order))
        .sort_values("order", kind="stable")
        .drop_duplicates("area")[["area", "comparator_set"]]
    )
    named = rows.merge(areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    shown = named.merge(members, on="area", how="left", validate="many_to_one")
    return shown[["kpi_id", *_COMPARED]].assign(comparator_set=shown["comparator_set"].fillna(""))


def latest_wards(results: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return one KPI's ward results in the latest period that has any: one row is one ward.

    `results` are the latest vintages of one KPI, one row an area, group and period.
    """
    return _latest_wards(results.assign(kpi_id=""), areas)[_WARDS]


def _latest_wards(results: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the wards of every KPI as `latest_wards` does those of one: one row is one KPI and ward."""
    wards = areas.loc[areas["area_type"] == AreaType.WARD, ["area", "area_name"]]
    rows = results[results["group"] == ALL_PEOPLE].merge(wards, on="area", how="inner", validate="many_to_one")
    latest = rows[rows["period_end"] == rows.groupby("kpi_id")["period_end"].transform("max")]
    return latest[["kpi_id", *_WARDS]].reset_index(drop=True)


def assemble(
    chosen: pd.DataFrame,
    performance: Performance,
    record: Record,
    *,
    breakdowns: pd.DataFrame,
    commentary: pd.DataFrame,
    area: str,
    comparators: tuple[str, ...],
) -> tuple[Highlight, ...]:
    """Return the chosen highlight items with all that they show, in the order of `chosen`.

    Parameters
    ----------
    chosen
        One row is one highlight: `kpi_id`, `reasons`, `is_adverse` (`rules.highlights.chosen`).
    record
        The register's benchmarks, comparator sets and areas.
    breakdowns
        One row is one KPI, area, group and period at the latest vintage known, up to the quarter's end, with `period_end`.
    commentary
        The quarter's rows of the commentary table.
    """
    kpis = performance.kpis.set_index("kpi_id", drop=False)
    said = commentary.set_index("kpi_id", drop=False)
    histories = _by_kpi(performance.history, chosen["kpi_id"])
    all_broken_down = _by_kpi(breakdowns, chosen["kpi_id"])
    compared = _by_kpi(
        _compared(
            _of(record.benchmarks, chosen),
            _of(performance.history, chosen),
            record.areas,
            record.comparator_sets,
            area=area,
            wanted=comparators,
        ),
        chosen["kpi_id"],
    )
    wards = _by_kpi(_latest_wards(_of(breakdowns, chosen), record.areas), chosen["kpi_id"])
    items = []
    for kpi_id, reasons, is_adverse in zip(chosen["kpi_id"], chosen["reasons"], chosen["is_adverse"], strict=True):
        broken_down = all_broken_down[kpi_id]
        in_groups = broken_down[broken_down["area"] == area]
        columns = ["group", "period", "value", "producer"]
        items.append(
            Highlight(
                kpi=kpis.loc[kpi_id],
                reasons=str(reasons),
                is_adverse=bool(is_adverse),
                commentary=said.loc[kpi_id] if kpi_id in said.index else None,
                history=histories[kpi_id].reset_index(drop=True),
                benchmarks=compared[kpi_id][_COMPARED].reset_index(drop=True),
                wards=wards[kpi_id][_WARDS].reset_index(drop=True),
                contrast=in_groups.loc[:, columns].reset_index(drop=True)
                if (in_groups["group"] != ALL_PEOPLE).any()
                else in_groups.loc[[], columns],
            )
        )
    return tuple(items)


def _of(frame: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["kpi_id"].isin(chosen["kpi_id"])]


def _by_kpi(frame: pd.DataFrame, kpi_ids: "pd.Series[str]") -> dict[str, pd.DataFrame]:
    """Return the rows of each KPI, none for one that has none. A frame of a large register is gone through once."""
    own = frame[frame["kpi_id"].isin(kpi_ids)]
    found = {str(kpi_id): rows for kpi_id, rows in own.groupby("kpi_id", sort=False)}
    return {str(kpi_id): found.get(str(kpi_id), own.iloc[:0]) for kpi_id in kpi_ids}
