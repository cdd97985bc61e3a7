"""The cells of `notebooks/explore.ipynb`: each function is one heading, and all follow one choice of quarter, day and KPI."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd

from kpireport.desk.desk import NOT_RATED, Desk
from kpireport.desk.panels import control, dropdown, panel, sized, together
from kpireport.presentation import charts, desk_pages, theme, wording
from kpireport.presentation.blocks import Part
from kpireport.presentation.charts import on_screen
from kpireport.rules import as_known as knowledge
from kpireport.rules import highlight_items, what_if
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.vocabulary import Rag

OF_LIST = ("quarter", "known_on", "directorate", "board", "rating", "words")
"""The traits of the desk on which the list rests."""
OF_KPI = ("quarter", "known_on", "kpi_id")
"""Those on which what is said of one KPI rests."""
FIGURES = [
    *("kpi_id", "kpi_name", "directorate", "period", "value", "unit", "target", "upper", "tolerance_size"),
    *("rating", "basis", "gap_to_target", "direction"),
]
"""The columns of `Performance.kpis` that most questions are about."""
ALL = "All"
DATA = "KPIREPORT_DATA"
"""The variable of the environment that names another register."""


def open_desk(data: str, council: str) -> Desk:
    """Load the register in the folder `data` of the council that the YAML file `council` describes.

    `make lab DATA=folder` names another register, by the environment variable KPIREPORT_DATA, which is then loaded in place of
    `data`; its own council.yaml is used if it has one.

    Raises
    ------
    DataError
        With every fault of the register: where it is, what is expected, what to do.
    """
    named = os.environ.get(DATA, "")
    register = Path(named or data).expanduser()
    beside = register / "council.yaml"
    return Desk(registers.load(register), councils.load(beside if named and beside.is_file() else Path(council)))


def find(desk: Desk) -> Any:
    """Return the choice of quarter and day, filters, and the list of KPIs that answer to them."""
    register = desk.register
    directorates = zip(register.directorates["directorate_name"], register.directorates["directorate"], strict=True)
    boards = zip(register.boards["board_name"], register.boards["scrutiny_board"], strict=True)
    ratings = [(theme.rating_label(rating), str(rating)) for rating in (*Rag, NOT_RATED)]
    found = ipywidgets.Select(rows=10, layout=ipywidgets.Layout(width="auto", margin="2px 0"))
    said = ipywidgets.HTML()

    def refresh(_change: object = None) -> None:
        rows = desk.listed
        found.unobserve(choose, "value")
        found.options = [(desk_pages.line(row), str(row["kpi_id"])) for _, row in rows.iterrows()]
        found.value = desk.kpi_id if desk.kpi_id in set(rows["kpi_id"]) else None
        found.observe(choose, "value")
        said.value = _counted(desk, rows)

    def choose(change: dict[str, object]) -> None:
        if change["new"]:
            desk.kpi_id = str(change["new"])

    found.observe(choose, "value")
    desk.observe(refresh, names=[*OF_LIST, "kpi_id"])
    refresh()
    words = ipywidgets.Text(description="Words", placeholder="such as housing", **sized())
    return together(
        [
            dropdown(desk, "quarter", "Quarter", [(text, text) for text in desk.quarters]),
            _day(desk),
            dropdown(desk, "directorate", "Directorate", [(ALL, ""), *directorates]),
            dropdown(desk, "board", "Scrutiny Board", [(ALL, ""), *boards]),
            dropdown(desk, "rating", "Rating", [(ALL, ""), *ratings]),
            control(desk, "words", words),
        ],
        said,
        found,
    )


def _day(desk: Desk) -> Any:
    return control(desk, "known_on", ipywidgets.DatePicker(description="As known on", **sized()))


def _counted(desk: Desk, rows: pd.DataFrame) -> str:
    known = desk.performance.known_on
    when = "on everything recorded" if known is None else f"on what was known on {wording.day(known)}"
    as_published = ", as the reports have it" if desk.known_on is None else ""
    ratings = [f"{int((rows['rating'] == rating).sum())} {theme.rating_word(rating).lower()}" for rating in Rag]
    shown = wording.share(len(rows), len(desk.performance.kpis), "KPI and tracker")
    return f"<b>{shown}</b>: {wording.join(ratings)}, {when}{as_published}."


def at_a_glance(desk: Desk) -> Any:
    """Return the KPIs listed that are rated on a target, each as a mark: how far it is from target, in tolerances."""

    def make() -> Sequence[Part]:
        chart = on_screen.gaps(desk.listed, desk.register.directorates)
        return [chart if chart.data else desk_pages.message("None of the KPIs listed is rated on a target with a tolerance.")]

    return panel(make, (desk, OF_LIST))


def kpi(desk: Desk) -> Any:
    """Return all that is known of the KPI chosen, with a list to choose another from."""
    every = desk.register.kpis
    directorates = desk.register.directorates.set_index("directorate")["directorate_name"]
    boards = desk.register.boards.set_index("scrutiny_board")["board_name"]
    choices = [(f"{kpi_id}  {name}", kpi_id) for kpi_id, name in zip(every["kpi_id"], every["kpi_name"], strict=True)]

    def make(row: pd.Series) -> Sequence[Part]:
        directorate, board = directorates.get(row["directorate"], ""), boards.get(row["scrutiny_board"], "")
        return [desk_pages.kpi(row, directorate=str(directorate), board=str(board))]

    return together([dropdown(desk, "kpi_id", "KPI", choices, most="46rem")], _of_kpi(desk, make))


def history(desk: Desk) -> Any:
    """Return the KPI's results over time, each with the rating that the target of its time gives it."""

    def make(row: pd.Series) -> Sequence[Part]:
        if desk.history["value"].isna().all():
            return [desk_pages.message("No result is known yet.")]
        return [on_screen.history(row, what_if.by_own_targets(desk.history, desk.chosen), desk.council)]

    return _of_kpi(desk, make)


def as_known(desk: Desk) -> Any:
    """Return the KPI's rating on what was known on a day, and every answer that the quarter's report would have given since."""

    def make(row: pd.Series) -> Sequence[Part]:
        answers = knowledge.ratings(desk.register, desk.kpi_id, quarter=desk.period, area=desk.council.area)
        return [desk_pages.as_known(row, desk.performance.known_on), desk_pages.known_over_time(answers, desk.cut_off)]

    back = ipywidgets.Button(description="As in the report", layout=ipywidgets.Layout(width="auto"))
    back.on_click(lambda _: setattr(desk, "known_on", None))
    return together([_day(desk), back], _of_kpi(desk, make))


def beside_others(desk: Desk) -> Any:
    """Return the KPI in the council and in other areas, now as the reports show it and over time, and in its wards."""
    choices = [(code.replace("_", " ").capitalize(), code) for code in desk.council.comparators]

    def make(row: pd.Series) -> Sequence[Part]:
        wanted = (desk.comparators,) if desk.comparators else desk.council.comparators
        return _beside(desk, row, wanted) or [desk_pages.message("No figure of another area or a ward is held for this KPI.")]

    picker = dropdown(desk, "comparators", "Compare with", [(ALL, ""), *choices])
    return together([picker], _of_kpi(desk, make, "comparators"))


def _beside(desk: Desk, row: pd.Series, wanted: tuple[str, ...]) -> list[Part]:
    register, council = desk.register, desk.council
    sets = register.comparator_sets
    members = sets.loc[sets["comparator_set"].isin(wanted) & (sets["area"] != council.area), "area"]
    held = register.benchmarks[register.benchmarks["kpi_id"] == desk.kpi_id]
    same = highlight_items.compare_like_periods(held, desk.history, register.areas, sets, area=council.area, wanted=wanted)
    broken_down = desk.report.breakdowns[desk.report.breakdowns["kpi_id"] == desk.kpi_id]
    others = held[held["area"].isin(members) & held["value"].notna()]
    named = others.merge(register.areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    parts: list[Part] = []
    if len(same):
        parts.append(charts.benchmark(row, same, council))
    if len(set(named["period"])) > 1:
        parts.append(on_screen.places(row, desk.history, named, council))
    if len(wards := highlight_items.latest_wards(broken_down, register.areas)):
        parts.append(charts.wards(row, wards, council))
    return parts


def figures(desk: Desk) -> pd.DataFrame:
    """Return the KPIs listed as a frame for questions of one's own; `desk.performance` has every column and the histories."""
    return desk.listed[FIGURES].set_index("kpi_id")


def _of_kpi(desk: Desk, make: "Any", *further: str) -> Any:
    """Return a panel about the KPI chosen, which says so where the KPI was not on the list."""

    def made() -> Sequence[Part]:
        if desk.chosen.empty:
            return [desk_pages.message(f"{desk.kpi_id} was not on the list in {desk.quarter}. Choose another KPI or quarter.")]
        parts: Sequence[Part] = make(desk.chosen.iloc[0])
        return parts

    return panel(made, (desk, (*OF_KPI, *further)))
