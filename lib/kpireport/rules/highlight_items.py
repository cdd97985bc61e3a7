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
    mine = history[["period", "value", "producer"]].assign(area=area)
    both = pd.concat([mine, benchmarks.loc[benchmarks["area"] != area, ["area", "period", "value", "producer"]]])
    is_wanted = both["area"].isin(comparator_sets.loc[comparator_sets["comparator_set"].isin(wanted), "area"])
    known = both[both["value"].notna() & (is_wanted | both["area"].eq(area))]
    known = known.assign(is_council=known["area"] == area, kpi="")
    rows = align(known, rule=PeriodAlignment.LATEST_SHARED, by=["kpi"])
    if rows.empty:
        rows = align(known, rule=PeriodAlignment.LATEST_EACH, by=["kpi"])
    order = {code: place for place, code in enumerate(wanted)}
    members = (
        comparator_sets[comparator_sets["comparator_set"].isin(wanted)]
        .assign(order=lambda sets: sets["comparator_set"].map(order))
        .sort_values("order", kind="stable")
        .drop_duplicates("area")[["area", "comparator_set"]]
    )
    named = rows.merge(areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    shown = named.merge(members, on="area", how="left", validate="many_to_one")
    columns = ["area", "area_name", "comparator_set", "period", "value", "is_council", "producer"]
    return shown[columns].assign(comparator_set=shown["comparator_set"].fillna(""))


def latest_wards(results: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return one KPI's ward results in the latest period that has any: one row is one ward.

    `results` are the latest vintages of one KPI, one row an area, group and period.
    """
    wards = areas.loc[areas["area_type"] == AreaType.WARD, ["area", "area_name"]]
    rows = results[results["group"] == ALL_PEOPLE].merge(wards, on="area", how="inner", validate="many_to_one")
    latest = rows[rows["period_end"] == rows["period_end"].max()] if len(rows) else rows
    return latest[["area", "area_name", "period", "value", "producer"]].reset_index(drop=True)


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
    benchmarks = _by_kpi(record.benchmarks, chosen["kpi_id"])
    items = []
    for kpi_id, reasons, is_adverse in zip(chosen["kpi_id"], chosen["reasons"], chosen["is_adverse"], strict=True):
        history = histories[kpi_id].reset_index(drop=True)
        broken_down = all_broken_down[kpi_id]
        in_groups = broken_down[broken_down["area"] == area]
        columns = ["group", "period", "value", "producer"]
        items.append(
            Highlight(
                kpi=kpis.loc[kpi_id],
                reasons=str(reasons),
                is_adverse=bool(is_adverse),
                commentary=said.loc[kpi_id] if kpi_id in said.index else None,
                history=history,
                benchmarks=compare_like_periods(
                    benchmarks[kpi_id],
                    history,
                    record.areas,
                    record.comparator_sets,
                    area=area,
                    wanted=comparators,
                ),
                wards=latest_wards(broken_down, record.areas),
                contrast=in_groups.loc[:, columns].reset_index(drop=True)
                if (in_groups["group"] != ALL_PEOPLE).any()
                else in_groups.loc[[], columns],
            )
        )
    return tuple(items)


def _by_kpi(frame: pd.DataFrame, kpi_ids: "pd.Series[str]") -> dict[str, pd.DataFrame]:
    """Return the rows of each KPI, none for one that has none. A frame of a large register is gone through once."""
    own = frame[frame["kpi_id"].isin(kpi_ids)]
    found = {str(kpi_id): rows for kpi_id, rows in own.groupby("kpi_id", sort=False)}
    return {str(kpi_id): found.get(str(kpi_id), own.iloc[:0]) for kpi_id in kpi_ids}
