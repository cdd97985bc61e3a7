"""What is outstanding as files: drafts of reminders, two tables as CSV, and what the page beside them says."""

import csv
import io
from collections.abc import Iterable, Sequence

import pandas as pd

from kpireport.collection.chase import ALL_DIRECTORATES, Chasing, Escalation, Reminder
from kpireport.collection.chase_letters import REMINDERS, escalation, reminder
from kpireport.collection.contacts import Recipient
from kpireport.collection.form_wording import weekday
from kpireport.collection.letters import draft
from kpireport.presentation import theme, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import address, bullets, heading, lines, paragraph, quiet, strong, words
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.vocabulary import NotRated

OUTSTANDING, PUNCTUALITY = "outstanding.csv", "punctuality.csv"


def files(chasing: Chasing) -> dict[str, bytes]:
    """Return the files by name: the two tables, and a draft for each letter."""
    letters = {reminder_name(chasing, one): reminder(chasing, one, step) for one, step in chasing.reminders}
    letters |= {escalation_name(chasing, one): escalation(chasing, one) for one in chasing.escalations}
    return {
        OUTSTANDING: outstanding_csv(chasing),
        PUNCTUALITY: punctuality_csv(chasing),
        **{name: draft(letter, on=chasing.on) for name, letter in letters.items()},
    }


def reminder_name(chasing: Chasing, recipient: Recipient) -> str:
    """Return the name of a reminder's draft, such as 2024-25-q3-reminder-ah.eml."""
    return f"{_prefix(chasing)}-reminder-{recipient.slug}.eml"


def escalation_name(chasing: Chasing, escalation: Escalation) -> str:
    """Return the name of the draft to a director, such as 2024-25-q3-escalation-ah.eml."""
    return f"{_prefix(chasing)}-escalation-{escalation.directorate.lower()}.eml"


def _prefix(chasing: Chasing) -> str:
    return str(chasing.quarter).lower().replace(" ", "-")


def outstanding_csv(chasing: Chasing) -> bytes:
    """Return what is outstanding: one row is one KPI of the awaited list."""
    heads = (
        *("quarter", "as_on", "directorate", "kpi_id", "kpi_name", "period", "state", "fell_due_in", "due_on", "days_late"),
        *("working_days_late", "is_awaited_twice", "also_missing", "last_period", "last_result", "contact", "reminder"),
    )
    rows = [
        (
            *(str(chasing.quarter), chasing.on.isoformat(), row["directorate"], row["kpi_id"], row["kpi_name"]),
            *(row["expected_period"], row["rating"], row["fell_due"], row["due_on"].date().isoformat(), row["days_late"]),
            *(row["working_days_late"], str(bool(row["is_awaited_twice"])).lower(), row["also_missing"], row["period"]),
            *(wording.result(row), row["contact"], REMINDERS.get(Reminder(row["reminder"]), "")),
        )
        for _, row in chasing.outstanding.iterrows()
    ]
    return _csv(heads, rows)


def punctuality_csv(chasing: Chasing) -> bytes:
    """Return how many results came in time: one row is one directorate; the last row, without one, is all of them."""
    heads = ("quarter", "as_on", "directorate", "due", "on_time", "late", "missing")
    rows = [
        (row["quarter"], chasing.on.isoformat(), *(row[name] for name in heads[2:])) for _, row in chasing.punctuality.iterrows()
    ]
    return _csv(heads, rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table in UTF-8; text that a spreadsheet would take for a formula begins with an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row])
    return stream.getvalue().encode("utf-8")


def index(chasing: Chasing) -> list[Block]:
    """Return what the page says: how many came in time, what is missing, and which letters are ready."""
    total = chasing.punctuality[chasing.punctuality["directorate"] == ALL_DIRECTORATES].iloc[0]
    came = (
        f"{total['on_time']} came by {weekday(chasing.due_on)}, {total['late']} came later, and {total['missing']} have not come"
    )
    days = (chasing.due_on - chasing.on).days
    blocks = [
        paragraph(
            words(f"{wording.count(total['due'], 'result')} fell due in {chasing.quarter}: {came} by {weekday(chasing.on)}."),
            kind="lead",
        )
    ]
    if days >= 0:
        left = f"The deadline is in {wording.count(days, 'day')}" if days else "The deadline is today"
        blocks.append(paragraph(words(f"{left}: nothing is late, and nobody is reminded yet.")))
    blocks += _outstanding(chasing)
    blocks += _letters(chasing)
    blocks += [heading(2, words("How many came in time"), "in-time"), _punctuality(chasing)]
    tables = [
        address(OUTSTANDING, words("What is missing, as a table")),
        address(PUNCTUALITY, words("How many came in time, as a table")),
    ]
    blocks.append(bullets(tables))
    blocks += _gaps(chasing)
    blocks += _returned(chasing)
    return blocks


def _outstanding(chasing: Chasing) -> list[Block]:
    order = ["rating", "working_days_late", "directorate", "kpi_id"]
    rows = chasing.outstanding.sort_values(order, ascending=[True, False, True, True])
    head = heading(2, words("What is missing"), "missing")
    if rows.empty:
        return [head, paragraph(words("Every result that was due is in."))]
    columns = [
        Column("KPI", 4.6),
        Column("Directorate and contact", 4),
        Column("Awaited period", 2),
        Column("Due", 2),
        Column("Late", 1.8, is_number=True),
        Column("Last result", 2, is_number=True),
    ]
    cells = [
        [
            lines([words(str(row["kpi_name"])), quiet(words(f"{row['kpi_id']}{_twice(row)}"))]),
            lines([words(str(row["directorate_name"])), quiet(words(str(row["contact"])))]),
            lines([words(str(row["expected_period"])), quiet(words(_also(row)))]),
            words(wording.day(row["due_on"])),
            words(_late(row)),
            lines([words(wording.result(row)), quiet(words(str(row["period"])))]),
        ]
        for _, row in rows.iterrows()
    ]
    held_up = int(rows["rating"].eq(NotRated.NOT_PUBLISHED).sum())
    caption = f"{wording.count(len(rows), 'result')} due and missing, {held_up} of them not yet published by a national source"
    return [head, table(caption, columns, cells, kind="cards")]


def _also(row: pd.Series) -> str:
    return f"also {row['also_missing']}" if row["also_missing"] else ""


def _twice(row: pd.Series) -> str:
    return ", second quarter running" if row["is_awaited_twice"] else ""


def _late(row: pd.Series) -> str:
    if row["rating"] == NotRated.NOT_PUBLISHED:
        return theme.rating_word(str(row["rating"]))
    if row["days_late"] <= 0:
        return "Not yet late"
    return wording.count(int(row["working_days_late"]), "working day")


def _letters(chasing: Chasing) -> list[Block]:
    if not chasing.reminders:
        return []
    columns = [Column("Letter", 2.4), Column("To", 5), Column("Results", 1.2, is_number=True), Column("File", 3)]
    cells = []
    for recipient, step in chasing.reminders:
        name = reminder_name(chasing, recipient)
        cells.append(
            [
                lines([words(REMINDERS[step]), quiet(words(recipient.name))]),
                lines(
                    [
                        *(words(str(contact)) for contact in recipient.to),
                        *(quiet(words(f"Copy: {contact}")) for contact in recipient.copied),
                        *(strong(words(f"No address: {contact.name}")) for contact in recipient.unreachable),
                    ]
                ),
                words(str(len(recipient.kpi_ids))),
                address(name, words(name)),
            ]
        )
    for one in chasing.escalations:
        name = escalation_name(chasing, one)
        missing = (
            [] if one.director.address else [strong(words("The register has no address of this post: add it when you send."))]
        )
        cells.append(
            [
                lines([words("To the director"), quiet(words(one.name))]),
                lines([words(str(one.director)), *missing, *(quiet(words(f"Copy: {contact}")) for contact in one.copied)]),
                words(str(len(one.kpi_ids))),
                address(name, words(name)),
            ]
        )
    return [
        heading(2, words("Letters ready to send"), "letters"),
        paragraph(words("Nothing has been sent. Open each draft, read it, and send it.")),
        table(f"{wording.count(len(cells), 'draft')}", columns, cells, kind="cards"),
    ]


def _punctuality(chasing: Chasing) -> Block:
    heads = ("Directorate", "Due", "In time", "Late", "Missing")
    columns = [Column(heads[0], 4), *(Column(head, 1, is_number=True) for head in heads[1:])]
    cells = [
        [words(str(row["directorate_name"])), *(words(str(row[name])) for name in ("due", "on_time", "late", "missing"))]
        for _, row in chasing.punctuality.iterrows()
    ]
    caption = f"Results that fell due in {chasing.quarter}, counted as in the annual assurance report"
    return table(caption, columns, cells, kind="figures")


def _gaps(chasing: Chasing) -> list[Block]:
    if chasing.gaps.empty:
        return []
    told = [
        words(f"{row['kpi_id']} {row['kpi_name']}: {row['period']}, due in {row['fell_due']}")
        for _, row in chasing.gaps.iterrows()
    ]
    said = "Of these KPIs the latest result is in, but an earlier period never came. The next requests ask for it again."
    return [heading(2, words("Gaps of earlier periods"), "gaps"), paragraph(words(said)), bullets(told)]


def _returned(chasing: Chasing) -> list[Block]:
    if chasing.returns.empty:
        return []
    columns = [
        Column("File", 4),
        Column("From", 3),
        Column("Received", 2),
        Column("Rows taken", 1.2, is_number=True),
        Column("Rows refused", 1.2, is_number=True),
        Column("Approved", 1.6),
    ]
    cells = [
        [
            words(str(row["file"]).rsplit("/", 1)[-1]),
            words(str(row["sender"])),
            words(str(row["received_at"]).replace("T", " ").removesuffix(":00Z").removesuffix("Z")),
            words(str(row["rows_taken"])),
            words(str(row["rows_refused"])),
            words("Yes" if row["is_signed"] else "Not yet"),
        ]
        for _, row in chasing.returns.iterrows()
    ]
    caption = f"{wording.count(len(cells), 'return')} taken in by {weekday(chasing.on)}"
    return [heading(2, words("What has come in"), "come-in"), table(caption, columns, cells, kind="cards")]
