"""The words of the annual assurance report."""

from enum import StrEnum


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
