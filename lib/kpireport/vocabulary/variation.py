"""The words that tell a signal from noise: variation, assurance, significance and recent trend."""

from enum import StrEnum


class Variation(StrEnum):
    """What a process behaviour chart says of a point: special cause for better or worse, none, or special without judgement."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    COMMON_CAUSE = "common_cause"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class VariationRule(StrEnum):
    """The four rules that tell special cause from common cause, in the order in which they are asked."""

    OUTSIDE_LIMITS = "outside_limits"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    ONE_SIDE = "one_side"


class Assurance(StrEnum):
    """Whether a process that goes on as it is can be relied on to meet its target."""

    CONSISTENTLY_PASSING = "consistently_passing"
    CONSISTENTLY_FAILING = "consistently_failing"
    HIT_OR_MISS = "hit_or_miss"


class Significance(StrEnum):
    """How a figure stands to another at the 95% level; `lower` and `higher` where there is no good way."""

    BETTER = "better"
    SIMILAR = "similar"
    WORSE = "worse"
    LOWER = "lower"
    HIGHER = "higher"
    NOT_COMPARED = "not_compared"


class RecentTrend(StrEnum):
    """The nine things that can be said of the last five points."""

    INCREASING_GETTING_BETTER = "increasing_getting_better"
    INCREASING_GETTING_WORSE = "increasing_getting_worse"
    INCREASING = "increasing"
    DECREASING_GETTING_BETTER = "decreasing_getting_better"
    DECREASING_GETTING_WORSE = "decreasing_getting_worse"
    DECREASING = "decreasing"
    NO_SIGNIFICANT_CHANGE = "no_significant_change"
    TOO_FEW_POINTS = "too_few_points"
    CANNOT_BE_CALCULATED = "cannot_be_calculated"


class WhyNot(StrEnum):
    """Why a rule of variation, significance or recent trend says nothing of a KPI."""

    TOO_FEW_POINTS = "too_few_points"
    TOO_FEW_SINCE_REBASE = "too_few_since_rebase"
    GAPS = "gaps"
    OVERLAPPING_WINDOWS = "overlapping_windows"
    ITSELF = "itself"
    NO_VALUE = "no_value"
    NO_BENCHMARK = "no_benchmark"
    DIFFERENT_PERIOD = "different_period"
    NO_INTERVAL = "no_interval"
    NO_COUNTS = "no_counts"


class MadConvention(StrEnum):
    """Whether a median absolute deviation is as it is, or scaled to a standard deviation of normal data."""

    RAW = "raw"
    SCALED = "scaled"
