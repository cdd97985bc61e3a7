"""The timetable as calendar files (RFC 5545) that Outlook and others import: one entry for each meeting and deadline.

A deadline is an all-day entry that leaves its day free; a meeting whose hour is known begins at it, in the time of London. Each
entry has an identifier that stays the same when its day moves, and a number that grows with the timetable's date, so that a later
file takes the place of an earlier one. The same timetable gives the same bytes: no clock is read.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vDDDTypes, vRecur

from kpireport.presentation import timetable_wording as said
from kpireport.presentation.blocks import Attachment
from kpireport.presentation.markup import clean
from kpireport.presentation.timetable_report import Timetable
from kpireport.vocabulary import Reader, Step

TYPE = "text/calendar"
ZONE = "Europe/London"
REMINDED_AT = time(9)
"""The hour of a reminder, on the day that the timetable gives it."""
FIRST_SEQUENCE = date(2020, 1, 1)
"""The day from which the numbers of later files are counted."""


def calendars(report: Timetable) -> Iterator[Attachment]:
    """Yield the whole timetable, and what concerns services and directorates alone, each as a calendar file."""
    entries = [{str(name): cell for name, cell in entry.items()} for entry in report.entries.to_dict("records")]
    services = [entry for entry in entries if entry["reader"] in (Reader.SERVICES, Reader.DIRECTORATES)]
    yield _attachment(report, entries, f"timetable-{report.year}.ics", report.title, "Every meeting and deadline, for a calendar")
    if services:
        name, told = f"timetable-{report.year}-services.ics", "What services and directorates have to do, for a calendar"
        yield _attachment(report, services, name, f"{report.title}: services and directorates", told)


def _attachment(report: Timetable, entries: Iterable[dict[str, Any]], name: str, title: str, told: str) -> Attachment:
    content = calendar(entries, name=f"{title}, {report.year}", area=report.council.area, on=date.fromisoformat(report.date))
    return Attachment(name, TYPE, content, told)


def calendar(entries: Iterable[dict[str, Any]], *, name: str, area: str, on: date) -> bytes:
    """Return a calendar file.

    Parameters
    ----------
    entries
        Rows of `Timetable.entries`.
    area
        The council's code, which tells its entries from another's.
    on
        The day of the timetable, which dates the entries.
    """
    made = Calendar()
    made.add("prodid", "-//kpireport//Reporting timetable//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", clean(name))
    made.add("x-wr-timezone", ZONE)
    made.add_component(_zone())
    taken: dict[str, int] = {}
    for entry in entries:
        made.add_component(_event(entry, _identifier(entry, area, taken), on))
    content: bytes = made.to_ical()
    return content


def _identifier(entry: dict[str, Any], area: str, taken: dict[str, int]) -> str:
    """Return what names an entry for good: whose it is, of what period, never its day; a second one like it is numbered."""
    parts = (area, entry["step"] or "meeting", entry["body"], entry["of"], entry["period"])
    base = re.sub("[^a-z0-9]+", "-", "-".join(str(part) for part in parts if part).lower())
    taken[base] = taken.get(base, 0) + 1
    return f"{base}{f'-{taken[base]}' if taken[base] > 1 else ''}@kpireport"


def _event(entry: dict[str, Any], identifier: str, on: date) -> Event:
    day = entry["on"].date()
    event = Event()
    stamp = datetime.combine(on, time(), UTC)
    event.add("uid", identifier)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", max((on - FIRST_SEQUENCE).days, 0))
    event.add("summary", clean(f"{said.what(entry)} ({entry['period']})"))
    event.add("description", clean(_description(entry)))
    event.add("categories", [said.who(entry)])
    event.add("class", "PUBLIC")
    if entry["starts_at"]:
        begin = datetime.combine(day, time.fromisoformat(entry["starts_at"]))
        event.add("dtstart", _local(begin))
        event.add("transp", "OPAQUE")
    else:
        begin = datetime.combine(day, time())
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("x-microsoft-cdo-alldayevent", "TRUE")
        event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add_component(_alarm(entry, begin))
    return event


def _local(at: datetime) -> vDDDTypes:
    """Return a time of London that names its zone, of which the file has the rules."""
    value = vDDDTypes(at)
    value.params["TZID"] = ZONE
    return value


def _alarm(entry: dict[str, Any], begin: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean(f"{said.what(entry)} on {said.weekday(entry['on'])}"))
    alarm.add("trigger", datetime.combine(entry["remind_on"].date(), REMINDED_AT) - begin)
    return alarm


def _description(entry: dict[str, Any]) -> str:
    lines = [f"{said.who(entry)}, {entry['period']}."]
    if entry["step"]:
        lines.append(said.TASKS[Step(entry["step"])])
        lines.append(f"Due {said.rule(entry['rule'])}." if entry["rule"] else "The day is that of the quarter's round.")
    return "\n".join(lines)


def _zone() -> Timezone:
    """Return the rules of London's time since 1996, written out for programs that do not know the zone by its name."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for kind, name, began, month, before, after in (
        (TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), 3, timedelta(), timedelta(hours=1)),
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), 10, timedelta(hours=1), timedelta()),
    ):
        kind["dtstart"] = vDatetime(began)
        kind.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1SU"))
        kind.add("tzoffsetfrom", before)
        kind.add("tzoffsetto", after)
        kind.add("tzname", name)
        zone.add_component(kind)
    return zone
