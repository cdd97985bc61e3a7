"""What a table or a highlight says of one KPI, cell by cell. A `kpi` is a row of `Performance.kpis`."""

import pandas as pd

from kpireport.presentation import signals, theme, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import join, lines, named, quiet, quiet_link, rag, signal, together, words
from kpireport.vocabulary import Basis, Direction

SHORT = 10
"""Characters of a period that stay on one line."""


def figure_anchor(kpi_id: str) -> str:
    """Return the anchor of the row that prints a KPI's figure: one in a report, in its table of every KPI."""
    return f"kpi-{kpi_id.lower()}"


def definition_anchor(kpi_id: str) -> str:
    """Return the anchor of what a KPI measures, and of where its figure comes from (`definitions`)."""
    return f"about-{kpi_id.lower()}"


def name(kpi: pd.Series) -> Block:
    """Return a KPI's name and identifier: the head of its row. The name leads to what the KPI measures."""
    return lines([to_definition(kpi, words(str(kpi["kpi_name"]))), quiet(words(str(kpi["kpi_id"])))])


def name_of_figure(kpi: pd.Series) -> Block:
    """Return what `name` does, as the place to which links to the KPI's figure lead."""
    kpi_id = str(kpi["kpi_id"])
    own = named(figure_anchor(kpi_id), to_definition(kpi, words(str(kpi["kpi_name"]))))
    return lines([own, quiet(words(kpi_id))])


def to_definition(kpi: pd.Series, inline: Block) -> Block:
    """Return `inline` as a link to what the KPI measures."""
    return quiet_link(definition_anchor(str(kpi["kpi_id"])), inline)


def latest(kpi: pd.Series) -> Block:
    """Return the latest figure with its symbols, and the data's own period below it."""
    return lines([words(wording.result(kpi)), _period(str(kpi["period"]))])


def target(kpi: pd.Series) -> Block:
    """Return the target, and the amber band below it."""
    band = wording.tolerance(kpi)
    shown = {"": "", "not set": "tolerance not set"}.get(band, f"tolerance {band}")
    aim = wording.target(kpi)
    return lines([words(f"{aim[:1].upper()}{aim[1:]}"), quiet(words(shown)) if shown else words("")])


def comparator(kpi: pd.Series) -> Block:
    """Return the earlier figure that the result is compared with, and its period below it."""
    if wording.is_missing(kpi["comparator_value"]):
        return words("–")
    figure = wording.figure(kpi["comparator_value"], str(kpi["unit"]), int(kpi["decimals"]))
    return lines([words(figure), _period(str(kpi["comparator_period"]))])


def _period(text: str) -> Block:
    """Return the period below a figure; a short one such as 2024-25 Q2 stays on one line."""
    return quiet(together(words(text)) if len(text) <= SHORT else words(text))


def rating(kpi: pd.Series) -> Block:
    """Return the rating; one that rests on the direction of travel says so."""
    basis = quiet(words("on direction")) if kpi["basis"] == Basis.DIRECTIONAL else words("")
    return lines([rag(str(kpi["rating"])), basis])


def direction(kpi: pd.Series) -> Block:
    """Return the direction of travel: an arrow the way the figure went, whether that is better, and from what to what."""
    return join([together(words(_arrow(kpi))), words(wording.change(kpi))], " ")


def _arrow(kpi: pd.Series) -> str:
    if kpi["direction"] == Direction.NOT_COMPARABLE or wording.is_missing(kpi["change"]):
        return "–"
    if kpi["direction"] == Direction.NO_CHANGE or not kpi["change"]:
        return theme.UNCHANGED
    return theme.RISEN if kpi["change"] > 0 else theme.FALLEN


def variation(kpi: pd.Series) -> Block:
    """Return what the KPI's series shows of its variation and its target, each as letter, word and colour; or why nothing."""
    shown = [signal(letter, word, pair) for letter, word, pair in signals.signals(kpi)]
    return lines(shown) if shown else lines([words("–"), quiet(words(signals.printed(kpi)))])


def told(kpi: pd.Series) -> Block:
    """Return a KPI's quarter in sentences, without its name, which stands above or beside them."""
    sentences = wording.highlight_sentence(kpi).removeprefix(f"{kpi['kpi_name']}: ")
    return words(f"{sentences[:1].upper()}{sentences[1:]}")
