"""The words of the Best City Ambition Scorecard and its composite index."""

from enum import StrEnum


class YesNo(StrEnum):
    """An answer."""

    YES = "yes"
    NO = "no"


class Normalisation(StrEnum):
    """How indicators of a composite index are brought to one scale."""

    MIN_MAX = "min_max"
    Z = "z"


class Aggregation(StrEnum):
    """How scores of a composite index are brought together."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"
