"""The words of a rating, `target-tolerance-v1`, and of the direction of travel."""

from enum import StrEnum


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


class Because(StrEnum):
    """Why a report would show something else of a KPI today, the first that holds."""

    LIST = "list"
    FIRST = "first"
    NEWER = "newer"
    REVISED = "revised"
    JUDGED = "judged"
