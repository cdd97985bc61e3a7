"""What the pages of a report say, read from the plain form of their blocks."""

import dataclasses
import re

import pandas as pd
import pytest
from kpireport.presentation import tables, theme
from kpireport.presentation.blocks import Attachment, Block, Chart, Title
from kpireport.presentation.front_page import count_tiles
from kpireport.presentation.highlight_items import anchor, said
from kpireport.vocabulary import Rag
from presentation import sample_report

OPTIONAL = [
    tables.risks,
    tables.barometer,
    tables.escalations,
    tables.awaited,
    tables.list_changes,
    tables.targets_missing,
    tables.red_kpis,
    tables.good_news,
    tables.deadlines,
    tables.contacts,
    tables.highlights,
]


@pytest.fixture(scope="module")
def report():
    return sample_report.report()


@pytest.fixture(scope="module")
def empty(report):
    """The report of a quarter in which nothing happened."""
    frames = {
        field.name: getattr(report, field.name).iloc[:0]
        for field in dataclasses.fields(report)
        if isinstance(getattr(report, field.name), pd.DataFrame) and field.name not in ("counts", "directorates")
    }
    quiet = dataclasses.replace(report.performance, kpis=report.performance.kpis.iloc[:0])
    return dataclasses.replace(report, **frames, performance=quiet, highlights=(), warnings=(), illustrative=0)


def text(page):
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


def test_the_title_carries_the_councils_name_and_colours(report):
    (title,) = tables.title(report).parts

    assert isinstance(title, Title)
    assert (title.council, title.brand_colour, title.accent_colour) == ("Smallborough Council", "#005A9C", "#7A1F5C")
    assert title.is_illustrative


@pytest.mark.parametrize("page", OPTIONAL, ids=lambda page: page.__name__)
def test_a_section_with_nothing_to_show_says_so_in_one_sentence(page, empty):
    said_so = text(page(empty)).strip()

    assert said_so.endswith(".")
    assert len(said_so.splitlines()) == 1


def test_tiles_count_each_basis_apart_with_its_denominator():
    counts = pd.DataFrame(
        [("target", "red", 1, 4), ("target", "amber", 0, 4), ("target", "green", 3, 4), ("directional", "green", 2, 2)],
        columns=["basis", "rating", "count", "of"],
    )

    assert count_tiles(counts).text.splitlines() == [
        "Rated against a target: Red 1 of 4 KPIs (25%); Amber 0 of 4 KPIs (0%); Green 3 of 4 KPIs (75%)",
        "Rated on direction of travel: Red 0 of 2 KPIs (0%); Amber 0 of 2 KPIs (0%); Green 2 of 2 KPIs (100%)",
    ]


def test_the_first_page_links_to_every_highlight_item(report):
    first, items = tables.front_page(report).parts, tables.highlights(report).parts
    linked = re.findall('href="#([^"]+)"', "".join(part.html for part in first if isinstance(part, Block)))
    headed = re.findall('<h3 id="([^"]+)"', "".join(part.html for part in items if isinstance(part, Block)))

    assert linked == headed == [anchor(item.kpi["kpi_id"]) for item in report.highlights]


def test_the_scorecard_has_every_kpi_once_under_its_directorate(report):
    rows = [line for line in text(tables.scorecard(report)).splitlines() if " | " in line and not line.startswith("KPI |")]

    assert [re.search(r"; ([A-Z]+-\d+)", row)[1] for row in rows] == [
        "AH-01",
        "CF-01",
        "CF-02",
        "CD-01",
        "CD-02",
        "CHE-01",
        "SR-01",
    ]


def test_the_scorecard_shows_the_rating_in_words_and_the_data_period(report):
    row = next(line for line in text(tables.scorecard(report)).splitlines() if "AH-01" in line)

    assert row == (
        "Reviews done in time; AH-01 | 95.0%; 2024-25 Q2 | 95.0% or more; tolerance 2 percentage points | 95.9%; 2024-25 Q1 | "
        "Green | ↓ worsened: fell from 95.9% to 95.0% | –; too few results | "
    )


def test_a_directional_rating_says_what_it_rests_on(report):
    row = next(line for line in text(tables.scorecard(report)).splitlines() if "CF-02" in line)

    assert "Green; on direction" in row


def test_a_highlight_shows_its_charts_and_what_the_service_does(report):
    parts = tables.highlights(report).parts
    first = parts[: next(place for place, part in enumerate(parts) if "Missed bins" in getattr(part, "text", ""))]

    assert [type(part) for part in first] == [Block, Chart, Chart]
    for told in ("Reason: Illness", "Action: Attendance officers", "Owner: Head of Learning", "By: 31 March 2025"):
        assert told in first[0].text


def test_commentary_keeps_its_lines_and_says_nothing_when_there_is_none():
    row = pd.Series({"reason": "One\ntwo", "action": "", "owner": "", "due_on": pd.NaT, "narrative": ""})

    assert "<dd>One<br>two</dd>" in said(row).html
    assert said(row).text == "Reason: One; two\n"
    assert said(None).html == ""


def test_a_restated_result_shows_both_values_and_both_denominators(report):
    changed = {"old_value": 39.6, "new_value": 38.7, "old_denominator": 174_200.0, "new_denominator": 174_160.0}
    row = {"kpi_id": "CF-01", "kpi_name": "Plans", "period": "2023-24", "unit": "per 10,000", "decimals": 1, "note": ""}
    rated = {"old_rating": "green", "new_rating": "amber", "is_rating_changed": True}
    restated = dataclasses.replace(report, restated=pd.DataFrame([row | changed | rated]))

    shown = text(tables.restated(restated))

    assert "39.6 per 10,000; of 174,200 | 38.7 per 10,000; of 174,160 | Amber; was Green" in shown


def test_the_notes_name_the_scheme_the_last_day_and_the_share_of_samples(report):
    notes = text(tables.notes(report))

    for told in ("target-tolerance-v1", "up to 28 October 2024", "show an illustrative value", "register/results.csv, E14"):
        assert told in notes


def test_files_travel_as_attachments(report):
    assert all(isinstance(part, Attachment) for part in tables.files(report).parts)


def test_the_stylesheet_has_the_themes_colours():
    css = (theme.FONT_FOLDER.parent / "report.css").read_text(encoding="utf-8")

    for rag in Rag:
        assert f"--{rag}: {theme.RAG_BACKGROUNDS[rag]}; --on-{rag}: {theme.RAG_TEXTS[rag]};" in css
    assert f"--unrated: {theme.NOT_RATED_BACKGROUND}; --on-unrated: {theme.NOT_RATED_TEXT};" in css
