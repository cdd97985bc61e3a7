import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import page as validation
import pytest
from kpireport.publishing import manifest
from kpireport.publishing.manifest import Manifest, Resource, Run
from kpireport.sources import council as councils
from kpireport.verification import certificate
from kpireport.verification.comparison import Comparison, Difference, Tier
from kpireport.verification.examination import Examination
from kpireport.verification.integrity import Fault, FaultKind
from kpireport.verification.reperformance import Departure, Environment, Remade
from kpireport.verification.verdict import Verdict, decide

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = '<script>alert(1)</script> =1+1 #let x [*]\u202e "quoted" 🎉'
ABOUT = Manifest(
    occasion="quarter",
    period="2024-25 Q2",
    settings={"board": "ENV"},
    reports=(Run("clt-quarterly", "Quarterly report", "clt_quarterly", {"data": "data", "quarter": "2024-25 Q2"}),),
    scheme="target-tolerance-v1",
    schemas={},
    source_sha256="c" * 64,
    inputs=(Resource("inputs/council.yaml", "a" * 64), Resource("inputs/data/register/results.csv", "b" * 64, rows=1234)),
    code=(Resource("code/pyproject.toml", "d" * 64),),
    evidence=(),
    outputs=(Resource("clt-quarterly.html", "e" * 64),),
    version="0.2.0",
    python="3.11.7",
    platform="linux-x86_64",
    libraries={"pandas": "3.1.1", "altair": "6.3.0"},
    sha256="f" * 64,
)
HERE = Environment(Path("python"), False, "3.12.1", "linux-x86_64", {"pandas": "3.1.1", "altair": "6.2.0"})
DEPARTURES = (Departure("Python", "3.11.7", "3.12.1", True), Departure("altair", "6.3.0", "6.2.0", True))


def examination(*, differences=(), faults=(), departures=(), remade=None, name="2024-25-q2.zip") -> Examination:
    comparison = Comparison(tuple(differences), dict.fromkeys(Tier, 2_310)) if not faults else None
    remade = remade or (Remade(Path("made")) if comparison else None)
    verdict, reasons = decide(faults, remade=remade, departures=departures, comparison=comparison)
    return Examination(
        name=name,
        sha256="9" * 64,
        about=ABOUT,
        council=councils.load(ROOT / "tests" / "councils" / "riverside" / "council.yaml"),
        checked=293,
        faults=tuple(faults),
        signature="The manifest is not signed.",
        environment=HERE,
        unprepared="",
        departures=tuple(departures),
        remade=remade,
        comparison=comparison,
        verdict=verdict,
        reasons=tuple(reasons),
    )


@pytest.fixture(scope="module")
def certified():
    return certificate.files(examination(), day="2024-11-04")


@pytest.fixture(scope="module")
def contradicted():
    """The certificate of a bundle that differs in many places, whose words are those of somebody who means harm."""
    many = [Difference(Tier.FIGURES, "results.csv", f"row {number}, {HOSTILE}", HOSTILE, "", "PL-01") for number in range(60)]
    return certificate.files(examination(differences=many, departures=DEPARTURES, name=HOSTILE), day="2024-11-04")


def words(content: bytes) -> str:
    body = content.decode().split("<body", 1)[1]
    return " ".join(re.sub("<[^>]+>", " ", body).split())


def test_certificate_says_what_was_verified_how_and_what_it_does_not_show(certified):
    told = words(certified[certificate.HTML])
    for part in (
        "REPRODUCED: Every file was made again from its inputs, the same to the byte.",
        "Verified on 4 November 2024",
        "Riverside Borough Council",
        "f" * 64,
        "9" * 64,
        "target-tolerance-v1",
        "2 files, 1,234 rows",
        "board=ENV",
        "The manifest is not signed.",
        "It does not show that the inputs are true",
        "Nothing differs.",
    ):
        assert part in told, part
    assert told.count("2,310 the same") == len(Tier)
    assert certificate.DIFFERENCES not in certified


def test_same_verification_on_the_same_day_gives_the_same_bytes(certified):
    again = certificate.files(examination(), day="2024-11-04")
    assert again == certified
    assert certificate.files(examination(), day="2024-11-05") != certified


def test_differences_are_shown_and_all_of_them_are_beside_as_text_that_no_spreadsheet_runs(contradicted):
    told = words(contradicted[certificate.HTML])
    assert "INCONCLUSIVE: This machine could not tell" in told
    assert f"The first {certificate.SHOWN} of 60; all are in {certificate.DIFFERENCES}" in told
    assert "altair 6.3.0 6.2.0" in told
    assert "<script" not in contradicted[certificate.HTML].decode()
    rows = list(csv.DictReader(io.StringIO(contradicted[certificate.DIFFERENCES].decode())))
    assert len(rows) == 60
    assert rows[0]["published"].startswith("<script>")
    starting = [Difference(Tier.FIGURES, "a.csv", "", "=1+1", "-1")]
    other = certificate.files(examination(differences=starting), day="2024-11-04")
    (row,) = csv.DictReader(io.StringIO(other[certificate.DIFFERENCES].decode()))
    assert (row["published"], row["made_again"]) == ("'=1+1", "'-1")


def test_certificate_of_a_changed_file_names_it_and_says_that_nothing_was_run():
    fault = Fault("inputs/data/register/results.csv", FaultKind.CHANGED)
    found = replace(examination(faults=[fault]), council=None, environment=None)
    assert found.verdict is Verdict.DIFFERS
    told = words(certificate.files(found, day="2024-11-04")[certificate.HTML])
    assert "inputs/data/register/results.csv was changed" in told
    assert "was neither read nor run" in told
    assert "not compared" in told


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("kind", ["certified", "contradicted"])
def test_pdf_is_accessible_and_archivable(request, tmp_path, kind, profile):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(request.getfixturevalue(kind)[certificate.PDF])
    found = validation.validate_pdf(str(path), profile=profile)
    assert [(one.rule_id, one.message) for one in found.failures] == []


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser at /usr/bin/chromium: the page is not looked at in one")
def test_page_has_no_barrier_and_does_not_scroll_sideways(contradicted):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 320, "height": 900})
        tab.set_content(contradicted[certificate.HTML].decode())
        found = Axe().run(tab).response
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
        assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        browser.close()


def test_nothing_of_this_machine_is_in_a_certificate(certified):
    for content in certified.values():
        assert str(ROOT).encode() not in content
    assert manifest.now()[:10].encode() not in certified[certificate.HTML]
