"""Reports on a large register stay short, say what they leave out, and the files beside them hold all of it."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from kpireport.presentation import annual_pages, board_pages, board_workbook, pack, spreadsheet, tables, year_tables
from kpireport.reports import annual_report, clt_quarterly, directorate_pack, scrutiny_board
from kpireport.rules import extent
from large_register import QUARTER, html, more, rows, written

KPIS = 600


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    return written(tmp_path_factory.mktemp("large") / "data", kpis=KPIS)


@pytest.fixture(scope="module")
def clt(given):
    return clt_quarterly.build(**given, quarter=QUARTER)


@pytest.fixture(scope="module")
def book(clt):
    return openpyxl.load_workbook(io.BytesIO(spreadsheet.clt_scorecard(clt)), read_only=True)


def body(book: openpyxl.Workbook, sheet: str) -> list[tuple[object, ...]]:
    """Return the rows of a worksheet's table: those that begin with a KPI."""
    return [row for row in book[sheet].iter_rows(values_only=True) if row[0] and str(row[0]).count("-") == 1 and row[1]]


def test_scorecard_holds_what_needs_attention_and_no_more(clt):
    text = html(tables.scorecard(clt))
    kpis = clt.performance.kpis
    needing = kpis[
        kpis["rag"].eq("red")
        | kpis["rating_move"].eq("worse")
        | kpis["rating"].eq("awaited")
        | kpis["kpi_id"].isin([item.kpi["kpi_id"] for item in clt.highlights])
    ]
    shown = [kpi_id for kpi_id in kpis["kpi_id"] if f">{kpi_id}<" in text]
    assert set(shown) <= set(needing["kpi_id"])
    assert len(shown) == min(len(needing), extent.WHOLE)
    assert f"{len(needing)} of {KPIS} KPIs and trackers" in text
    assert clt.printed.attention["needing"].sum() == len(needing)


def test_scorecard_of_a_register_at_the_limit_is_whole(clt, monkeypatch):
    monkeypatch.setattr(extent, "WHOLE", KPIS)
    whole = extent.of_quarter(clt)
    assert whole.is_whole
    assert whole.kpis is clt.performance.kpis
    for name in ("risks", "awaited", "restated", "received_late", "list_changes", "reviews_due", "targets_missing"):
        assert getattr(whole, name) is getattr(clt, name)


def test_workbook_has_every_kpi_once_on_the_worksheet_of_its_directorate(clt, book):
    for directorate, own in clt.performance.kpis.groupby("directorate"):
        assert sorted(row[0] for row in body(book, f"Scorecard {directorate}")) == sorted(own["kpi_id"])
    assert "Scorecard" not in book.sheetnames


def test_every_list_that_is_cut_is_whole_on_the_worksheet_that_it_names(clt, book):
    cut = {}
    for page in (tables.risks(clt), tables.returns(clt), tables.kpi_list(clt), tables.notes(clt)):
        cut |= {where.rsplit(" ", 1)[1]: number for number, where in more(html(page))}
    whole = {"Risks": clt.risks, "Targets": clt.targets_missing, "Awaited": clt.awaited, "Revised": clt.restated}
    assert {"Risks", "Targets"} <= set(cut), "the sample no longer has long lists; give the test more KPIs"
    for sheet, number in cut.items():
        assert number == len(whole[sheet]) - extent.LINES
        assert [row[0] for row in body(book, sheet)] == whole[sheet]["kpi_id"].tolist()
    assert {name for name in whole if name in book.sheetnames} == set(cut)


def test_results_file_has_every_kpi(clt):
    rows_of_file = list(csv.DictReader(io.StringIO(spreadsheet.results_csv(clt).decode())))
    assert [row["kpi_id"] for row in rows_of_file] == clt.performance.kpis["kpi_id"].tolist()


def test_no_section_of_the_report_is_long(clt):
    pages = (tables.front_page, tables.risks, tables.returns, tables.kpi_list, tables.notes, tables.scorecard)
    counted = {page.__name__: rows(html(page(clt))) for page in pages}
    assert max(counted.values()) <= extent.WHOLE + 2 * extent.LINES, counted
    assert sum(len(html(page(clt))) for page in pages) < 700_000


def test_pack_of_a_large_directorate_is_cut_and_names_the_worksheet(given, monkeypatch):
    monkeypatch.setattr(extent, "WHOLE", 60)
    monkeypatch.setattr(extent, "LINES", 5)
    monkeypatch.setattr(extent, "ITEMS", 3)
    report = directorate_pack.build(**given, quarter=QUARTER, directorate="PL")
    good, red = html(tables.good_news(report)), html(tables.red_kpis(report))
    assert rows(good) == 5
    assert red.count("<h3") == 3
    assert more(good) == [(report.printed.going_well - 5, "in clt-scorecard.xlsx, worksheet Scorecard PL")]
    assert more(red) == [
        (int(report.performance.kpis["rag"].eq("red").sum()) - 3, "in clt-scorecard.xlsx, worksheet Scorecard PL")
    ]
    assert rows(html(year_tables.scorecard_with_outturns(report))) <= 60 + 2
    contacts = html(pack.contacts(report))
    assert rows(contacts) == 5
    assert report.performance.kpis["accountable_officer"].value_counts().iloc[0] == report.printed.contacts["number"].iloc[0]


def test_board_of_many_measures_takes_the_pressing_ones_and_its_workbook_has_all(given):
    report = scrutiny_board.build(**given, quarter=QUARTER, board="PE", edition="public")
    kpis = report.measures.performance.kpis
    taken = [item.kpi["kpi_id"] for group in report.measures.groups for item in group.items]
    assert extent.ITEMS < len(kpis) <= extent.WHOLE
    assert len(taken) <= extent.ITEMS
    assert f"There are {len(kpis)} measures, too many to look at one by one. Here are {len(taken)}" in html(
        board_pages.measures(report)
    )
    assert rows(html(board_pages.results(report))) == len(kpis)
    book = openpyxl.load_workbook(io.BytesIO(board_workbook.board_workbook(report)), read_only=True)
    results = [row[1] for row in book["Results"].iter_rows(values_only=True) if row[1] in set(kpis["kpi_id"])]
    assert sorted(results) == sorted(kpis["kpi_id"])


def test_annual_report_on_many_kpis_prints_those_that_need_attention(given):
    report = annual_report.build(**given, year="2023-24", edition="internal")
    kpis, printed = report.review.kpis, report.printed
    text = html(annual_pages.by_theme(report))
    shown = [kpi_id for kpi_id in kpis["kpi_id"] if f">{kpi_id}<" in text]
    assert len(shown) == len(printed.kpis) <= extent.WHOLE < len(kpis)
    assert sum(number for number, _ in more(text)) == len(kpis) - len(shown)
    assert set(kpis.loc[kpis["is_red_all_year"], "kpi_id"]) <= set(shown)
    assert rows(html(annual_pages.year_on_year(report))) <= 2 * extent.LINES + 6
    assert printed.red_by_pillar.groupby("pillar").size().max() <= extent.LINES


def test_sections_below_the_limit_are_those_of_a_report_that_has_no_limit(tmp_path, monkeypatch):
    small = clt_quarterly.build(**written(tmp_path / "small", kpis=40), quarter=QUARTER)
    pages = (tables.risks, tables.returns, tables.kpi_list, tables.notes, tables.scorecard, tables.front_page)
    before = [html(page(small)) for page in pages]
    monkeypatch.setattr(extent, "WHOLE", 10**9)
    del small.__dict__["printed"]
    assert [html(page(small)) for page in pages] == before
    assert "Scorecard" in pd.ExcelFile(io.BytesIO(spreadsheet.clt_scorecard(small))).sheet_names
