"""What reminders and the letters to directors say."""

from collections.abc import Iterable

import pandas as pd

from kpireport.collection.chase import Chasing, Escalation, Reminder
from kpireport.collection.contacts import Recipient
from kpireport.collection.form_wording import salutation, weekday
from kpireport.collection.letters import Letter
from kpireport.presentation import wording

REMINDERS = {Reminder.FIRST: "Reminder", Reminder.SECOND: "Second reminder", Reminder.THIRD: "Third reminder"}
_OPENINGS = {
    Reminder.FIRST: "We have not yet received the results below for {quarter}, which were due on {due}. They may be on their "
    "way: if so, thank you.",
    Reminder.SECOND: "We wrote to you about the results below for {quarter}, which were due on {due}, and have not received "
    "them. Please send them, or tell us when they will come and what is in the way.",
    Reminder.THIRD: "The results below for {quarter} were due on {due}, and this is our third reminder. Please send them by "
    "return, or give the reason why there is no figure: that is a return too.",
}


def reminder(chasing: Chasing, recipient: Recipient, step: Reminder) -> Letter:
    """Return the letter that reminds a recipient, in the tone of its step."""
    rows = _of(chasing, recipient.kpi_ids)
    opening = _OPENINGS[step].format(quarter=chasing.quarter, due=weekday(chasing.due_on))
    head = f"Results awaited for {chasing.quarter}, {recipient.name}"
    return Letter(
        to=recipient.to,
        copied=recipient.copied,
        subject=f"{REMINDERS[step]}: {head[:1].lower()}{head[1:]}",
        body=(
            salutation(recipient.to),
            opening,
            _listed(rows),
            "The workbook that we sent you has a row for each result. Where there is no figure, choose the reason in it.",
            "What is missing on the last day for corrections is shown as awaited in the report to the Corporate Leadership Team.",
            f"Thank you,\nThe performance team, {chasing.council.name}",
        ),
    )


def escalation(chasing: Chasing, escalation: Escalation) -> Letter:
    """Return the letter that tells a director what has not been returned."""
    rows = _of(chasing, escalation.kpi_ids)
    most = int(rows["working_days_late"].max())
    return Letter(
        to=(escalation.director,) if escalation.director.address else (),
        copied=escalation.copied,
        subject=f"{escalation.name}: results for {chasing.quarter} not returned",
        body=(
            f"Dear {escalation.director.name},",
            f"The results below for {chasing.quarter} have not been returned by {escalation.name}. They were due on "
            f"{weekday(chasing.due_on)}, and the latest of them is {wording.count(most, 'working day')} overdue. Those who "
            "produce them have been reminded.",
            _listed(rows),
            "Would you please see that they are sent, or that we are told why there is no figure? Until then they are shown as "
            "awaited in the report to the Corporate Leadership Team and counted as missing in the annual assurance report.",
            f"Thank you,\nThe performance team, {chasing.council.name}",
        ),
    )


def _of(chasing: Chasing, kpi_ids: Iterable[str]) -> pd.DataFrame:
    return chasing.outstanding[chasing.outstanding["kpi_id"].isin(list(kpi_ids))]


def _listed(rows: pd.DataFrame) -> str:
    told = []
    for _, row in rows.iterrows():
        twice = ", for the second quarter running" if row["is_awaited_twice"] else ""
        also = f"; also {row['also_missing']}" if row["also_missing"] else ""
        late = wording.count(int(row["working_days_late"]), "working day")
        told.append(f"- {row['kpi_id']} {row['kpi_name']}: {row['expected_period']}{also} ({late} late{twice})")
    return "\n".join(told)
