"""What a trace is made of: steps of sentences, each with the place where it can be looked up, and those that do not agree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One thing that was found, or worked out."""

    text: str
    """A sentence, or several."""
    where: str = ""
    """Where it can be looked up: file, sheet, row or cell."""
    sha256: str = ""
    """The digest of that file; "" where it is not a file that a digest vouches for."""
    is_wrong: bool = False
    """Whether it does not agree with what was published or recorded."""
    is_open: bool = False
    """Whether it says that something could not be looked up."""


@dataclass(frozen=True)
class Step:
    """One step of the way from the printed figure to the cell that it came from, or of the rules."""

    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Account:
    """The way of the one figure that some reports show."""

    headline: str
    """The figure as printed, with its rating."""
    reports: tuple[str, ...]
    """The reports that show it, by their titles."""
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Trace:
    """A KPI of a period, from everything that was printed of it back to where it came from."""

    kpi_id: str
    kpi_name: str
    period: str
    council: str
    brand_colour: str
    accent_colour: str
    made_from: tuple[Said, ...]
    """What was traced, and by what code."""
    accounts: tuple[Account, ...]
    """More than one where reports show different figures: an edition hides one, or another knew more."""

    @property
    def wrong(self) -> list[Said]:
        """Everything that does not agree, each once."""
        return list(dict.fromkeys(said for _, _, said in self.lines if said.is_wrong))

    @property
    def open(self) -> list[Said]:
        """Everything that could not be looked up, each once."""
        return list(dict.fromkeys(said for _, _, said in self.lines if said.is_open))

    @property
    def lines(self) -> Iterator[tuple[str, str, Said]]:
        """Everything said, each with its account's headline and its step."""
        yield from (("", "Traced", one) for one in self.made_from)
        for account in self.accounts:
            yield from ((account.headline, step.title, one) for step in account.steps for one in step.said)


def step(title: str, said: Iterable[Said | str]) -> Step:
    """Return a step of sentences, of which plain text has no place to look up."""
    return Step(title, tuple(one if isinstance(one, Said) else Said(one) for one in said))
