"""The Best City Ambition Scorecard of a financial year: outcomes in the city that its council does not control."""

from dataclasses import dataclass
from pathlib import Path

from kpireport import periods
from kpireport.errors import Finding
from kpireport.rules import city_scorecard, public_edition
from kpireport.rules.city_scorecard import CityScorecard
from kpireport.sources import council as councils
from kpireport.sources import outlines
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import ILLUSTRATIVE, Edition, YesNo

OCCASION = "bca"


@dataclass(frozen=True)
class BcaScorecard:
    """What the Executive Board, partners and the public read about the city once a year."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the report uses (ISO)."""
    scheme: str
    """"": nothing is rated."""
    edition: str
    scorecard: CityScorecard
    warnings: tuple[Finding, ...]
    illustrative: int
    """How many indicators, index figures and quotations are samples that no producer published."""


def build(*, data: str, council: str, year: str, edition: str = Edition.PUBLIC) -> BcaScorecard:
    """Assemble the scorecard of `year`, a financial year such as 2023-24, from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    edition
        "public" hides small counts; "internal" does not. Neither names a contact.

    Raises
    ------
    ParameterError
        When `year` is no financial year.
    DataError
        With every fault of the register, or of the index's hierarchy.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), periods.asked_year(year)
    if edition == Edition.PUBLIC:
        names = ("kpis", "indicators", "outcomes", "index_hierarchy", "index_values", "pillars", "areas", "comparator_sets")
        voice = register.community_voice.loc[register.community_voice["consent"] == YesNo.YES]
        public_edition.refuse_addresses({"community_voice": voice, **{name: getattr(register, name) for name in names}})
    scorecard = city_scorecard.assemble(
        register,
        year=period,
        area=authority.area,
        comparators=authority.comparators,
        is_public=edition == Edition.PUBLIC,
        ward_outlines=outlines.load(Path(data)),
    )
    of_index = 0 if scorecard.index is None else int(scorecard.index.figures["producer"].eq(ILLUSTRATIVE).sum())
    return BcaScorecard(
        council=authority,
        title="Best City Ambition Scorecard",
        subtitle=f"Outcomes in {authority.place}, {year}",
        date=str(scorecard.known_on or period.end),
        scheme="",
        edition=edition,
        scorecard=scorecard,
        warnings=register.warnings,
        illustrative=scorecard.illustrative + of_index + int(scorecard.voice["producer"].eq(ILLUSTRATIVE).sum()),
    )
