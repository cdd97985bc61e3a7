"""The returns under data/ are real files: collected into a record without them, they give the record as it is shipped."""

import csv
import io
from datetime import datetime
from pathlib import Path

from kpireport import periods
from kpireport.collection import intake, receipt, record
from kpireport.collection.record import Standing
from kpireport.sources import council, register

ROOT = Path(__file__).resolve().parents[2]
QUARTER = periods.parse_quarter("2024-25 Q2")


def test_shipped_returns_give_the_rows_of_the_record_with_their_cells():
    standing = record.standing(ROOT / "data")
    file, content = standing.contents["register/results"]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    came = [row for row in rows if row["source_sha256"]]
    _, listed = standing.contents["register/returns"]
    received = {row["sha256"]: row for row in csv.DictReader(io.StringIO(listed.decode("utf-8"), newline=""))}
    assert {row["source_sha256"] for row in came} == set(received)
    assert len({row["kpi_id"][:2] for row in came}) >= 2
    before = {name: table for name, table in standing.contents.items() if name not in ("register/returns", "register/sign_offs")}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if not row["source_sha256"])
    before["register/results"] = (file, text.getvalue().encode("utf-8"))
    tables, faults, _ = register.examine(before)
    assert faults == []
    found = intake.take_in(
        receipt.files_in(ROOT / "data", QUARTER),
        Standing(before, tables),
        council.load(ROOT / "params" / "council.yaml"),
        quarter=QUARTER,
        received_at=datetime(2024, 10, 25, 10, 5),
        producer="illustrative",
    )
    assert [answer.faults for answer in found.answers] == [()] * len(received)
    made = list(csv.DictReader(io.StringIO(found.files["register/results.csv"].decode("utf-8"), newline="")))[-len(came) :]

    def plain(row: dict[str, str]) -> tuple[str, ...]:
        return tuple(text for name, text in row.items() if name != "received_on")

    assert sorted(map(plain, made)) == sorted(map(plain, came))
    assert all(row["received_on"] == received[row["source_sha256"]]["received_at"][:10] for row in came)


def test_collecting_the_shipped_returns_again_changes_nothing():
    found = intake.take_in(
        receipt.files_in(ROOT / "data", QUARTER),
        record.standing(ROOT / "data"),
        council.load(ROOT / "params" / "council.yaml"),
        quarter=QUARTER,
        received_at=datetime(2026, 1, 1),
    )
    assert found.files == {}
    assert found.taken == 0
