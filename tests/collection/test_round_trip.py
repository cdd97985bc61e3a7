"""From the request to the report: forms made, filled in as Excel and LibreOffice do, collected, approved, reported."""

import csv
import io
import os
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import forms
import openpyxl
import pytest
from kpireport import periods, sample
from kpireport.__main__ import main
from kpireport.collection import asking, requests, return_form
from kpireport.collection.contacts import Recipient
from kpireport.presentation.results_file import results_csv
from kpireport.reports import clt_quarterly, directorate_pack
from kpireport.sources import council, register

RETURNED = {
    "AH": ("AH-01", "2024-25 Q2", {"value": 94.96, "numerator": 9496, "denominator": 10000}),
    "CF": ("CF-02", "2023/24 Summer", {"value": 92.3, "maturity": "Provisional", "note": "Two schools are missing."}),
    "CD": ("CD-01", "2024-25 Q2", {"value": 741}),
    "CHE": ("CHE-01", "Sep 2024", {"value": 48.7}),
    "SR": ("SR-01", "Year to Sep 2024", {"value": 12.35, "reason": "Winter illness.", "due_on": date(2025, 3, 31)}),
}
BY_LIBREOFFICE = ("CHE", "SR")


def through_libreoffice(path: Path) -> None:
    """Have LibreOffice open a workbook and save it again in its place."""
    folder = path.parent / "libreoffice"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=120)
    before = path.read_bytes()
    shutil.move(folder / path.name, path)
    shutil.rmtree(folder)
    assert path.read_bytes() != before


@pytest.mark.parametrize(
    "program",
    [
        "Excel",
        pytest.param(
            "LibreOffice", marks=pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
        ),
    ],
)
def test_figures_arrive_exactly_with_their_cell_of_origin(program, tmp_path, capsys):
    before, data = forms.before(), forms.write(tmp_path)
    folder = data / forms.FOLDER
    folder.mkdir(parents=True)
    codes = [code for code in RETURNED if (code in BY_LIBREOFFICE) == (program == "LibreOffice")]
    for code in codes:
        kpi_id, period, cells = RETURNED[code]
        path = folder / f"2024-25-q2-return-{code.lower()}.xlsx"
        path.write_bytes(forms.filled(before.forms[code], {(kpi_id, period): cells}))
        if program == "LibreOffice":
            through_libreoffice(path)
    sent = {path.name: path.read_bytes() for path in folder.iterdir()}
    asked = ["--quarter", "2", "--year", "2024-25", "--data", str(data), "--council", str(tmp_path / "council.yaml")]
    outputs = ["--out", str(tmp_path / "outputs")]
    assert main(["collect", *asked, *outputs, "--received", "2024-10-18T09:12Z"]) == 0, capsys.readouterr().err
    assert f"{len(codes)} results taken in from {len(codes)} returns; 0 faults" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == sent
    assert (tmp_path / "outputs" / "2024-25-q2-answers" / "index.html").is_file()
    assert main(["approve", *asked, "--directorate", codes[-1], "--by", "The director", "--on", "2024-10-25"]) == 0
    report = clt_quarterly.build(data=str(data), council=str(tmp_path / "council.yaml"), quarter="2024-25 Q2")
    shown = {row["kpi_id"]: row for row in csv.DictReader(io.StringIO(results_csv(report).decode("utf-8"), newline=""))}
    kept = {row["file"].rsplit("/", 1)[-1]: row for row in csv.DictReader((data / "register/returns.csv").open(newline=""))}
    for code in codes:
        kpi_id, period, cells = RETURNED[code]
        row, file = shown[kpi_id], f"2024-25-q2-return-{code.lower()}.xlsx"
        assert row["period"] == period
        assert {name: float(row[name]) for name in ("value", "numerator", "denominator") if name in cells} == {
            name: value for name, value in cells.items() if name in ("value", "numerator", "denominator")
        }
        place = (f"{forms.FOLDER}/{file}", "Results", forms.address(before.forms[code], kpi_id, period, "value"))
        assert (row["source_file"], row["source_sheet"], row["source_cell"]) == place
        assert row["source_sha256"] == kept[file]["sha256"]
        assert "[p]" in row["result_printed"] or code == codes[-1]  # only one directorate has approved its results
        assert openpyxl.load_workbook(io.BytesIO(sent[file]))["Results"][row["source_cell"]].value == cells["value"]
    assert report.sign_offs.set_index("directorate")["signed_by"].to_dict() == dict.fromkeys(codes, "") | {
        codes[-1]: "The director"
    }
    pack = directorate_pack.build(
        data=str(data), council=str(tmp_path / "council.yaml"), quarter="2024-25 Q2", directorate=codes[-1]
    )
    assert len(pack.sign_offs) == 1


@pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="minutes long: set KPIREPORT_SOAK=1")
def test_two_hundred_returns_of_fifty_rows_within_fifteen_seconds_and_a_gigabyte(tmp_path):
    """Forms of the product's own making, filled in and taken in by a process of its own."""
    data, quarter = tmp_path / "data", periods.parse_quarter("2024-25 Q3")
    sample.write(data, kpis=6700, years=2)
    place = data / "register/results.csv"
    rows = list(csv.DictReader(place.open(newline="")))
    came = {
        (row["kpi_id"], row["area"], row["group"], row["period"]): row
        for row in rows
        if row["received_on"] > "2024-12-31" and row["value"]
    }
    with place.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["received_on"] <= "2024-12-31")
    ours, held = council.load(data / "council.yaml"), register.load(data)
    asked = asking.ask(held, ours, quarter=quarter)
    sizes = asked.asked.groupby("kpi_id", sort=False).size().add(asked.breakdowns.groupby("kpi_id").size(), fill_value=0)
    owners = dict(zip(held.kpis["kpi_id"], held.kpis["directorate"], strict=True))
    folder = data / "returns/2024-25-q3"
    folder.mkdir(parents=True)
    kpi_ids, number, expected = list(dict.fromkeys(asked.asked["kpi_id"])), 0, 0
    while number < 200:
        own: list[str] = []
        while sum(sizes[one] for one in own) < 50:
            own.append(kpi_ids.pop(0))
        one = Recipient(f"contact {number}", "Contact", "c", (), (), (), tuple(sorted({owners[kpi] for kpi in own})), tuple(own))
        book = openpyxl.load_workbook(io.BytesIO(requests.workbook(asked, one)))
        stamp = return_form.read_stamp([[cell.value for cell in line] for line in book["stamp"].iter_rows()])
        for row in stamp.rows:
            result, sheet = came.get((row.kpi_id, row.area, row.group, row.period)), return_form.TABLES[row.sheet]
            if row.kind in ("due", "awaited"):
                if result:
                    for field in ("value", "numerator", "denominator") if row.has_counts else ("value",):
                        if result[field]:
                            book[row.sheet][sheet.address(field, row.row)] = float(result[field])
                else:
                    book[row.sheet][sheet.address("absence", row.row)] = "Not available"
                expected += 1
        book.save(folder / f"{number:03d}.xlsx")
        number += 1
    assert expected >= 10_000
    program = """
import resource, sys, time
from kpireport.__main__ import main
asked = ["--quarter", "3", "--year", "2024-25", "--received", "2025-01-20"]
code = main(["collect", *asked, "--data", sys.argv[1], "--out", sys.argv[2]])
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""
    began = time.monotonic()
    where = {**os.environ, "PYTHONPATH": "lib"}
    command = [sys.executable, "-c", program, str(data), str(tmp_path / "out")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=where)
    cpu, kilobytes = ran.stdout.split()[-2:]
    print(f"{time.monotonic() - began:.1f} s, {cpu} s of a processor, {int(kilobytes) / 1000:.0f} MB")
    assert f"{expected:,} results taken in from 200 returns; 0 faults" in ran.stdout
    assert float(cpu) < 15
    assert int(kilobytes) < 1_000_000
