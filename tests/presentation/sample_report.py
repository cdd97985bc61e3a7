"""A made-up quarterly report, rated by the real rules, and the notebook that it leaves when it has run.

The small register is copied several times over, with other figures and names, so that a scorecard has a hundred rows.
"""

from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import small_register
from kpireport.errors import Finding
from kpireport.periods import parse_quarter
from kpireport.presentation import blocks, tables
from kpireport.presentation.blocks import Attachment, Page
from kpireport.rules import availability, counts, extent, highlight_items, oversight, performance

HOSTILE = "<script>alert(\"1\")</script> & #strong[x]; $a$ *b* _c_ @d `e` <f> \\ // [g] 'h' \u202e\U0001f600"
"""Text that means something to a browser or to Typst; a report shows it as it is."""
QUARTER = parse_quarter("2024-25 Q2")
NAMES = ("in the north", "in the south", "in the east", "in the west", "in the centre", "in the year of the new scheme")


@dataclass(frozen=True)
class SampleReport:
    """What the pages read of a report."""

    council: Any
    title: str
    subtitle: str
    date: str
    scheme: str
    performance: performance.Performance
    counts: pd.DataFrame
    counts_by_directorate: pd.DataFrame
    directorates: pd.DataFrame
    highlights: tuple[highlight_items.Highlight, ...]
    risks: pd.DataFrame
    barometer: pd.DataFrame
    escalations: pd.DataFrame
    awaited: pd.DataFrame
    restated: pd.DataFrame
    resting_on_rounding: pd.DataFrame
    received_late: pd.DataFrame
    list_changes: pd.DataFrame
    reviews_due: pd.DataFrame
    targets_missing: pd.DataFrame
    deadlines: pd.DataFrame
    sign_offs: pd.DataFrame
    warnings: tuple[Finding, ...]
    illustrative: int
    commentary: pd.DataFrame
    directorate: pd.Series = field(default_factory=lambda: pd.Series({"directorate": "CF"}))

    @cached_property
    def printed(self) -> extent.Printed:
        """What is printed of the lists."""
        return extent.of_quarter(self)


def register(copies: int = 1) -> dict[str, pd.DataFrame]:
    """Return the small register's frames with every KPI copied; the first copy is the register itself."""
    frames = small_register.frames()
    for name in ("kpis", "targets", "results"):
        frames[name] = pd.concat([_copy(frames[name], number) for number in range(copies)])
    return frames


def _copy(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    if not number:
        return frame
    changed = frame.assign(kpi_id=frame["kpi_id"].str.replace("-0", f"-{number}", regex=False))
    if "kpi_name" in changed:
        where = NAMES[number % len(NAMES)]
        changed = changed.assign(kpi_name=[f"{name} {where}" for name in changed["kpi_name"]])
    if "value" in changed:
        changed = changed.assign(value=(changed["value"] * (1 + (number % 5 - 2) * 0.02)).round(1))
    return changed


def report(*, copies: int = 1, hostile: str = "", highlighted: tuple[str, ...] = ("CF-01", "CHE-01", "CD-02", "AH-01")) -> Any:
    """Return a report; with `hostile` text in every place where a person writes."""
    frames = register(copies)
    if hostile:
        frames = _with_hostile_text(frames, hostile)
    known_on = frames["rounds"].loc[frames["rounds"]["quarter"] == str(QUARTER), "cut_off_on"].iloc[0].date()
    rated = performance.reported(
        SimpleNamespace(**frames), quarter=QUARTER, area=small_register.COUNCIL_AREA, comparators=("core_cities", "england")
    )
    chosen = pd.DataFrame(
        {"kpi_id": highlighted, "reasons": "newly red; red with a large gap", "is_adverse": [True] * len(highlighted)}
    )
    names = frames["directorates"][["directorate", "directorate_name"]]

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.merge(names, on="directorate", how="left", validate="many_to_one")

    commentary = frames["commentary"]
    commentary = pd.concat([commentary.assign(kpi_id=kpi_id) for kpi_id in highlighted[:3]])
    escalated = frames["escalations"].merge(frames["kpis"][["kpi_id", "kpi_name"]], on="kpi_id", validate="many_to_one")
    return SampleReport(
        council=SimpleNamespace(
            name=hostile or "Smallborough Council",
            place="Smallborough",
            brand_colour="#005A9C",
            accent_colour="#7A1F5C",
            logo="",
            pandemic=("Apr 2020", "Jun 2021"),
        ),
        title=f"Quarterly performance and risk report{hostile}",
        subtitle=f"Corporate Leadership Team, {QUARTER}{hostile}",
        date=str(known_on),
        scheme="target-tolerance-v1",
        performance=rated,
        counts=counts.count_ratings(rated.kpis),
        counts_by_directorate=counts.count_ratings(rated.kpis, by="directorate"),
        directorates=frames["directorates"],
        highlights=highlight_items.assemble(
            chosen,
            rated,
            SimpleNamespace(**frames),
            breakdowns=availability.as_known(frames["results"], known_on),
            commentary=commentary,
            area=small_register.COUNCIL_AREA,
            comparators=("core_cities", "england"),
        ),
        risks=oversight.key_risk_indicators(rated.kpis, frames["risks"], quarter=QUARTER),
        barometer=oversight.barometer(frames["barometer"], frames["directorates"], quarter=QUARTER),
        escalations=named(escalated),
        awaited=named(oversight.awaited_returns(rated.kpis)),
        restated=named(rated.restated),
        resting_on_rounding=counts.resting_on_rounding(rated.kpis),
        received_late=named(rated.received_late),
        list_changes=named(
            oversight.list_changes(frames["kpi_changes"].assign(quarter=str(QUARTER)), frames["kpis"], quarter=QUARTER)
        ),
        reviews_due=named(oversight.reviews_due(rated.kpis.assign(next_review=pd.Timestamp("2024-09-30")), on=known_on)),
        targets_missing=named(oversight.targets_missing(rated.kpis)),
        deadlines=pd.DataFrame({"label": ["Results returned"], "date": pd.to_datetime(["2025-01-21"])}),
        sign_offs=pd.DataFrame(
            [
                {
                    "directorate": "CF",
                    "directorate_name": "Children and Families",
                    "results": 24,
                    "waiting": 0,
                    "signed_by": hostile or "Director of Children and Families",
                    "signed_on": pd.Timestamp("2024-10-28"),
                }
            ]
        ),
        warnings=(Finding("register/results.csv", "", "E14", hostile or "87.2 three times running", "a new value", "Ask."),),
        illustrative=int(rated.kpis["producer"].eq("illustrative").sum()),
        commentary=commentary,
    )


def _with_hostile_text(frames: dict[str, pd.DataFrame], hostile: str) -> dict[str, pd.DataFrame]:
    written = {
        "kpis": ["kpi_name", "accountable_officer", "key_contacts"],
        "directorates": ["directorate_name"],
        "areas": ["area_name"],
        "risks": ["risk_name", "owner", "summary"],
        "barometer": ["topic", "issue"],
        "escalations": ["matter", "request", "raised_by"],
        "commentary": ["reason", "action", "owner", "narrative"],
        "kpi_changes": ["detail", "agreed_by"],
        "results": ["note"],
    }
    return frames | {
        name: frames[name].assign(**{column: hostile + frames[name][column] for column in columns})
        for name, columns in written.items()
    }


SECTIONS = {
    "The quarter in brief": [tables.front_page],
    "Highlight items": [tables.highlights],
    "Performance and corporate risk": [tables.risks],
    "What people contact us about": [tables.barometer],
    "Matters escalated by directorates": [tables.escalations],
    "Returns awaited": [tables.awaited],
    "Revised results and restated ratings": [tables.restated],
    "Changes to the KPI list": [tables.list_changes],
    "Targets still missing": [tables.targets_missing],
    "What is red, and what goes well": [tables.red_kpis, tables.good_news],
    "Dates and contacts": [tables.deadlines, tables.contacts],
    "About these figures": [tables.notes],
    "Appendix: scorecard": [tables.scorecard],
}
MARKDOWN = "## How it was made\n\nFigures are *rounded* as printed; see `rating`.\n\n- one\n- two"
ATTACHED = Attachment("clt-scorecard.xlsx", "application/octet-stream", b"not really a workbook", "The scorecard as a workbook")


def notebook(report: Any) -> nbformat.NotebookNode:
    """Return the notebook of a report as execution leaves it, with its parameters and inputs."""
    cells = [
        nbformat.v4.new_code_cell('quarter = "2024-25 Q2"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import secret_module", metadata={"tags": ["setup"]}, outputs=[_printed("unseen print")]),
        _cell(tables.title(report)),
    ]
    for heading, pages in SECTIONS.items():
        cells.append(nbformat.v4.new_markdown_cell(f"## {heading}"))
        cells += [_cell(page(report)) for page in pages]
    cells.append(nbformat.v4.new_markdown_cell(MARKDOWN))
    cells.append(_cell(Page((ATTACHED,))))
    return nbformat.v4.new_notebook(cells=cells)


def _printed(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def _cell(page: Page) -> nbformat.NotebookNode:
    outputs = []
    for part in page.parts:
        data, metadata = part.bundle()
        outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata))
    return nbformat.v4.new_code_cell("tables.page(report)", outputs=outputs)


def left_by_publishing(report: Any, monkeypatch: Any) -> nbformat.NotebookNode:
    """Return the notebook as publishing's kernels leave it: charts not yet drawn."""
    monkeypatch.setenv(blocks.DRAW_LATER, "1")
    return notebook(report)
