"""The words that say what a KPI is, and how its list changes."""

from enum import StrEnum


class Kind(StrEnum):
    """Whether a KPI is rated (`kpi`) or only watched (`tracker`: no target, never rated)."""

    KPI = "kpi"
    TRACKER = "tracker"


class Purpose(StrEnum):
    """What a KPI shows: the council's own service, or a wider city outcome that the council contributes to."""

    COUNCIL_SERVICE = "council_service"
    CITY_CONTRIBUTION = "city_contribution"


class Polarity(StrEnum):
    """Which way is good."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    WITHIN_RANGE = "within_range"
    NEUTRAL = "neutral"


class MeasureType(StrEnum):
    """What stretch of time one value describes."""

    SNAPSHOT = "snapshot"
    IN_PERIOD = "in_period"
    CUMULATIVE = "cumulative"
    ROLLING_YEAR = "rolling_year"
    ANNUAL = "annual"
    ACADEMIC_YEAR = "academic_year"
    TERMLY = "termly"
    POOLED_YEARS = "pooled_years"


class Frequency(StrEnum):
    """How often a KPI has a new result."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERMLY = "termly"
    ANNUAL = "annual"
    BIENNIAL = "biennial"


class ComparatorRule(StrEnum):
    """Which earlier result a KPI is compared with."""

    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"
    PREVIOUS_YEAR = "previous_year"


class TargetType(StrEnum):
    """What a KPI is judged against; `increase` and `decrease` are interim targets judged against the comparator."""

    VALUE = "value"
    RANGE = "range"
    INCREASE = "increase"
    DECREASE = "decrease"
    NONE = "none"


class ToleranceType(StrEnum):
    """The unit of the amber band: the KPI's own unit (percentage points for %), or a percentage of the target."""

    ABSOLUTE = "absolute"
    PERCENT_OF_TARGET = "percent_of_target"


class QualityLabel(StrEnum):
    """How far a figure has been tested: published statistics, management information, or experimental."""

    PUBLIC = "public"
    MANAGEMENT = "management"
    EXPERIMENTAL = "experimental"


class KpiChange(StrEnum):
    """What happened to the KPI list."""

    ADDED = "added"
    AMENDED = "amended"
    RETIRED = "retired"
    TARGET_SET = "target_set"
    TOLERANCE_SET = "tolerance_set"
