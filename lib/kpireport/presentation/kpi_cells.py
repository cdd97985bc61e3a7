"""What a table or a highlight says of one KPI, cell by cell. A `kpi` is a row of `Performance.kpis`."""

import pandas as pd

from kpireport.presentation import theme, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import join, lines, quiet, rag, together, words
from kpireport.vocabulary import Basis


def name(kpi: pd.Series) -> Block:
    """Return a KPI's name and identifier: the head of its row."""
    return lines([words(str(kpi["kpi_name"])), quiet(words(str(kpi["kpi_id"])))])


def latest(kpi: pd.Series) -> Block:
    """Return the latest figure with its symbols, and the data's own period below it."""
    return lines([words(wording.result(kpi)), quiet(words(str(kpi["period"])))])


def target(kpi: pd.Series) -> Block:
    """Return the target, and the amber band below it."""
    band = wording.tolerance(kpi)
    shown = {"": "", "not set": "tolerance not set"}.get(band, f"tolerance {band}")
    return lines([words(wording.target(kpi)), quiet(words(shown)) if shown else words("")])


def comparator(kpi: pd.Series) -> Block:
    """Return the earlier figure that the result is compared with, and its period below it."""
    if wording.is_missing(kpi["comparator_value"]):
        return words("–")
    figure = wording.figure(kpi["comparator_value"], str(kpi["unit"]), int(kpi["decimals"]))
    return lines([words(figure), quiet(words(str(kpi["comparator_period"])))])


def rating(kpi: pd.Series) -> Block:
    """Return the rating; one that rests on the direction of travel says so."""
    basis = quiet(words("on direction")) if kpi["basis"] == Basis.DIRECTIONAL else words("")
    return lines([rag(str(kpi["rating"])), basis])


def direction(kpi: pd.Series) -> Block:
    """Return the direction of travel: arrow, word, and from what to what."""
    arrow = theme.DIRECTION_ARROWS.get(str(kpi["direction"]), "")
    return join([together(words(arrow)), words(wording.change(kpi))], " ")


def told(kpi: pd.Series) -> Block:
    """Return a KPI's quarter in sentences, without its name, which stands above or beside them."""
    sentences = wording.highlight_sentence(kpi).removeprefix(f"{kpi['kpi_name']}: ")
    return words(f"{sentences[:1].upper()}{sentences[1:]}")
