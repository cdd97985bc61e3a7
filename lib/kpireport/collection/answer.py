"""What became of one file that a service sent."""

from dataclasses import dataclass

from kpireport.collection.against_record import Outcome, Settled
from kpireport.collection.returned import Return
from kpireport.errors import Finding


@dataclass(frozen=True)
class Answer:
    """What became of one file."""

    returned: Return
    rows: tuple[Settled, ...] = ()
    received_at: str = ""
    """When it was received (UTC): for a file taken in before, then."""
    is_known: bool = False
    """Whether it was taken in before."""
    doubts: tuple[Finding, ...] = ()
    """What the record as it would be asks about its rows."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Every fault, in the order of the file."""
        found = [*self.returned.faults, *self.returned.loose_faults]
        found += [fault for one in self.rows if one.outcome is not Outcome.HELD for fault in one.claim.faults]
        return tuple(dict.fromkeys(found))

    @property
    def questions(self) -> tuple[Finding, ...]:
        """Every question."""
        asked = [question for one in self.rows if one.outcome is not Outcome.HELD for question in one.claim.questions]
        return tuple(dict.fromkeys([*self.returned.questions, *asked, *self.doubts]))

    def of(self, *outcomes: Outcome) -> list[Settled]:
        """Return the rows with one of some outcomes."""
        return [one for one in self.rows if one.outcome in outcomes]
