"""Who has not returned what, how late it is, and who is to be reminded of it.

What is outstanding is the awaited list of the quarter's report, as on any day; how many results came in time is counted as in the
annual assurance report.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import pandas as pd

from kpireport.collection import contacts
from kpireport.collection.asking import of_round
from kpireport.collection.contacts import AskedBy, Contact, Recipient
from kpireport.errors import ParameterError
from kpireport.periods import Period
from kpireport.rules import assurance_evidence, availability, oversight, owed, performance
from kpireport.rules.performance import Performance
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import NotRated

ALL_DIRECTORATES = ""
"""The directorate of the line of `Chasing.punctuality` that counts them all."""


class Reminder(IntEnum):
    """How often a service has been written to when this letter goes."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3


def today() -> date:
    """Return the day on which this runs; whatever is published says as on which day it is."""
    return date.today()


@dataclass(frozen=True)
class Steps:
    """After how many working days the tone changes."""

    second_after: int = 5
    third_after: int = 10
    escalate_after: int = 15

    def __post_init__(self) -> None:
        if not 1 < self.second_after < self.third_after or self.escalate_after < 1:
            raise ParameterError(
                "params/collection.yaml: second_reminder_after must be 2 or more, third_reminder_after more than it, and "
                "escalate_after 1 or more."
            )

    def reminder(self, working_days_late: float) -> Reminder:
        """Return which reminder a result so late is due."""
        edges = ((self.third_after, Reminder.THIRD), (self.second_after, Reminder.SECOND), (1, Reminder.FIRST))
        return next((reminder for edge, reminder in edges if working_days_late >= edge), Reminder.NONE)


@dataclass(frozen=True)
class Escalation:
    """What a director is told."""

    directorate: str
    name: str
    director: Contact
    copied: tuple[Contact, ...]
    kpi_ids: tuple[str, ...]


@dataclass(frozen=True)
class Chasing:
    """What is outstanding for a quarter on a day."""

    council: Council
    quarter: Period
    on: date
    due_on: date
    performance: Performance
    outstanding: pd.DataFrame
    """One row is one KPI whose result is due and missing, as in the report's awaited list: its columns, `fell_due` (quarter),
    `due_on`, `days_late`, `working_days_late` (`owed`), `also_missing` (earlier periods), `directorate_name`, `contact` and
    `reminder`."""
    gaps: pd.DataFrame
    """One row is one KPI and earlier period that is missing although the KPI's expected result is in (`owed.asked`)."""
    punctuality: pd.DataFrame
    """One row is one directorate, then all of them: of the results that fell due in the quarter, `due`, `on_time`, `late` and
    `missing` (`assurance_evidence.count_returns`)."""
    returns: pd.DataFrame
    """One row is one return taken in by the day (returns table), with `is_signed`."""
    reminders: tuple[tuple[Recipient, Reminder], ...]
    """Who is written to; each recipient's KPIs are those that are late."""
    escalations: tuple[Escalation, ...]


def chase(
    register: Register,
    council: Council,
    *,
    quarter: Period,
    on: date,
    by: AskedBy = AskedBy.DIRECTORATE,
    steps: Steps | None = None,
) -> Chasing:
    """Return what is outstanding for `quarter` at the end of the day `on`, and who is to be written to.

    A result that a national source has not published is listed, and nobody is reminded of it.

    Raises
    ------
    ParameterError
        When the rounds table has no row for the quarter.
    """
    steps = steps or Steps()
    due_on = pd.Timestamp(of_round(register.rounds, quarter)["returns_due_on"]).date()
    shown = performance.for_quarter(
        register.kpis,
        register.targets,
        register.results,
        register.rounds,
        quarter=quarter,
        area=council.area,
        as_known_on=on,
        rebases=register.rebases,
        changes=register.kpi_changes,
    )
    known = availability.of_council(register.results[register.results["received_on"] <= pd.Timestamp(on)], council.area)
    asked = owed.asked(shown.kpis, availability.as_known(known, None), quarter)
    outstanding = _outstanding(register, shown, asked, due_on, on)
    outstanding = outstanding.assign(
        reminder=[
            int(steps.reminder(late)) if state == NotRated.AWAITED else 0
            for late, state in zip(outstanding["working_days_late"], outstanding["rating"], strict=True)
        ]
    )
    late = outstanding[outstanding["reminder"] > 0]
    recipients = contacts.recipients(late, register.directorates, by)
    most = late.set_index("kpi_id")["reminder"]
    is_gap = ~asked["is_expected"] & ~asked["kpi_id"].isin(outstanding["kpi_id"])
    return Chasing(
        council=council,
        quarter=quarter,
        on=on,
        due_on=due_on,
        performance=shown,
        outstanding=outstanding,
        gaps=asked[is_gap].merge(shown.kpis[["kpi_id", "kpi_name", "directorate"]], on="kpi_id", validate="many_to_one"),
        punctuality=_punctuality(register, shown, known, quarter, due_on),
        returns=_returns(register, quarter, on),
        reminders=tuple((one, Reminder(int(most[list(one.kpi_ids)].max()))) for one in recipients),
        escalations=_escalations(late[late["working_days_late"] >= steps.escalate_after], register.directorates),
    )


def _outstanding(register: Register, shown: Performance, asked: pd.DataFrame, due_on: date, on: date) -> pd.DataFrame:
    rows = oversight.awaited_returns(shown.kpis).merge(
        register.directorates[["directorate", "directorate_name"]], on="directorate", how="left", validate="many_to_one"
    )
    expected = asked.loc[asked["is_expected"], ["kpi_id", "fell_due"]]
    rows = rows.merge(expected, on="kpi_id", how="left", validate="one_to_one")
    days = dict(zip(register.rounds["quarter"], register.rounds["returns_due_on"], strict=True))
    due = pd.to_datetime(rows["fell_due"].map(days)).fillna(pd.Timestamp(due_on)).astype("datetime64[s]")
    nothing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    earlier = asked[~asked["is_expected"]].groupby("kpi_id", sort=False)["period"].agg("; ".join)
    first = [next(iter(contacts.parse_all(text)), Contact("", "")) for text in rows["key_contacts"]]
    return rows.assign(
        due_on=due,
        days_late=owed.days_late(due, nothing, on=on).astype(int),
        working_days_late=owed.working_days_late(due, nothing, on=on).astype(int),
        also_missing=rows["kpi_id"].map(earlier).fillna("").astype("str"),
        contact=[str(contact) for contact in first],
    )


def _punctuality(register: Register, shown: Performance, known: pd.DataFrame, quarter: Period, due_on: date) -> pd.DataFrame:
    rows = assurance_evidence.returns(shown.kpis, known, quarter, due_on=due_on)
    names = dict(zip(register.directorates["directorate"], register.directorates["directorate_name"], strict=True))
    own = [(code, rows[rows["directorate"] == code]) for code in names if rows["directorate"].eq(code).any()]
    counted = [
        assurance_evidence.count_returns([(quarter, part)]).assign(directorate=code, directorate_name=names.get(code, "All"))
        for code, part in [*own, (ALL_DIRECTORATES, rows)]
    ]
    return pd.concat(counted, ignore_index=True)


def _returns(register: Register, quarter: Period, on: date) -> pd.DataFrame:
    rows = register.returns[(register.returns["quarter"] == str(quarter)) & (register.returns["received_at"].str[:10] <= str(on))]
    signed = set(register.sign_offs.loc[register.sign_offs["signed_on"] <= pd.Timestamp(on), "sha256"])
    return rows.assign(is_signed=rows["sha256"].isin(signed)).sort_values("received_at", kind="stable").reset_index(drop=True)


def _escalations(late: pd.DataFrame, directorates: pd.DataFrame) -> tuple[Escalation, ...]:
    found = []
    for _, row in directorates.iterrows():
        own = late[late["directorate"] == row["directorate"]]
        if len(own):
            found.append(
                Escalation(
                    directorate=str(row["directorate"]),
                    name=str(row["directorate_name"]),
                    director=contacts.parse(str(row["director"])),
                    copied=tuple(contact for contact in contacts.parse_all(str(row["contact"])) if contact.address),
                    kpi_ids=tuple(own["kpi_id"]),
                )
            )
    return tuple(found)
