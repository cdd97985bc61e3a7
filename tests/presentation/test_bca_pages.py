"""What the pages of the city's scorecard say, and what they never show."""

import dataclasses
import io
import re
from types import SimpleNamespace

import city_tables
import openpyxl
import pandas as pd
import pytest
from kpireport.presentation import bca_pages, city_wording
from kpireport.presentation.blocks import Attachment, Block, Chart
from kpireport.presentation.charts import ward_tiles
from kpireport.presentation.city_workbook import city_workbook
from presentation.sample_report import HOSTILE

COUNCIL = SimpleNamespace(name="Smallborough Council", place="Smallborough", pandemic=("Apr 2020", "Jun 2021"))


@pytest.fixture(scope="module")
def scorecard():
    return city_tables.scorecard()


@pytest.fixture(scope="module")
def nothing():
    tables = city_tables.frames()
    empty = {name.split("/")[1]: tables[name.split("/")[1]].iloc[:0] for name in city_tables.SCORECARD}
    return city_tables.scorecard(tables=tables | empty)


def report(scorecard, edition="public"):
    return SimpleNamespace(
        council=COUNCIL, title="Scorecard", subtitle="2023-24", date="2024-04-28", edition=edition, scorecard=scorecard
    )


def pages(scorecard):
    return [
        bca_pages.brief(scorecard, COUNCIL),
        bca_pages.outcomes(scorecard, COUNCIL),
        bca_pages.deprivation(scorecard, COUNCIL),
        bca_pages.marmot(scorecard),
        bca_pages.index(scorecard, COUNCIL),
        bca_pages.components(scorecard),
        bca_pages.voice(scorecard),
    ]


def text(page):
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


def row(page, name):
    return next(line for line in text(page).splitlines() if line.startswith(name))


def test_the_first_page_says_how_the_city_stands(scorecard):
    assert text(bca_pages.brief(scorecard, COUNCIL)).splitlines()[:4] == [
        "Of 3 outcomes for Smallborough, two are improving and one worsening.",
        "- Against England, Smallborough fares worse on the one indicator that can be compared.",
        "- The most deprived tenth of Smallborough fares worse on the one indicator with figures for both; the gap is widest "
        "for reviews done in time, 88.0% against 95.2%.",
        "- On the Social Progress Index, Beeston scores highest of 3 wards, 58 out of 100, and Adel lowest, 53.",
    ]


def test_an_outcome_has_its_figure_its_travel_its_benchmark_and_its_place(scorecard):
    page = bca_pages.outcomes(scorecard, COUNCIL)
    assert row(page, "Income") == (
        "Income per person; BCA-02 | £110; 2022 | ↑ improved: rose from £100 to £110; Against 2021. | "
        "£121; Smallborough worse | 1 of 2 | "
    )
    assert "AH-01 · Marmot · Homes" in text(page)
    assert page.parts[0].html.count('class="sparkline"') == 3


def test_nothing_is_rated_and_no_target_is_shown(scorecard):
    shown = "".join(part.html for page in pages(scorecard) for part in page.parts if isinstance(part, Block))
    assert "rag" not in re.findall(r'class="([a-z]+)', shown)
    assert not re.search(r"\b(Green|Amber|Red)\b", shown)
    assert "94.0%" not in shown  # the target of AH-01
    assert "stroke-dasharray" not in shown  # nor is it in a sparkline


def test_the_tenth_is_told_in_words(scorecard):
    page = bca_pages.deprivation(scorecard, COUNCIL)
    assert isinstance(page.parts[0], Chart)
    assert row(page, "Reviews") == "Reviews done in time | 88.0% | 95.2% | 7.2 percentage points lower: worse | 2023-24 Q4"


def test_wards_stand_on_the_map_and_in_the_table_in_one_order(scorecard):
    page = bca_pages.index(scorecard, COUNCIL)
    chart = next(part for part in page.parts if isinstance(part, Chart))
    assert chart.title == "Beeston scores highest of 3 wards, 58 out of 100, and Adel lowest, 53"
    assert "The highest scores: Beeston. The lowest: Adel." in chart.alt
    assert "6 of 6 ward figures (100%) illustrative" in chart.source
    lines = [line for line in text(page).splitlines() if " | " in line]
    assert lines[1:] == ["Beeston | 1 | 57.5 | 57.5", "Chapel | 2 | 55.0 | 55.0", "Adel | 3 | 52.5 | 52.5"]


def test_without_tiles_the_table_stands_alone(scorecard):
    untiled = dataclasses.replace(scorecard.index, wards=scorecard.index.wards.assign(row=pd.NA, column=pd.NA))
    page = bca_pages.index(dataclasses.replace(scorecard, index=untiled), COUNCIL)
    assert not [part for part in page.parts if isinstance(part, Chart)]
    assert "Beeston | 1" in text(page)


def test_quotations_name_their_source_and_say_that_they_are_samples(scorecard):
    said = text(bca_pages.voice(scorecard))
    assert "“The lane stops.” (Resident, drop-in, 1 February 2024)" in said
    assert "1 quotation is left out for want of consent." in said
    assert "illustrative" in said
    assert "Do not print this" not in said


def test_a_section_with_nothing_to_show_says_so_in_one_sentence(nothing):
    for page in pages(nothing):
        said = text(page).strip()
        assert said.endswith(".")
        assert len(said.splitlines()) == 1


def test_a_council_without_a_scorecard_still_has_a_workbook_and_notes(nothing):
    assert openpyxl.load_workbook(io.BytesIO(city_workbook(report(nothing)))).sheetnames == ["Cover", "Contents", "Notes"]
    assert "Results received up to" in text(bca_pages.notes(report(nothing)))


def test_notes_say_what_is_hidden_and_what_is_a_sample(scorecard):
    public = text(bca_pages.notes(report(scorecard)))
    assert "are hidden [c]" in public
    assert "2 of 3 outcomes (67%) are KPIs of the council's register" in public
    assert "show an illustrative value" in public
    assert "In the index, reviews done in time is of 2023-24 Q4, the latest by ward." in public
    assert "are hidden [c]" not in text(bca_pages.notes(report(scorecard, "internal")))


def test_the_workbook_holds_every_stage_of_the_index_and_is_the_same_each_time(scorecard):
    (attached,) = bca_pages.files(report(scorecard)).parts
    assert isinstance(attached, Attachment)
    assert attached.content == city_workbook(report(scorecard))
    book = openpyxl.load_workbook(io.BytesIO(attached.content))
    sheets = ["Cover", "Contents", "Notes", "Outcomes", "Series", "Deprivation", "Wards", "Hierarchy", "Indicators", "Voice"]
    assert book.sheetnames == sheets
    wards = [cells[:3] for cells in book["Wards"].iter_rows(values_only=True)]
    assert ("Beeston", 1, pytest.approx(57.5)) in wards
    assert all(
        cell is not None for name in sheets[3:] for cells in list(book[name].iter_rows(values_only=True))[2:] for cell in cells
    )


def test_hostile_text_is_shown_as_text():
    tables = city_tables.frames()
    for name, columns in (
        ("kpis", ["kpi_name"]),
        ("areas", ["area_name"]),
        ("pillars", ["pillar_name"]),
        ("community_voice", ["quote", "source"]),
        ("index_hierarchy", ["node_name"]),
    ):
        tables[name] = tables[name].assign(**{column: HOSTILE + tables[name][column] for column in columns})
    shown = "".join(
        part.html for page in pages(city_tables.scorecard(tables=tables)) for part in page.parts if isinstance(part, Block)
    )
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("absolute", "judged", "relative", "said"),
    [
        (5.9, -5.9, 2.4, "5.9 percentage points higher, 2.4 times as high: worse"),
        (-6.3, -6.3, 0.9, "6.3 percentage points lower: worse"),
        (0.04, -0.04, 1.0, "no gap"),
        (2.0, float("nan"), 1.5, "2.0 percentage points higher, 1.5 times as high"),
    ],
)
def test_a_gap_is_said_in_the_indicators_unit(absolute, judged, relative, said):
    row = {"absolute_gap": absolute, "gap": judged, "relative_gap": relative, "unit": "%", "decimals": 1}
    assert city_wording.gap(row) == said


def test_every_ward_has_a_tile_with_its_rank_and_name():
    wards = pd.DataFrame(
        {
            "area_name": ["Adel & Wharfedale", "Armley"],
            "rank_label": ["1", ""],
            "score": [61.5, None],
            "fifth": pd.array([1, None], dtype="Int64"),
            "row": [1, 2],
            "column": [1, 2],
        }
    )
    chart = ward_tiles(wards, title="", subtitle="", source="", alt_text="")
    texts = {row["text"] for rows in chart.spec["datasets"].values() for row in rows if "text" in row}
    assert texts >= {"1", "Adel & Wharfedale", "–", "Armley"}
    assert "Adel & Wharfedale | 1 | 61.5\nArmley | – | –" in chart.data.text
