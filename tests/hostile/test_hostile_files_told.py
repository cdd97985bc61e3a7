"""What the command line tells of hostile files: every one in one run, each with where and what to do, and nothing published."""

from pathlib import Path
from typing import Any

import kinds
import made
import small_register
from kpireport.__main__ import main
from kpireport.sources import confined
from kpireport.sources.confined import StoppedError, Why
from running import kpireport

QUARTER = ("--quarter", "2", "--year", "2024-25")


def asked(folder: Path) -> list[str]:
    places = ("--data", folder / "data", "--council", folder / "council.yaml", "--out", folder / "outputs")
    return [*QUARTER, *map(str, places)]


def test_hostile_tables_are_faults_of_the_data_all_in_one_run(tmp_path, capsys):
    data = small_register.write(tmp_path)
    for name in ("scorecard/outcomes", "reference/pillars", "reference/boards", "register/rebases", "register/targets"):
        (data / f"{name}.csv").unlink(missing_ok=True)
    (data / "scorecard").mkdir(exist_ok=True)
    (data / "scorecard/outcomes.xlsx").write_bytes(made.with_cell(value=made.stored("{}", "<f>1+1</f>")))
    (data / "reference/pillars.xlsx").write_bytes(kinds.start('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'))
    (data / "reference/boards.csv").write_bytes("scrutiny_board,board_name\n".encode("utf-16"))
    (data / "register/rebases.xlsx").write_bytes(kinds.ole("EncryptedPackage"))
    (data / "register/targets.xls").write_bytes(b"<html><table>")
    assert main(["quarter", *asked(tmp_path)]) == 3
    told = capsys.readouterr().err
    for line in (
        "scorecard/outcomes.xlsx, sheet outcomes, cell E2: found a formula whose result is not stored; expected a value. "
        "Open the workbook in Excel and save it, or write the value.",
        "reference/pillars.xlsx: found a workbook that cannot be read: a part declares a document type, as no "
        "spreadsheet program does; expected an .xlsx workbook. "
        "Save it again from Excel as .xlsx; if Excel does not open it, ask for it again.",
        "reference/boards.csv: found UTF-16 text; expected text in UTF-8. In Excel, save it as CSV UTF-8 (comma delimited).",
        "register/rebases.xlsx: found a password-protected workbook; expected an .xlsx workbook. "
        "Save it from Excel as .xlsx, without a password.",
        "Save register/targets.xls as register/targets.xlsx, or as CSV UTF-8.",
    ):
        assert line in " ".join(told.split()), told
    assert "root:" not in told
    assert not list((tmp_path / "outputs").glob("2024*/*.pdf"))


def test_hostile_returns_are_answered_and_do_not_keep_a_good_one_out(tmp_path):
    """In a process of its own, of which no other may be left."""
    data = small_register.write(tmp_path)
    folder = data / "returns/2024-25-q2"
    folder.mkdir(parents=True)
    good = made.with_cell(period=made.text("{}", "2024-25 Q1"), value=made.number("{}", 331))
    sent = {
        "bomb.xlsx": kinds.BOMBS["zip bomb"].make(),
        "doctype.xlsx": kinds.start('<!DOCTYPE x [<!ENTITY a "b">]>'),
        "password.xlsx": kinds.ole("EncryptedPackage"),
        "macros.xlsm": made.book(),
        "old.xls": kinds.ole("Workbook"),
        "page.csv": b"<html>",
        "good.xlsx": good,
        "good.mapping.yaml": b"columns: {kpi_id: bca_indicator, period: period, value: value, note: producer}\n",
    }
    for name, content in sent.items():
        (folder / name).write_bytes(content)
    ran = kpireport("collect", *asked(tmp_path), "--received", "2024-10-18")
    assert ran.returncode == 0, ran.stderr
    assert "1 result taken in from 7 returns; 6 faults" in ran.stdout
    answers = tmp_path / "outputs/2024-25-q2-answers"
    told = {name: (answers / f"{name}.html").read_text(encoding="utf-8") for name in ("bomb", "doctype", "password", "macros")}
    assert "unpacks to 450 MB" in told["bomb"]
    assert "declares a document type" in told["doctype"]
    assert "a password-protected workbook" in told["password"]
    assert "Save it from Excel as .xlsx." in told["macros"]
    assert not list(answers.glob("*-marked.xlsx"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == sent


def test_return_that_takes_too_long_is_answered_and_the_next_one_is_read(tmp_path, capsys, monkeypatch):
    call = confined.readers.call

    def stopped(function: Any, content: bytes, file: str, *more: Any) -> Any:
        if file.endswith("a.xlsx"):  # as after ten seconds, which `tests/sources/test_confined.py` shows
            raise StoppedError(Why.TIME)
        return call(function, content, file, *more)

    monkeypatch.setattr(confined.readers, "call", stopped)
    data = small_register.write(tmp_path)
    folder = data / "returns/2024-25-q2"
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(made.book())
    (folder / "b.csv").write_bytes(b"kpi_id,period,value,note\nCD-01,2024-25 Q1,331,Late cases.\n")
    assert main(["collect", *asked(tmp_path), "--received", "2024-10-18"]) == 0
    assert "1 result taken in from 2 returns; 1 fault" in capsys.readouterr().out
    page = (tmp_path / "outputs/2024-25-q2-answers/a.html").read_text(encoding="utf-8")
    assert "a file that takes more than 10 seconds to read" in page
    assert "Copy its cells into a new workbook, without formats and empty rows" in page
