"""The way back from a result: its row in the KPI Data Record, the return it was taken from, its cell, sender and sign-off."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.presentation import phrases
from kpireport.publishing import audit_tables, manifest
from kpireport.publishing.manifest import EVIDENCE, Run
from kpireport.verification.bundle import RETURNS
from kpireport.verification.trace_source import Source, cell_of, own_results
from kpireport.verification.trace_steps import Said
from kpireport.vocabulary import ILLUSTRATIVE, Absence, Maturity

RESULTS = "register/results"


def in_record(source: Source, runs: list[Run], row: pd.Series, known_on: date | None) -> Iterator[Said]:
    """Yield the row of the result that reports show, and the other vintages of its period, known then or received later."""
    own = own_results(source, str(row["kpi_id"]))
    shown = _shown(own, row)
    if shown is None:
        yield Said("The record has no row of it for the period owed, nor for an earlier one." if own.empty else _nothing(row))
    else:
        label, found = shown
        yield _row(source, label, found, row)
        yield from _vintages(source, own, label, found, known_on)
    yield from _owed(source, own, row, known_on)
    yield from _revised(source, runs, row)
    yield from _origins(source, runs, row)


def _nothing(row: pd.Series) -> str:
    return f"The record has no figure of it by {phrases.named_period(str(row['expected_period'] or 'the end of the quarter'))}."


def _shown(own: pd.DataFrame, row: pd.Series) -> tuple[int, pd.Series] | None:
    if not row["period"] or pd.isna(row["vintage"]):
        return None
    rows = own[(own["period"] == row["period"]) & (own["vintage"] == row["vintage"])]
    return None if rows.empty else (int(rows.index[0]), rows.iloc[0])


def _row(source: Source, label: int, found: pd.Series, row: pd.Series) -> Said:
    where, sha256 = source.place(RESULTS, label, "value")
    counts = ""
    if pd.notna(found["denominator"]):
        counts = f", {found['numerator']:,.15g} of {found['denominator']:,.15g}"
    value = _value(found)
    told = (
        f"{named(found)}, vintage {found['vintage']}: {value}{counts}, {found['maturity']}, "
        f"received on {phrases.day(found['received_on'])}, {_producer(str(found['producer']))}."
    )
    note = f' Note: "{found["note"]}"' if found["note"] else ""
    if row["maturity"] == Maturity.PROVISIONAL and found["maturity"] != Maturity.PROVISIONAL:
        note += " Its directorate had not approved it, so reports mark it provisional [p]."
    is_hidden = row["absence"] == Absence.SUPPRESSED and pd.isna(row["value"])
    is_wrong = not is_hidden and not (found["value"] == row["value"] or (pd.isna(found["value"]) and pd.isna(row["value"])))
    hidden = " A public edition hides the figure." if is_hidden and pd.notna(found["value"]) else ""
    return Said(f"{told}{note}{hidden}", where, sha256, is_wrong)


def _producer(producer: str) -> str:
    return "an illustrative sample that no producer published" if producer == ILLUSTRATIVE else f"from {producer}"


def named(found: pd.Series) -> str:
    """Return the period of a result as a sentence begins with it."""
    return phrases.sentence(phrases.named_period(str(found["period"]))).removesuffix(".")


def _value(found: pd.Series) -> str:
    return f"{found['value']:.15g}" if pd.notna(found["value"]) else f"no figure ({found['absence'].replace('_', ' ')})"


def _vintages(source: Source, own: pd.DataFrame, label: int, found: pd.Series, known_on: date | None) -> Iterator[Said]:
    others = own[(own["period"] == found["period"]) & (own.index != label)].sort_values("vintage", kind="stable")
    if others.empty:
        yield Said("It is the only vintage of that period in the record as read.")
    for place, other in others.iterrows():
        where, sha256 = source.place(RESULTS, int(str(place)), "value")
        is_later = other["vintage"] > found["vintage"]
        then = "after the report's last day, and not used" if is_later else "which the one above revised"
        note = f' Note: "{other["note"]}"' if other["note"] else ""
        on = phrases.day(other["received_on"])
        yield Said(f"Vintage {other['vintage']}: {_value(other)}, received on {on}, {then}.{note}", where, sha256)


def _owed(source: Source, own: pd.DataFrame, row: pd.Series, known_on: date | None) -> Iterator[Said]:
    """Yield what the record has of the period that was owed, where that is not the one shown."""
    owed = str(row["expected_period"])
    if not owed or owed == str(row["period"]) or bool(row["is_latest_expected"]):
        return
    rows = own[own["period"] == owed]
    if rows.empty:
        yield Said(f"For {phrases.named_period(owed)}, which was owed, the record as read has no row.")
    for label, found in rows.iterrows():
        where, sha256 = source.place(RESULTS, int(str(label)), "value")
        late = known_on is not None and found["received_on"] > pd.Timestamp(known_on)
        then = ", after the report's last day, and not used" if late else ""
        on = phrases.day(found["received_on"])
        yield Said(f"{named(found)}, which was owed: {_value(found)}, received on {on}{then}.", where, sha256)


def _revised(source: Source, runs: list[Run], row: pd.Series) -> Iterator[Said]:
    """Yield the revisions that reports told of: what stood in the previous report, and the rating that it had."""
    path, stems = f"{EVIDENCE}{audit_tables.DECISIONS}", {run.stem for run in runs}
    told: dict[str, list[int]] = {}
    for line, one in source.evidence(audit_tables.DECISIONS):
        if one["kind"] == "revision" and one["kpi_id"] == row["kpi_id"] and one["report"] in stems:
            note = f' Note: "{one["reason"]}"' if one["reason"] else ""
            period = phrases.named_period(one["period"])
            told.setdefault(f"Told as revised since the previous report: {period}: {one['decision']}.{note}", []).append(line)
    for said, lines in told.items():
        yield Said(said, f"{path}, {_lines(lines)}", source.digest(path))


def _origins(source: Source, runs: list[Run], row: pd.Series) -> Iterator[Said]:
    """Yield what the evidence written at publication says of the origin, where that is not the same."""
    rows = source.evidence(audit_tables.ORIGINS)
    path = f"{EVIDENCE}{audit_tables.ORIGINS}"
    stems = {run.stem for run in runs}
    lines = [(line, told) for line, told in rows if told["kpi_id"] == row["kpi_id"] and told["report"] in stems]
    same = [line for line, told in lines if told["period"] == row["period"] and told["vintage"] == str(row["vintage"])]
    if len(same) == len(lines) and lines:
        yield Said("What was written down at publication says the same.", f"{path}, {_lines(same)}", source.digest(path))
    for line, told in lines:
        if line not in same:
            found = (
                f"What was written down at publication says {told['period']}, vintage {told['vintage']}, value {told['value']}."
            )
            yield Said(found, f"{path}, line {line}", source.digest(path), is_wrong=True)


def _lines(numbers: list[int]) -> str:
    return f"line{'s' if len(numbers) > 1 else ''} {phrases.join(map(str, numbers))}"


def comparator(source: Source, row: pd.Series, known_on: date | None) -> Iterator[Said]:
    """Yield the row of the earlier result with which the one shown is compared."""
    own = own_results(source, str(row["kpi_id"]))
    rows = own[own["period"] == row["comparator_period"]]
    known = rows if known_on is None else rows[rows["received_on"] <= pd.Timestamp(known_on)]
    if row["comparator_period"] and len(known):
        label = known["vintage"].astype(int).idxmax()
        found = known.loc[label]
        where, sha256 = source.place(RESULTS, int(label), "value")
        is_other = found["value"] != row["comparator_value"]
        yield Said(f"In the record: {named(found)}, vintage {found['vintage']}: {_value(found)}.", where, sha256, is_other)


def returned(source: Source, row: pd.Series) -> Iterator[Said]:
    """Yield the file, sheet and cell that the result was taken from, what the cell holds, who sent it and who approved it."""
    shown = _shown(own_results(source, str(row["kpi_id"])), row)
    if shown is None:
        yield Said("No result is shown, so there is no return to look up.")
        return
    label, found = shown
    file, sheet, cell, sha256 = (str(found[name]) for name in ("source_file", "source_sheet", "source_cell", "source_sha256"))
    where, digest = source.place(RESULTS, label, "source_file")
    if not file:
        yield Said("The record names no file that it was taken from.", where, digest, is_open=True)
        return
    place = f"{file}{f', sheet {sheet}' if sheet else ''}{f', cell {cell}' if cell else ''}"
    yield Said(f"The record says that it was taken from {place}.", where, digest)
    yield from _file(source, found, place)
    yield from _sender(source, file, sha256)
    yield from _approval(source, found, sha256, str(row["directorate"]))


def _file(source: Source, found: pd.Series, place: str) -> Iterator[Said]:
    file, sheet, cell, sha256 = (str(found[name]) for name in ("source_file", "source_sheet", "source_cell", "source_sha256"))
    then, now, held = source.held_return(file, sha256)
    if not sha256:
        also = " A file of that name is held, but nothing says that it is the one." if now is not None else ""
        yield Said(f"The record has no SHA-256 of that file, so no file can be shown to be the one.{also}", is_open=True)
        return
    if then is not None:
        yield Said("The file is held, and its SHA-256 is the one in the record.", held, sha256)
        yield from _cell(then, found, f"{held}, {place.partition(', ')[2]}" if sheet or cell else held, sha256)
    else:
        told = f"The file with the SHA-256 in the record ({sha256}) is not held here."
        yield Said(told, "", sha256, is_wrong=now is not None, is_open=now is None)
    if now is not None:
        digest = manifest.sha256(now)
        told = f"The file now at {RETURNS}{file.removeprefix(RETURNS)} has another SHA-256: it was changed since it was taken in."
        text = cell_of(now, file, sheet, cell) if cell else None
        holds = f" Its cell {cell} now holds {_quoted(text)}." if cell else ""
        yield Said(f"{told}{holds}", f"{RETURNS}{file.removeprefix(RETURNS)}", digest, is_wrong=True)


def _cell(content: bytes, found: pd.Series, where: str, sha256: str) -> Iterator[Said]:
    file, sheet, cell = (str(found[name]) for name in ("source_file", "source_sheet", "source_cell"))
    if not cell:
        yield Said("The record does not say which cell of it.", is_open=True)
        return
    text = cell_of(content, file, sheet, cell)
    same = _agreement(text, found)
    if same:
        yield Said(f"The cell holds {_quoted(text)}: {same}.", where, sha256)
    else:
        yield Said(f"The cell holds {_quoted(text)}, where the record has {_value(found)}.", where, sha256, is_wrong=True)


def _quoted(text: str | None) -> str:
    return "nothing" if text is None or not text.strip() else f'"{text.strip()}"'


def _agreement(text: str | None, found: pd.Series) -> str:
    """Return in which way a cell is the record's value; "" when it is not."""
    if pd.isna(found["value"]):
        return "the reason why there is no figure" if text and text.strip() else ""
    bare = (text or "").strip().removesuffix("%").replace(",", "").lstrip("£").strip()
    try:
        number = float(bare)
    except ValueError:
        return ""
    if number == found["value"]:
        return "the value in the record"
    if abs(number * 100 - found["value"]) < 1e-9 * max(1.0, abs(found["value"])):
        return "a percentage as a workbook stores it, which is the value in the record"
    return ""


def _sender(source: Source, file: str, sha256: str) -> Iterator[Said]:
    rows = source.register.returns
    own = rows[(rows["sha256"] == sha256) & (sha256 != "")].sort_values("received_at", kind="stable")
    if own.empty:
        yield Said(f"The returns table has no row of {file}: who sent it and when it came is not on record beyond the day above.")
        return
    for label, one in own.iterrows():
        where, digest = source.place("register/returns", int(str(label)), "sender")
        told = (
            f"Sent by {one['sender']}, received at {one['received_at']} (UTC) as a {one['kind'].replace('_', ' ')} for "
            f"{one['quarter']}: {phrases.count(int(one['rows_taken']), 'row')} taken in, {one['rows_refused']} refused."
        )
        yield Said(told, where, digest)


def _approval(source: Source, found: pd.Series, sha256: str, directorate: str) -> Iterator[Said]:
    rows = source.register.sign_offs
    own = rows[(rows["sha256"] == sha256) & (rows["directorate"] == directorate) & (sha256 != "")]
    if own.empty:
        yield Said(f"No approval by the directorate {directorate} of that return is on record.")
    for label, one in own.iterrows():
        where, digest = source.place("register/sign_offs", int(str(label)), "signed_by")
        yield Said(f"Approved for {directorate} by {one['signed_by']} on {phrases.day(one['signed_on'])}.", where, digest)
