"""Time and memory grow no faster than the register: 1,000 to 10,000 KPIs, and a record of a million rows.

These take minutes: they run when KPIREPORT_SOAK is set, each in a process of its own, and print what they measure. Seconds are
those of the processor, which other work on the same machine makes longer by half.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import running

pytestmark = pytest.mark.skipif(not os.environ.get("KPIREPORT_SOAK"), reason="a long one: set KPIREPORT_SOAK=1")
MEASURED = """
import gc, json, resource, sys, time
from pathlib import Path
from kpireport.__main__ import COLLECTION
gc.set_threshold(*COLLECTION)
began, cpu = time.perf_counter(), time.process_time()
{work}
spent = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({{
    "seconds": round(time.perf_counter() - began, 1),
    "cpu": round(time.process_time() - cpu, 1),
    "megabytes": round(spent.ru_maxrss / 1024),
    "rows": {rows},
}}))
"""
RATED = """
from kpireport import periods
from kpireport.rules import performance
from kpireport.sources import council, register
read = register.load(Path(sys.argv[1]))
rated = performance.for_quarter(
    read.kpis, read.targets, read.results, read.rounds, quarter=periods.parse_quarter("2024-25 Q2"),
    area=council.load(Path(sys.argv[1]) / "council.yaml").area, rebases=read.rebases, changes=read.kpi_changes,
)
"""
SHOWN = """
from large_register import html, QUARTER
from kpireport.presentation import spreadsheet, tables
from kpireport.reports import clt_quarterly
report = clt_quarterly.build(data=sys.argv[1], council=sys.argv[1] + "/council.yaml", quarter=QUARTER)
pages = (tables.front_page, tables.highlights, tables.risks, tables.returns, tables.kpi_list, tables.notes, tables.scorecard)
size = sum(len(html(page(report))) for page in pages)
spreadsheet.files(report)
"""


def sampled(out: Path, kpis: int, years: int) -> Path:
    running.kpireport("sample", "--out", str(out), "--kpis", str(kpis), "--years", str(years))
    return out


def measured(work: str, data: Path, rows: str) -> dict[str, float]:
    program = MEASURED.format(work=work, rows=rows)
    path = os.pathsep.join([str(running.ROOT / "lib"), str(running.ROOT / "tests")])
    ran = subprocess.run(
        [sys.executable, "-c", program, str(data)],
        env={**os.environ, "PYTHONPATH": path, "KPIREPORT_DRAW_LATER": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    print(f"\n{data.name}: {found}")
    return found


def _pages(path: Path) -> int:
    with pikepdf.open(path) as document:
        return len(document.pages)


def test_a_record_of_a_million_rows_is_read_checked_and_rated(tmp_path):
    found = measured(RATED, sampled(tmp_path / "million", 10_000, 23), "len(read.results)")
    assert found["rows"] >= 1_000_000
    assert found["cpu"] < 20
    assert found["megabytes"] < 3_000


def test_a_report_on_ten_times_the_kpis_takes_at_most_ten_times_as_long(tmp_path):
    small = measured(SHOWN, sampled(tmp_path / "1,000", 1_000, 6), "size")
    large = measured(SHOWN, sampled(tmp_path / "10,000", 10_000, 6), "size")
    assert large["cpu"] < 10 * small["cpu"]
    assert large["rows"] < 1_500_000


def test_reports_on_ten_thousand_kpis_can_be_read(tmp_path):
    data = sampled(tmp_path / "data", 10_000, 6)
    folder = running.published(tmp_path / "out", "quarter", "--quarter=2", "--year=2024-25", "--data", str(data))
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.html")}
    pages = {path.name: _pages(path) for path in folder.glob("*.pdf")}
    print(f"\n{sizes}\n{pages}")
    assert max(sizes.values()) < 1_500_000
    assert max(pages.values()) <= 60
