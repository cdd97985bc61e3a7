"""Which KPIs a board has chosen: by identifier, or as all of a pillar, Scrutiny Board, directorate, theme or national set."""

import pandas as pd

from kpireport.errors import ParameterError, shown, suggest
from kpireport.vocabulary import KpiSelection

_COLUMNS = {
    KpiSelection.PILLAR: "pillars",
    KpiSelection.BOARD: "scrutiny_board",
    KpiSelection.DIRECTORATE: "directorate",
    KpiSelection.THEME: "plan_theme",
    KpiSelection.NATIONAL_SET: "national_set",
}
"""Where the kpis table says it; a KPI may serve several pillars and stand in several sets."""


def selected(wanted: str, kpis: pd.DataFrame) -> list[str]:
    """Return the identifiers of the KPIs that are `wanted`, each once, in the order of the kpis table.

    Parameters
    ----------
    wanted
        Words parted by semicolons: an identifier such as CF-01, or a selection such as "pillar: zero_carbon".

    Raises
    ------
    ParameterError
        With every word that finds no KPI, and what may have been meant.
    """
    chosen = pd.Series(False, index=kpis.index)
    faults = []
    for word in filter(None, (word.strip() for word in wanted.split(";"))):
        selection, colon, code = (part.strip() for part in word.partition(":"))
        codes = kpis[_COLUMNS[KpiSelection(selection)]].str.split("; ") if colon else kpis["kpi_id"].map(lambda kpi_id: [kpi_id])
        meant = code if colon else word
        found = codes.map(lambda listed, meant=meant: meant in listed)
        chosen |= found
        if not found.any():
            known = sorted({one for listed in codes for one in listed} - {""})
            faults.append(f"kpis: {shown(word)} finds no KPI. {suggest(meant, known)}")
    if faults:
        raise ParameterError("\n".join(faults))
    return kpis.loc[chosen, "kpi_id"].tolist()
