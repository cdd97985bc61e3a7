"""The quarter, end to end: what `make quarter` promises an analyst, a director, an auditor and another council."""

import csv
import hashlib
import html
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import elsewhere
import openpyxl
import page
import pytest
from kpireport.publishing import manifest
from running import ROOT, kpireport, published_once

RIVERSIDE = next(path for path in sorted((ROOT / "tests" / "councils").iterdir()) if path.is_dir())
DIRECTORATES = [
    "adults-and-health",
    "children-and-families",
    "city-development",
    "communities-housing-and-environment",
    "strategy-and-resources",
]
REPORTS = ["clt-quarterly", *(f"directorate-pack-{name}" for name in DIRECTORATES)]


def quarter(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `quarter` for the second quarter of 2024-25."""
    return kpireport("quarter", "--quarter=2", "--year=2024-25", *arguments, **environment)


@pytest.fixture(scope="session")
def leeds(tmp_path_factory) -> Path:
    """The published folder of the shipped register."""
    return published_once(tmp_path_factory, "quarter", "--quarter=2", "--year=2024-25")


@pytest.fixture(scope="session")
def riverside(tmp_path_factory) -> Path:
    """The published folder of the second, ten-KPI council."""
    asked = ("--quarter=2", "--year=2024-25", "--data", str(RIVERSIDE))
    return published_once(tmp_path_factory, "quarter", *asked, KPIREPORT_JOBS="2")


@pytest.fixture(scope="session")
def leeds_results(leeds) -> list[dict[str, str]]:
    """The rows of results.csv."""
    with (leeds / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Page(HTMLParser):
    """Collects what an HTML page would fetch, its visible text, and the cells of its tables by caption."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.scripts = 0
        self.words: list[str] = []
        self._hidden = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "script":
            self.scripts += 1
        self._hidden += tag in ("style", "script")
        self.fetched += [value for name, value in attrs if name in ("src", "srcset", "data", "poster", "xlink:href") and value]
        if tag in ("link", "use", "image") and named.get("href"):
            self.fetched.append(named["href"])

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_the_quarter_holds_every_file_that_was_promised(leeds):
    wanted = {"index.html", "clt-scorecard.xlsx", "results.csv", "manifest.json"}
    wanted |= {f"{report}.{ending}" for report in REPORTS for ending in ("html", "pdf", "ipynb")}
    assert wanted <= {path.name for path in leeds.iterdir()}


def test_pages_fetch_nothing_and_carry_no_script(leeds):
    for path in sorted(leeds.glob("*.html")):
        text = html.unescape(path.read_text(encoding="utf-8"))
        seen = Page(path)
        assert seen.scripts == 0, path.name
        assert [address for address in seen.fetched if not address.startswith(("data:", "#"))] == [], path.name
        assert not re.search(r"@import|url\(\s*['\"]?(?!#|data:)", text), path.name
        assert "default-src 'none'" in text, path.name


def test_the_longest_page_is_a_small_file(leeds):
    assert (leeds / "clt-quarterly.html").stat().st_size < 1_500_000


@pytest.mark.parametrize("report", REPORTS)
def test_pdf_passes_ua1_and_a2a_in_an_independent_checker(leeds, report):
    for profile in ("ua1", "2a"):
        verdict = page.validate_pdf(str(leeds / f"{report}.pdf"), profile=profile)
        assert verdict.is_compliant, [(failure.rule_id, failure.message) for failure in verdict.failures][:5]


def test_every_kpi_on_the_list_has_one_row_of_results(leeds_results):
    ids = [row["kpi_id"] for row in leeds_results]
    assert len(ids) == len(set(ids)) >= 90
    assert {row["basis"] for row in leeds_results} == {"target", "directional", "none"}


def test_scorecard_in_the_report_prints_the_rating_and_figures_of_results(leeds, leeds_results):
    page_text = (leeds / "clt-quarterly.html").read_text(encoding="utf-8")
    scorecard = page_text[page_text.index('id="scorecard-') : page_text.index('id="section-appendix-what-each-kpi-measures"')]
    printed = {}
    for row in re.findall(r"<tr[^>]*>.*?</tr>", scorecard, flags=re.DOTALL):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", row)))
        if found := re.search(r"\b[A-Z]{2,5}-[0-9]{2,5}\b", text):
            printed[found[0]] = text
    assert len(printed) == len(leeds_results)
    for row in leeds_results:
        for column in ("result_printed", "rating_printed", "change_printed", "period"):
            assert row[column] in printed[row["kpi_id"]], (row["kpi_id"], column)


def test_workbook_holds_the_same_figures_as_results(leeds, leeds_results):
    book = openpyxl.load_workbook(leeds / "clt-scorecard.xlsx", read_only=True)
    values = {
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)
    }
    printed = [float(row["value"]) for row in leeds_results if row["value"]]
    rounded = {round(value, 6) for value in values}
    assert len(printed) > 60
    assert [value for value in printed if round(value, 6) not in rounded] == []


def test_manifest_hashes_are_those_of_the_files(leeds):
    about = manifest.read(leeds)
    outputs = {file.name: file.sha256 for file in about.outputs}
    inputs = {file.name: file.sha256 for file in about.inputs}
    assert set(outputs) >= {f"{report}.pdf" for report in REPORTS}
    for name, digest in outputs.items():
        assert hashlib.sha256((leeds / name).read_bytes()).hexdigest() == digest
    kpis = next(path for path in inputs if re.search(r"register/kpis\.(csv|xlsx)$", path))
    assert inputs[kpis] == hashlib.sha256((ROOT / "data" / "register" / Path(kpis).name).read_bytes()).hexdigest()


def test_reports_say_how_many_values_are_illustrative(leeds):
    for report in REPORTS:
        assert "illustrative" in Page(leeds / f"{report}.html").text.lower(), report


def test_second_council_reports_under_its_own_name_and_directorates(riverside):
    packs = sorted(path.stem for path in riverside.glob("directorate-pack-*.html"))
    assert len(packs) == 3
    with (riverside / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 10
    for path in [*riverside.glob("*.html"), *riverside.glob("*.csv"), riverside / "manifest.json"]:
        assert "leeds" not in path.read_text(encoding="utf-8-sig").lower(), path.name
    assert "Riverside" in Page(riverside / "clt-quarterly.html").text


def test_second_council_figures_are_the_golden_ones(riverside):
    golden = ROOT / "tests" / "golden" / "riverside" / "results.csv"
    if os.environ.get("KPIREPORT_GOLDEN"):  # make golden
        golden.write_bytes((riverside / "results.csv").read_bytes())
    assert (riverside / "results.csv").read_text(encoding="utf-8-sig") == golden.read_text(encoding="utf-8-sig")


def test_two_builds_that_differ_in_all_but_their_inputs_are_byte_identical(riverside, tmp_path):
    home = tmp_path / "a folder with spaces"
    shutil.copytree(RIVERSIDE, home / "register")
    asked = ("--quarter", "2", "--year", "2024-25", "--data", str(home / "register"), "--out", str(home / "out"))
    ran = elsewhere.run(home, "quarter", *asked)
    assert ran.returncode == 0, ran.stderr
    assert elsewhere.differing(riverside, home / "out" / "2024-25-q2") == []


PLANTED = {
    # table: {(row in the sheet, column): what is written there instead}
    "register/results.csv": {
        (3, "value"): "12.4%",
        (5, "value"): "n/a",
        (8, "value"): "1,333",
        (11, "period"): "Mar-24",
        (14, "received_on"): "31/04/2024",
        (17, "maturity"): "draft",
    },
    "register/kpis.csv": {(4, "polarity"): "up is good", (6, "directorate"): "ZZ", (9, "decimals"): "one"},
    "register/targets.csv": {(3, "target"): "TBC"},
    "reference/benchmarks.csv": {(4, "area"): "E99999999"},
    "commentary/commentary.csv": {(3, "due_on"): "next month"},
}
"""Twelve mistakes of different kinds, as services make them."""


def rewrite(path: Path, cells: dict[tuple[int, str], str]) -> list[str]:
    """Write other text into some cells of a CSV file; return their addresses."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    addresses = []
    for (row, column), text in cells.items():
        place = rows[0].index(column)
        rows[row - 1][place] = text
        addresses.append(f"{openpyxl.utils.get_column_letter(place + 1)}{row}")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return addresses


def test_twelve_planted_faults_give_twelve_lines_with_their_cells_and_nothing_is_published(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    planted = {(table, cell) for table, cells in PLANTED.items() for cell in rewrite(tmp_path / "data" / table, cells)}
    ran = quarter(
        "--data", str(tmp_path / "data"), "--council", str(ROOT / "params" / "council.yaml"), "--out", str(tmp_path / "out")
    )
    lines = [line.strip() for line in ran.stderr.splitlines() if line.startswith("  ")]
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr + ran.stdout
    assert len(lines) == len(planted) == 12, ran.stderr
    assert {(line.split(",")[0], re.search(r"cell ([A-Z]+[0-9]+)", line)[1]) for line in lines} == planted
    with (tmp_path / "out" / "2024-25-q2" / "faults.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 12
    assert {path.name for path in (tmp_path / "out" / "2024-25-q2").iterdir()} == {"faults.csv", "faults.html"}


def test_a_fault_leaves_the_published_reports_as_they_were(riverside, tmp_path):
    shutil.copytree(riverside, tmp_path / "out" / "2024-25-q2")
    shutil.copytree(RIVERSIDE, tmp_path / "data")
    rewrite(tmp_path / "data" / "register" / "results.csv", {(2, "value"): "about nine"})
    ran = quarter("--data", str(tmp_path / "data"), "--out", str(tmp_path / "out"))
    assert ran.returncode == 3
    for path in riverside.iterdir():
        assert (tmp_path / "out" / "2024-25-q2" / path.name).read_bytes() == path.read_bytes()
