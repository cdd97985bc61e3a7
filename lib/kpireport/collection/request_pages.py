"""The requests of a quarter as files: a workbook and a draft for each recipient, and what the page beside them says."""

from kpireport.collection import requests
from kpireport.collection.asking import Asking, narrowed
from kpireport.collection.contacts import Recipient
from kpireport.collection.form_wording import salutation, weekday
from kpireport.collection.letters import Letter, draft
from kpireport.presentation import wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import address, bullets, heading, lines, paragraph, quiet, strong, words


def files(asking: Asking) -> dict[str, bytes]:
    """Return the files by name: for each recipient a workbook, and a draft that has it attached."""
    found = {}
    for recipient in asking.recipients:
        content = requests.workbook(asking, recipient)
        found[form_name(asking, recipient)] = content
        found[letter_name(asking, recipient)] = draft(letter(asking, recipient, content), on=asking.known_on)
    return found


def form_name(asking: Asking, recipient: Recipient) -> str:
    """Return the name of a recipient's workbook, such as 2024-25-q3-return-ah.xlsx."""
    return f"{str(asking.quarter).lower().replace(' ', '-')}-return-{recipient.slug}.xlsx"


def letter_name(asking: Asking, recipient: Recipient) -> str:
    """Return the name of a recipient's draft, such as 2024-25-q3-request-ah.eml."""
    return f"{str(asking.quarter).lower().replace(' ', '-')}-request-{recipient.slug}.eml"


def letter(asking: Asking, recipient: Recipient, workbook: bytes) -> Letter:
    """Return the letter that asks one recipient for its results, with the workbook attached."""
    asked, _, _ = narrowed(asking, recipient)
    name = form_name(asking, recipient)
    late = asked[~asked["is_new"]]
    kpis = wording.count(asked["kpi_id"].nunique(), "KPI")
    body = [
        salutation(recipient.to),
        f"Please return the results of {recipient.name} for {asking.quarter} by {weekday(asking.due_on)}. The attached workbook, "
        f"{name}, asks for {wording.count(len(asked), 'result')} of {kpis}.",
    ]
    if len(late):
        owed = "\n".join(
            f"- {row['kpi_id']} {row['kpi_name']}: {row['period']}, due in {row['fell_due']}" for _, row in late.iterrows()
        )
        verb = "fell due in an earlier quarter and is" if len(late) == 1 else "fell due in earlier quarters and are"
        body.append(f"{wording.sentence(f'{wording.in_words(len(late))} of them {verb} still awaited')}\n{owed}")
    body += [
        "The first sheet of the workbook says how to fill it in. Where there is no figure, choose the reason why: that is a "
        "return too. If an earlier result has changed, the workbook has a place for the new one. Part of the results in time is "
        "better than all of them late.",
        f"The Corporate Leadership Team reads the report on {weekday(asking.clt_on)}. What has not come in is shown in it as "
        "awaited.",
        "If this should go to somebody else, or a definition in the workbook is out of date, please say so in your answer.",
        f"Thank you,\nThe performance team, {asking.council.name}",
    ]
    return Letter(
        to=recipient.to,
        copied=recipient.copied,
        subject=f"Results for {asking.quarter}, {recipient.name}: please return by {weekday(asking.due_on)}",
        body=tuple(body),
        attachments=((name, workbook),),
    )


def index(asking: Asking) -> list[Block]:
    """Return what the index page of the requests says."""
    number = str(asking.quarter.quarter_number)
    folder = f"data/returns/{str(asking.quarter).lower().replace(' ', '-')}/"
    due, late = int(asking.asked["is_new"].sum()), int((~asking.asked["is_new"]).sum())
    message = (
        f"{wording.count(len(asking.asked), 'result')} are asked for by {weekday(asking.due_on)}: {due} fell due in "
        f"{asking.quarter}, and {late} are still awaited from earlier quarters."
        if len(asking.asked)
        else f"Nothing is to be asked for: every result that fell due by {asking.quarter} is in."
    )
    blocks = [
        paragraph(words(message), kind="lead"),
        paragraph(words(f"Results received by {wording.day(asking.known_on)} are not asked for again. Nothing has been sent.")),
    ]
    if asking.recipients:
        blocks += [
            _recipients(asking),
            *_without_address(asking),
            heading(2, words("What to do now"), "what-to-do-now"),
            bullets(
                [
                    words("Open each draft (it opens in Outlook as a message not yet sent), read it, and send it."),
                    words(f"Save each workbook that comes back in {folder}, and run make collect Q={number}."),
                    words(
                        f"After {weekday(asking.due_on)}, make chase Q={number} shows what is missing and drafts the reminders."
                    ),
                ]
            ),
        ]
    return blocks


def _recipients(asking: Asking) -> Block:
    columns = [
        Column("Who", 3.2),
        Column("Sent to", 5),
        Column("Results due", 1.3, is_number=True),
        Column("Still awaited", 1.3, is_number=True),
        Column("Wards and groups", 1.4, is_number=True),
        Column("Files", 3),
    ]
    rows = []
    for recipient in asking.recipients:
        asked, parts, _ = narrowed(asking, recipient)
        form, mail = form_name(asking, recipient), letter_name(asking, recipient)
        rows.append(
            [
                lines([words(recipient.name), quiet(words(wording.count(len(recipient.kpi_ids), "KPI")))]),
                lines(
                    [
                        *(words(str(contact)) for contact in recipient.to),
                        *(quiet(words(f"Copy: {contact}")) for contact in recipient.copied),
                        *([] if recipient.to else [strong(words("No address: see below"))]),
                    ]
                ),
                words(str(int(asked["is_new"].sum()))),
                words(str(int((~asked["is_new"]).sum()))),
                words(str(len(parts))),
                lines([address(form, words("Workbook")), address(mail, words("Draft with the workbook"))]),
            ]
        )
    return table(f"Who is asked for what, by {weekday(asking.due_on)}", columns, rows, kind="cards")


def _without_address(asking: Asking) -> list[Block]:
    """Return the contacts that cannot be written to, each with the KPIs concerned and what to do."""
    cells = [
        [words(contact.name or "No contact"), words(recipient.name), words(f"Add it to key_contacts: {contact.name} (post@…)")]
        for recipient in asking.recipients
        for contact in recipient.unreachable
    ]
    cells += [
        [words("Nobody"), words(recipient.name), words("Give one of its KPIs a contact with an address, or its directorate.")]
        for recipient in asking.recipients
        if not recipient.to and not recipient.unreachable
    ]
    if not cells:
        return []
    columns = [Column("Contact", 3), Column("Concerns", 3), Column("What to do", 5)]
    caption = "Contacts without an address: write to them yourself, and complete the register"
    return [heading(2, words("Without an address"), "without-an-address"), table(caption, columns, cells, kind="cards")]
