"""The results of a year's KPIs as open data: one tidy table, as `schemas.OPEN_RESULTS` describes it."""

import pandas as pd

from kpireport.rules.availability import as_known, period_days
from kpireport.rules.year_review import YearReview
from kpireport.vocabulary import ALL_PEOPLE, Absence

_OF_KPI = ["kpi_id", "kpi_name", "unit", "decimals", "polarity", "measure_type"]
_OF_RESULT = ["group", "period", "value", "numerator", "denominator", "absence", "maturity", "vintage", "received_on"]


def open_results(
    review: YearReview, results: pd.DataFrame, areas: pd.DataFrame, directorates: pd.DataFrame, *, area: str
) -> pd.DataFrame:
    """Return every result of the KPIs on the list at the year's end, for every area, group and period up to then.

    One row is one KPI, area, group and period, at the latest vintage that the year's report knew. `results` is the record that
    the edition may show. The targets are those of the council's own results; the rating stands at the result that was rated.
    """
    year, kpis = review.year, review.kpis
    known = as_known(results, review.performance.known_on)
    rows = known[period_days(known["period"]) <= pd.Timestamp(year.end)].merge(
        kpis[[*_OF_KPI, "directorate"]], on="kpi_id", how="inner", validate="many_to_one"
    )
    rows = rows.merge(directorates[["directorate", "directorate_name"]], on="directorate", how="left", validate="many_to_one")
    rows = rows.merge(areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    own = {"area": area, "group": ALL_PEOPLE}
    key = ["kpi_id", "area", "group", "period"]
    aimed = review.performance.history[["kpi_id", "period", "target", "upper"]].assign(**own)
    rated = kpis.loc[kpis["rag"] != "", ["kpi_id", "period", "basis", "rating"]].assign(**own)
    rows = rows.merge(aimed, on=key, how="left", validate="one_to_one").merge(rated, on=key, how="left", validate="one_to_one")
    rows = rows.assign(
        basis=rows["basis"].fillna("").astype("str"),
        rating=rows["rating"].fillna("").astype("str"),
        # What is said of a hidden figure might tell it.
        note=rows["note"].where(rows["absence"] != Absence.SUPPRESSED, ""),
    )
    listed = {kpi_id: place for place, kpi_id in enumerate(kpis["kpi_id"])}
    ordered = rows.assign(place=rows["kpi_id"].map(listed), is_other=rows["area"] != area, is_group=rows["group"] != ALL_PEOPLE)
    ordered = ordered.sort_values(["place", "is_other", "area", "is_group", "group", "period_end"], ignore_index=True)
    columns = [*_OF_KPI, "directorate_name", "area", "area_name", *_OF_RESULT, "producer", "note", "target", "upper", "basis"]
    return ordered[[*columns, "rating"]]
