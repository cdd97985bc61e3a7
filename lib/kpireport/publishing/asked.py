"""What a person asked for, where reports are kept, and what the folder is called that comes of it: the standard library only."""

from dataclasses import dataclass
from pathlib import Path

AS_KNOWN_ON = "as_known_on"
"""The parameter that says as known on which day."""
FORMS = ("html", "pdf")
"""The forms in which a report is written, beside the notebook that it is read from."""


@dataclass(frozen=True)
class Places:
    """Where reports are kept."""

    root: Path = Path()
    """The folder that holds `params/` and `notebooks/`; paths in parameters files are relative to it."""
    package: str = "kpireport.reports"
    """The package of the reports' modules."""

    @property
    def params(self) -> Path:
        """The folder of parameters files."""
        return self.root / "params"

    @property
    def notebooks(self) -> Path:
        """The folder of notebooks."""
        return self.root / "notebooks"


@dataclass(frozen=True)
class Request:
    """What a person asked for on the command line; "" where they left it to the parameters files."""

    occasion: str
    number: str = ""
    """The quarter, 1 to 4, of reports that are made each quarter."""
    year: str = ""
    data: str = ""
    council: str = ""
    settings: tuple[str, ...] = ()
    """Further parameters, each as name=value."""
    forms: tuple[str, ...] = FORMS
    """In which forms reports are written, in the order of `FORMS`."""

    @property
    def told(self) -> str:
        """What it asks for in words, such as quarter, 2024-25 Q2."""
        return ", ".join(filter(None, [self.occasion, f"{self.year} Q{self.number}" if self.number and self.year else self.year]))


def folder_name(occasion: str, period: str, *, known_on: str = "") -> str:
    """Return the name of the folder of an occasion's files in a period, as known on a day (ISO) when one was asked for."""
    name = period.lower().replace(" ", "-")
    named = name if occasion == "quarter" else f"{name}-{occasion}"
    return f"{named}-known-{known_on}" if known_on else named
