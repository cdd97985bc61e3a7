"""What each KPI measures: what is counted, by which rule it is rated, where the figure comes from, and what to bear in mind.

Every KPI whose figure a report prints has a row here, to which its name leads wherever it stands. The register's KPI Supporting
Information is printed as it is; only who answers for a KPI is left out of public editions, which do not hold it.
"""

from collections.abc import Collection, Iterator

import pandas as pd

from kpireport.presentation import kpi_cells, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import EMPTY, join, lines, link, named, paragraph, quiet, unseen, words
from kpireport.presentation.report import Report
from kpireport.vocabulary import (
    ILLUSTRATIVE,
    ComparatorRule,
    Frequency,
    Kind,
    MeasureType,
    Polarity,
    QualityLabel,
    TargetType,
)

COLUMNS = (
    Column("KPI", 3),
    Column("What it measures, and how it is rated", 5.5, is_prose=True),
    Column("Where the figure comes from, and what to bear in mind", 5, is_prose=True),
)
ON_SCREEN = (
    "What each of them measures, by which rule it is rated, and where its figure comes from is in this report's web page, where "
    "its name leads to it."
)
STRETCHES: dict[str, str] = {
    MeasureType.SNAPSHOT: "A count or share at one moment",
    MeasureType.IN_PERIOD: "A figure of each period by itself",
    MeasureType.CUMULATIVE: "A figure that grows from 1 April",
    MeasureType.ROLLING_YEAR: "A figure of twelve months",
    MeasureType.ANNUAL: "A figure of a year",
    MeasureType.ACADEMIC_YEAR: "A figure of a school year",
    MeasureType.TERMLY: "A figure of a school term",
    MeasureType.POOLED_YEARS: "A figure of several years together",
}
WAYS: dict[str, str] = {
    Polarity.HIGHER_IS_BETTER: "higher is better",
    Polarity.LOWER_IS_BETTER: "lower is better",
    Polarity.WITHIN_RANGE: "best within a range",
    Polarity.NEUTRAL: "neither high nor low is good in itself",
}
HOW_OFTEN: dict[str, str] = {
    Frequency.MONTHLY: "new each month",
    Frequency.QUARTERLY: "new each quarter",
    Frequency.TERMLY: "new each term",
    Frequency.ANNUAL: "new each year",
    Frequency.BIENNIAL: "new every two years",
}
EARLIER: dict[str, str] = {
    ComparatorRule.PREVIOUS_PERIOD: "the period before",
    ComparatorRule.SAME_PERIOD_LAST_YEAR: "the same period a year earlier",
    ComparatorRule.PREVIOUS_YEAR: "the year before",
}
QUALITY: dict[str, str] = {
    QualityLabel.PUBLIC: "Published statistic.",
    QualityLabel.MANAGEMENT: "Management information.",
    QualityLabel.EXPERIMENTAL: "Experimental figure.",
}


def what_kpis_measure(report: Report) -> Page:
    """Return what each KPI measures of which the report prints a figure."""
    printed = report.printed
    return Page((on_screen(defined(printed.defined, figures=set(printed.kpis["kpi_id"])), is_wide=True),))


def defined(kpis: pd.DataFrame, *, figures: Collection[str] | None = None, noun: str = "KPI and tracker") -> Block:
    """Return what each of `kpis` measures, as a table.

    Parameters
    ----------
    figures
        The KPIs that have a row with their figure (`kpi_cells.name_of_figure`), to which theirs leads back; None for all.
    noun
        What they are called.
    """
    if kpis.empty:
        return paragraph(words("No KPI is on the list."))
    caption = f"What {wording.count(len(kpis), noun)} measure{'s' if len(kpis) == 1 else ''}"
    rows = (_cells(kpi, has_figure=figures is None or kpi["kpi_id"] in figures) for _, kpi in kpis.iterrows())
    return table(caption, COLUMNS, rows, kind="wide")


def link_to(kpi: pd.Series, said: str = "What it measures, and where the figure comes from") -> Block:
    """Return a link to what a KPI measures, where its name stands as a heading; paper has nothing that it could lead to."""
    anchor = kpi_cells.definition_anchor(str(kpi["kpi_id"]))
    shown = link(anchor, join([words(said), unseen(f": {kpi['kpi_name']}")]))
    return Block(shown.html, "", shown.text)


def on_screen(shown: Block, *, is_wide: bool = False) -> Block:
    """Return definitions that a page shows; on paper, which is spared what changes so little, a sentence says where they are.

    `is_wide` keeps that sentence on landscape pages, where such are before it.
    """
    return Block(shown.html, paragraph(words(ON_SCREEN)).typst, shown.text, is_wide)


def _cells(kpi: pd.Series, *, has_figure: bool) -> list[Block]:
    return [
        name(kpi, has_figure=has_figure),
        lines([words(str(kpi["definition"])), quiet(words(f"{_nature(kpi)} {rule(kpi)}"))]),
        lines(
            [words(wording.sentence(str(kpi["source"]))), quiet(words(" ".join(_origin(kpi)))), words(str(kpi["limitations"]))]
        ),
    ]


def name(kpi: pd.Series, *, has_figure: bool = True) -> Block:
    """Return the head of a row that says what a KPI measures: its name, the place its links lead to, and the way back."""
    kpi_id, title = str(kpi["kpi_id"]), str(kpi["kpi_name"])
    back = link(kpi_cells.figure_anchor(kpi_id), join([words("Figure"), unseen(f" of {title}")])) if has_figure else EMPTY
    return lines([named(kpi_cells.definition_anchor(kpi_id), words(title)), join([quiet(words(kpi_id)), back], " · ")])


def _nature(kpi: pd.Series) -> str:
    return wording.sentence(
        f"{STRETCHES[kpi['measure_type']]}, {HOW_OFTEN[kpi['frequency']]}; {WAYS[kpi['polarity']]}; compared with "
        f"{EARLIER[kpi['comparator_rule']]}"
    )


def rule(kpi: pd.Series) -> str:
    """Return by which rule a KPI is rated, in words."""
    if kpi["kind"] == Kind.TRACKER:
        return "A tracker: it has no target and is never rated."
    if kpi["target_type"] in (TargetType.INCREASE, TargetType.DECREASE):
        return f"Interim target: {wording.target(kpi)}. Rated on the direction of travel until its target is agreed."
    aim, band = wording.target(kpi), wording.tolerance(kpi)
    if aim == "not set":
        return "Not rated until its target is set."
    if band == "not set":
        return f"Green: {aim}. Otherwise red: no tolerance is agreed."
    return f"Green: {aim}. Amber: worse than that by no more than {band}. Red: further off."


def _origin(kpi: pd.Series) -> Iterator[str]:
    """Yield what kind of figure it is, who supplies and who checks it, and who published the latest."""
    yield QUALITY[kpi["quality_label"]]
    if officer := str(kpi.get("accountable_officer", "")):
        yield wording.sentence(f"Supplied by: {officer}")
    if checked := str(kpi["assured_by"]):
        yield wording.sentence(f"Checked by: {checked}")
    if sets := str(kpi["national_set"]):
        yield wording.sentence(f"National set: {sets}")
    producer = str(kpi["producer"])
    if producer and producer != str(kpi["source"]):
        is_sample = producer == ILLUSTRATIVE
        yield wording.sentence("The latest figure is a sample of no producer" if is_sample else f"Latest figure: {producer}")
