"""The desk shows what the reports show, and follows what is chosen."""

import csv
import io
import json
import os
import shutil
from datetime import date
from pathlib import Path
from unittest.mock import MagicMock

import pandas as pd
import pytest
import vl_convert
from kpireport.desk import asking, explore
from kpireport.presentation import in_jupyterlab, results_file
from kpireport.reports import clt_quarterly

ROOT = Path(__file__).resolve().parents[2]
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
COUNCIL = RIVERSIDE / "council.yaml"
QUARTER = "2024-25 Q2"
CELLS = (
    *(explore.find, explore.at_a_glance, explore.kpi, explore.history, explore.as_known, explore.beside_others),
    asking.if_target_were,
)


@pytest.fixture(scope="module")
def report():
    return clt_quarterly.build(data=str(RIVERSIDE), council=str(COUNCIL), quarter=QUARTER)


@pytest.fixture
def desk():
    opened = explore.open_desk(str(RIVERSIDE), str(COUNCIL))
    opened.quarter = QUARTER
    return opened


def panels(widget) -> list:
    """Return the panels in a cell's widget."""
    return [widget] if hasattr(widget, "outputs") else [one for child in getattr(widget, "children", ()) for one in panels(child)]


def said(widget) -> str:
    return "\n".join(output["data"]["text/plain"] for panel in panels(widget) for output in panel.outputs)


def field(widget, description: str):
    """Return the control of a cell with these words beside it."""
    every = [widget, *(child for row in getattr(widget, "children", ()) for child in (row, *getattr(row, "children", ())))]
    return next(one for one in every if getattr(one, "description", "") == description)


def test_another_register_is_opened_with_its_own_council_when_make_names_one(monkeypatch, tmp_path, desk):
    monkeypatch.setenv("KPIREPORT_DATA", str(RIVERSIDE))
    named = explore.open_desk("../data", "../params/council.yaml")
    assert named.council == desk.council
    pd.testing.assert_frame_equal(named.register.kpis, desk.register.kpis)
    bare = shutil.copytree(RIVERSIDE, tmp_path / "bare", ignore=shutil.ignore_patterns("council.yaml"))
    monkeypatch.setenv("KPIREPORT_DATA", str(bare))
    assert explore.open_desk("../data", str(COUNCIL)).council == desk.council


@pytest.mark.parametrize("named", ["riverside", "../there/riverside"])
def test_server_that_make_starts_writes_the_registers_folder_out_in_full(monkeypatch, tmp_path, named):
    (tmp_path / "here").mkdir()
    where = tmp_path / "here" / named
    shutil.copytree(RIVERSIDE, where)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("KPIREPORT_DATA", named)
    set_up_server()
    assert os.environ["KPIREPORT_DATA"] == str(where.resolve())


def test_server_does_not_start_without_the_register(monkeypatch, tmp_path):
    monkeypatch.setenv("KPIREPORT_DATA", str(tmp_path))
    with pytest.raises(SystemExit, match="is no folder with a register"):
        set_up_server()


def set_up_server() -> None:
    """Run the server's configuration as Jupyter does."""
    code = (ROOT / "notebooks" / "jupyter_server_config.py").read_text(encoding="utf-8")
    file = str(ROOT / "notebooks" / "jupyter_server_config.py")
    exec(compile(code, file, "exec"), {"get_config": MagicMock, "__file__": file})


def test_figures_are_those_of_the_report(desk, report):
    pd.testing.assert_frame_equal(desk.performance.kpis, report.performance.kpis)
    pd.testing.assert_frame_equal(desk.performance.history, report.performance.history)


def test_every_kpi_is_told_as_the_published_file_prints_it(desk, report):
    shown = explore.kpi(desk)
    for row in csv.DictReader(io.StringIO(results_file.results_csv(report).decode("utf-8"))):
        desk.kpi_id = row["kpi_id"]
        for column in ("kpi_name", "result_printed", "rating_printed", "change_printed", "beyond_chance_printed"):
            assert row[column].removeprefix("'") in said(shown)


def test_list_answers_to_its_filters_and_choosing_from_it_chooses_everywhere(desk):
    found, told = explore.find(desk), explore.kpi(desk)
    choices = found.children[-1]
    everything = len(choices.options)
    desk.rating = "red"
    assert {label[0] for label, _ in choices.options} == {"■"}
    assert 0 < len(choices.options) < everything
    choices.value = choices.options[-1][1]
    assert desk.kpi_id == choices.value
    assert str(desk.chosen["kpi_name"].iloc[0]) in said(told)
    desk.rating, desk.words = "", "no such word"
    assert (choices.options, choices.value) == ((), None)
    assert "0 of" in found.children[1].value


def test_a_day_in_the_past_is_answered_as_a_report_of_that_day(desk):
    shown = explore.as_known(desk)
    day = date(2024, 10, 15)
    field(shown, "As known on").value = day
    known = clt_quarterly.build(data=str(RIVERSIDE), council=str(COUNCIL), quarter=QUARTER, as_known_on=day.isoformat())
    pd.testing.assert_frame_equal(desk.performance.kpis, known.performance.kpis)
    assert "on what was known on 15 October 2024" in said(shown)
    field(shown, "As in the report").click()
    assert desk.known_on is None


def test_another_target_gives_another_rating_and_its_own_gives_its_own(desk):
    rated = desk.performance.kpis.query("basis == 'target' and polarity == 'higher_is_better' and rag == 'green'")
    desk.kpi_id = str(rated["kpi_id"].iloc[0])
    shown = asking.if_target_were(desk)
    assert "it would stay Green" in said(shown)
    field(shown, "Target").value += 1000
    assert "it would be Red, and is green" in said(shown)
    field(shown, "Its own target").click()
    assert "it would stay Green" in said(shown)


def test_slider_and_field_ask_the_same(desk):
    shown = asking.if_target_were(desk)
    slide = shown.children[0].children[1]
    slide.children[0].value = slide.children[0].min
    assert field(shown, "Target").value == slide.children[0].min


def test_kpi_that_was_not_on_the_list_is_said_to_have_not_been(desk):
    shown = [explore.history(desk), asking.if_target_were(desk)]
    desk.kpi_id = "ZZ-99"
    assert [said(one) for one in shown] == ["ZZ-99 was not on the list in 2024-25 Q2. Choose another KPI or quarter.\n"] * 2


def test_live_charts_are_of_a_kind_that_jupyterlab_draws_and_fetch_nothing(desk):
    for cell in CELLS:
        for panel in panels(cell(desk)):
            for output in panel.outputs:
                spec = output["data"].get(in_jupyterlab.LIVE)
                if spec is None:
                    continue
                assert "http" not in json.dumps({name: part for name, part in spec.items() if name != "$schema"})
                assert "/v5" in spec["$schema"]
                assert vl_convert.vegalite_to_svg(spec, vl_version="5.8", allowed_base_urls=[]).startswith("<svg")


def test_frame_for_questions_of_ones_own_has_the_kpis_found(desk):
    desk.rating = "red"
    assert set(explore.figures(desk)["rating"]) == {"red"}
