"""Who is in the register, who answered and what is hidden changes no byte of what the public gets.

Two registers say the same but for people: contacts and officers, the numbers that stand for respondents, a quotation that nobody
may print, and counts that disclosure control hides. Every public edition of them must come out the same: page, PDF, executed
notebook, drawings with their titles and texts, workbooks with their properties, CSV with its description.
"""

import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import hostile_register
import nbformat
import openpyxl
import pytest
import reports_made
import running
from kpireport.publishing import canonical, document, html, pdf
from kpireport.publishing.manifest import MANIFEST, RUN

PUBLIC = ("scrutiny_board", "executive_update", "annual_report", "bca_scorecard", "assurance", "survey", "partnership_board")
IS_SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
ORDINARY = ("scrutiny_board", "annual_report", "survey")
OFFICERS = {
    "register/kpis": ("accountable_officer", "key_contacts", "defined_by", "checked_by"),
    "register/risks": ("owner",),
    "reference/directorates": ("director", "contact"),
    "commentary/commentary": ("owner",),
    "commentary/highlights": ("chosen_by",),
    "commentary/escalations": ("raised_by",),
}
"""Columns that say who somebody is, by table."""
FAMILIES = ("E05999901", "E05999902", "E05999903", "E05999904")
HIDDEN = {"first": ("1", "3"), "second": ("3", "1")}
"""Households in two wards, too few to be told, in each register; the sum is the same."""


def tables(which: str) -> dict[str, hostile_register.Rows]:
    """Return one of the two registers."""
    made = hostile_register.whole()
    for name, columns in OFFICERS.items():
        for number, row in enumerate(made[name]):
            for column in columns:
                person = f"Person{which}{column}{number}"
                row[column] = f"{person} ({person.lower()}@riverside.example)" if "contact" in column else person
    for row in made["survey/responses"]:
        row["respondent"] = f"{which.upper()}-{row['respondent']}"
    for row in made["scorecard/community_voice"]:
        row["quote"] = f"Unsaid by {which}" if row["consent"] == "no" else row["quote"]
    for row in made["register/results"]:
        if row["kpi_id"] == "PE-01" and row["area"] in FAMILIES:
            few = dict(zip(FAMILIES, (*HIDDEN[which], "16", "34"), strict=True))
            row["value"] = few[row["area"]]
    return made


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return what each of the two registers gives, as the files of each report by their names."""
    place = tmp_path_factory.mktemp("people") / "data"
    given = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPIREPORT_DRAW_LATER", "1")
        for which in HIDDEN:
            hostile_register.write(
                place, tables(which), (hostile_register.RIVERSIDE / "council.yaml").read_text(encoding="utf-8")
            )
            given[which] = {}
            for name in PUBLIC if IS_SOAK else ORDINARY:
                edition = {"edition": "public"}
                for called, values in reports_made.asked(name, place, **edition):
                    given[which] |= files(called, document.drawn(reports_made.notebook(name, values)))
    return given


def files(called: str, notebook: nbformat.NotebookNode) -> dict[str, bytes]:
    made = {f"{called}.ipynb": canonical.written(canonical.canonical(notebook)), f"{called}.html": html.export(notebook).encode()}
    if IS_SOAK or called.startswith("survey"):
        made[f"{called}.pdf"] = pdf.export(notebook)
    return made | {f"{called}/{file.name}": file.content for file in canonical.attached_files(notebook)}


def test_people_and_hidden_counts_change_no_byte_of_a_public_edition(published):
    first, second = published["first"], published["second"]
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert {Path(name).suffix for name in first} >= {".ipynb", ".html", ".pdf", ".xlsx", ".csv", ".json"}
    shown = b"".join(content for name, content in first.items() if name.startswith("scrutiny") and name.endswith(".html"))
    assert b"Upland" in shown
    assert b"Harbour" not in shown, "a ward of which the count is hidden"


def test_the_two_registers_do_differ_in_an_internal_edition(tmp_path, monkeypatch):
    """So that the test above can fail."""
    monkeypatch.setenv("KPIREPORT_DRAW_LATER", "1")
    said = []
    for which in HIDDEN:
        particulars = (hostile_register.RIVERSIDE / "council.yaml").read_text(encoding="utf-8")
        data = hostile_register.write(tmp_path / "data", tables(which), particulars)
        (_, values) = reports_made.asked("scrutiny_board", data, edition="internal")[-1]
        said.append(str(reports_made.notebook("scrutiny_board", values)))
    assert "Personfirst" in said[0]
    assert said[0].replace("first", "second") != said[1], "the hidden counts are there too"


@pytest.mark.skipif(not IS_SOAK, reason="a long one: set KPIREPORT_SOAK=1")
@pytest.mark.parametrize("verb", ["scrutiny", "annual", "executive", "bca", "assurance"])
def test_a_published_folder_its_manifest_its_run_and_what_the_terminal_says_name_nobody(tmp_path, verb):
    particulars = (hostile_register.RIVERSIDE / "council.yaml").read_text(encoding="utf-8")
    data = hostile_register.write(tmp_path / "data", tables("first"), particulars)
    when = ["--year=2023-24"] if verb in ("annual", "bca", "assurance") else ["--quarter=2", "--year=2024-25"]
    ran = running.kpireport(verb, *when, f"--data={data}", f"--out={tmp_path / 'out'}")
    assert ran.returncode == 0, ran.stderr
    (folder,) = (path for path in (tmp_path / "out").iterdir() if path.is_dir() and not path.name.startswith("."))
    said = {path.name: text_of(path) for path in folder.rglob("*") if path.is_file()}
    assert {MANIFEST, RUN} <= said.keys()
    said |= {"the terminal": ran.stdout + ran.stderr, "the front page": (tmp_path / "out" / "index.html").read_text()}
    named = [name for name, text in said.items() if "personfirst" in text.lower() or "FIRST-" in text or "Unsaid" in text]
    assert named == []
    assert "@riverside.example" not in "".join(said.values())


def text_of(path: Path) -> str:
    """Return all that a file says, its metadata too."""
    if path.suffix == ".pdf":
        printed = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        return printed + subprocess.run(["pdfinfo", "-meta", path], capture_output=True, text=True, check=True).stdout
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            parts = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return parts + str(openpyxl.load_workbook(path).properties)
    if path.suffix == ".ipynb":
        return json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    return path.read_text(encoding="utf-8")


def test_a_fault_is_told_with_its_cell_and_nothing_else_of_the_row(tmp_path, capsys):
    """A message quotes the cell that is wrong, as whoever mends it must know it; who else stands in the row is not told."""
    from kpireport import __main__

    made = tables("first")
    made["register/kpis"][0]["decimals"] = "many"
    made["register/risks"][0]["rating"] = "Worst"
    data = hostile_register.write(tmp_path, made, (hostile_register.RIVERSIDE / "council.yaml").read_text(encoding="utf-8"))
    assert __main__.main(["since", "--period=2023-24-q4", f"--data={data}", f"--out={tmp_path / 'out'}"]) == 3
    told = capsys.readouterr()
    assert 'decimals "many"' in told.err
    assert "personfirst" not in (told.out + told.err).lower()
