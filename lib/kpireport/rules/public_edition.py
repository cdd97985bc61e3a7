"""What a public edition leaves out: contacts, and figures so small that they could tell something about a person.

The figures are hidden in the results themselves, before anything is rated, counted or drawn, so that no average, limit or rating
can give them back. Source: the rating contract, part 8.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pandas as pd

from kpireport.errors import DataError, Finding
from kpireport.rules.availability import RESULT_KEY, as_known
from kpireport.rules.disclosure_results import protect_results
from kpireport.rules.record import Record
from kpireport.vocabulary import Absence

RecordT = TypeVar("RecordT", bound=Record)
PEOPLE = re.compile(
    r"\b(?:adults?|births?|boys?|carers?|child|children|claimants?|clients?|customers?|deaths?|died|employees?|families|girls?|"
    r"households?|injur\w+|killed|learners?|leavers?|men|parents?|patients?|people|persons?|pupils?|residents?|respondents?|staff|suicides?|"
    r"tenants?|women|workers?)\b",
    re.IGNORECASE,
)
"""Words by which a name or a definition says that people are counted."""
THINGS = re.compile(
    r"\b(?:appeals?|applications?|businesses|collections?|defects?|fly-tipping|footfall|homes?|invoices|journeys|points|providers|"
    r"repairs?|roads?|schools?|spend|streets?|visits|waste)\b",
    re.IGNORECASE,
)
"""Words by which a name says that things are counted."""
COUNTED = re.compile(r"number|%|.*\bper [0-9,]+\b.*")
"""Units of figures that rest on a count."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
"""An e-mail address; however long a word is, it is looked at once."""
_PRINTED = {
    "kpis": ["kpi_name", "definition", "source", "limitations"],
    "commentary": ["reason", "action", "narrative"],
    "results": ["producer", "note"],
    "kpi_changes": ["old_value", "new_value", "detail"],
    "benchmarks": ["producer"],
    "targets": ["profile"],
    "directorates": ["directorate_name"],
    "boards": ["board_name"],
    "pillars": ["pillar_name"],
    "plan_themes": ["plan_theme_name"],
    "areas": ["area_name"],
    "comparator_sets": ["comparator_set_name"],
    "responses": ["question"],
    "indicators": ["indicator_name", "definition", "unit", "source"],
    "outcomes": ["producer"],
    "index_hierarchy": ["node_name", "unit"],
    "index_values": ["producer"],
    "community_voice": ["quote", "source"],
    "expectations": ["source"],
    "reports_issued": ["report"],
    "reperformances": ["note"],
    "decision_reports": ["title"],
    "roles": ["entity", "role"],
    "opportunities": ["opportunity", "follow_up"],
    "self_assessment": ["level", "criterion", "evidence"],
}
"""Columns of text that public editions print, by table."""


def counts_people(kpis: pd.DataFrame) -> pd.Series:
    """Return which KPIs count people: those whose figure rests on a count, unless it plainly counts only things.

    The register has no column for this. A KPI counts only things when its name names them and neither its name nor its definition
    names people; whatever is in doubt counts people, and is protected.
    """
    said = kpis["kpi_name"] + " " + kpis["definition"]
    is_count = kpis["unit"].str.fullmatch(COUNTED)
    only_things = kpis["kpi_name"].str.contains(THINGS) & ~said.str.contains(PEOPLE)
    return (is_count & ~only_things).astype(bool)


def of_record(record: RecordT, *, area: str, known_on: tuple[date | None, ...]) -> RecordT:
    """Return the register without the results that a public edition must hide (see `protected`).

    Raises
    ------
    DataError
        With every e-mail address in text that a public edition prints.
    """
    refuse_addresses(vars(record))
    return replace(record, results=protected(record.results, record.kpis, record.areas, area=area, known_on=known_on))


def protected(
    results: pd.DataFrame,
    kpis: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    area: str,
    known_on: tuple[date | None, ...],
) -> pd.DataFrame:
    """Return the KPI Data Record without the figures that a public edition must hide.

    Parameters
    ----------
    known_on
        The days on which reports stood or stand: the record as known on each of them is protected as a whole, and what is hidden
        on one of them is hidden in every vintage.

    Returns
    -------
    pd.DataFrame
        `results` with hidden values, numerators and denominators missing and their `absence` "suppressed".
    """
    ids = kpis.loc[counts_people(kpis), "kpi_id"]
    of_people = results[results["kpi_id"].isin(ids)]
    columns = ["value", "numerator", "denominator"]
    hidden = pd.DataFrame(False, index=of_people.index, columns=columns)
    for day in dict.fromkeys(known_on):
        known = as_known(of_people, day)
        shown = protect_results(known, kpis, areas, area=area)
        found = known[RESULT_KEY].join(known[columns].notna() & shown[columns].isna())
        again = of_people[RESULT_KEY].merge(found, on=RESULT_KEY, how="left", validate="many_to_one").set_axis(of_people.index)
        hidden |= again[columns].eq(other=True)
    is_hidden = hidden.any(axis="columns").reindex(results.index, fill_value=False)
    masked = {name: results[name].mask(hidden[name].reindex(results.index, fill_value=False)) for name in columns}
    return results.assign(**masked, absence=results["absence"].mask(is_hidden, str(Absence.SUPPRESSED)))


def with_hidden_figures(results: pd.DataFrame) -> set[str]:
    """Return the KPIs of which at least one figure is hidden."""
    return set(results.loc[results["absence"] == Absence.SUPPRESSED, "kpi_id"])


def newly_hidden(protected: pd.DataFrame, results: pd.DataFrame) -> set[str]:
    """Return the KPIs of which `protected` hides a figure that the record holds: who writes of them may not know it hidden."""
    return with_hidden_figures(protected[results["absence"] != Absence.SUPPRESSED])


def without_contacts(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return KPIs without those who answer for them or produce their figures."""
    return kpis.assign(**{name: "" for name in ("accountable_officer", "key_contacts") if name in kpis})


def public_commentary(commentary: pd.DataFrame, silent: set[str]) -> pd.DataFrame:
    """Return the commentary without owners, and without what is said of the `silent` KPIs, as it might tell hidden figures."""
    return commentary[~commentary["kpi_id"].isin(silent)].assign(owner="")


def refuse_addresses(tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise a DataError with every e-mail address in text of `tables` that a public edition prints."""
    if faults := check_no_address(tables):
        raise DataError(faults)


def check_no_address(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Return a fault for each e-mail address in text that a public edition prints.

    `tables` are tables of the register by their last word, with the row of the sheet as index.
    """
    faults = []
    for name, columns in _PRINTED.items():
        for column in columns if name in tables else []:
            words = tables[name][column]
            for row in words.index[words.str.contains(EMAIL)]:
                faults.append(
                    Finding(
                        file=name,
                        sheet="",
                        cell="",
                        found=f"an e-mail address in {column}, row {row}",
                        expected="no address in text that the public reads",
                        remedy="Take it out; contacts have columns of their own.",
                    )
                )
    return faults
