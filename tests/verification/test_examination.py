"""What was changed in a bundle is found and named, whoever changed it."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import tampering
from conftest import PERIOD
from kpireport.publishing import catalogue, evidence, manifest, verified
from kpireport.publishing.verified import Verified
from kpireport.verification import examination, integrity, reperformance, signature
from kpireport.verification.integrity import FaultKind, UnsafeBundleError
from kpireport.verification.reperformance import CannotPrepareError
from kpireport.verification.verdict import Verdict

PAGE = "outputs/scrutiny-board-environment-and-growth.html"
NOTEBOOK = "code/notebooks/scrutiny_board.ipynb"
RESULTS = "inputs/data/register/results.csv"
LOCK = "code/requirements.lock"
SOAK = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes minutes: KPIREPORT_SOAK=1 runs it")


def examined(whole, work):
    return examination.examine(tampering.packed(whole, whole.parent / "bundle.zip"), work, lambda line: None)


def test_bundle_as_it_was_written_is_reproduced_to_the_byte(bundle_file, work, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    said = []
    found = examination.examine(bundle_file, work, said.append)
    assert (found.verdict, found.reasons, found.faults) == (Verdict.REPRODUCED, (), ())
    assert found.comparison is not None
    assert found.comparison.differences == ()
    assert min(found.comparison.compared.values()) > 0
    assert not [line for line in said if str(work) in line]


CHANGES = {
    "one byte of an input": (RESULTS, lambda path: tampering.replace(path, b"44.2", b"45.2"), FaultKind.CHANGED),
    "one line of a notebook": (NOTEBOOK, lambda path: tampering.replace(path, b"tables", b"tabels"), FaultKind.CHANGED),
    "one dependency's version": (
        LOCK,
        lambda path: tampering.replace(path, b"pandas==3.1.1", b"pandas==3.1.0"),
        FaultKind.CHANGED,
    ),
    "a rule": ("code/lib/kpireport/rules/rating.py", lambda path: path.write_text("#"), FaultKind.CHANGED),
    "an input removed": (RESULTS, lambda path: path.unlink(), FaultKind.MISSING),
    "a module added": ("code/lib/kpireport/extra.py", lambda path: path.write_text("#"), FaultKind.ADDED),
}


@pytest.mark.parametrize(("name", "change", "kind"), CHANGES.values(), ids=CHANGES)
def test_change_of_what_reports_are_made_from_is_named_and_nothing_of_it_is_run(untrusted, whole, work, name, change, kind):
    change(whole / name)
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert [(fault.path, fault.kind) for fault in found.faults] == [(name, kind)]
    assert f"{name} " in found.reasons[0]


BESIDE = {
    "a published file removed": (PAGE, lambda path: path.unlink(), FaultKind.MISSING),
    "a published file added": ("outputs/more.pdf", lambda path: path.write_text("x"), FaultKind.ADDED),
    "evidence": ("evidence/decisions.csv", lambda path: path.write_text("kind\n"), FaultKind.CHANGED),
    "a return that nobody sent": (
        "returns/other.xlsx",
        lambda path: (path.parent.mkdir(), path.write_text("x")),
        FaultKind.ADDED,
    ),
    "the program at its start": ("__main__.py", lambda path: path.write_text("print('REPRODUCED')"), FaultKind.CHANGED),
    "the page that explains it": ("README.html", lambda path: path.unlink(), FaultKind.MISSING),
}


@pytest.mark.parametrize(("name", "change", "kind"), BESIDE.values(), ids=BESIDE)
def test_change_of_anything_else_is_named(honest, whole, work, name, change, kind):
    change(whole / name)
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert [(fault.path, fault.kind) for fault in found.faults] == [(name, kind)]


@pytest.mark.parametrize("is_vouched", [False, True])
def test_changed_figure_is_named_by_kpi_table_and_cell_even_when_the_manifest_was_changed_with_it(
    honest, whole, work, is_vouched
):
    tampering.replace(whole / PAGE, b'<td role="cell" class="number" data-label="Latest figure">44.2%', b"<td>64.2%")
    if is_vouched:
        tampering.vouch(whole, PAGE)
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert [fault.path for fault in found.faults] == ([] if is_vouched else [PAGE])
    told = " ".join(found.reasons)
    assert re.search(
        r'KPI PL-01, table "[^"]+", row "Household waste recycled [^"]+", column "Latest figure": '
        r'published "64\.2% July to September 2024"; made again "44\.2% July to September 2024"',
        told,
    )


def test_changed_cell_of_a_workbook_that_the_manifest_vouches_for_is_named(honest, whole, work):
    import openpyxl

    path = whole / "outputs" / "scrutiny-env.xlsx"
    book = openpyxl.load_workbook(path)
    sheet, cell = next((one, cell) for one in book for row in one.iter_rows() for cell in row if cell.value == 44.2)
    cell.value = 64.2
    book.save(path)
    tampering.vouch(whole, "outputs/scrutiny-env.xlsx")
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    (told,) = [reason for reason in found.reasons if "64.2" in reason]
    assert f'sheet "{sheet.title}", cell {cell.coordinate}' in told
    assert "KPI PL-01" in told


def test_changed_text_of_a_pdf_that_the_manifest_vouches_for_is_named(honest, whole, work, outputs):
    import pikepdf

    path = whole / "outputs" / "scrutiny-board-environment-and-growth.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        shown = content.index(b"TJ")
        pdf.pages[0].Contents.write(content[: content.rindex(b"[", 0, shown)] + b"[(\\000\\003)]" + content[shown:])
        pdf.save(path)
    tampering.vouch(whole, f"outputs/{path.name}")
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert any(reason.startswith(f"{path.name}, page 1: published") for reason in found.reasons)


def test_bytes_that_no_reader_sees_leave_the_figures_matching_and_are_pointed_at(honest, whole, work):
    tampering.replace(whole / PAGE, b"</body>", b"</body><!-- hello -->")
    tampering.vouch(whole, PAGE)
    found = examined(whole, work)
    assert found.verdict is Verdict.FIGURES_MATCH
    assert re.search(r"environment-and-growth\.html, first at byte \d+: published .*hello", " ".join(found.reasons))


def test_difference_in_another_environment_is_inconclusive_and_says_how_it_differs(honest, whole, work):
    tampering.replace(whole / PAGE, b'data-label="Latest figure">44.2%', b'data-label="Latest figure">64.2%')
    tampering.vouch(whole, PAGE)
    tampering.claim(whole, platform="amiga-m68k", pandas="0.1")
    found = examined(whole, work)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the platform is " in found.reasons[0]
    assert "and was amiga-m68k; pandas is " in found.reasons[0]
    assert any("KPI PL-01" in reason for reason in found.reasons)


def test_lock_that_cannot_be_installed_is_inconclusive_and_says_why(monkeypatch, whole, work):
    def refuse(*given):
        raise CannotPrepareError("the packages of its lock could not be installed: no network")

    monkeypatch.setattr(reperformance, "prepare", refuse)
    found = examined(whole, work)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons == (
        "No environment satisfies the bundle's lock: the packages of its lock could not be installed: no network.",
    )


@pytest.mark.parametrize("content", [b"{}", b"not JSON", b"[" * 100_000])
def test_bundle_without_a_manifest_that_can_be_read_is_not_verified(untrusted, whole, work, content):
    (whole / "manifest.json").write_bytes(content)
    with pytest.raises(UnsafeBundleError, match=r"manifest\.json: not a manifest"):
        examined(whole, work)
    (whole / "manifest.json").unlink()
    (work / "again").mkdir()
    with pytest.raises(UnsafeBundleError, match=r"it has no manifest\.json"):
        examined(whole, work / "again")


def test_signature_that_must_be_there_is_missed(honest, whole, work, tmp_path):
    (tmp_path / "signers").write_text("")
    bundle = tampering.packed(whole, tmp_path / "bundle.zip")
    found = examination.examine(bundle, work, lambda line: None, signers=tmp_path / "signers")
    assert (found.verdict, found.signature) == (Verdict.DIFFERS, "The manifest is not signed.")
    assert found.reasons == ("manifest.json.sig is missing.",)
    assert (found.environment, found.remade) == (None, None), "code that nobody signed is not run"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_signature_of_an_allowed_signer_is_told_and_one_of_another_manifest_is_not_taken(honest, outputs, work, tmp_path):
    shutil.copytree(outputs, tmp_path / "outputs")
    key, signers = tmp_path / "key", tmp_path / "signers"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers.write_text(f"performance@council.example {key.with_suffix('.pub').read_text()}")
    folder = tmp_path / "outputs" / PERIOD
    signature.sign(folder, key)
    found = examination.examine_period(tmp_path / "outputs", PERIOD, work, lambda line: None, signers=signers)
    assert found.verdict is Verdict.REPRODUCED
    assert found.signature == "The manifest is signed by performance@council.example, whom the file of allowed signers names."
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b"\n")
    (tmp_path / "again").mkdir()
    found = examination.examine_period(tmp_path / "outputs", PERIOD, tmp_path / "again", lambda line: None, signers=signers)
    assert found.verdict is Verdict.DIFFERS
    assert [fault.path for fault in found.faults] == ["manifest.json.sig"]
    assert "signature is not good" in found.signature


def test_published_folder_is_verified_where_it_lies(honest, outputs, work, tmp_path):
    shutil.copytree(outputs, tmp_path / "outputs")
    found = examination.examine_period(tmp_path / "outputs", PERIOD, work, lambda line: None)
    assert (found.verdict, found.name, found.sha256) == (Verdict.REPRODUCED, PERIOD, "")
    page = tmp_path / "outputs" / PERIOD / PAGE.removeprefix("outputs/")
    tampering.replace(page, b'data-label="Latest figure">44.2%', b'data-label="Latest figure">64.2%')
    (tmp_path / "again").mkdir()
    found = examination.examine_period(tmp_path / "outputs", PERIOD, tmp_path / "again", lambda line: None)
    assert found.verdict is Verdict.DIFFERS
    assert [fault.path for fault in found.faults] == [PAGE]
    assert any("KPI PL-01" in reason and "64.2%" in reason for reason in found.reasons)


def test_input_that_the_store_has_lost_is_named(untrusted, outputs, work, tmp_path):
    shutil.copytree(outputs, tmp_path / "outputs")
    (results,) = (one for one in manifest.read(outputs / PERIOD).inputs if one.name == RESULTS)
    evidence.place_of(tmp_path / "outputs", results.sha256).unlink()
    found = examination.examine_period(tmp_path / "outputs", PERIOD, work, lambda line: None)
    assert (found.verdict, found.reasons) == (Verdict.DIFFERS, (f"{RESULTS} is missing.",))


def test_page_over_all_folders_tells_the_verdict_on_the_reports_that_are_there(outputs):
    about = manifest.read(outputs / PERIOD)
    catalogue.refresh(outputs)
    assert "Not verified" in (outputs / "index.html").read_text(encoding="utf-8")
    verified.remember(outputs, about.sha256, Verified("FIGURES MATCH", "2024-11-04", "../../etc/passwd"))
    catalogue.refresh(outputs)
    page = (outputs / "index.html").read_text(encoding="utf-8")
    assert "FIGURES MATCH, 4 November 2024" in page
    assert "passwd" not in page
    assert verified.recall(outputs, "0" * 64) is None


def test_manifest_that_tells_what_its_reports_do_not_is_contradicted(honest, whole, work):
    told = (whole / "manifest.json").read_bytes()
    (whole / "manifest.json").write_bytes(told.replace(b"target-tolerance-v1", b"target-tolerance-v9", 1))
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert any("manifest.json" in reason and "target-tolerance-v9" in reason for reason in found.reasons)


@SOAK
def test_changed_input_that_the_manifest_vouches_for_changes_what_is_made_again(whole, work):
    tampering.replace(whole / RESULTS, b"44.2", b"45.2")
    tampering.vouch(whole, RESULTS)
    found = examined(whole, work)
    assert found.verdict is Verdict.DIFFERS
    assert any("KPI PL-01" in reason and "44.2%" in reason and "45.2%" in reason for reason in found.reasons)


@SOAK
def test_bundle_of_an_older_version_is_made_again_by_its_own_code_in_an_environment_of_its_own_lock(whole, work, tmp_path):
    """As if another version, with another tqdm in its lock, had published it."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path / "older"), "tqdm==4.67.1"]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("there is no older package to be had here")
    (wheel,) = (tmp_path / "older").iterdir()
    lock = whole / LOCK
    pin = re.compile(r"(?m)^tqdm==.+(?:\n    --hash=.+)+\n")
    text, count = pin.subn(f"tqdm==4.67.1 \\\\\n    --hash=sha256:{integrity.digest(wheel)}\n", lock.read_text(encoding="utf-8"))
    assert count
    lock.write_text(text, encoding="utf-8")
    rating = "code/lib/kpireport/rules/rating.py"
    (whole / rating).write_text((whole / rating).read_text(encoding="utf-8") + "# as it was\n", encoding="utf-8")
    for name in (LOCK, rating):
        tampering.vouch(whole, name)
    tampering.claim(whole, tqdm="4.67.1")
    found = examined(whole, work)
    assert found.environment is not None
    assert found.environment.is_new
    assert found.environment.libraries["tqdm"] == "4.67.1"
    assert (found.verdict, found.reasons, found.departures) == (Verdict.REPRODUCED, (), ())
