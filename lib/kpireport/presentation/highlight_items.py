"""The highlight items in full: result, target, rating and basis, charts, and what the service says and does."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import charts, commentary_markdown, definitions, signals, wording
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.kpi_cells import direction, latest, rating, target, told
from kpireport.presentation.markup import EMPTY, facts, heading, join, lines, new_page, paragraph, stack, words
from kpireport.presentation.report import Highlight, Report


def anchor(kpi_id: str) -> str:
    """Return the anchor of a KPI's highlight item."""
    return f"highlight-{kpi_id.lower()}"


def highlights(report: Report) -> Page:
    """Return every highlight item in full."""
    if not report.highlights:
        return Page((paragraph(words("No highlight item was chosen this quarter.")),))
    names = report.directorates.set_index("directorate")["directorate_name"]
    return Page(tuple(part for item in report.highlights for part in _parts(item, report, names)))


def _parts(item: Highlight, report: Report, names: "pd.Series[str]") -> Iterator[Part]:
    """Yield what is said of one item, which has a page of its own on paper, then its charts."""
    kpi = item.kpi
    owner = f"{kpi['kpi_id']}, {names.get(kpi['directorate'], kpi['directorate'])}"
    yield stack(
        [
            EMPTY if item is report.highlights[0] else new_page(),
            heading(3, words(str(kpi["kpi_name"])), anchor(str(kpi["kpi_id"]))),
            paragraph(join([words(f"{owner}. {wording.sentence(item.reasons)}"), definitions.link_to(kpi)], " "), kind="quiet"),
            paragraph(told(kpi), kind="intro"),
            paragraph(words(shown)) if (shown := signals.sentences(kpi)) else EMPTY,
            facts(
                [
                    ("Latest result", latest(kpi)),
                    ("Target", target(kpi)),
                    ("Rating", rating(kpi)),
                    ("Direction of travel", direction(kpi)),
                ]
            ),
            said(item.commentary),
        ]
    )
    yield charts.trend(kpi, item.history, report.council)
    if len(item.benchmarks):
        yield charts.benchmark(kpi, item.benchmarks, report.council)
    if len(item.wards):
        yield charts.wards(kpi, item.wards, report.council)
    if len(item.contrast):
        yield charts.deprivation_gap(kpi, item.contrast, report.council)


def said(commentary: pd.Series | None) -> Block:
    """Return what a service says about a KPI: reason, action, owner and date, and anything more; nothing when it said nothing."""
    if commentary is None:
        return EMPTY
    told = [(term, str(commentary[column])) for term, column in (("Reason", "reason"), ("Action", "action"), ("Owner", "owner"))]
    pairs = [(term, lines(words(line) for line in text.splitlines())) for term, text in told if text.strip()]
    if pd.notna(commentary["due_on"]):
        pairs.append(("By", words(wording.day(commentary["due_on"]))))
    narrative = str(commentary["narrative"]).strip()
    return stack([facts(pairs, kind="said") if pairs else EMPTY, commentary_markdown.shown(narrative) if narrative else EMPTY])
