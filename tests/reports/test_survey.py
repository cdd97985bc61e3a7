"""The survey's report from the shipped register: the published percentages, the golden figures, and the public files."""

import html
import re
import subprocess
from pathlib import Path

import nbformat
import openpyxl
import pytest
import small_register
from golden_files import is_golden
from kpireport.errors import ParameterError
from kpireport.reports import survey
from running import published_once

ROOT = Path(__file__).resolve().parents[2]
MONITORING, ESCALATION = "Performance Monitoring", "Escalation of Concerns"


def build(data: Path = ROOT / "data", council: Path = ROOT / "params" / "council.yaml", **period: str) -> survey.Survey:
    return survey.build(data=str(data), council=str(council), **{"year": "2024", **period})


@pytest.fixture(scope="module")
def report():
    return build()


def test_the_published_percentages_come_out_exactly(report):
    shown = report.results.answers.set_index(["question", "answer", "year"])["shown_percent"]
    published = {
        (MONITORING, "Well embedded"): (64, 58),
        (MONITORING, "Fairly embedded"): (30, 37),
        (ESCALATION, "Well embedded"): (67, 62),
        (ESCALATION, "Fairly embedded"): (28, 31),
    }
    assert {key: (shown[(*key, 2024)], shown[(*key, 2023)]) for key in published} == published


def test_the_other_two_answers_share_what_is_left_and_move_as_the_committee_was_told(report):
    shown = report.results.answers
    rest = shown[shown["answer"].isin(["Not embedded", "Don't know"])].groupby(["question", "year"])["shown_percent"].sum()
    assert rest.to_dict() == {(MONITORING, 2024): 6, (MONITORING, 2023): 5, (ESCALATION, 2024): 5, (ESCALATION, 2023): 7}
    moved = report.results.changes.set_index(["question", "answer"])["shown_change_points"]
    assert [moved[MONITORING, "Not embedded"], moved[MONITORING, "Don't know"]] == [1, 0]
    assert [moved[ESCALATION, "Not embedded"], moved[ESCALATION, "Don't know"]] == [-1, -1]


@pytest.mark.parametrize("name", ["answers", "changes", "by_directorate", "directorate_changes"])
def test_every_figure_is_the_golden_one(report, name):
    assert is_golden(getattr(report.results, name).round(6), f"survey/{name}.csv")


def test_the_report_says_that_its_respondents_are_illustrative_and_is_dated_by_the_survey(report):
    assert report.illustrative == 4
    assert (report.subtitle, report.date) == ("Analysis of the answers of 2024, compared with 2023", "2024-05-31")


def test_a_financial_year_is_refused():
    with pytest.raises(ParameterError, match="write 2024, not 2024-25"):
        build(year="2024-25")


def test_a_council_without_a_survey_has_a_report_without_figures(tmp_path):
    tables = {name: rows for name, rows in small_register.texts().items() if name != "survey/responses"}
    data = small_register.write(tmp_path, tables)
    report = build(data, tmp_path / "council.yaml")
    assert report.results.answers.empty
    assert report.illustrative == 0


def seen(page: str) -> str:
    """Return the words of an HTML page."""
    body = re.sub(r"<(style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def test_public_files_name_nobody_and_give_no_number_of_respondents(tmp_path_factory, report):
    folder = published_once(tmp_path_factory, "survey", "--set=edition=public")
    assert {path.name for path in folder.iterdir()} >= {"survey.html", "survey.pdf", "survey.ipynb", "survey-2024.xlsx"}

    pdf = subprocess.run(
        ["pdftotext", "-layout", str(folder / "survey.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    notebook = nbformat.read(folder / "survey.ipynb", as_version=4)
    outputs = [output.data["text/plain"] for cell in notebook.cells for output in cell.get("outputs", [])]
    book = openpyxl.load_workbook(folder / "survey-2024.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    counts = {int(number) for number in report.results.answers["of"]} | {134, 128, 118, 110}
    for words in (seen((folder / "survey.html").read_text(encoding="utf-8")), pdf, "\n".join(outputs), "\n".join(cells)):
        assert "64" in words
        assert not re.search(rf"\b({'|'.join(map(str, counts))})\b(?!%)", words)
        assert not re.search(r"[\w.]+@[\w.]+|Director of|\b202[34]-\d{3}\b", words)
    assert "2024-001" not in (folder / "survey.ipynb").read_text(encoding="utf-8")
