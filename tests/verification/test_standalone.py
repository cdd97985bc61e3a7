"""The bundle as an auditor runs it: python BUNDLE.zip, with nothing but Python."""

import ast
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import tampering
from kpireport.verification import standalone
from kpireport.verification.integrity import BESIDE

SOAK = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes minutes: KPIREPORT_SOAK=1 runs it")
SOURCE = Path(standalone.__file__)


def run(bundle: Path, folder: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "KPIREPORT"))}
    return subprocess.run(
        [python, str(bundle)], cwd=folder, env=kept | {"HOME": str(folder)}, capture_output=True, text=True, check=False
    )


def test_it_needs_nothing_but_the_standard_library_and_is_read_by_older_pythons():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in taken if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in taken if isinstance(node, ast.ImportFrom)}
    ours = {name for name in names if name.startswith("kpireport")}
    assert names - ours <= set(sys.stdlib_module_names)
    assert ours == {"kpireport.errors", "kpireport.verification"}
    probe = "import sys; from kpireport.verification import integrity; print(*{name.split('.')[0] for name in sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", probe],
        env={"PYTHONPATH": str(SOURCE.parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(ran.stdout.split()) - set(sys.stdlib_module_names) <= {"kpireport", "__main__", "sitecustomize", "usercustomize"}


def test_older_python_is_told_what_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(sys, "argv", ["/somewhere/2024-25-q2.zip"])
    assert standalone.main([]) == 12
    told = capsys.readouterr().err
    assert "needs Python 3.11 to 3.14, and this is Python 3.9.18. Run it as: python3.11 2024-25-q2.zip" in told


def test_what_the_manifest_expects_is_read_alike_by_the_package_and_without_it(whole):
    import json

    from kpireport.publishing import manifest
    from kpireport.verification import bundle

    content = (whole / "manifest.json").read_bytes()
    assert standalone._expected(json.loads(content)) == bundle.expected(manifest.parse(content))
    assert {manifest.MANIFEST, manifest.SIGNATURE, manifest.RUN, bundle.PAGE, bundle.MAIN} == BESIDE


def test_changed_code_is_named_and_not_run(whole, tmp_path):
    rating = whole / "code" / "lib" / "kpireport" / "rules" / "rating.py"
    rating.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run(tampering.packed(whole, tmp_path / "bundle.zip"), empty)
    assert ran.returncode == 11
    assert "code/lib/kpireport/rules/rating.py was changed" in ran.stderr
    assert "DIFFERS" in ran.stderr
    assert not (tmp_path / "ran").exists()
    assert list(empty.iterdir()) == []


@SOAK
def test_without_packages_to_be_had_it_is_inconclusive_and_says_that_every_file_is_whole(whole, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    ran = run(tampering.packed(whole, tmp_path / "bundle.zip"), tmp_path)
    assert ran.returncode == 12
    assert "INCONCLUSIVE: every file is whole" in ran.stderr
    assert "Traceback" not in ran.stderr


@SOAK
def test_bundle_alone_is_reproduced_by_a_bare_python_in_an_empty_folder(bundle_file, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run(bundle_file, empty, str(tmp_path / "bare" / "bin" / "python"))
    assert ran.returncode == 0, ran.stderr
    assert "REPRODUCED: Every file was made again from its inputs, the same to the byte." in ran.stdout
    assert (empty / "2024-25-q2-scrutiny-certificate" / "certificate.pdf").is_file()
