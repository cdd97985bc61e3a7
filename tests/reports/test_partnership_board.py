"""The report to a partnership board: any KPIs by a parameters file, its own wards, and nothing that tells of a person."""

import re
import shutil

import pytest
import small_register
from golden_files import KPI_FIGURES, is_golden
from kpireport.errors import ParameterError
from kpireport.presentation import board_pages, ward_pages
from kpireport.presentation.blocks import Block, Chart
from kpireport.publishing import parameters
from kpireport.publishing import plan as plans
from kpireport.publishing.plan import Places, Request
from kpireport.reports import partnership_board
from public_edition import LEEDS, ROOT, files_that_tell_of_people, published_texts, said_in, told_of_people
from running import published

CHOICES = {
    "board": "inner_east",
    "title": "Inner East Community Committee",
    "kpis": "CD-02; AH-01",
    "wards": "",
    "order_by": "pillar",
    "history_years": 10,
    "shows": "",
    "edition": "public",
}


def report_of(**choices):
    return partnership_board.build(**{**LEEDS, "quarter": "2024-25 Q2", **CHOICES, **choices})


@pytest.fixture(scope="module", autouse=True)
def _draw_later():
    """Charts are not drawn here: what they plot is looked at instead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPIREPORT_DRAW_LATER", "1")
        yield


@pytest.fixture
def small(tmp_path) -> dict[str, str]:
    """A register of three wards whose 13 deaths are 6, 4 and 3."""
    return {"data": str(small_register.write(tmp_path)), "council": str(tmp_path / "council.yaml")}


def prose(page) -> str:
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


def test_report_holds_the_kpis_chosen_in_the_order_chosen():
    report = report_of(kpis="national_set: PHOF; CHE-16; CF-11", order_by="directorate")
    shown = [item.kpi["kpi_id"] for group in report.measures.groups for item in group.items]
    assert {"CHE-16", "CF-11"} < set(shown)
    assert len(shown) == len(set(shown)) > 5
    assert [group.code for group in report.measures.groups] == ["AH", "CF", "CHE"]


def test_own_wards_stand_beside_the_whole_city_and_stand_out_in_pictures():
    wards = "Gipton & Harehills; Killingbeck & Seacroft"
    report = report_of(kpis="CD-23; CHE-17; CHE-05", wards=wards)
    told = prose(ward_pages.area(report))
    assert "2 measures of 3 have figures by ward" in told
    assert "Claimant count, October 2023 (4.3% in the whole of Leeds)" in told
    assert "Gipton & Harehills | 11.2% | 33rd of 33" in told
    assert "Ward | Figure | In March 2022\n" in told
    assert "Gipton & Harehills | 1,819 | 2,068\n" in told
    charts = [part for part in board_pages.measures(report).parts if isinstance(part, Chart) and "by ward" in part.data.text]
    assert len(charts) == 2
    assert all("your wards in bold" in chart.subtitle for chart in charts)


def test_figures_of_the_shipped_committee_are_the_golden_ones():
    (shipped,) = (found for found in plans.find_reports(Places(ROOT), "partnership") if found.given["board"] == "inner_east")
    values = parameters.check(shipped.given, shipped.build, shipped.parameters_file.name)[0]
    report = partnership_board.build(**{**values, **LEEDS, "quarter": "2024-25 Q2"})
    assert is_golden(report.measures.performance.kpis[KPI_FIGURES], "partnership/measures.csv")
    assert is_golden(
        report.in_wards[["kpi_id", "period", "area", "value", "rank_label", "of", "whole_value"]], "partnership/wards.csv"
    )


def test_board_of_the_whole_place_is_told_so():
    assert prose(ward_pages.area(report_of())) == "This report is for the whole of Leeds.\n"


def test_kpi_that_is_no_longer_on_the_list_is_said_to_be_left_out():
    report = report_of(kpis="AH-24; AH-01")
    assert "The board asked for Children with two doses of MMR by their fifth birthday too." in prose(board_pages.notes(report))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"kpis": "AH-99"}, 'kpis: "AH-99" finds no KPI. Did you mean'),
        ({"wards": "Gipton and Harehills"}, 'Did you mean "Gipton & Harehills"'),
        ({"kpis": "AH-24"}, "none of those chosen is on the council's list in 2024-25 Q2"),
        ({"edition": "secret"}, "internal, public"),
    ],
)
def test_what_the_register_does_not_hold_is_named(choice, words):
    with pytest.raises(ParameterError, match=words):
        report_of(**choice)


def test_public_edition_holds_no_contact_no_owner_and_no_hidden_count(small):
    pages = [ward_pages.area, board_pages.looked_at_first, board_pages.measures, board_pages.results, board_pages.notes]
    public, internal = (
        "\n".join(said_in(page(report_of(**small, wards="Adel; Beeston; Chapel", edition=edition))) for page in pages)
        for edition in ("public", "internal")
    )
    assert re.search(r"Chapel \| 3 ", internal)
    assert re.search(r"Adel \| 6 ", public)
    assert re.search(r"Chapel \| not shown", public)
    assert not re.search(r"Chapel \| [0-9]|Beeston \| [0-9]", public)
    leeds = report_of(kpis="AH-17; CF-01; CHE-05; SR-01")
    assert told_of_people("\n".join(said_in(page(leeds)) for page in pages)) == []


def test_published_files_hold_no_contact_and_no_owner(tmp_path):
    riverside = str(ROOT / "tests" / "councils" / "riverside")
    asked = ("--quarter=2", "--year=2024-25", f"--data={riverside}", "--set=board=health_and_wellbeing")
    folder = published(tmp_path, "partnership", *asked, "--set=kpis=directorate: PL; CO-01")
    stem = "partnership-board-health-and-wellbeing"
    texts = published_texts(folder)
    assert {f"{stem}.html", f"{stem}.ipynb", f"{stem}.pdf", "partnership-health-and-wellbeing.xlsx"} < set(texts)
    assert "The measures, one by one" in texts[f"{stem}.pdf"]
    assert f"{stem}.pdf" in texts["index.html"]
    assert files_that_tell_of_people(folder, riverside) == []


def test_a_board_is_a_file_and_no_code(tmp_path):
    """Copying a parameters file and changing what it says of the board makes another report."""
    for folder in ("params", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "data").symlink_to(ROOT / "data")
    first = (tmp_path / "params" / "partnership_board.yaml").read_text(encoding="utf-8")
    (tmp_path / "params" / "outer_west.yaml").write_text(
        first.replace("health_and_wellbeing   #", "outer_west #").replace("Health and Wellbeing Board", "Outer West Committee"),
        encoding="utf-8",
    )
    plan = plans.make_plan(Places(tmp_path), Request("partnership", settings=("board=outer_west",)))
    (job,) = plans.jobs(plan, None)
    assert job.stem == "partnership-board-outer-west"
    assert job.parameters["title"] == "Outer West Committee"
    assert job.parameters_file.name == "outer_west.yaml"
