"""The words that say what a result is, and of whom and where."""

from enum import StrEnum


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


class ReturnKind(StrEnum):
    """What kind of file a service returned."""

    WORKBOOK = "workbook"
    MAPPED_WORKBOOK = "mapped_workbook"
    CSV = "csv"


ALL_PEOPLE = "all"
"""The `group` of a result that describes everyone in its area."""
ILLUSTRATIVE = "illustrative"
"""The `producer` of a sample value that no producer published."""
