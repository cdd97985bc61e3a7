"""Fills the placeholders of sentences that people write, such as ``{CH-01.value}``, with figures as the reports print them."""

import re
from collections.abc import Callable, Sequence

import pandas as pd

from kpireport.presentation import theme, wording
from kpireport.presentation.wording import Row
from kpireport.vocabulary import Placeholder

_PLACEHOLDER = re.compile(rf"\{{([A-Z]+-[0-9]+)\.({'|'.join(Placeholder)})\}}")


def _comparator(kpi: Row) -> str:
    return wording.figure(kpi["comparator_value"], str(kpi["unit"]), int(kpi["decimals"]))


_SAID: dict[str, Callable[[Row], str]] = {
    Placeholder.VALUE: wording.result,
    Placeholder.PERIOD: lambda kpi: str(kpi["period"]) or "–",
    Placeholder.TARGET: wording.target,
    Placeholder.COMPARATOR: _comparator,
    Placeholder.CHANGE: wording.change,
    Placeholder.RATING: lambda kpi: theme.rating_word(str(kpi["rating"])).lower(),
}


def filled(written: pd.DataFrame, columns: Sequence[str], kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `written` with every placeholder in `columns` replaced by the figure as printed.

    `kpis` is `Performance.kpis`: one row is one KPI. A KPI that is not on the quarter's list is printed as "–". That each
    placeholder names a KPI of the register and a known word has been checked when the data were read.
    """
    named = {found[1] for name in columns for text in written[name] for found in _PLACEHOLDER.finditer(text)}
    rows = {str(kpi["kpi_id"]): kpi for kpi in wording.rows(kpis[kpis["kpi_id"].isin(named)])}

    def said(found: "re.Match[str]") -> str:
        return _SAID[found[2]](rows[found[1]]) if found[1] in rows else "–"

    return written.assign(**{name: [_PLACEHOLDER.sub(said, text) for text in written[name]] for name in columns})


def filled_commentary(commentary: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the commentary table with the placeholders of all that they say filled."""
    return filled(commentary, ("reason", "action", "narrative"), kpis)
