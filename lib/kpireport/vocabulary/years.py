"""The words that say how a whole year went."""

from enum import StrEnum


class OutturnBasis(StrEnum):
    """What a KPI's figure for a whole year is; `earlier` is the latest available where the year has none of its own."""

    YEAR_END = "year_end"
    OWN_YEAR = "own_year"
    WHOLE_YEAR = "whole_year"
    LAST_PERIOD = "last_period"
    EARLIER = "earlier"
    NONE = "none"


class YearMove(StrEnum):
    """What became of a KPI's rating since the end of the year before."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    OTHER_BASIS = "other_basis"
    NEWLY_RATED = "newly_rated"
    NO_LONGER_RATED = "no_longer_rated"
    NOT_RATED = "not_rated"
    JOINED = "joined"


class TargetState(StrEnum):
    """How far target setting has come for a KPI, furthest first."""

    TARGET_AND_TOLERANCE = "target_and_tolerance"
    TARGET = "target"
    INTERIM = "interim"
    NONE = "none"
    TRACKER = "tracker"
