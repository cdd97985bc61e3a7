"""Check the placeholders in what services and analysts write, such as ``{CH-01.value}``: what they name must exist."""

import re

import pandas as pd

from kpireport import schemas
from kpireport.sources.tables import Findings, Tables, closest
from kpireport.vocabulary import Placeholder

WRITTEN = {"commentary": ("reason", "action", "narrative"), "escalations": ("matter", "request")}
"""The columns whose sentences may hold placeholders, by table."""
BRACES = r"\{([^{}]*)\}"


def check(tables: Tables) -> Findings:
    """Yield a fault for each cell whose braces do not name a KPI of the register and one of the words of `Placeholder`."""
    if not tables["kpis"].is_whole:
        return
    known = set(tables["kpis"].frame["kpi_id"])
    for name, columns in WRITTEN.items():
        table = tables[name]
        for column in columns:
            words = table.frame[column]
            for row, inside in words.str.findall(BRACES)[words.str.contains("{", regex=False)].items():
                if wrong := [one for one in inside if not _is_known(one, known)]:
                    found = f"{column} with the placeholder {{{wrong[0]}}}"
                    remedy = f"Correct it, or write the sentence without braces.{_hint(wrong[0], known)}"
                    expected = f"a KPI of the kpis table and one of {', '.join(Placeholder)}, such as {{CH-01.value}}"
                    yield from table.faults(column, pd.Series([found], index=[row]), expected, remedy)


def _is_known(inside: str, known: set[str]) -> bool:
    kpi_id, _, word = inside.partition(".")
    return kpi_id in known and word in list(Placeholder) and bool(re.fullmatch(schemas.KPI_ID, kpi_id))


def _hint(inside: str, known: set[str]) -> str:
    kpi_id, _, word = inside.partition(".")
    near_kpi = kpi_id if kpi_id in known else closest(kpi_id, sorted(known))
    near_word = word if word in list(Placeholder) else closest(word, list(Placeholder))
    return f" Did you mean {{{near_kpi}.{near_word}}}?" if near_kpi and near_word else ""
