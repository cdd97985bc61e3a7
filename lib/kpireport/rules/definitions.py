"""The KPI list as it was: what was agreed later is undone, so that a past report is rated by the definitions of its day.

Dated are the definition of a KPI (`schemas.definitions`: name, directorate, polarity, target type, tolerance, decimals and the
rest) and its targets, by the rows of the kpi_changes table. Not dated, and shown as they are now: the people who answer for a
KPI, the day of its next review, and the lists of directorates, boards, pillars and themes.
"""

from datetime import date

import pandas as pd

from kpireport.periods import Period
from kpireport.rules.availability import period_days
from kpireport.schemas import definitions

AGREEMENT = ["quarter", "kpi_id", "change", "detail", "agreed_by", "agreed_on"]


def as_at(
    kpis: pd.DataFrame, targets: pd.DataFrame, changes: pd.DataFrame, *, quarter: Period, known_on: date | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the kpis and targets tables as they were in a quarter.

    Parameters
    ----------
    changes
        The kpi_changes table; of one KPI's field, its rows are in the order in which they took effect.
    known_on
        With it, what was agreed after this day is undone too, although it took effect in the quarter or before.

    Returns
    -------
    tuple
        The two tables. Of each field whose later changes are undone, the value is the one that the first of them replaced. A KPI
        that joined later is still there: whether it was on the list is for `introduced` and `retired` to say.
    """
    undone = undoing(changes, quarter=quarter, known_on=known_on)
    if undone.empty:
        return kpis, targets
    of_target = undone["field"].str.startswith(definitions.TARGET_FROM)
    return _kpis(kpis, undone[~of_target]), _targets(targets, undone[of_target])


def undoing(changes: pd.DataFrame, *, quarter: Period, known_on: date | None = None) -> pd.DataFrame:
    """Return what is to be undone: one row is one field of one KPI, with `old_value`, the value that it had in the quarter."""
    rows = changes[changes["field"] != ""]
    is_later = period_days(rows["quarter"]) > pd.Timestamp(quarter.end)
    if known_on is not None:
        is_later |= rows["agreed_on"] > pd.Timestamp(known_on)
    key = [rows["kpi_id"], rows["field"]]
    # Of a field, only what follows the last change that stands is undone.
    follows = (~is_later).astype(int).iloc[::-1].groupby(key, sort=False).cumsum().eq(0).reindex(rows.index)
    return rows[follows].drop_duplicates(["kpi_id", "field"])


def _kpis(kpis: pd.DataFrame, undone: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for field, rows in undone.groupby("field"):
        before = {
            kpi_id: definitions.value(str(field), text) for kpi_id, text in zip(rows["kpi_id"], rows["old_value"], strict=True)
        }
        column = kpis[field].astype(object)
        is_other = kpis["kpi_id"].isin(list(before))
        column[is_other] = kpis.loc[is_other, "kpi_id"].map(before).astype(object)
        columns[str(field)] = column.astype(kpis[field].dtype)
    return kpis.assign(**columns)


def _targets(targets: pd.DataFrame, undone: pd.DataFrame) -> pd.DataFrame:
    if undone.empty:
        return targets
    begins = undone["field"].str.removeprefix(definitions.TARGET_FROM)
    touched = pd.MultiIndex.from_arrays([undone["kpi_id"], begins])
    kept = targets[~pd.MultiIndex.from_frame(targets[["kpi_id", "from_period"]]).isin(touched)]
    back = [
        {"kpi_id": kpi_id, **definitions.target_row(field, text)}
        for kpi_id, field, text in zip(undone["kpi_id"], undone["field"], undone["old_value"], strict=True)
        if text
    ]
    if not back:
        return kept
    return pd.concat([kept, pd.DataFrame(back, columns=list(targets.columns)).astype(targets.dtypes.to_dict())])


def agreements(changes: pd.DataFrame) -> pd.DataFrame:
    """Return what was agreed: one row is one agreement about one KPI, in the order of the table.

    Columns: `quarter`, `kpi_id`, `change`, `detail`, `agreed_by`, `agreed_on`, and `values`, a tuple of (field, old value, new
    value) for each field that it changed; empty for a KPI that was added.
    """
    told = [
        (field, old, new) if field else None
        for field, old, new in zip(changes["field"], changes["old_value"], changes["new_value"], strict=True)
    ]
    values: dict[int, list[tuple[str, str, str]]] = {}
    place = changes.groupby(AGREEMENT, sort=False, dropna=False).ngroup()
    for number, one in zip(place, told, strict=True):
        values.setdefault(int(number), []).extend([one] if one else [])
    rows = changes.loc[~place.duplicated(), AGREEMENT].reset_index(drop=True)
    return rows.assign(values=pd.Series([tuple(each) for each in values.values()], index=rows.index, dtype=object))
