"""The kinds of KPI that a made-up register is made of, and the services that they are about."""

from dataclasses import dataclass

from kpireport.periods import PeriodKind
from kpireport.vocabulary import ComparatorRule, Frequency, MeasureType, Polarity, TargetType, ToleranceType


@dataclass(frozen=True)
class Timing:
    """What stretch of time a value describes, how often there is one, and which earlier one it is compared with."""

    measure_type: MeasureType
    frequency: Frequency
    period_kind: PeriodKind
    comparator_rule: ComparatorRule
    lag_months: int = 0
    """Periods with a lag are those of published statistics; services return the rest."""


@dataclass(frozen=True)
class Goal:
    """What a KPI is judged against; a tracker has none."""

    target_type: TargetType
    tolerance: float | None = None
    tolerance_type: ToleranceType | None = None
    dead_band: float | None = None


@dataclass(frozen=True)
class Pattern:
    """One kind of KPI, of which a register has many."""

    name: str
    """Its name, in which {} stands for the service."""
    unit: str
    decimals: int
    polarity: Polarity
    timing: Timing
    goal: Goal
    level: float
    """Its usual value, a whole year's for a cumulative measure."""
    step: float
    """How far it moves from one period to the next, in hundredths of its level."""
    season: float = 0
    """How far it swings with the time of year, in hundredths of its level."""
    pandemic: float = 0
    """How far it moved in the pandemic at the most, in hundredths of its level."""


HIGHER, LOWER, RANGE, NEUTRAL = Polarity
SAME = ComparatorRule.SAME_PERIOD_LAST_YEAR
LAST, YEAR_BEFORE = ComparatorRule.PREVIOUS_PERIOD, ComparatorRule.PREVIOUS_YEAR
MONTH = Timing(MeasureType.IN_PERIOD, Frequency.MONTHLY, PeriodKind.MONTH, SAME)
QUARTER = Timing(MeasureType.IN_PERIOD, Frequency.QUARTERLY, PeriodKind.QUARTER, LAST)
LAST_DAY = Timing(MeasureType.SNAPSHOT, Frequency.QUARTERLY, PeriodKind.QUARTER, LAST)
SINCE_APRIL = Timing(MeasureType.CUMULATIVE, Frequency.QUARTERLY, PeriodKind.QUARTER, SAME)
TWELVE_MONTHS = Timing(MeasureType.ROLLING_YEAR, Frequency.QUARTERLY, PeriodKind.ROLLING_YEAR, SAME)
TERM = Timing(MeasureType.TERMLY, Frequency.TERMLY, PeriodKind.TERM, SAME, 1)
YEAR = Timing(MeasureType.ANNUAL, Frequency.ANNUAL, PeriodKind.FINANCIAL_YEAR, YEAR_BEFORE, 6)
CALENDAR_YEAR = Timing(MeasureType.ANNUAL, Frequency.ANNUAL, PeriodKind.CALENDAR_YEAR, YEAR_BEFORE, 9)
SCHOOL_YEAR = Timing(MeasureType.ACADEMIC_YEAR, Frequency.ANNUAL, PeriodKind.ACADEMIC_YEAR, YEAR_BEFORE, 1)
SECOND_YEAR = Timing(MeasureType.ANNUAL, Frequency.BIENNIAL, PeriodKind.FINANCIAL_YEAR, YEAR_BEFORE, 9)
THREE_YEARS = Timing(MeasureType.POOLED_YEARS, Frequency.ANNUAL, PeriodKind.POOLED_YEARS, LAST, 9)
UNRATED = Goal(TargetType.NONE)


def _points(size: float, kind: TargetType = TargetType.VALUE) -> Goal:
    return Goal(kind, size, ToleranceType.ABSOLUTE)


def _percent(size: float) -> Goal:
    return Goal(TargetType.VALUE, size, ToleranceType.PERCENT_OF_TARGET)


def _more(dead_band: float) -> Goal:
    return Goal(TargetType.INCREASE, dead_band=dead_band)


def _less(dead_band: float) -> Goal:
    return Goal(TargetType.DECREASE, dead_band=dead_band)


PATTERNS = (
    Pattern("Requests about {} answered on time", "%", 1, HIGHER, MONTH, _points(5), 88, 1.2, season=1, pandemic=-6),
    Pattern("People satisfied with {}", "%", 1, HIGHER, QUARTER, _points(3), 76, 1.5, pandemic=-3),
    Pattern("People who wait for {}", "number", 0, LOWER, LAST_DAY, _percent(10), 340, 4, pandemic=25),
    Pattern("People helped by {} since April", "number", 0, HIGHER, SINCE_APRIL, _percent(5), 5200, 4, pandemic=-35),
    Pattern("Cost of {} since April", "£m", 1, LOWER, SINCE_APRIL, _percent(5), 42, 3, pandemic=12),
    Pattern("Days to begin {}", "days", 1, LOWER, TWELVE_MONTHS, _points(2), 24, 2, pandemic=20),
    Pattern("Homes reached by {}", "%", 1, HIGHER, YEAR, _points(4), 62, 2),
    Pattern("Pupils' average score after {}", "score", 1, HIGHER, SCHOOL_YEAR, _more(0.3), 46, 1.5),
    Pattern("Attendance at {}", "%", 1, HIGHER, TERM, _points(1), 93, 0.5, season=0.4),
    Pattern("Deaths that {} might prevent", "per 100,000", 1, LOWER, THREE_YEARS, _less(1), 180, 1.5),
    Pattern("Calls about {}", "number", 0, NEUTRAL, MONTH, UNRATED, 8400, 3, season=9, pandemic=-20),
    Pattern("Staff turnover in {}", "%", 1, RANGE, TWELVE_MONTHS, _points(1.5, TargetType.RANGE), 10.5, 3, pandemic=-15),
    Pattern("Repeat requests for {}", "%", 1, LOWER, QUARTER, _less(0.2), 21, 2.5),
    Pattern("Injuries near {}", "number", 0, LOWER, CALENDAR_YEAR, _less(5), 480, 6, pandemic=-20),
    Pattern("Quality of life of people who use {}", "score", 1, HIGHER, SECOND_YEAR, _more(0.1), 7.4, 1),
)
SERVICES = (
    "home care", "day services", "care assessments", "health visiting", "stop smoking services", "foster care", "family support",
    "early years places", "school places", "special needs support", "youth work", "planning", "road repairs", "street lighting",
    "job support", "museums", "leisure centres", "libraries", "bin collections", "council housing", "homelessness advice",
    "parks", "food safety", "licensing", "housing benefit", "customer contact", "digital services", "staff training",
)  # fmt: skip
