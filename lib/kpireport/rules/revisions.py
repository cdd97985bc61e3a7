"""Results revised since the last report, and the ratings that changed because of it.

Nothing in the KPI Data Record is overwritten, so both vintages are there to be told. Source: the rating contract, part 2, rule 8.
"""

import pandas as pd

from kpireport.rules.assessment import KPI_TERMS, assess
from kpireport.vocabulary import NotRated

_FIGURES = ["value", "numerator", "denominator"]


def restated(kpis: pd.DataFrame, targets: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the results that the last report knew with other figures, or would have rated otherwise.

    One row is one KPI and period: `kpi_id`, `kpi_name`, `directorate`, `unit`, `decimals`, `period`, `old_value`, `new_value`,
    `old_denominator`, `new_denominator`, `old_rating`, `new_rating`, `is_rating_changed` and `note`. A result whose own figures
    stand is listed when the revision of its comparator changed its rating. `before` and `now` hold the council's own results as
    known then and now, one row for one KPI and period.
    """
    key = ["kpi_id", "period"]
    columns = [*key, "period_end", *_FIGURES, "note"]
    had_value = before.loc[before["value"].notna() & before["kpi_id"].isin(kpis["kpi_id"]), columns]
    both = had_value.merge(now[columns], on=key, how="inner", suffixes=("_old", "_new"), validate="one_to_one")
    is_revised = pd.Series(False, index=both.index)
    for name in _FIGURES:
        old, new = both[f"{name}_old"], both[f"{name}_new"]
        # A numerator or denominator told for the first time revises nothing; a value withdrawn does.
        is_revised |= old.notna() & (old != new) & (new.notna() | (name == "value"))
    touched = both.assign(is_revised=is_revised)[both["kpi_id"].isin(both.loc[is_revised, "kpi_id"])]
    terms = kpis[["kpi_id", "kpi_name", "directorate", "unit", *KPI_TERMS]]
    rows = touched.merge(terms, on="kpi_id", how="left", validate="many_to_one")
    ratings = {}
    for age, known in (("old", before), ("new", now)):
        known_then = known[known["kpi_id"].isin(rows["kpi_id"])]
        vintage = rows.rename(columns={f"value_{age}": "value", f"period_end_{age}": "period_end"})
        rag = assess(vintage, targets, known_then)["rag"]
        absent = known_then.set_index(key)["absence"].reindex(pd.MultiIndex.from_frame(rows[key])).set_axis(rows.index)
        unrated = absent.where(absent.ne(""), NotRated.NOT_RATED.value)
        ratings[age] = rag.where(rag != "", unrated)
    listed = rows.assign(
        old_rating=ratings["old"], new_rating=ratings["new"], is_rating_changed=ratings["old"] != ratings["new"]
    ).rename(
        columns={
            "value_old": "old_value",
            "value_new": "new_value",
            "denominator_old": "old_denominator",
            "denominator_new": "new_denominator",
            "note_new": "note",
        }
    )
    columns = ["kpi_id", "kpi_name", "directorate", "unit", "decimals", "period", "old_value", "new_value"]
    columns += ["old_denominator", "new_denominator", "old_rating", "new_rating", "is_rating_changed", "note"]
    return listed.loc[listed["is_revised"] | listed["is_rating_changed"], columns].reset_index(drop=True)
