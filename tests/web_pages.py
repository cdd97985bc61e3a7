"""One page of every kind that is published, as files: reports, indexes, and what the round and its proof write.

Where the second council's register has what a page needs, it is that council's: ten KPIs make a small page. Only the Best City
Ambition Scorecard and the survey are the first council's.
"""

import csv
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import every_report
from kpireport.__main__ import main
from kpireport.errors import Finding
from kpireport.publishing import faults, html, manifest
from kpireport.publishing.plan import Places
from kpireport.sources import council
from kpireport.verification import bundle, certificate
from kpireport.verification.comparison import Comparison, Difference, Tier
from kpireport.verification.examination import Examination
from kpireport.verification.reperformance import Departure
from kpireport.verification.verdict import Verdict
from running import ROOT

RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
PERIOD = "2024-25-q2"
OWN = {"data": str(RIVERSIDE), "council": str(RIVERSIDE / "council.yaml")}
REPORTS: Mapping[str, Mapping[str, str]] = {
    "scrutiny_board": {**OWN, "board": "ENV"},
    "partnership_board": {**OWN, "title": "Town Board", "kpis": "PL-01; PE-01", "wards": ""},
    "executive_update": OWN,
    "annual_report": OWN,
    "timetable": OWN,
    "bca_scorecard": {},
    "survey": {},
    "assurance": OWN,
}
"""What the reports that are not published here are asked for."""
DEFINED = (
    "clt_quarterly",
    "directorate_pack",
    "scrutiny_board",
    "partnership_board",
    "executive_update",
    "annual_report",
    "bca_scorecard",
)
"""The reports that print KPIs' figures."""
KINDS = (
    *("index", "index_of_period", "clt_quarterly", "directorate_pack", *REPORTS),
    *("requests", "answers", "answer", "chase", "checklist", "since", "trace", "traces", "bundle", "certificate", "faults"),
)


def written(published: Path, work: Path) -> dict[str, Path]:
    """Return a page of every kind.

    Parameters
    ----------
    published
        The second council's quarter, as published; it stays as it is.
    work
        An empty folder.
    """
    outputs, data = work / "outputs", work / "data"
    shutil.copytree(published.parent, outputs, ignore=shutil.ignore_patterns(".charts", ".made"))
    shutil.copytree(RIVERSIDE, data)
    _revise(data / "register" / "results.csv")
    pages = {
        "index": outputs / "index.html",
        "index_of_period": outputs / PERIOD / "index.html",
        "clt_quarterly": outputs / PERIOD / "clt-quarterly.html",
        "directorate_pack": outputs / PERIOD / "directorate-pack-place.html",
    }
    for kind, asked in REPORTS.items():
        pages[kind] = work / f"{kind}.html"
        pages[kind].write_text(html.export(every_report.executed(kind, **asked)), encoding="utf-8")
    return pages | _of_the_round(data, outputs) | _of_proof(data, outputs, work)


def _revise(results: Path) -> None:
    with results.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    first = next(row for row in rows if row["kpi_id"] == "PL-02" and row["period"] == "2024-25 Q1" and row["vintage"] == "1")
    second = first | {"value": "41.5", "numerator": "", "denominator": "", "vintage": "2", "received_on": "2025-01-20"}
    with results.open("a", encoding="utf-8", newline="") as add:
        csv.DictWriter(add, list(first), lineterminator="\n").writerow(second | {"note": "Recount"})


def _run(data: Path, outputs: Path, verb: str, *asked: str) -> None:
    assert main([verb, *asked, f"--data={data}", f"--out={outputs}"]) in (0, 3), verb


def _of_the_round(data: Path, outputs: Path) -> dict[str, Path]:
    """Return the pages of a quarter's round; of two returns one has faults."""
    quarter = ("--quarter=2", "--year=2024-25")
    _run(data, outputs, "chase", *quarter, "--on=2024-11-01")
    _run(data, outputs, "checklist", *quarter)
    _run(data, outputs, "requests", "--quarter=3", "--year=2024-25")
    returns = data / "returns" / PERIOD
    returns.mkdir(parents=True)
    wrong = "kpi_id,period,value,maturity\nPL-01,2024-25 Q2,about 44%,final\nPL-99,2024-25 Q2,3,final\n"
    (returns / "place.csv").write_text(wrong, encoding="utf-8")
    _run(data, outputs, "collect", *quarter, "--received=2024-10-18T09:12Z")
    answers = outputs / f"{PERIOD}-answers"
    (answer,) = (path for path in answers.glob("*.html") if path.name != "index.html")
    return {
        "requests": outputs / "2024-25-q3-requests" / "index.html",
        "chase": outputs / f"{PERIOD}-chase" / "index.html",
        "checklist": outputs / f"{PERIOD}-checklist" / "index.html",
        "answers": answers / "index.html",
        "answer": answer,
    }


def _of_proof(data: Path, outputs: Path, work: Path) -> dict[str, Path]:
    """Return the pages by which reports are looked into and proved, and the page of faults."""
    _run(data, outputs, "since", f"--period={PERIOD}")
    _run(data, outputs, "trace", "--kpi=PL-02", f"--period={PERIOD}")
    with zipfile.ZipFile(bundle.write(outputs, PERIOD, data=data, places=Places(ROOT))) as archive:
        (work / "bundle.html").write_bytes(archive.read(bundle.PAGE))
    (work / "certificate.html").write_bytes(certificate.files(_examined(outputs), day="2024-11-04")[certificate.HTML])
    found = [
        Finding("register/results.csv", "", f"E{row}", 'value "1,333"', "a number: digits, a point", "Write 1333.")
        for row in range(9)
    ]
    (work / "faults.html").write_text(faults.as_html(found, period="2024-25 Q2"), encoding="utf-8")
    return {
        "since": outputs / f"{PERIOD}-since" / "index.html",
        "trace": outputs / f"{PERIOD}-trace" / "PL-02.html",
        "traces": outputs / f"{PERIOD}-trace" / "index.html",
        "bundle": work / "bundle.html",
        "certificate": work / "certificate.html",
        "faults": work / "faults.html",
    }


def _examined(outputs: Path) -> Examination:
    """Return an examination that found differences and a machine that is another."""
    told = [Difference(Tier.FIGURES, "results.csv", f"row {number}", "44.2%", "45.2%", "PL-01") for number in range(9)]
    return Examination(
        name=f"{PERIOD}.zip",
        sha256="9" * 64,
        about=manifest.read(outputs / PERIOD),
        council=council.load(RIVERSIDE / "council.yaml"),
        checked=293,
        faults=(),
        signature="The manifest is not signed.",
        environment=None,
        unprepared="",
        departures=(Departure("altair", "6.3.0", "6.2.0", True),),
        remade=None,
        comparison=Comparison(tuple(told), dict.fromkeys(Tier, 2_310)),
        verdict=Verdict.DIFFERS,
        reasons=("9 figures differ.",),
    )
