"""The words of the Survey of Internal Control."""

from enum import StrEnum


class SurveyAnswer(StrEnum):
    """The answers of the Survey of Internal Control, best first; an empty cell is a question left blank."""

    WELL_EMBEDDED = "Well embedded"
    FAIRLY_EMBEDDED = "Fairly embedded"
    NOT_EMBEDDED = "Not embedded"
    DONT_KNOW = "Don't know"
    NOT_APPLICABLE = "Not applicable"


class Rounding(StrEnum):
    """How percentages are rounded: each to its nearest, or so that the parts sum to 100."""

    NEAREST = "nearest"
    LARGEST_REMAINDER = "largest_remainder"
