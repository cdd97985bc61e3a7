"""The Makefile with a Python that only writes down what it is asked: no installation, no network."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kpireport.commands.groups import GROUPS

ROOT = Path(__file__).resolve().parent.parent
MAKE = shutil.which("make")
RECORDER = f"""\
#!{sys.executable}
import json, os, sys
if sys.argv[1:3] == ["-m", "kpireport.environment"]:
    sys.exit("--satisfied" in sys.argv and int(os.environ.get("UNSATISFIED", "0")))
with open("asked.jsonl", "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
"""
HOSTILE = [
    "a folder with spaces",
    "it's",
    'say "yes"',
    "$(touch pwned)",
    "$(shell touch pwned)",
    "${HOME}",
    "$$HOME $@ $<",
    "`touch pwned`",
    "; touch pwned",
    "| touch pwned #",
    "&& touch pwned",
    "a\\ b\\",
    "--help",
    "*",
    "%",
    "naïve £",
    "line one\nline two",
]

pytestmark = pytest.mark.skipif(MAKE is None or os.name == "nt", reason="make is not installed")


@pytest.fixture
def folder(tmp_path):
    """A project whose .venv is ready and has the recorder for its Python."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
        os.utime(tmp_path / name, (0, 0))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(RECORDER)
    python.chmod(0o755)
    for group in ("product", "lab", "test"):
        (tmp_path / ".venv" / f".{group}").touch()
    return tmp_path


def make(folder: Path, *arguments: str, path: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "CONDA_PREFIX", "MAKEFLAGS", "MAKELEVEL"}
    }
    env = kept | ({"PATH": path} if path else {}) | environment
    return subprocess.run([str(MAKE), *arguments], cwd=folder, env=env, capture_output=True, text=True)


def asked(folder: Path) -> list[list[str]]:
    file = folder / "asked.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def help_lines(folder: Path) -> list[str]:
    ran = make(folder, path=bare_path(folder))
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def phony() -> set[str]:
    return set(re.search(r"(?m)^\.PHONY: (.+)$", (ROOT / "Makefile").read_text())[1].split())


def test_make_alone_lists_every_target_once_and_does_nothing(folder):
    listed = [found[1] for line in help_lines(folder) if (found := re.match(r"  make ([a-z]+)", line))]
    assert sorted(listed) == sorted(phony())
    assert asked(folder) == []


def test_help_has_the_groups_of_the_command_line_in_its_order(folder):
    groups: dict[str, list[str]] = {}
    for line in help_lines(folder)[1:]:
        if line[:1].isalpha():
            groups[line] = []
        elif found := re.match(r"  make ([a-z]+)", line):
            groups[list(groups)[-1]].append(found[1])
    for occasion, verbs in GROUPS.items():
        assert [target for target in groups[occasion] if target in verbs] == list(verbs)


def test_help_is_aligned_and_fits_a_hundred_columns(folder):
    lines = help_lines(folder)
    assert [line for line in lines if len(line) > 100] == []
    said = [line for line in lines if line.startswith("  make")]
    assert {re.match(r"  make \S+(?: Q=2)? +", line).end() for line in said} == {26}
    assert {len(line) - len(line.lstrip()) for line in lines if line.startswith("   ")} == {26}


def test_help_names_every_variable_that_reaches_commands_and_no_other(folder):
    named = set(re.findall(r"\b([A-Z][A-Z_]*)=", "\n".join(help_lines(folder)))) - {"NAME"}
    makefile = (ROOT / "Makefile").read_text()
    exported = set(re.findall(r"(?m)^export KPIREPORT_([A-Z_]+) := \$\(value \1\)$", makefile))
    assert named == exported
    assert set(re.search(r"(?m)^unexport (.+)$", makefile)[1].split()) == exported


def test_readme_tells_of_every_target():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [target for target in phony() if not re.search(rf"`make {target}[ `]", readme)] == []


def test_what_was_made_is_opened_when_that_is_asked_for(folder):
    (folder / ".venv" / ".docs").touch()
    verbs = ["quarter", "scrutiny", "annual", "timetable", "year", "checklist", "requests", "chase", "collect", "docs"]
    for verb in verbs:
        assert make(folder, verb, "OPEN=1").returncode == 0
    for verb in ("since", "verify", "trace"):
        assert make(folder, verb, "OPEN=1", "PERIOD=2024-25-q2", "KPI=CHE-14").returncode == 0
    assert [(words[2], words[-1]) for words in asked(folder)] == [
        (verb, "--open") for verb in [*verbs, "since", "verify", "trace"]
    ]


def test_quarter_passes_its_values_to_the_command_line(folder):
    ran = make(folder, "quarter", "Q=2", "YEAR=2024-25", "DATA=d", "OUT=o")
    assert ran.returncode == 0, ran.stderr
    assert asked(folder) == [["-m", "kpireport", "quarter", "--quarter=2", "--year=2024-25", "--data=d", "--out=o"]]


def test_a_report_as_known_on_a_day_and_what_changed_since(folder):
    assert make(folder, "quarter", "Q=4", "YEAR=2023-24", "KNOWN=2024-05-20").returncode == 0
    assert make(folder, "since", "PERIOD=2023-24-q4", "DATA=it's").returncode == 0
    assert make(folder, "changes").returncode == 0
    assert asked(folder) == [
        ["-m", "kpireport", "quarter", "--quarter=4", "--year=2023-24", "--known=2024-05-20"],
        ["-m", "kpireport", "since", "--period=2023-24-q4", "--data=it's"],
        ["-m", "kpireport", "changes"],
    ]
    ran = make(folder, "since")
    assert (ran.returncode, "PERIOD=" in ran.stderr) == (2, True)


def test_what_is_not_given_is_left_to_the_defaults(folder):
    make(folder, "quarter")
    assert asked(folder) == [["-m", "kpireport", "quarter"]]


@pytest.mark.parametrize("where", ["on the command line", "in the environment"])
def test_no_value_is_ever_read_as_code(folder, where):
    before = sorted(path.name for path in folder.iterdir())
    for value in HOSTILE:
        (folder / "asked.jsonl").unlink(missing_ok=True)
        given = dict.fromkeys(("Q", "YEAR", "DATA", "OUT"), value)
        if where == "on the command line":
            ran = make(folder, "quarter", *(f"{name}={text}" for name, text in given.items()))
        else:
            ran = make(folder, "quarter", **given)
        assert ran.returncode == 0, (value, ran.stderr)
        wanted = [f"--quarter={value}", f"--year={value}", f"--data={value}", f"--out={value}"]
        assert asked(folder) == [["-m", "kpireport", "quarter", *wanted]], value
    assert sorted(path.name for path in folder.iterdir()) == sorted([*before, "asked.jsonl"])


def test_collect_and_approve_pass_on_any_words_and_ask_who_approves(folder):
    assert make(folder, "collect", "Q=2", "WHOLE=1", "RECEIVED=2024-10-18").returncode == 0
    assert make(folder, "collect").returncode == 0
    assert asked(folder) == [
        ["-m", "kpireport", "collect", "--quarter=2", "--whole", "--received=2024-10-18"],
        ["-m", "kpireport", "collect"],
    ]
    assert make(folder, "approve", "Q=2", "DIRECTORATE=CF").returncode == 2
    for value in HOSTILE:
        (folder / "asked.jsonl").unlink()
        given = dict.fromkeys(("Q", "DIRECTORATE", "BY", "FILE", "ON"), value)
        assert make(folder, "approve", *(f"{name}={text}" for name, text in given.items())).returncode == 0, value
        words = [f"--{name}={value}" for name in ("quarter", "directorate", "by", "file", "on")]
        assert asked(folder) == [["-m", "kpireport", "approve", *words]], value


def test_sample_asks_where_to_write(folder):
    ran = make(folder, "sample")
    assert ran.returncode == 2
    assert "SAMPLE=" in ran.stderr
    make(folder, "sample", "SAMPLE=../big one", "KPIS=1000")
    assert asked(folder) == [["-m", "kpireport", "sample", "--out=../big one", "--kpis=1000"]]


@pytest.mark.parametrize("target", ["bundle", "crate", "sign"])
def test_what_is_given_out_of_hand_asks_for_its_period_and_passes_any_words_on(folder, target):
    (folder / ".venv" / ".crate").touch()
    ran = make(folder, target, "KEY=k")
    assert (ran.returncode, asked(folder)) == (2, [])
    assert "PERIOD=2024-25-q2" in ran.stderr
    for value in HOSTILE:
        (folder / "asked.jsonl").unlink(missing_ok=True)
        given = {"PERIOD": value, "OUT": value} | ({"KEY": value} if target == "sign" else {"TO": value, "DATA": value})
        assert make(folder, target, *(f"{name}={text}" for name, text in given.items())).returncode == 0
        ((*start, verb), words) = asked(folder)[0][:3], asked(folder)[0][3:]
        assert (start, verb) == (["-m", "kpireport"], target)
        assert sorted(words) == sorted(f"--{name.lower()}={value}" for name in given)


def test_signed_takes_a_folder_or_a_bundle(folder):
    assert make(folder, "signed", "PERIOD=2024-25-q2").returncode == 2
    make(folder, "signed", "BUNDLE=b.zip", "SIGNERS=our signers")
    assert asked(folder) == [["-m", "kpireport", "signed", "--bundle=b.zip", "--signers=our signers"]]


def test_test_lints_then_runs_the_tests(folder):
    assert make(folder, "test").returncode == 0
    assert [words[1] for words in asked(folder)] == ["ruff", "ruff", "mypy", "pytest"]


def test_environment_is_brought_up_to_date_when_the_lock_changes(folder):
    os.utime(folder / "requirements.lock")
    os.utime(folder / ".venv" / ".product", (1, 1))
    ran = make(folder, "quarter", UNSATISFIED="1")
    assert ran.returncode == 0, ran.stderr
    installs = [words for words in asked(folder) if words[:3] == ["-m", "pip", "install"]]
    assert installs[0][-2:] == ["-r", ".venv/product.txt"]
    assert {"--require-hashes", "--no-deps"} <= set(installs[0])
    assert installs[1][-2:] == ["-e", "."]


def test_activated_environment_that_satisfies_the_lock_is_used(folder):
    own = folder / "own" / "bin"
    own.mkdir(parents=True)
    (own / "python").write_text(RECORDER.replace("asked.jsonl", "own.jsonl"))
    (own / "python").chmod(0o755)
    path = f"{own}{os.pathsep}{os.environ['PATH']}"
    assert make(folder, "quarter", path=path, VIRTUAL_ENV=str(own.parent)).returncode == 0
    assert (folder / "own.jsonl").exists()
    assert asked(folder) == []
    (folder / "own.jsonl").unlink()
    assert make(folder, "quarter", path=path, VIRTUAL_ENV=str(own.parent), UNSATISFIED="1").returncode == 0
    assert not (folder / "own.jsonl").exists()
    assert len(asked(folder)) == 1


def bare_path(folder: Path, **pythons: str) -> str:
    """Return a PATH with a shell's tools and the given Pythons only."""
    tools = folder / "tools"
    tools.mkdir()
    for name in ("sh", "rm", "touch", "mkdir"):
        (tools / name).symlink_to(shutil.which(name) or "")
    for name, script in pythons.items():
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    return str(tools)


def test_old_python_is_refused_politely(folder):
    shutil.rmtree(folder / ".venv")
    ran = make(folder, "quarter", path=bare_path(folder, python3="#!/bin/sh\nexit 1\n"))
    assert ran.returncode != 0
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in ran.stderr
    assert not (folder / ".venv").exists()


def test_first_python_that_is_new_enough_makes_the_environment(folder):
    shutil.rmtree(folder / ".venv")
    old = "#!/bin/sh\nexit 1\n"
    new = '#!/bin/sh\n[ "$1" = -m ] || exit 0\necho "$@" > venv.asked\nexit 3\n'
    ran = make(folder, "quarter", path=bare_path(folder, python3=old, **{"python3.12": new}))
    assert (folder / "venv.asked").read_text() == "-m venv --clear .venv\n"
    assert ran.returncode != 0
    assert "python3-venv" in ran.stderr
