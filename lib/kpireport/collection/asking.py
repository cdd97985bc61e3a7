"""What is asked of services at the end of a quarter: the results due, those still awaited, and what the record already holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpireport.collection import contacts
from kpireport.collection.contacts import AskedBy, Recipient
from kpireport.errors import ParameterError
from kpireport.periods import Period
from kpireport.rules import availability, definitions, owed, performance
from kpireport.rules.performance import Performance
from kpireport.rules.targets import with_targets
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ALL_PEOPLE, AreaType

SHOWN = 4
"""How many of a KPI's latest results a form shows."""
BREAKDOWN_YEARS = 3
"""A ward or group is asked for when the record has a result of it for a period that ended at most so many years before."""
_TERMS = ["kpi_id", "kpi_name", "definition", "directorate", "unit", "decimals", "kind", "polarity", "target_type"]


@dataclass(frozen=True)
class Asking:
    """One quarter's requests: what is asked, of whom, by when."""

    council: Council
    quarter: Period
    known_on: date
    """The last day whose results are taken as in."""
    due_on: date
    """The day by which services return their results."""
    clt_on: date
    """The day on which the Corporate Leadership Team reads the quarter's report."""
    performance: Performance
    """The KPIs on the list, on the results received by `known_on`."""
    asked: pd.DataFrame
    """One row is one KPI and period (`owed.asked`), with the KPI's terms, `target`, `upper` and `has_counts`."""
    breakdowns: pd.DataFrame
    """One row is one KPI, area, group and period: `area_name`, and the last result of it (`last_period`, `last_value`)."""
    earlier: pd.DataFrame
    """One row is one of the latest results of a KPI that is asked for: `Performance.history` with its terms, latest first."""
    recipients: tuple[Recipient, ...]


def ask(
    register: Register, council: Council, *, quarter: Period, by: AskedBy = AskedBy.DIRECTORATE, known_on: date | None = None
) -> Asking:
    """Return what is asked of services for `quarter`.

    Parameters
    ----------
    by
        One request for each directorate, or for each key contact.
    known_on
        Results received by this day are not asked for again; by default the last day of the quarter, so that the same requests
        come out whenever they are made.

    Raises
    ------
    ParameterError
        When the rounds table has no row for the quarter.
    """
    day = known_on or quarter.end
    days = of_round(register.rounds, quarter)
    # The definitions of the quarter, whenever they were agreed: a form asks for what is to be reported now.
    kpis, targets = definitions.as_at(register.kpis, register.targets, register.kpi_changes, quarter=quarter)
    shown = performance.for_quarter(
        kpis,
        targets,
        register.results,
        register.rounds,
        quarter=quarter,
        area=council.area,
        as_known_on=day,
        rebases=register.rebases,
    )
    known = availability.as_known(register.results, day)
    own = availability.of_council(known, council.area)
    asked = owed.asked(shown.kpis, own, quarter).merge(
        shown.kpis[[*_TERMS, "key_contacts"]], on="kpi_id", how="left", validate="many_to_one"
    )
    asked = with_targets(asked, targets)
    return Asking(
        council=council,
        quarter=quarter,
        known_on=day,
        due_on=pd.Timestamp(days["returns_due_on"]).date(),
        clt_on=pd.Timestamp(days["clt_on"]).date(),
        performance=shown,
        asked=asked.assign(has_counts=asked["kpi_id"].isin(own.loc[own["numerator"].notna(), "kpi_id"])),
        breakdowns=_breakdowns(asked, known, register.areas, council.area),
        earlier=_earlier(shown, asked["kpi_id"]),
        recipients=tuple(
            contacts.recipients(asked.drop_duplicates("kpi_id"), register.directorates, by),
        ),
    )


def of_round(rounds: pd.DataFrame, quarter: Period) -> pd.Series:
    """Return the row of the rounds table that has a quarter's days; raises ParameterError when there is none."""
    rows = rounds[rounds["quarter"] == str(quarter)]
    if rows.empty:
        raise ParameterError(
            f"quarter: the rounds table has no row for {quarter}, so there is no deadline. Add its dates to reference/rounds."
        )
    return rows.iloc[0]


def _only(frame: pd.DataFrame, kpi_ids: Iterable[str]) -> pd.DataFrame:
    place = {kpi_id: number for number, kpi_id in enumerate(kpi_ids)}
    rows = frame[frame["kpi_id"].isin(list(place))]
    order = rows["kpi_id"].map(place).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def narrowed(asking: Asking, recipient: Recipient) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what is asked of one recipient: the rows of `asked`, `breakdowns` and `earlier` of its KPIs, in their order."""
    return (
        _only(asking.asked, recipient.kpi_ids),
        _only(asking.breakdowns, recipient.kpi_ids),
        _only(asking.earlier, recipient.kpi_ids),
    )


def _breakdowns(asked: pd.DataFrame, known: pd.DataFrame, areas: pd.DataFrame, area: str) -> pd.DataFrame:
    """Return the wards and groups to ask for: those that the record has had lately for a KPI whose expected result is asked for.

    A ward of an earlier edition of the boundaries is not asked for.
    """
    wanted = asked.loc[asked["is_expected"], ["kpi_id", "kpi_name", "unit", "decimals", "period", "period_end"]]
    parts = known[((known["area"] != area) | (known["group"] != ALL_PEOPLE)) & known["kpi_id"].isin(wanted["kpi_id"])]
    held = ["kpi_id", "area", "group", "period", "value", "numerator", "absence"]
    parts = parts[[*held, "period_end"]].rename(columns={name: f"last_{name}" for name in ("period", "value", "absence")})
    rows = parts.merge(wanted, on="kpi_id", how="inner", validate="many_to_one", suffixes=("_held", ""))
    key = ["kpi_id", "area", "group"]
    is_in = rows["last_period"] == rows["period"]
    answered = set(rows.loc[is_in, key].itertuples(index=False, name=None))
    since = rows["period_end"] - pd.DateOffset(years=BREAKDOWN_YEARS)
    rows = rows[(rows["period_end_held"] < rows["period_end"]) & (rows["period_end_held"] >= since)]
    is_answered = [one in answered for one in rows[key].itertuples(index=False, name=None)]
    rows = rows[~pd.Series(is_answered, index=rows.index, dtype=bool)]
    wards = areas[areas["area_type"] == AreaType.WARD]
    old = set(wards.loc[wards["boundaries"] != wards["boundaries"].max(), "area"])
    names = areas.drop_duplicates("area", keep="last")[["area", "area_name"]]
    counted = rows["kpi_id"].isin(rows.loc[rows["numerator"].notna(), "kpi_id"])
    rows = rows.assign(has_counts=counted, is_own=rows["area"] == area)[~rows["area"].isin(old)]
    rows = rows.merge(names, on="area", how="left", validate="many_to_one")
    latest = rows.sort_values([*key, "period_end_held"], kind="stable").drop_duplicates(key, keep="last")
    return latest.sort_values(["kpi_id", "is_own", "area_name", "group"], ascending=[True, False, True, True], ignore_index=True)


def _earlier(shown: Performance, kpi_ids: pd.Series) -> pd.DataFrame:
    rows = shown.history[shown.history["kpi_id"].isin(kpi_ids)]
    latest = rows.groupby("kpi_id", sort=False).tail(SHOWN)
    named = latest.merge(shown.kpis[_TERMS], on="kpi_id", how="left", validate="many_to_one")
    return named.sort_values(["kpi_id", "period_end"], ascending=[True, False], ignore_index=True)
