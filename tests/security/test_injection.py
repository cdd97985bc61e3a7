"""Whatever a text says, every output shows it as text: a register whose every free text is hostile, through every report.

The ordinary run takes four reports in this process; KPIREPORT_SOAK=1 all of them, and `test_every_output` every other file by the
command line.
"""

import os

import examining
import hostile_register
import in_browser
import nbformat
import pytest
import reports_made
from kpireport import schemas
from kpireport.errors import DataError, Finding
from kpireport.publishing import canonical, document, faults, html, pdf
from kpireport.sources import register

ORDINARY = ("clt_quarterly", "scrutiny_board", "survey", "timetable")
NAMES = reports_made.NAMES if os.environ.get("KPIREPORT_SOAK") == "1" else ORDINARY


@pytest.fixture(scope="module")
def made(hostile):
    """Every report's notebook as its kernel leaves it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPIREPORT_DRAW_LATER", "1")
        return {
            called: notebook
            for name in NAMES
            for called, values in reports_made.asked(name, hostile)[-1:]
            for notebook in [document.drawn(reports_made.notebook(name, values))]
        }


@pytest.fixture(scope="module")
def pages(made):
    return {called: html.export(notebook) for called, notebook in made.items()}


def test_every_table_that_people_write_is_there_and_every_free_text_of_it_is_hostile(hostile):
    tables = hostile_register.tables()
    written = {"register/returns", "register/sign_offs", "commentary/replaced"}  # by collecting
    codes = {"reference/area_lookup", "reference/board_choices"}  # no text in them
    assert {name for name, rows in tables.items() if not rows} == written | codes
    harmless = {
        f"{name}.{column}"
        for name, rows in tables.items()
        for column in hostile_register.free_text(name)
        if rows and not all(hostile_register.MARK in row[column] for row in rows if row[column])
    }
    units = {f"{name}.unit" for name in ("register/kpis", "scorecard/indicators", "scorecard/index_hierarchy")}
    assert harmless == {*units, "survey/responses.question"}, "some of these are as they should be"
    assert len(register.load(hostile).kpis) == 10
    assert sum(len(hostile_register.free_text(name)) for name in schemas.TABLES) > 70


def test_every_report_shows_hostile_text_as_text(pages):
    assert {called: examining.of_html(page, has_markdown=True) for called, page in pages.items()} == {
        called: [] for called in pages
    }
    assert all(page.count(hostile_register.MARK) > 9 for page in pages.values())


def test_notebooks_hold_the_same_text_as_their_pages(made):
    wrong = {called: examining.of_notebook(nbformat.writes(canonical.canonical(one))) for called, one in made.items()}
    assert wrong == {called: [] for called in made}


def test_attached_files_are_text_too(made):
    wrong, names = [], []
    for notebook in made.values():
        for file in canonical.attached_files(notebook):
            names.append(file.name)
            kind = file.name.rsplit(".", 1)[1]
            if check := {"xlsx": examining.of_workbook, "ics": examining.of_calendar}.get(kind):
                wrong += check(file.content)
            else:
                wrong += {"csv": examining.of_csv, "json": examining.of_json}[kind](file.content.decode("utf-8"))
    assert wrong == []
    assert {"clt-scorecard.xlsx", "results.csv", "survey-2024.xlsx", "scrutiny-peo.xlsx"} <= set(names)
    assert any(name.endswith(".ics") for name in names)


def test_the_pdf_is_set_with_every_word_as_text_and_with_no_action(made, tmp_path):
    chosen = made if os.environ.get("KPIREPORT_SOAK") == "1" else {"survey": made["survey"]}
    for called, notebook in chosen.items():
        (tmp_path / f"{called}.pdf").write_bytes(pdf.export(notebook))
        assert examining.of_pdf(tmp_path / f"{called}.pdf") == [], called


def test_in_a_browser_without_a_policy_nothing_runs_and_nothing_is_asked_for(browser, pages):
    for called, page in pages.items():
        assert in_browser.misdeeds(browser, page) == [], called


def test_a_word_of_any_length_breaks_no_page(browser, tmp_path, drawn_later):
    data = hostile_register.write(
        tmp_path, hostile_register.tables(hostile_register.LONG), hostile_register.council("", "W" * 300)
    )
    for name in NAMES if os.environ.get("KPIREPORT_SOAK") == "1" else ("executive_update",):
        for called, values in reports_made.asked(name, data)[-1:]:
            page = html.export(reports_made.notebook(name, values))
            assert in_browser.misdeeds(browser, page, width=320) == [], called


@pytest.mark.parametrize("character", ["\x1b[31m", "\x07", "\x9b31m", "\x00", "\x7f", "\x08", "\u202e"])
def test_faults_are_told_without_what_a_terminal_obeys(hostile, character, capsys, monkeypatch):
    from kpireport import __main__

    found = Finding("register/kpis.csv", "", f"B{character}2", f'"{character}x"', f"no {character}", f"{character}Mend it.")

    def fail(_options: object) -> None:
        raise DataError([found])

    monkeypatch.setattr("kpireport.commands.since._changes", fail)
    assert __main__.main(["changes", f"--data={hostile}"]) == 3
    told = capsys.readouterr()
    assert character not in told.err + told.out
    assert f"{character[0].encode('unicode_escape').decode()}{character[1:]}Mend it." in told.err
    shown = [*examining.of_html(faults.as_html([found], period="2024-25 Q2"))]
    assert shown == []


def test_faults_page_shows_hostile_text_as_text(hostile):
    text = hostile_register.told("found")
    found = [Finding(text, text, "B2", text, text, text)]
    assert examining.of_html(faults.as_html(found, period=text)) == []
    assert examining.of_csv(faults.as_csv(found)) == []
