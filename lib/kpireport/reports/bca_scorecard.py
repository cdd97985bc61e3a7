"""The Best City Ambition Scorecard of a financial year: outcomes in the city that its council does not control."""

from dataclasses import dataclass
from pathlib import Path

from kpireport.errors import Finding, ParameterError
from kpireport.periods import Period, PeriodKind, parse
from kpireport.rules import city_scorecard
from kpireport.rules.city_scorecard import CityScorecard
from kpireport.sources import council as councils
from kpireport.sources import outlines
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import ILLUSTRATIVE, Edition

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
    period = _financial_year(year)
    register, authority = registers.load(Path(data)), councils.load(Path(council))
    scorecard = city_scorecard.assemble(
        year=period,
        area=authority.area,
        comparators=authority.comparators,
        is_public=edition == Edition.PUBLIC,
        kpis=register.kpis,
        targets=register.targets,
        results=register.results,
        rebases=register.rebases,
        rounds=register.rounds,
        areas=register.areas,
        benchmarks=register.benchmarks,
        comparator_sets=register.comparator_sets,
        pillars=register.pillars,
        indicators=register.indicators,
        outcomes=register.outcomes,
        index_hierarchy=register.index_hierarchy,
        index_values=register.index_values,
        community_voice=register.community_voice,
        ward_tiles=register.ward_tiles,
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


def _financial_year(text: str) -> Period:
    try:
        period = parse(text)
    except ValueError as error:
        raise ParameterError(f"year: {error}.") from None
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise ParameterError(f'year: "{text}" is not a financial year: write it like 2023-24.')
    return period
