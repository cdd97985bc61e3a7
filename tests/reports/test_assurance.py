"""The annual assurance report from the shipped register: golden evidence, what a day and a council do not know, public files."""

import html
import re
import subprocess
from pathlib import Path

import nbformat
import openpyxl
import page
import pytest
import small_register
from golden_files import is_golden
from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation import assurance_pages as pages
from kpireport.presentation import assurance_wording as said
from kpireport.presentation.blocks import Block, Page
from kpireport.reports import assurance
from kpireport.rules import oversight, performance
from kpireport.rules.assurance_evidence import INFORMATION
from kpireport.sources import register
from kpireport.vocabulary import (
    Aspect,
    Conclusion,
    DecisionType,
    Evidence,
    Framework,
    KpiChange,
    Met,
    OpportunityStatus,
    SuccessCheck,
    Verdict,
)
from running import published_once

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = [getattr(pages, name) for name in pages.__all__]


def build(
    data: Path = ROOT / "data", council: Path = ROOT / "params" / "council.yaml", **given: str
) -> assurance.AssuranceReport:
    return assurance.build(data=str(data), council=str(council), **{"year": "2023-24", **given})


@pytest.fixture(scope="module")
def report():
    return build()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The report of a council that keeps none of the records for it."""
    folder = tmp_path_factory.mktemp("small")
    data = small_register.write(folder)
    for table in [*(data / "assurance").glob("*"), data / "survey" / "responses.csv", data / "reference" / "rounds.csv"]:
        table.unlink()
    return build(data, folder / "council.yaml")


def text(shown: Page) -> str:
    return "".join(part.text for part in shown.parts if isinstance(part, Block))


@pytest.mark.parametrize("name", ["evidence", "returns"])
def test_every_figure_is_the_golden_one(report, name):
    assert is_golden(getattr(report, name), f"assurance/{name}.csv")


def test_targets_are_those_that_the_quarterly_report_counts(report):
    tables = register.load(ROOT / "data")
    shown = performance.for_quarter(
        tables.kpis, tables.targets, tables.results, tables.rounds, quarter=parse_quarter("2023-24 Q4"), area="E08000035"
    ).kpis
    row = report.evidence.set_index("measure").loc["targets_set"]
    assert row["of"] == (shown["kind"] == "kpi").sum()
    assert row["of"] - row["count"] == len(oversight.targets_missing(shown))


def test_the_survey_is_the_published_one(report):
    by = report.evidence.set_index("measure")
    assert by.loc[["monitoring_embedded", "escalation_embedded"], "value"].tolist() == [64 + 30, 67 + 28]
    assert by.loc[["monitoring_embedded", "escalation_embedded"], "previous_value"].tolist() == [58 + 37, 62 + 31]


def test_the_report_knows_nothing_later_than_its_day():
    early = build(as_known_on="2024-02-29").evidence.set_index("measure")
    assert early.loc["quarters_reperformed", "count"] == 2  # the second was made on 20 February
    assert early.loc["reports_on_timetable", "of"] == 7
    assert early.loc["returns_on_time", "of"] == 81 + 91 + 82  # the fourth round had not been


def test_a_year_written_otherwise_is_refused():
    with pytest.raises(ParameterError, match="like 2023-24"):
        build(year="2024")


def test_an_internal_edition_names_the_officer_for_each_gap_and_a_public_one_does_not(report):
    internal = build(edition="internal")
    officers = set(internal.information_gaps["accountable_officer"])
    assert len(officers) > 10
    assert "accountable_officer" not in report.information_gaps
    shown = {edition.edition: "".join(text(section(edition)) for section in SECTIONS) for edition in (internal, report)}
    assert any(name in shown["internal"] for name in officers)
    assert [name for name in officers if name in shown["public"]] == []


def test_what_is_not_met_is_said_first(report):
    lines = [line for line in text(pages.front_page(report)).splitlines() if " | " in line]
    ends = [line.rsplit(" | ", 1)[1] for line in lines if line.endswith(("Not met", "Met in part", "Not measured"))]
    assert ends == sorted(ends, key=["Not met", "Met in part", "Not measured"].index)
    counts = report.counts.set_index("conclusion")["count"]
    assert [ends.count(said.CONCLUSION_WORDS[one]) for one in Conclusion if one in ("not_met", "partly_met", "not_measured")] == [
        counts[one] for one in ("not_met", "partly_met", "not_measured")
    ]


def test_every_measure_stands_once_under_its_aspect(report):
    shown = "".join(
        text(section(report)) for section in (pages.define, pages.communicate, pages.embed, pages.monitor, pages.review)
    )
    for measure in Evidence:
        assert shown.count(f"{said.STATEMENTS[measure]}; ") == 1, measure


def test_a_council_without_the_records_is_told_so_in_every_section(small):
    assert set(small.evidence["conclusion"]) <= {"not_measured", "for_information"}
    assert "could be judged" in text(pages.front_page(small))
    for section, sentence in (
        (pages.define, "no record of this"),
        (pages.communicate, "no record of this"),
        (pages.embed, "No round of 2023-24 is over"),
        (pages.review, "no record of this"),
        (pages.survey, "nothing to analyse"),
        (pages.opportunities, "No opportunity is on record as raised in 2022-23"),
        (pages.self_assessment, "No self-assessment is on record"),
    ):
        assert sentence in text(section(small)), section.__name__


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (said.ASPECT_WORDS, Aspect),
        (said.CONCLUSION_WORDS, Conclusion),
        (said.STATEMENTS, Evidence),
        (said.LABELS, Evidence),
        (said.NOUNS, Evidence),
        (said.PLACES, Evidence),
        (said.COLUMN_WORDS, INFORMATION),
        (said.OUTCOME_WORDS, SuccessCheck),
        (said.DECISION_WORDS, ["", *DecisionType]),
        (said.VERDICT_WORDS, Verdict),
        (said.STATUS_WORDS, OpportunityStatus),
        (said.CHANGE_WORDS, KpiChange),
        (said.MET_WORDS, Met),
        (said.FRAMEWORK_WORDS, Framework),
    ],
)
def test_everything_has_its_words(words, meant):
    assert set(words) == set(map(str, meant))


@pytest.mark.parametrize(
    ("measure", "value", "count", "of", "shown"),
    [
        ("targets_set", 59, 59, 100, "59 of 100 KPIs (59%)"),
        ("tolerances_set", 95, 56, 59, "56 of 59 KPIs with a specific target (95%)"),
        ("rap_baseline", 60, 3, 5, "3 of 5 criteria (60%)"),
        ("limitations_stated", 99, 299, 300, "299 of 300 KPIs and trackers (over 99%)"),
        ("results_revised", 1, 1, 300, "1 of 300 results (under 1%)"),
        ("escalations_raised", 1, 1, None, "1 matter"),
        ("monitoring_embedded", 94, None, None, "94% of answers"),
        ("opportunities_done", None, 0, 0, "nothing on record"),
        ("monitoring_embedded", None, None, None, "not measured"),
    ],
)
def test_figures_in_words(measure, value, count, of, shown):
    assert said.figure({"measure": measure, "value": value, "count": count, "of": of}) == shown


def seen(written: str) -> str:
    """Return the words of an HTML page."""
    body = re.sub(r"<(style|head)\b.*?</\1>", " ", written, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def test_public_files_pass_their_standards_and_name_no_officer(tmp_path_factory):
    folder = published_once(tmp_path_factory, "assurance")
    assert {file.name for file in folder.iterdir()} >= {f"assurance.{end}" for end in ("html", "pdf", "ipynb")}
    for profile in ("ua1", "2a"):
        verdict = page.validate_pdf(str(folder / "assurance.pdf"), profile=profile)
        assert verdict.is_compliant, [(failure.rule_id, failure.message) for failure in verdict.failures][:5]

    pdf = subprocess.run(
        ["pdftotext", "-layout", str(folder / "assurance.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "evidence for an opinion" in pdf.split("\f")[0]
    assert "Review and Refine" in pdf.split("\f")[0]  # the last row of the first page's last table
    book = openpyxl.load_workbook(folder / "assurance-evidence.xlsx")
    cells = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    tables = register.load(ROOT / "data")
    officers = {*tables.kpis["accountable_officer"], *tables.directorates["director"], *tables.directorates["contact"]}
    notebook = (folder / "assurance.ipynb").read_text(encoding="utf-8")
    assert all("outputs" in cell for cell in nbformat.reads(notebook, as_version=4).cells if cell.cell_type == "code")
    for words in (seen((folder / "assurance.html").read_text(encoding="utf-8")), pdf, notebook, cells):
        assert "15 of 109" in words or "Every decision report drawn" in words
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", words)
        assert [name for name in officers if name in words] == []
