"""Check that each meeting belongs to a directorate or board that there is, and considers a period that it can consider."""

from kpireport.periods import PeriodKind, parse
from kpireport.sources.tables import Findings, Severity, Tables, closest
from kpireport.sources.timeline import on_calendar, written_days
from kpireport.vocabulary import Body

OF = {Body.DMT: ("directorates", "directorate"), Body.SCRUTINY_BOARD: ("boards", "scrutiny_board")}
"""The table, and its column, that holds whose meeting it is; other bodies are one each."""
QUARTER, YEAR, CALENDAR_YEAR = PeriodKind.QUARTER, PeriodKind.FINANCIAL_YEAR, PeriodKind.CALENDAR_YEAR
CONSIDERS = {
    Body.DMT: (QUARTER,),
    Body.CLT: (QUARTER, YEAR),
    Body.SCRUTINY_BOARD: (QUARTER,),
    Body.EXECUTIVE_BOARD: (QUARTER, YEAR),
    Body.AUDIT_COMMITTEE: (YEAR,),
    Body.SURVEY: (CALENDAR_YEAR,),
}
KIND_WORDS = {
    QUARTER: "a quarter, such as 2024-25 Q2",
    YEAR: "a financial year, such as 2023-24",
    CALENDAR_YEAR: "a year, such as 2024",
}


def check(tables: Tables) -> Findings:
    """Yield a fault for each meeting of nobody, of a period that its body does not consider, or before that period's end."""
    table = tables["meetings"]
    if table.is_whole and all(tables[name].is_whole for name, _ in OF.values()):
        yield from _whose(tables)
        yield from _periods(tables)


def _whose(tables: Tables) -> Findings:
    table = tables["meetings"]
    for row, meeting in table.sound.iterrows():
        home, key = OF.get(Body(meeting["body"]), ("", ""))
        known = list(tables[home].frame[key]) if home else []
        of = str(meeting["of"])
        if home and of not in known:
            near = closest(of, known) if of else ""
            remedy = f'Write "{near}".' if near else f"Write one of {', '.join(known)}, or add it to the {home} table."
            found = f'of "{of}"' if of else "of empty"
            yield (
                Severity.FAULT,
                table.finding(int(str(row)), "of", found, f"whose {meeting['body']} meets ({home} table)", remedy),
            )
        elif not home and of:
            finding = table.finding(
                int(str(row)), "of", f'of "{of}"', f"nothing: there is one {meeting['body']}", "Empty the cell."
            )
            yield Severity.FAULT, finding


def _periods(tables: Tables) -> Findings:
    table = tables["meetings"]
    rows = table.sound
    kinds = rows["period"].map(lambda period: parse(period).kind)
    fits = [kind in CONSIDERS[Body(body)] for kind, body in zip(kinds, rows["body"], strict=True)]
    for row, meeting in rows.loc[[not one for one in fits]].iterrows():
        expected = " or ".join(KIND_WORDS[kind] for kind in CONSIDERS[Body(meeting["body"])])
        found = f'period "{meeting["period"]}" of a {meeting["body"]}'
        yield Severity.FAULT, table.finding(int(str(row)), "period", found, expected, "Correct the period or the body.")
    # The survey of a year is taken in it: there is nothing that must end first.
    rows = rows.loc[fits]
    rows = rows.loc[rows["body"].ne(Body.SURVEY)]
    early = rows.loc[rows["meeting_on"] <= on_calendar(rows["period"])["end"]]
    found_early = "meeting_on " + written_days(early["meeting_on"]) + ", before the end of " + early["period"]
    yield from table.faults("meeting_on", found_early, "a day after the period's end", "Correct the day or the period.")
