"""What changed since a report was made: the report as known then, set beside the same report on all that is recorded now.

Both are worked out from the register alone, by vintages and by the log of changes to the KPI list. What is not dated there
(commentary, risks, escalations, the rules themselves) is the same on both sides.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kpireport.errors import ParameterError
from kpireport.periods import Period
from kpireport.rules import availability, definitions, performance, revisions
from kpireport.rules.performance import Performance
from kpireport.rules.record import Record
from kpireport.vocabulary import Because, KpiChange

SHOWN = ("period", "value", "target", "rating")
"""What a report shows of a KPI that may be otherwise today."""
_NAMED = ["kpi_id", "kpi_name", "directorate", "unit", "decimals"]


@dataclass(frozen=True)
class Restatements:
    """A quarter's report as known on a day, and what is otherwise now."""

    known_on: date
    """The last day of which the report knew."""
    recorded_to: date
    """The last day on which anything reached the record or was agreed of the list."""
    then: Performance
    """The report as known on `known_on`."""
    now: Performance
    """The report of the same quarter, on everything recorded."""
    ratings: pd.DataFrame
    """One row is one KPI of which the report would show something else today: the columns of `compared`."""
    revised: pd.DataFrame
    """One row is one result that was revised, or rated otherwise with its comparator: the columns of `revisions.restated`."""
    received_late: pd.DataFrame
    """One row is one result that had fallen due and came after `known_on` (`Performance.received_late`)."""
    list_changes: pd.DataFrame
    """One row is one agreement (`definitions.agreements`) about the list or a definition that the report did not know."""
    target_changes: pd.DataFrame
    """One row is one agreement about targets that the report did not know."""


def since(record: Record, *, quarter: Period, area: str, known_on: date | None = None) -> Restatements:
    """Return what changed since the report of a quarter, as known on a day; by default on its round's cut-off.

    Raises
    ------
    ParameterError
        When the round has no cut-off yet and no day is given: a report that knows everything is never out of date.
    """
    day = performance.cut_offs(record.rounds, quarter, known_on)[0]
    if day is None:
        raise ParameterError(f"{quarter}: its round has no cut-off yet, so that its report knows everything recorded.")
    recorded_to = max([day, *(_last(record.results["received_on"])), *(_last(record.kpi_changes["agreed_on"]))])
    then, now = (
        performance.for_quarter(
            record.kpis,
            record.targets,
            record.results,
            record.rounds,
            quarter=quarter,
            area=area,
            as_known_on=known,
            rebases=record.rebases,
            changes=record.kpi_changes,
        )
        for known in (day, recorded_to)
    )
    changes = record.kpi_changes
    is_news = (availability.period_days(changes["quarter"]) > pd.Timestamp(quarter.end)) | (
        changes["agreed_on"] > pd.Timestamp(day)
    )
    agreed = definitions.agreements(changes[is_news])
    is_target = agreed["change"] == KpiChange.TARGET_SET
    return Restatements(
        known_on=day,
        recorded_to=recorded_to,
        then=then,
        now=now,
        ratings=compared(then.kpis, now.kpis),
        revised=_revised(record, then, quarter=quarter, area=area, days=(day, recorded_to)),
        received_late=then.received_late,
        list_changes=_named(agreed[~is_target], record.kpis),
        target_changes=_named(agreed[is_target], record.kpis),
    )


def compared(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs of which two reports of one quarter show something else, in the order of the first.

    Columns: `kpi_id`, `kpi_name`, `directorate`, `unit`, `decimals`, then each of `SHOWN` as `old_` and `new_`, and `because`, a
    word of `Because`. A KPI that is not on the list of one report has "" and missing there.
    """
    shown = [frame[["kpi_id", *SHOWN]] for frame in (then, now)]
    both = shown[0].merge(shown[1], on="kpi_id", how="outer", suffixes=("_then", "_now"), validate="one_to_one")
    is_other = pd.Series(False, index=both.index)
    for name in SHOWN:
        old, new = both[f"{name}_then"], both[f"{name}_now"]
        is_other |= (old != new) & (old.notna() | new.notna())
    names = pd.concat([now[_NAMED], then[_NAMED]]).drop_duplicates("kpi_id")
    rows = names.merge(both[is_other], on="kpi_id", how="inner", validate="one_to_one")
    for age, prefix in (("then", "old"), ("now", "new")):
        rows = rows.rename(columns={f"{name}_{age}": f"{prefix}_{name}" for name in SHOWN})
    words = [f"{age}_{name}" for age in ("old", "new") for name in ("period", "rating")]
    rows = rows.assign(**{name: rows[name].fillna("") for name in words})
    because = np.select(
        [
            rows["old_rating"].eq("") | rows["new_rating"].eq(""),
            rows["old_value"].isna() & rows["new_value"].notna(),
            rows["old_period"] != rows["new_period"],
            (rows["old_value"] != rows["new_value"]) & (rows["old_value"].notna() | rows["new_value"].notna()),
        ],
        [Because.LIST, Because.FIRST, Because.NEWER, Because.REVISED],
        Because.JUDGED,
    )
    return rows.assign(because=pd.Series(because, index=rows.index, dtype="str")).sort_values("kpi_id", ignore_index=True)


def differences(published: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return where a published results file differs from a report worked out again: one row is one KPI and column.

    `published` is the file as text: `kpi_id` and each of `SHOWN`, "" when empty. Columns: `kpi_id`, `column`, `published`,
    `recomputed`. A KPI that only one of the two has differs in the column `kpi_id`.
    """
    found = []
    file, then = (
        {str(row["kpi_id"]): row for row in frame[["kpi_id", *SHOWN]].to_dict("records")} for frame in (published, kpis)
    )
    for kpi_id in sorted({*then, *file}):
        if kpi_id not in then or kpi_id not in file:
            found.append((kpi_id, "kpi_id", *(kpi_id if kpi_id in one else "" for one in (file, then))))
            continue
        for name in SHOWN:
            new = then[kpi_id][name]
            again = ("" if pd.isna(new) else repr(float(new))) if name in ("value", "target") else str(new)
            if file[kpi_id][name] != again:
                found.append((kpi_id, name, file[kpi_id][name], again))
    return pd.DataFrame(found, columns=["kpi_id", "column", "published", "recomputed"])


def _revised(record: Record, then: Performance, *, quarter: Period, area: str, days: tuple[date, date]) -> pd.DataFrame:
    """Return the revised results, each rated then by the definitions of then and now by those that are recorded now."""
    own = availability.of_council(record.results[record.results["kpi_id"].isin(then.kpis["kpi_id"])], area)
    own = own[own["period_end"] <= pd.Timestamp(quarter.end)]
    before, after = (availability.as_known(own, day) for day in days)
    rated = []
    for day in days:
        kpis, targets = definitions.as_at(record.kpis, record.targets, record.kpi_changes, quarter=quarter, known_on=day)
        listed = kpis[kpis["kpi_id"].isin(then.kpis["kpi_id"])].reset_index(drop=True)
        rated.append(revisions.restated(listed, targets, before, after))
    key = ["kpi_id", "period"]
    old = rated[0].set_index(key)["old_rating"].reindex(pd.MultiIndex.from_frame(rated[1][key]))
    old_rating = pd.Series(old.to_numpy(), index=rated[1].index, dtype="str")
    old_rating = old_rating.where(old_rating.notna(), rated[1]["old_rating"])
    return rated[1].assign(old_rating=old_rating, is_rating_changed=old_rating != rated[1]["new_rating"])


def _named(rows: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    named = rows.merge(kpis[["kpi_id", "kpi_name", "directorate"]], on="kpi_id", how="left", validate="many_to_one")
    return named.sort_values(["quarter", "kpi_id", "change"], kind="stable", ignore_index=True)


def _last(days: pd.Series) -> list[date]:
    return [] if days.isna().all() else [pd.Timestamp(days.max()).date()]
