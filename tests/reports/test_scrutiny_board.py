"""The public report to a Scrutiny Board: the figures of the council's report, nothing that tells of a person, plain words."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import small_register
from golden_files import KPI_FIGURES, is_golden
from kpireport.errors import DataError, ParameterError
from kpireport.presentation import board_pages, board_workbook, plain_english
from kpireport.presentation.blocks import Block, Chart
from kpireport.presentation.results_file import results_csv
from kpireport.reports import clt_quarterly, executive_update, scrutiny_board
from kpireport.sources import register
from public_edition import COUNCIL, DATA, EMAIL, ROOT, files_that_tell_of_people, said_in, told_of_people
from running import published_once

QUARTER = "2024-25 Q2"
PAGES = (
    board_pages.at_a_glance,
    board_pages.looked_at_first,
    board_pages.measures,
    board_pages.results,
    board_pages.definitions,
    board_pages.notes,
)


def board_report(board: str, *, edition: str = "public", data: str = DATA, council: str = COUNCIL):
    return scrutiny_board.build(data=data, council=council, quarter=QUARTER, board=board, edition=edition)


def everything(report) -> str:
    """Return all that leaves the notebook."""
    return "\n".join(said_in(page(report)) for page in PAGES)


def prose(page) -> str:
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


def workbook_cells(report) -> dict[str, list[tuple]]:
    """The rows of each sheet of the report's workbook."""
    book = openpyxl.load_workbook(io.BytesIO(board_workbook.board_workbook(report)), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, str]]:
    """Each KPI's row of results.csv, as the Corporate Leadership Team's report gives it."""
    text = results_csv(clt_quarterly.build(data=DATA, council=COUNCIL, quarter=QUARTER)).decode("utf-8-sig")
    return {row["kpi_id"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(scope="module")
def reports():
    variants = scrutiny_board.variants(register.load(Path(DATA)))
    return {parameters["board"]: board_report(parameters["board"]) for parameters in variants.values()}


@pytest.fixture(scope="module", autouse=True)
def _draw_later():
    """Charts are not drawn here: what they plot is looked at instead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPIREPORT_DRAW_LATER", "1")
        yield


def test_every_kpi_on_the_list_is_in_one_board_report_once(reports, results):
    shown = [item.kpi["kpi_id"] for report in reports.values() for group in report.measures.groups for item in group.items]
    assert len(reports) == 5
    assert sorted(shown) == sorted(results)


def test_table_prints_the_figures_and_colours_of_results_csv(reports, results):
    compared = 0
    for report in reports.values():
        rows = {
            found[1]: line
            for line in prose(board_pages.results(report)).splitlines()
            if (found := re.search("; ([A-Z]+-[0-9]+) ", line))
        }
        for kpi_id, row in rows.items():
            _, latest, _, colour, *_ = row.split(" | ")
            assert latest.split("; ")[0] == results[kpi_id]["result_printed"], kpi_id
            assert colour == results[kpi_id]["rating_printed"], kpi_id
            compared += 1
    assert compared == len(results)


def test_figures_are_the_golden_ones(reports):
    measures = {board: report.measures.performance.kpis[KPI_FIGURES] for board, report in reports.items()}
    assert is_golden(pd.concat(measures, names=["board", None]).reset_index("board"), "scrutiny/measures.csv")
    headings = [(board, group.code, len(group.items)) for board, report in reports.items() for group in report.measures.groups]
    assert is_golden(pd.DataFrame(headings, columns=["board", "heading", "measures"]), "scrutiny/headings.csv")


def test_counts_by_basis_are_those_of_results_csv(reports, results):
    for board, report in reports.items():
        own = [row for row in results.values() if row["scrutiny_board"] == board]
        for basis, rating, count, of in report.measures.counts[["basis", "rating", "count", "of"]].itertuples(index=False):
            assert count == sum(row["basis"] == basis and row["rating"] == rating for row in own)
            assert of == (sum(row["basis"] == basis for row in own) if basis != "none" else len(own))


def test_environment_housing_and_communities_stands_in_the_order_of_the_three_pillars(reports):
    report = reports["EHC"]
    assert [group.name for group in report.measures.groups] == ["Health and wellbeing", "Inclusive growth", "Zero carbon"]
    for group in report.measures.groups:
        assert {item.kpi["pillars"].split("; ")[0] for item in group.items} == {group.code}


def test_a_boards_choices_are_kept(tmp_path):
    tables = small_register.texts()
    tables["reference/board_choices"] = [
        {"scrutiny_board": "AHAL", "order_by": "theme", "history_years": "1", "shows": "history"}
    ]
    data = str(small_register.write(tmp_path, tables))
    (item,) = board_report("AHAL", data=data, council=str(tmp_path / "council.yaml")).measures.groups[0].items
    assert list(item.history["period"]) == ["2023-24 Q3", "2023-24 Q4", "2024-25 Q1", "2024-25 Q2"]
    report = board_report("AHAL", data=data, council=str(tmp_path / "council.yaml"))
    assert sum(isinstance(part, Chart) for page in PAGES for part in page(report).parts) == 1


def test_public_edition_holds_no_contact_and_no_owner(reports):
    assert told_of_people(everything(reports["EHC"])) == []


def test_workbook_has_the_figures_of_results_csv_and_no_contact(reports, results):
    report = reports["EHC"]
    sheets = workbook_cells(report)
    printed = {row[1]: row[3] for row in sheets["Results"] if row[1] in results}
    assert len(printed) == sum(len(group.items) for group in report.measures.groups)
    for kpi_id, value in printed.items():
        if kpi_id not in report.measures.with_hidden_figures and results[kpi_id]["value"]:
            assert value == pytest.approx(float(results[kpi_id]["value"]))
    assert told_of_people(str(sheets)) == []


def test_workbook_hides_what_the_report_hides(tmp_path):
    tables = small_register.texts()
    for row in tables["register/results"]:
        if row["kpi_id"] == "CD-02" and row["period"] == "2023" and row["area"] == small_register.COUNCIL_AREA:
            row["value"] = "3"
    tables["register/results"] = [row for row in tables["register/results"] if row["area"] == small_register.COUNCIL_AREA]
    data, council = str(small_register.write(tmp_path, tables)), str(tmp_path / "council.yaml")
    shown = {}
    for edition in ("public", "internal"):
        sheets = workbook_cells(board_report("IIIG", edition=edition, data=data, council=council))
        shown[edition] = [row[3] for row in sheets["Results"] + sheets["History"] if "CD-02" in row]
    assert 3 in shown["internal"]
    assert 3 not in shown["public"]
    assert "[c]" in shown["public"]


def test_internal_edition_holds_them():
    said = everything(board_report("SR", edition="internal"))
    assert EMAIL.search(said)
    assert "Chief Officer, Financial Services" in said


def test_a_small_count_is_hidden_in_every_form_and_so_is_what_would_give_it_away(tmp_path):
    """Wards 6, 4 and 3 of 13 deaths: the 4 and the 3 are hidden; 13 and 6 tell only that they are 7 together."""
    data = str(small_register.write(tmp_path))
    council = str(tmp_path / "council.yaml")
    public, internal = (board_report("IIIG", edition=edition, data=data, council=council) for edition in ("public", "internal"))
    assert {"Beeston", "Chapel"} <= set(re.findall("Adel|Beeston|Chapel", everything(internal)))
    assert not re.search("Beeston|Chapel", everything(public))
    item = next(item for group in public.measures.groups for item in group.items if item.kpi["kpi_id"] == "CD-02")
    assert item.wards["value"].dropna().tolist() == [6.0]
    assert public.measures.with_hidden_figures == {"CD-02"}
    assert "hidden" in prose(board_pages.notes(public))


def test_a_small_latest_result_is_not_rated_and_the_colour_says_why(tmp_path):
    tables = small_register.texts()
    for row in tables["register/results"]:
        if row["kpi_id"] == "CD-02" and row["period"] == "2023" and row["area"] == small_register.COUNCIL_AREA:
            row["value"] = "3"
    tables["register/results"] = [row for row in tables["register/results"] if row["area"] == small_register.COUNCIL_AREA]
    tables["commentary/commentary"] = [
        {**tables["commentary/commentary"][0], "kpi_id": "CD-02", "quarter": QUARTER, "narrative": "Three people died."}
    ]
    data, council = str(small_register.write(tmp_path, tables)), str(tmp_path / "council.yaml")
    report = board_report("IIIG", data=data, council=council)
    kpi = report.measures.performance.kpis.set_index("kpi_id").loc["CD-02"]
    assert (kpi["rating"], kpi["value"], kpi["period"]) == ("suppressed", 27.0, "2022")
    said = everything(report)
    assert "Three people died" not in said
    assert "left out" in said
    update = executive_update.build(data=data, council=council, quarter=QUARTER, edition="public")
    assert update.performance.kpis.set_index("kpi_id").loc["CD-02", "rating"] == "suppressed"


def test_an_address_in_text_that_the_public_reads_stops_the_report(tmp_path):
    tables = small_register.texts()
    tables["register/kpis"][0]["definition"] += " Ask jo.bloggs@example.org."
    data, council = str(small_register.write(tmp_path, tables)), str(tmp_path / "council.yaml")
    with pytest.raises(DataError, match="e-mail address in definition, row 2"):
        board_report("IIIG", data=data, council=council)
    board_report("IIIG", edition="internal", data=data, council=council)


@pytest.mark.parametrize(("board", "edition"), [("XX", "public"), ("SR", "secret")])
def test_an_unknown_board_or_edition_is_named_with_those_there_are(board, edition):
    with pytest.raises(ParameterError, match="AHAL, CF" if board == "XX" else "internal, public"):
        board_report(board, edition=edition)


def test_a_board_without_kpis_has_a_report_that_says_so(tmp_path):
    tables = small_register.texts()
    for kpi in tables["register/kpis"]:
        kpi["scrutiny_board"] = "SR"
    data, council = str(small_register.write(tmp_path, tables)), str(tmp_path / "council.yaml")
    report = board_report("CF", data=data, council=council)
    assert "No measure is in this board's remit." in prose(board_pages.at_a_glance(report))
    assert everything(report)


def test_second_council_without_choices_has_every_kpi_by_directorate():
    riverside = ROOT / "tests" / "councils" / "riverside"
    boards = scrutiny_board.variants(register.load(riverside))
    shown = [
        item.kpi["kpi_id"]
        for parameters in boards.values()
        for group in board_report(
            parameters["board"], data=str(riverside), council=str(riverside / "council.yaml")
        ).measures.groups
        for item in group.items
    ]
    assert len(shown) == len(set(shown)) == 10


JARGON = (
    "RAG",
    "comparator",
    "polarity",
    "vintage",
    "tolerance",
    "direction of travel",
    "snapshot",
    "basis",
    "statistical",
    "outturn",
)


def test_sentences_are_short_and_free_of_jargon(reports):
    """Flesch-Kincaid: reading age is about the grade plus five. Names of KPIs, and targets, are the council's own words."""
    sentences = [
        one
        for report in reports.values()
        for _, kpi in report.measures.performance.kpis.iterrows()
        for one in plain_english.told(kpi, "Leeds")
    ]
    assert len(sentences) > 300
    assert max(len(one.split()) for one in sentences) <= 30
    assert not [one for one in sentences if any(word.lower() in one.lower() for word in JARGON)]
    words = re.findall("[A-Za-z']+", " ".join(sentences))
    syllables = sum(max(1, len(re.findall("[aeiouy]+", re.sub("e$", "", word.lower())))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 7, grade


def test_published_files_hold_no_contact_and_no_owner(tmp_path_factory):
    folder = published_once(tmp_path_factory, "scrutiny", "--quarter=2", "--year=2024-25")
    assert {path.suffix for path in folder.iterdir()} == {".html", ".ipynb", ".json", ".pdf", ".xlsx"}
    assert files_that_tell_of_people(folder) == []
