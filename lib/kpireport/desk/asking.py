"""The question of those who are about to propose a target: what the rating would be if it were that."""

from collections.abc import Sequence
from typing import Any

import ipywidgets
import pandas as pd
from traitlets import HasTraits, Tuple

from kpireport.desk.desk import Desk
from kpireport.desk.panels import panel, sized, together
from kpireport.presentation import desk_pages, wording
from kpireport.presentation.blocks import Part
from kpireport.presentation.charts import on_screen
from kpireport.rules import what_if as rules
from kpireport.rules.what_if import Aim
from kpireport.vocabulary import Polarity, TargetType, ToleranceType

ROOM = 0.25
"""How far the slider goes beyond the lowest and the highest figure, as a share of what lies between them."""


class Question(HasTraits):
    """What is asked."""

    asked = Tuple()
    """The KPI, the quarter and the day, and the `Aim`; empty while the KPI is not on the list."""


def if_target_were(desk: Desk) -> Any:
    """Return the question: a target to choose, the rating that it would give, and how it would have rated the past."""
    question = Question()
    low = ipywidgets.FloatText(description="Target", **sized())
    high = ipywidgets.FloatText(description="to", **sized())
    band = ipywidgets.FloatText(**sized())
    back = ipywidgets.Button(description="Its own target", layout=ipywidgets.Layout(width="auto"))
    # A slider whose ends change would answer with a value of its own: each KPI has a new one.
    slide = ipywidgets.Box()

    def ask(_change: object = None) -> None:
        aim = Aim(low.value, high.value if high.layout.display != "none" else None, band.value or None)
        question.asked = () if desk.chosen.empty else (desk.kpi_id, desk.quarter, desk.known_on, aim)

    def begin(_change: object = None) -> None:
        for field in (low, high, band):
            field.unobserve(ask, "value")
        if len(desk.chosen):
            row = desk.chosen.iloc[0]
            low.value, high.value, band.value = _own(row)
            low.step = high.step = 10.0 ** -int(row["decimals"])
            high.layout.display = "" if is_range(row) else "none"
            band.description = f"Tolerance, {_unit_of_tolerance(row)}"
            slide.children = (_slider(row, desk.history, low),)
        for field in (low, high, band):
            field.observe(ask, "value")
        ask()

    for field in (low, high, band):
        field.observe(ask, "value")
    desk.observe(begin, names=["kpi_id", "quarter", "known_on"])
    back.on_click(begin)
    begin()
    return together([low, slide, high, band, back], panel(lambda: _answer(desk, *question.asked), (question, ["asked"])))


def _slider(row: pd.Series, history: pd.DataFrame, field: Any) -> Any:
    """Return a slider that moves with a field, over all that the KPI has been and a little more."""
    least, most = _ends(row, history)
    look = ipywidgets.Layout(width="22rem")
    slider = ipywidgets.FloatSlider(
        value=field.value, min=min(least, field.value), max=max(most, field.value), step=field.step, readout=False, layout=look
    )
    slider.observe(lambda change: setattr(field, "value", change["new"]), "value")
    return slider


def _answer(desk: Desk, *asked: Any) -> Sequence[Part]:
    if not asked:
        return [desk_pages.message(f"{desk.kpi_id} was not on the list in {desk.quarter}. Choose another KPI or quarter.")]
    aim: Aim = asked[-1]
    row, would_be = desk.chosen.iloc[0], rules.with_aim(desk.chosen, aim).iloc[0]
    own, then = rules.by_own_targets(desk.history, desk.chosen), rules.by_aim(desk.history, desk.chosen, aim)
    parts: list[Part] = [desk_pages.what_if(row, would_be, own, then)]
    if desk.history["value"].notna().any():
        parts.append(on_screen.history(would_be, then, desk.council, proposed=(aim.target, aim.upper)))
    return parts


def is_range(row: pd.Series) -> bool:
    """Return whether a target of the KPI is a range: it has one, or neither more nor less of it is better."""
    return bool(row["target_type"] == TargetType.RANGE or row["polarity"] in (Polarity.WITHIN_RANGE, Polarity.NEUTRAL))


def _own(row: pd.Series) -> tuple[float, float, float]:
    """Return the KPI's own target, its upper end and its tolerance; its latest figure in place of a target that it lacks."""
    told = [row[name] for name in ("target", "value", "baseline") if not wording.is_missing(row[name])]
    target = float(told[0]) if told else 0.0
    upper = target if wording.is_missing(row["upper"]) else float(row["upper"])
    return target, upper, 0.0 if wording.is_missing(row["tolerance"]) else float(row["tolerance"])


def _ends(row: pd.Series, history: pd.DataFrame) -> tuple[float, float]:
    """Return the least and the greatest target of the slider."""
    figures = [*history["value"].dropna(), *history["target"].dropna(), *history["upper"].dropna(), *_own(row)[:2]]
    low, high = float(min(figures)), float(max(figures))
    room = (high - low) * ROOM or abs(high) * ROOM or 1.0
    places = int(row["decimals"])
    least = low - room if low < 0 else max(0.0, low - room)
    return round(least, places), round(min(high + room, 100.0) if row["unit"] == "%" and high <= 100 else high + room, places)


def _unit_of_tolerance(row: pd.Series) -> str:
    if row["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET:
        return "% of target"
    return "percentage points" if row["unit"] == "%" else str(row["unit"])
