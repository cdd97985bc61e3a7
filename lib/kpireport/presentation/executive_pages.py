"""The two pages of the in-year update: the message, counts and what changed; then the highlight items by pillar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Protocol

import pandas as pd

from kpireport.presentation import charts, definitions, kpi_cells, plain_english, wording
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.front_page import count_tiles
from kpireport.presentation.markup import bullets, heading, lines, named, paragraph, quiet, rag, stack, words
from kpireport.presentation.phrases import count, day, join_some, share
from kpireport.presentation.report import Council, Highlight, Performance
from kpireport.vocabulary import Basis, Edition

LONGEST = 210
"""Characters of a service's own words that a row of the table holds; further sentences are left out."""


class Update(Protocol):
    """What the pages read of the update."""

    @property
    def council(self) -> Council:
        """Whose update it is."""

    @property
    def date(self) -> str:
        """The last day whose results it uses (ISO)."""

    @property
    def scheme(self) -> str:
        """Name and version of the rating scheme."""

    @property
    def edition(self) -> Edition:
        """Who it is for."""

    @property
    def performance(self) -> Performance:
        """The quarter's results, rated."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one basis and rating."""

    @property
    def counts_by_pillar(self) -> pd.DataFrame:
        """One row is one pillar, basis and rating."""

    @property
    def pillars(self) -> pd.DataFrame:
        """One row is one pillar, in order."""

    @property
    def highlights(self) -> tuple[Highlight, ...]:
        """The highlight items, in the order of the pillars."""

    @property
    def illustrative(self) -> int:
        """How many KPIs show a sample value."""


def brief(report: Update) -> Page:
    """Return the first page: the message, the counts, what changed, and how each pillar stands."""
    first, *others = wording.headline_sentences(report.counts, report.performance)
    # After the ratings on a target come those on direction, where there are any, and what is not rated; then what changed.
    is_directional = report.counts["basis"].eq(Basis.DIRECTIONAL) & report.counts["count"].gt(0)
    of_counts = 1 + int(is_directional.any())
    parts: list[Part] = [
        stack(
            [
                paragraph(words(first), kind="lead"),
                count_tiles(report.counts),
                bullets(words(text) for text in others[:of_counts]),
                heading(3, words("What changed"), "what-changed"),
                bullets(words(text) for text in others[of_counts:]),
            ]
        )
    ]
    if report.counts_by_pillar["pillar"].isin(report.pillars["pillar"]).any():
        chart = charts.rag_by_directorate(report.counts_by_pillar, report.pillars)
        parts.append(replace(chart, subtitle="Number of KPIs, by pillar; a KPI that serves two pillars is counted in both"))
    return Page(tuple(parts))


def items(report: Update) -> Page:
    """Return the second page: the highlight items in one table, and what the figures rest on."""
    if not report.highlights:
        return Page(
            (stack([paragraph(words("No KPI stands out this quarter.")), bullets(words(text) for text in _about(report))]),)
        )
    columns = [
        Column("Highlight item, by pillar", 4.6),
        Column("Latest result and target", 2.5, is_number=True),
        Column("Rating", 1.5),
        Column("Change, and what is being done", 6.4),
    ]
    names = {str(code): str(name) for code, name in zip(report.pillars["pillar"], report.pillars["pillar_name"], strict=True)}
    rows = [_item(item, names) for item in report.highlights]
    caption = f"{count(len(rows), 'highlight item')} this quarter"
    return Page((stack([table(caption, columns, rows), bullets(words(text) for text in _about(report))]), _definitions(report)))


def _item(item: Highlight, names: dict[str, str]) -> list[Block]:
    kpi = item.kpi
    pillars = [names.get(code, code) for code in str(kpi["pillars"]).split("; ") if code]
    target = plain_english.target(kpi)
    return [
        lines([_name(kpi), quiet(words(f"{kpi['kpi_id']}; {join_some(pillars) or 'no pillar'}"))]),
        lines([words(wording.result(kpi)), quiet(words(str(kpi["period"]))), quiet(words(f"Target: {target}"))]),
        rag(str(kpi["rating"])),
        lines([kpi_cells.direction(kpi), *_done(item)]),
    ]


def _name(kpi: pd.Series) -> Block:
    name = kpi_cells.to_definition(kpi, words(str(kpi["kpi_name"])))
    return named(kpi_cells.figure_anchor(str(kpi["kpi_id"])), name)


def _definitions(report: Update) -> Block:
    """Return what the items measure; on a screen alone, as two pages have no room for it."""
    opening = heading(3, words("What these KPIs measure"), "what-kpis-measure")
    shown = definitions.defined(pd.DataFrame([item.kpi for item in report.highlights]), noun="KPI")
    both = stack([opening, shown])
    return Block(both.html, "", both.text)


def _done(item: Highlight) -> Iterator[Block]:
    """Yield what the service does and by when, or what it says; cut at a sentence's end to what the page holds."""
    said = item.commentary
    if said is None:
        return
    text = _beginning(str(said["action"]).strip() or str(said["narrative"]).strip())
    by = f" By {day(said['due_on'])}." if pd.notna(said["due_on"]) else ""
    owner = f" {said['owner']}." if str(said["owner"]).strip() else ""
    if text:
        yield words(f"{text}{owner}{by}")


def _beginning(text: str) -> str:
    """Return as many whole sentences as the page holds; the first one whatever its length, cut at a word if it must be."""
    flat = " ".join(text.split())
    if len(flat) <= LONGEST:
        return flat
    end = max(flat.rfind(mark, 0, LONGEST) for mark in (". ", "; ", "! ", "? "))
    return f"{flat[:end]}." if end > 0 else f"{flat[:LONGEST].rsplit(' ', 1)[0]} …"


def _about(report: Update) -> Iterator[str]:
    kpis = report.performance.kpis
    yield (
        f"Results received up to {day(date.fromisoformat(report.date))}, rated by the scheme {report.scheme}. They are those of "
        "the quarterly report to the Corporate Leadership Team, whose scorecard has every KPI."
    )
    if report.edition == Edition.PUBLIC:
        yield "This is the public edition: figures small enough to tell of a person are hidden ([c])."
    if report.illustrative:
        shown = share(report.illustrative, len(kpis), "KPI")
        yield f"{shown} show an illustrative value: a sample that no producer published, for demonstration only."
