"""The open data of the Annual Performance Report. It is written, not read, and so is no table of `TABLES`."""

from kpireport.schemas.columns import GSS_CODE, KPI_ID, number, table, text, word
from kpireport.schemas.register import KPIS, RESULTS
from kpireport.vocabulary import Basis, Rag

OPEN_RESULTS = table(
    "annual-results",
    "Results of the KPIs on the list at a year's end: one row is the latest vintage of one result.",
    {
        "kpi_id": text("Identifier of the KPI.", required=True, matches=KPI_ID),
        **{name: KPIS.columns[name] for name in ("kpi_name", "unit", "decimals", "polarity", "measure_type")},
        "directorate_name": text("Name of the directorate responsible.", required=True),
        "area": text("Area that the value describes (GSS code).", required=True, matches=GSS_CODE),
        "area_name": text("Name of the area.", required=True),
        **{
            name: RESULTS.columns[name]
            for name in ("group", "period", "value", "numerator", "denominator", "absence", "maturity", "vintage", "received_on")
        },
        "producer": RESULTS.columns["producer"],
        "note": RESULTS.columns["note"],
        "target": number("The green value that applied; for a range, its lower end. Only for the council's area and all people."),
        "upper": number("Upper end of a range target."),
        "basis": word(Basis, "What the rating rests on; empty for a result that is not rated.", required=False),
        "rating": word(Rag, "RAG status at the year's end, of the result that was rated then; otherwise empty.", required=False),
    },
    unique=["kpi_id", "area", "group", "period"],
)
