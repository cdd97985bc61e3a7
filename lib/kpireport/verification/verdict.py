"""What to conclude from a verification, in one of four words and the reasons for it."""

from collections.abc import Sequence
from enum import StrEnum

from kpireport.errors import ExitCode
from kpireport.verification.comparison import Comparison, Tier
from kpireport.verification.integrity import Fault
from kpireport.verification.reperformance import Departure, Remade

REFUSALS = {ExitCode.PARAMETERS, ExitCode.DATA, ExitCode.NOTEBOOK}
"""How the bundle's own code ends when it refuses what it was given, on any machine."""


class Verdict(StrEnum):
    """The conclusion."""

    REPRODUCED = "REPRODUCED"
    FIGURES_MATCH = "FIGURES MATCH"
    DIFFERS = "DIFFERS"
    INCONCLUSIVE = "INCONCLUSIVE"

    @property
    def exit_code(self) -> ExitCode:
        """How the command line ends."""
        return ExitCode.DONE if self is Verdict.REPRODUCED else ExitCode[self.name]

    @property
    def meaning(self) -> str:
        """The verdict as a sentence."""
        return MEANINGS[self]


MEANINGS = {
    Verdict.REPRODUCED: "Every file was made again from its inputs, the same to the byte.",
    Verdict.FIGURES_MATCH: "Everything that a reader sees was made again the same; some bytes were not.",
    Verdict.DIFFERS: "What was published is not what its inputs, code and parameters give.",
    Verdict.INCONCLUSIVE: "This machine could not tell whether the report follows from its inputs.",
}


def decide(
    faults: Sequence[Fault],
    *,
    unprepared: str = "",
    remade: Remade | None = None,
    departures: Sequence[Departure] = (),
    comparison: Comparison | None = None,
) -> tuple[Verdict, list[str]]:
    """Return the verdict and the reasons for it, each a sentence.

    A file that is not what the manifest says is always DIFFERS. Otherwise figures that differ are DIFFERS only where the
    environment is the one that the reports were made in, but for the last number of Python's version: elsewhere they are
    INCONCLUSIVE, because the difference may be the environment's.

    Parameters
    ----------
    faults
        Files that are not what the manifest says.
    unprepared
        Why there is no environment that satisfies the lock.
    """
    material = [one for one in departures if one.is_material]
    elsewhere = f"The environment differs: {'; '.join(map(str, material))}." if material else ""
    reasons = [f"{fault}." for fault in faults]
    if comparison is not None:
        reasons += [f"{one}." for one in comparison.differences if one.tier is not Tier.BYTES]
    refused = remade is not None and remade.folder is None
    if refused and remade is not None:
        reasons.append(f"The reports could not be made again (exit code {remade.code}): {remade.message}")
    if faults:
        return Verdict.DIFFERS, reasons
    if unprepared:
        return Verdict.INCONCLUSIVE, [*reasons, f"No environment satisfies the bundle's lock: {unprepared}."]
    if refused and remade is not None:
        is_sure = remade.code in REFUSALS and not material
        return (Verdict.DIFFERS, reasons) if is_sure else (Verdict.INCONCLUSIVE, [*reasons, *([elsewhere] if elsewhere else [])])
    if comparison is None:
        return Verdict.INCONCLUSIVE, [*reasons, "Nothing was compared."]
    if not comparison.is_same_to_readers:
        return (Verdict.INCONCLUSIVE, [elsewhere, *reasons]) if material else (Verdict.DIFFERS, reasons)
    if comparison.differences:
        why = elsewhere or "The environment is the same, so the bytes were changed after the files were made, or by chance."
        return Verdict.FIGURES_MATCH, [why, *(f"{one}." for one in comparison.differences)]
    return Verdict.REPRODUCED, []
