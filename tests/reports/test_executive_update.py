"""The two-page update for Executive Board members."""

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
import small_register
from golden_files import KPI_FIGURES, is_golden
from kpireport.presentation import executive_pages
from kpireport.presentation.blocks import Block
from kpireport.presentation.results_file import results_csv
from kpireport.reports import clt_quarterly, executive_update
from kpireport.reports.executive_update import FEWEST, MOST
from kpireport.sources import register
from public_edition import COUNCIL, DATA, files_that_tell_of_people
from running import published_once

QUARTER = "2024-25 Q2"


def update(quarter: str = QUARTER, edition: str = "public"):
    return executive_update.build(data=DATA, council=COUNCIL, quarter=quarter, edition=edition)


def test_figures_are_the_golden_ones():
    report = update()
    assert is_golden(report.counts, "executive/counts.csv")
    assert is_golden(report.counts_by_pillar[report.counts_by_pillar["count"] > 0], "executive/counts_by_pillar.csv")
    items = pd.DataFrame([item.kpi[KPI_FIGURES] for item in report.highlights]).assign(
        reasons=[item.reasons for item in report.highlights]
    )
    assert is_golden(items, "executive/highlights.csv")


def text(page) -> str:
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


@pytest.mark.parametrize("quarter", ["2024-25 Q1", "2024-25 Q2", "2024-25 Q3"])
def test_five_to_eight_items_the_teams_first_in_the_order_of_the_pillars(quarter):
    report = update(quarter)
    table = register.load(Path(DATA)).highlights
    included = set(table.loc[(table["quarter"] == quarter) & (table["choice"] == "include"), "kpi_id"])
    shown = [item.kpi["kpi_id"] for item in report.highlights]
    order = list(report.pillars["pillar"])
    places = [order.index(item.kpi["pillars"].split("; ")[0]) for item in report.highlights]
    assert FEWEST <= len(shown) <= MOST
    assert len(included & set(shown)) == min(len(included), MOST)
    assert places == sorted(places)


def test_figures_are_those_of_results_csv():
    report = update()
    said = results_csv(clt_quarterly.build(data=DATA, council=COUNCIL, quarter=QUARTER)).decode("utf-8-sig")
    results = {row["kpi_id"]: row for row in csv.DictReader(io.StringIO(said))}
    rows = [line.split(" | ") for line in executive_pages.items(report).parts[0].text.splitlines() if " | " in line][1:]
    assert len(rows) == len(report.highlights)
    for name, latest, rating, change in rows:
        row = results[re.search("[A-Z]+-[0-9]+", name)[0]]
        assert latest.split("; ")[0] == row["result_printed"]
        assert rating == row["rating_printed"]
        assert row["change_printed"] in change
    green = sum(row["basis"] == "target" and row["rating"] == "green" for row in results.values())
    of = sum(row["basis"] == "target" for row in results.values())
    assert text(executive_pages.brief(report)).startswith(f"{green} of {of} KPIs")


def test_a_kpi_of_two_pillars_counts_in_both():
    report = update()
    listed = report.performance.kpis["pillars"].str.split("; ").explode().value_counts()
    counted = report.counts_by_pillar.groupby("pillar")["count"].sum()
    assert counted.to_dict() == listed.to_dict()


def test_owners_are_in_the_internal_edition_alone():
    owners = set(register.load(Path(DATA)).commentary["owner"]) - {""}
    public, internal = (text(executive_pages.items(update(edition=edition))) for edition in ("public", "internal"))
    assert not [owner for owner in owners if owner in public]
    assert [owner for owner in owners if owner in internal]


def test_a_quarter_with_nothing_chosen_shows_no_bad_news_without_an_action(tmp_path):
    tables = small_register.texts()
    tables["commentary/highlights"], tables["commentary/commentary"] = [], []
    data, council = str(small_register.write(tmp_path, tables)), str(tmp_path / "council.yaml")
    report = executive_update.build(data=data, council=council, quarter=QUARTER, edition="public")
    assert not [item for item in report.highlights if item.is_adverse]
    assert text(executive_pages.items(report))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Short. And sweet.", "Short. And sweet."),
        (f"First. {'word ' * 60}", "First."),
        ("word " * 60, f"{'word ' * 41}word …"),
    ],
)
def test_a_services_words_are_cut_at_a_sentences_end(written, printed):
    assert executive_pages._beginning(written) == printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return published_once(tmp_path_factory, "executive", "--quarter=2", "--year=2024-25")


def test_the_pdf_has_two_pages_of_a4(folder):
    with pikepdf.open(folder / "executive-update.pdf") as pdf:
        sizes = [tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in pdf.pages]
    assert sizes == [(595, 842), (595, 842)]


def test_published_files_hold_no_address_and_no_owner(folder):
    assert {f"executive-update.{ending}" for ending in ("html", "ipynb", "pdf")} < {path.name for path in folder.iterdir()}
    assert files_that_tell_of_people(folder) == []
