"""The words by which reports are ordered, chosen and written."""

from enum import StrEnum


class Placeholder(StrEnum):
    """What a sentence may ask of a KPI, as in ``{CH-01.value}``: reports fill it in, so that no typed number can disagree."""

    VALUE = "value"
    PERIOD = "period"
    TARGET = "target"
    COMPARATOR = "comparator"
    CHANGE = "change"
    RATING = "rating"


class HighlightChoice(StrEnum):
    """What the team decided about a highlight candidate."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class Edition(StrEnum):
    """Who a report is for. A public edition carries no contacts."""

    INTERNAL = "internal"
    PUBLIC = "public"


class BoardOrder(StrEnum):
    """By what a board has its report ordered."""

    PILLAR = "pillar"
    DIRECTORATE = "directorate"
    THEME = "theme"


class BoardPart(StrEnum):
    """What a board has its report show of each KPI, beside its latest result."""

    HISTORY = "history"
    BENCHMARKS = "benchmarks"
    WARDS = "wards"
    GROUPS = "groups"


class KpiSelection(StrEnum):
    """By what a board may choose KPIs, beside their identifiers."""

    PILLAR = "pillar"
    BOARD = "board"
    DIRECTORATE = "directorate"
    THEME = "theme"
    NATIONAL_SET = "national_set"
