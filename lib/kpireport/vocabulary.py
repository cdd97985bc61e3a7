"""The closed sets of words that the register, the rules and the reports share.

Source: the KPI Supporting Information and the rating contract, `target-tolerance-v1`. The value of each member is the word
written in the tables under `data/`.
"""

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


class Maturity(StrEnum):
    """Whether a value may still change."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Absence(StrEnum):
    """Why a row of the KPI Data Record carries no value."""

    NOT_PUBLISHED = "not_published"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"


class QualityLabel(StrEnum):
    """How far a figure has been tested: published statistics, management information, or experimental."""

    PUBLIC = "public"
    MANAGEMENT = "management"
    EXPERIMENTAL = "experimental"


class Rag(StrEnum):
    """The RAG status of a rated KPI, in order of seriousness."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class NotRated(StrEnum):
    """The seven ways of not being rated, in the order in which they are told apart."""

    NOT_DUE = "not_due"
    AWAITED = "awaited"
    NOT_PUBLISHED = "not_published"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    NOT_RATED = "not_rated"


class Basis(StrEnum):
    """What a rating rests on. Ratings on a target and directional ratings never share a total."""

    TARGET = "target"
    DIRECTIONAL = "directional"
    NONE = "none"


class Direction(StrEnum):
    """Direction of travel against the comparator; the last three for neutral KPIs and for want of a comparator."""

    IMPROVING = "improving"
    WORSENING = "worsening"
    NO_CHANGE = "no_change"
    INCREASING = "increasing"
    DECREASING = "decreasing"
    NOT_COMPARABLE = "not_comparable"


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


class KpiChange(StrEnum):
    """What happened to the KPI list."""

    ADDED = "added"
    AMENDED = "amended"
    RETIRED = "retired"
    TARGET_SET = "target_set"
    TOLERANCE_SET = "tolerance_set"


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
    """By what a Scrutiny Board has its report ordered."""

    PILLAR = "pillar"
    DIRECTORATE = "directorate"
    THEME = "theme"


class BoardPart(StrEnum):
    """What a Scrutiny Board has its report show of each KPI, beside its latest result."""

    HISTORY = "history"
    BENCHMARKS = "benchmarks"
    WARDS = "wards"
    GROUPS = "groups"


class YesNo(StrEnum):
    """An answer."""

    YES = "yes"
    NO = "no"


class AreaType(StrEnum):
    """The kinds of area that results and benchmarks describe."""

    WARD = "ward"
    LOCAL_AUTHORITY = "local_authority"
    REGION = "region"
    COUNTRY = "country"
    GROUP = "group"


class PeriodAlignment(StrEnum):
    """Which periods of two areas are set side by side."""

    SAME_PERIOD = "same_period"
    LATEST_SHARED = "latest_shared"
    LATEST_EACH = "latest_each"


class MadConvention(StrEnum):
    """Whether a median absolute deviation is as it is, or scaled to a standard deviation of normal data."""

    RAW = "raw"
    SCALED = "scaled"


class Suppression(StrEnum):
    """Why a count is hidden: it is small itself, or a small one could be worked out from it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


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


class Normalisation(StrEnum):
    """How indicators of a composite index are brought to one scale."""

    MIN_MAX = "min_max"
    Z = "z"


class Aggregation(StrEnum):
    """How scores of a composite index are brought together."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


class Aspect(StrEnum):
    """The five aspects of the cycle of internal control."""

    DEFINE_AND_DOCUMENT = "define_and_document"
    CLEARLY_COMMUNICATE = "clearly_communicate"
    EFFECTIVELY_EMBED = "effectively_embed"
    MEANINGFULLY_MONITOR = "meaningfully_monitor"
    REVIEW_AND_REFINE = "review_and_refine"


class Evidence(StrEnum):
    """What is measured of the arrangements for performance management, for the annual assurance report."""

    INFORMATION_COMPLETE = "information_complete"
    DEFINITIONS_IN_DATE = "definitions_in_date"
    LIST_CHANGES_AGREED = "list_changes_agreed"
    REPORTS_ON_TIMETABLE = "reports_on_timetable"
    LIMITATIONS_STATED = "limitations_stated"
    RETURNS_ON_TIME = "returns_on_time"
    COMMENTARY_COMPLETE = "commentary_complete"
    SUCCESS_MEASURES_ADEQUATE = "success_measures_adequate"
    SAMPLE_CHECKED = "sample_checked"
    MONITORING_EMBEDDED = "monitoring_embedded"
    TARGETS_SET = "targets_set"
    TOLERANCES_SET = "tolerances_set"
    BENCHMARKS_HELD = "benchmarks_held"
    ESCALATION_EMBEDDED = "escalation_embedded"
    ESCALATIONS_RAISED = "escalations_raised"
    RESULTS_REVISED = "results_revised"
    RATINGS_RESTATED = "ratings_restated"
    QUARTERS_REPERFORMED = "quarters_reperformed"
    REPERFORMANCES_SAME = "reperformances_same"
    OPPORTUNITIES_DONE = "opportunities_done"
    RAP_BASELINE = "rap_baseline"


class Conclusion(StrEnum):
    """How a measured figure stands to what is expected of it."""

    NOT_MET = "not_met"
    PARTLY_MET = "partly_met"
    MET = "met"
    NOT_MEASURED = "not_measured"
    FOR_INFORMATION = "for_information"


class Met(StrEnum):
    """Whether a criterion of a self-assessment is met."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Framework(StrEnum):
    """What the arrangements are assessed against: reproducible analytical pipelines, and analytical quality assurance."""

    RAP = "RAP"
    AQUA = "AQuA"


class DecisionType(StrEnum):
    """Kinds of reports that ask for a decision."""

    KEY = "key"
    OFFICER = "officer"


class SuccessCheck(StrEnum):
    """What a check found where a decision report says how success will be measured."""

    ADEQUATE = "adequate"
    PARTLY_ADEQUATE = "partly_adequate"
    NOT_ADEQUATE = "not_adequate"
    MISSING = "missing"


class OpportunityStatus(StrEnum):
    """What became of an opportunity for improvement."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Verdict(StrEnum):
    """What it gave to make a published report again from the same inputs."""

    SAME = "same"
    DIFFERENT = "different"
    FAILED = "failed"


ALL_PEOPLE = "all"
"""The `group` of a result that describes everyone in its area."""
ILLUSTRATIVE = "illustrative"
"""The `producer` of a sample value that no producer published."""
