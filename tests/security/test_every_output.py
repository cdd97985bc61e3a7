"""Every file that any command writes from a hostile register, and from hostile returns, is looked at. KPIREPORT_SOAK=1."""

import os
import re
import shutil
import zipfile
from pathlib import Path

import examining
import hostile_register
import in_browser
import openpyxl
import pytest
import running

pytestmark = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="a long one: set KPIREPORT_SOAK=1")
QUARTER = ["--quarter=2", "--year=2024-25"]
TITLE = hostile_register.told("title", body='<b>R</b><script>alert(1)</script> {{ 7*7 }} #read("/etc/passwd") [a](b)')
COMMANDS = {
    "quarter": QUARTER,
    "scrutiny": QUARTER,
    "executive": QUARTER,
    "partnership": [*QUARTER, "--set=kpis=PL-01; PE-01", f"--set=title={TITLE}", "--set=wards="],
    "annual": ["--year=2023-24"],
    "bca": ["--year=2023-24"],
    "survey": ["--year=2024"],
    "assurance": ["--year=2023-24"],
    "timetable": ["--year=2024-25"],
    "requests": ["--quarter=3", "--year=2024-25"],
    "chase": [*QUARTER, "--on=2024-11-20"],
    "checklist": QUARTER,
    "trace": ["--kpi=PE-01", "--period=2024-25-q2"],
    "since": ["--period=2024-25-q2"],
    "bundle": ["--period=2024-25-q2"],
    "verify": ["--period=2024-25-q2"],
    "collect": ["--quarter=3", "--year=2024-25", "--received=2025-01-20", "--producer=illustrative"],
}
HOSTILE_NAMES = ("=cmd.csv", "<b>x<b>.csv", "$(touch pwned).csv", "-out.csv", "a\nb.csv", "\x1b[31mred.csv", "quote'\".xlsx")
NO_DATA = ("verify",)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of all that every command wrote, and what each told."""
    place = tmp_path_factory.mktemp("every")
    data, out, told = hostile_register.write(place / "data"), place / "out", {}
    for verb, words in COMMANDS.items():
        if verb == "collect":
            _returned(out, data)
        places = [f"--out={out}", *([] if verb in NO_DATA else [f"--data={data}"])]
        ran = running.kpireport(verb, *words, *places)
        assert ran.returncode == 0, (verb, ran.stderr[-2_000:])
        told[verb] = ran.stdout + ran.stderr
    (bundle,) = out.glob("bundles/*.zip")
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.startswith("evidence/") or name == "README.html":
                archive.extract(name, out / "bundle")
    return place, told


def _returned(out: Path, data: Path) -> None:
    """Put what services return into the data folder: forms and a CSV filled in with hostile words, and hostile names."""
    folder = data / "returns" / "2024-25-q3"
    folder.mkdir(parents=True)
    for number, form in enumerate(sorted((out / "2024-25-q3-requests").glob("*.xlsx"))):
        book = openpyxl.load_workbook(form)
        for row in book["Results"].iter_rows(min_row=5):
            for cell in row:
                if not cell.protection.locked:
                    cell.value = hostile_register.told(f"returned.{cell.coordinate}")
                    cell.data_type = "s"
        book.save(folder / f"form-{number}.xlsx")
    rows = (
        "kpi_id,period,value,maturity,note,reason,action,owner\n"
        f'PL-01,2024-25 Q3,44.0,final,"{_quoted("note")}","{_quoted("reason")}","{_quoted("action")}","{_quoted("owner")}"\n'
        f'PL-02,2024-25 Q3,"{_quoted("value")}",final,,,,\n'
    )
    (folder / "words.csv").write_text(rows, encoding="utf-8")
    for name in HOSTILE_NAMES:
        (folder / name).write_text("kpi_id,period\n", encoding="utf-8")


def _quoted(where: str) -> str:
    return hostile_register.told(f"returned.{where}", "=", hostile_register.UNBRACED).replace('"', '""')


def test_every_file_is_text_where_people_wrote(made):
    place, _ = made
    assert list(examining.of_folder(place / "out")) == []
    kinds = {path.suffix for path in (place / "out").rglob("*") if path.is_file()}
    assert {".html", ".pdf", ".ipynb", ".xlsx", ".csv", ".json", ".eml", ".ics"} <= kinds


def test_nothing_was_written_elsewhere_and_nothing_was_run(made):
    place, _ = made
    assert {path.name for path in place.iterdir()} == {"data", "out"}
    assert not list(place.rglob("pwned"))
    assert not (running.ROOT / "pwned").exists()


def test_what_is_told_holds_nothing_that_a_terminal_obeys(made):
    _, told = made
    obeyed = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    assert [verb for verb, text in told.items() if obeyed.search(text)] == []


def test_every_page_is_harmless_in_a_browser_without_a_policy(browser, made):
    place, _ = made
    pages = {path: path.read_text(encoding="utf-8") for path in (place / "out").rglob("*.html")}
    assert len(pages) > 25
    assert {path.name: found for path, page in pages.items() if (found := in_browser.misdeeds(browser, page))} == {}


def test_what_was_returned_is_no_formula_in_the_record(made):
    place, _ = made
    for name in ("register/results", "register/returns", "commentary/commentary"):
        text = (place / "data" / f"{name}.csv").read_text(encoding="utf-8")
        new = [line for line in text.splitlines() if "returned." in line]
        assert not [line for line in new if f",={hostile_register.MARK}" in line or f',"={hostile_register.MARK}' in line]
    shutil.rmtree(place / "out" / "bundle", ignore_errors=True)
