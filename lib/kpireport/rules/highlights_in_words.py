"""Tells why a KPI is a highlight item or not: what the rules proposed, and what the team chose (`highlights`)."""

from kpireport.rules.highlights import MOST, RED_RISK, Reason
from kpireport.rules.in_words import Printed, Row, is_missing
from kpireport.vocabulary import HighlightChoice


def explain(row: Row, reasons: str, printed: Printed) -> list[str]:
    """Return why the rules propose a KPI; `reasons` are the rules' words, parted by semicolons, "" for none."""
    proposed = [reason for reason in Reason if reason in reasons.split("; ") and reason is not Reason.CHOSEN]
    if not proposed:
        considered = "; ".join(reason for reason in Reason if reason is not Reason.CHOSEN)
        return [f"No rule proposes it as a highlight item. The rules look for: {considered}."]
    return [f"Proposed: {reason}: {_because(reason, row, printed)}." for reason in proposed]


def chosen(choice: str, reason: str, by: str) -> str:
    """Return the team's decision; all are "" when it has not decided."""
    if not choice:
        return "The team has not decided about it, and what is not chosen is not shown."
    verb = "included it" if choice == HighlightChoice.INCLUDE else "left it out"
    return f"{by} {verb}: {reason}" + ("" if reason.endswith((".", "!", "?")) else ".")


def _because(reason: Reason, row: Row, printed: Printed) -> str:
    was = str(row["previous_rating"]).replace("_", " ")
    match reason:
        case Reason.NEWLY_RED:
            return (
                f"it is red, and {f'was {was} in the previous report' if was else 'was not on the list of the previous report'}"
            )
        case Reason.LARGEST_GAP:
            return (
                f"it is red, {_short(float(row['gap_in_tolerances']))} tolerances from its target, one of the {MOST} largest gaps"
            )
        case Reason.SPECIAL_CAUSE:
            return "its result is new, and a rule of variation catches it"
        case Reason.SIGNIFICANT_TREND:
            return "its result is new, and the trend of its last five is significant"
        case Reason.LARGEST_IMPROVEMENT:
            size = "" if is_missing(row["change"]) else f", by {printed.amount(abs(float(row['change'])))}"
            return f"its result is new and better than its comparator{size}, one of the {MOST} largest in proportion"
        case Reason.AWAITED_TWICE:
            return "it is awaited, and was awaited in the previous report"
        case Reason.RESTATED:
            return "a revision since the previous report changed one of its ratings"
        case Reason.RED_RISK:
            return f'its corporate risk, {row["risk_ref"]}, is rated "{RED_RISK}"'
        case Reason.CHOSEN:
            return "the team chose it"


def _short(gap: float) -> str:
    return f"{abs(gap):.2f}".rstrip("0").rstrip(".")
