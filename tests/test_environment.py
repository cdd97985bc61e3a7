import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from kpireport import environment

PYTEST, RUFF = metadata.version("pytest"), metadata.version("ruff")
LOCK = f"""\
# Made by hand.
# group: product
pytest=={PYTEST} \\
    --hash=sha256:00 \\
    --hash=sha256:01
absent-on-this-machine==1.0 ; sys_platform == 'an-unknown-platform' \\
    --hash=sha256:02
numpy==0.1 ; python_full_version == '3.2.*' \\
    --hash=sha256:03
# group: lab
ruff=={RUFF} \\
    --hash=sha256:04
# group: docs
ruff=={RUFF} \\
    --hash=sha256:04
# group: test
never-published==9.9 \\
    --hash=sha256:05
"""


def answer(tmp_path, *arguments: str) -> int:
    (tmp_path / "lock").write_text(LOCK, encoding="utf-8")
    return environment.main(["--lock", str(tmp_path / "lock"), *arguments])


def test_group_is_satisfied_when_every_pin_whose_marker_applies_is_installed(tmp_path):
    assert answer(tmp_path, "--satisfied", "product") == 0
    assert answer(tmp_path, "--satisfied", "lab") == 0


def test_group_with_a_missing_package_is_not_satisfied_and_says_which(tmp_path, capsys):
    assert answer(tmp_path, "--satisfied", "test") == 1
    assert capsys.readouterr().err == "never-published 9.9 is not installed\n"


def test_another_version_does_not_satisfy():
    assert environment.unsatisfied("pytest==0.0.1\n") == [f"pytest is {PYTEST}; the lock says 0.0.1"]


def test_requirements_of_a_group_are_the_products_and_its_own(tmp_path, capsys):
    assert answer(tmp_path, "--requirements", "lab") == 0
    names = [line.split("==")[0] for line in capsys.readouterr().out.splitlines() if "==" in line and "hash" not in line]
    assert names == ["pytest", "absent-on-this-machine", "numpy", "ruff"]


def test_last_group_is_the_whole_lock_each_package_once():
    whole = environment.section(LOCK, "test")
    assert "never-published==9.9" in whole
    assert whole.count(f"ruff=={RUFF}") == 1


def test_lock_without_the_group_is_refused_with_those_it_has():
    with pytest.raises(ValueError, match="product, lab, docs, test"):
        environment.section(LOCK, "cluster")


def test_every_pin_of_the_real_lock_is_read():
    lock = (Path(__file__).parent.parent / "requirements.lock").read_text(encoding="utf-8")
    starts = [line for line in lock.splitlines() if line[:1].isalnum()]
    assert len(environment._PIN.findall(lock)) == len(starts) > 50
    names = {name for name, _ in environment.pins(environment.section(lock, "product"))}
    assert {"pandas", "papermill", "setuptools"} <= names
    assert "pytest" not in names


def test_it_runs_before_anything_is_installed():
    """Only the standard library, pip's own packaging and the floor of errors and words: no third-party import at the start."""
    code = "import sys; import kpireport.environment; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    lib = str(Path(environment.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {lib!r}); {code}"], capture_output=True, text=True
    )
    foreign = set(ran.stdout.split()) - set(sys.stdlib_module_names) - {"kpireport", "__main__"}
    assert ran.returncode == 0, ran.stderr
    assert foreign == set()
