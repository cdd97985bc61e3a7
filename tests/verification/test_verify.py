"""The verb `verify`, and the re-performance behind it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tampering
from conftest import PERIOD
from kpireport import __main__ as command_line
from kpireport.errors import ExitCode
from kpireport.publishing import manifest
from kpireport.verification import reperformance
from test_makefile import asked, folder, make  # noqa: F401 - folder is a fixture

SOAK = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes minutes: KPIREPORT_SOAK=1 runs it")
PAGE = "outputs/scrutiny-board-environment-and-growth.html"


def test_verdict_is_the_exit_code_and_the_certificate_lies_beside_the_reports(honest, outputs, capsys):
    assert command_line.main(["verify", "--period", PERIOD, "--out", str(outputs), "--date", "2024-11-04"]) == ExitCode.DONE
    told = capsys.readouterr().out
    certificate = outputs / f"{PERIOD}-certificate" / "certificate.html"
    assert "REPRODUCED: Every file was made again" in told
    assert f"The certificate is {certificate}" in told
    assert "Verified on 4 November 2024" in certificate.read_text(encoding="utf-8")
    assert "REPRODUCED, 4 November 2024" in (outputs / "index.html").read_text(encoding="utf-8")
    kept = json.loads((outputs / ".verified" / f"{manifest.read(outputs / PERIOD).sha256}.json").read_text(encoding="utf-8"))
    assert kept["verdict"] == "REPRODUCED"


def test_difference_is_told_on_stderr_with_its_own_exit_code(honest, whole, tmp_path, capsys):
    tampering.replace(whole / PAGE, b'data-label="Latest figure">44.2%', b'data-label="Latest figure">64.2%')
    bundle = tampering.packed(whole, tmp_path / "bundle.zip")
    assert command_line.main(["verify", "--bundle", str(bundle), "--out", str(tmp_path / "out")]) == ExitCode.DIFFERS
    told = capsys.readouterr().err
    assert told.startswith("DIFFERS: ")
    assert f"{PAGE} was changed" in told
    assert "KPI PL-01" in told
    assert sorted(path.name for path in (tmp_path / "out" / f"{PERIOD}-certificate").iterdir()) == [
        ".kpireport",
        "certificate.html",
        "certificate.pdf",
        "differences.csv",
        "index.html",
    ]
    assert not (tmp_path / "out" / ".verified").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--bundle", "nowhere.zip"], ExitCode.BUNDLE, "There is no file nowhere.zip."),
        (["--period", "../../etc"], ExitCode.PARAMETERS, "is not the name of a published folder"),
        (["--period", "2019-20-q1", "--date", "yesterday"], ExitCode.PARAMETERS, '"yesterday" is not a day'),
    ],
)
def test_what_cannot_be_verified_is_told_without_a_verdict(arguments, code, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command_line.main(["verify", *arguments]) == code
    assert said in capsys.readouterr().err


def test_code_of_a_bundle_finds_nothing_of_the_users_own_settings(tmp_path, outputs, monkeypatch):
    """A checkout whose command line writes down what it was asked and what it was given."""
    about = manifest.read(outputs / PERIOD)
    package = tmp_path / "bundle" / "code" / "lib" / "kpireport"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import json, os, pathlib, sys\n"
        "asked = sys.argv[1:]\n"
        f"made = pathlib.Path(asked[asked.index('--out') + 1], {PERIOD!r})\n"
        "made.mkdir(parents=True)\n"
        "(made / 'asked.json').write_text(json.dumps([asked, dict(os.environ), os.getcwd(), sys.path]))\n"
    )
    (tmp_path / "bundle" / "inputs" / "data").mkdir(parents=True)
    (tmp_path / "bundle" / "inputs" / "council.yaml").touch()
    monkeypatch.setenv("KPIREPORT_DATA", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "secret")
    monkeypatch.setenv("JUPYTER_PATH", "secret")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    work = tmp_path / "work"
    work.mkdir()
    environment = reperformance.Environment(Path(sys.executable), False, "", "", {})
    done = reperformance.perform(tmp_path / "bundle", about, environment, work, lambda line: None)
    assert done.folder == work / "outputs" / PERIOD
    given_words, given, here, path = json.loads((done.folder / "asked.json").read_text(encoding="utf-8"))
    assert given_words[:4] == ["scrutiny", "--quarter=2", "--year=2024-25", "--set=board=ENV"]
    assert "secret" not in given.values()
    assert "TZ" not in given
    assert given["HOME"].startswith(str(work))
    assert here == str(work / "checkout")
    assert path[1] == str(work / "checkout" / "lib")
    (tmp_path / "again").mkdir()
    (package / "__main__.py").write_text("import sys; sys.exit('board: ENV is not one of the boards')")
    done = reperformance.perform(tmp_path / "bundle", about, environment, tmp_path / "again", lambda line: None)
    assert (done.folder, done.code, done.message) == (None, 1, "board: ENV is not one of the boards")


@SOAK
def test_environment_that_does_not_hold_the_lock_is_made_from_it(whole, outputs, work, monkeypatch):
    """A lock of one package that is on no index: the installation is asked for with hashes, and its failure told."""
    about = manifest.read(outputs / PERIOD)
    (whole / "code" / "requirements.lock").write_text(
        "# group: product\nno-such-package-of-ours==9.9 \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8"
    )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    said = []
    with pytest.raises(reperformance.CannotPrepareError, match=r"could not be installed: .*no-such-package-of-ours"):
        reperformance.prepare(whole / "code", about, work, said.append)
    assert "making one from it" in said[0]
    python = work / "environment" / "bin" / "python"
    ran = subprocess.run([str(python), "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(work / "environment")
    assert "--hash=sha256:" in (work / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_passes_its_values_on(folder):  # noqa: F811
    assert make(folder, "verify").returncode == 2
    assert make(folder, "verify", "PERIOD=2024-25-q2", "OUT=o").returncode == 0
    assert make(folder, "verify", "BUNDLE=a b.zip", "SIGNERS=$(touch pwned)").returncode == 0
    verify = ["-m", "kpireport", "verify"]
    assert asked(folder) == [
        [*verify, "--period=2024-25-q2", "--out=o"],
        [*verify, "--bundle=a b.zip", "--signers=$(touch pwned)"],
    ]
