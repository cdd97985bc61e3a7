"""Whatever a path, a name or a parameter is, the answer is an exit code and a sentence, and nothing is written elsewhere."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hostile_register
import pytest
from kpireport import __main__ as command_line
from kpireport.errors import ExitCode, PublishingError
from kpireport.publishing.staging import staging

ROOT = Path(__file__).resolve().parents[2]
REFUSED = {ExitCode.PARAMETERS, ExitCode.DATA, ExitCode.PUBLISHING, ExitCode.BUNDLE}
VALUES = [
    *("../../x", "..", ".", "a/../../b", "2024-25-q2/../../x", "/etc/passwd", "~nobody/x", "", " "),
    *("a\nb", "nul\0byte", "\x1b[31mred", "\ud800", "\u202eq2", "２０２４-25 Q２", "٢", "éé"),
    *("--out=x", "-1", "$(touch pwned)", "`touch pwned`", "quote'\"", "*", "[", "{0}", "%s%n", "1e9", "con"),
    *("x" * 300, "x" * 10_000, "../" * 900 + "x"),
]
NEEDED = {
    "trace": {"--kpi": "PE-01", "--period": "2024-25-q2"},
    "bundle": {"--period": "2024-25-q2"},
    "crate": {"--period": "2024-25-q2"},
    "sign": {"--period": "2024-25-q2", "--key": "k"},
    "signed": {"--period": "2024-25-q2", "--signers": "s"},
    "verify": {"--period": "2024-25-q2"},
    "since": {"--period": "2023-24-q4"},
    "approve": {"--directorate": "PL", "--by": "Director"},
}
"""What each verb asks for; those that are not here build a report, or ask for nothing."""
IS_SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
QUICK = [
    "trace",
    "bundle",
    "sign",
    "signed",
    "verify",
    "since",
    "approve",
    "changes",
    "collect",
    "requests",
    "chase",
    "checklist",
]
BUILDING = ["quarter", "scrutiny", "annual", "timetable", "year"]


@pytest.fixture
def box(tmp_path, monkeypatch) -> Path:
    """Return a folder within folders, in which a project's own files lie, and beside which nothing may appear."""
    place = tmp_path / "one" / "two" / "three" / "here"
    place.mkdir(parents=True)
    for name in ("params", "notebooks"):
        (place / name).symlink_to(ROOT / name)
    (place / "empty").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return place


def run(*words: str) -> tuple[object, str]:
    """Return the exit code of a command and all that it tells."""
    told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace")
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            code: object = command_line.main(list(words))
        except SystemExit as left:
            code = left.code
    told.flush()
    return code, told.buffer.getvalue().decode()


def options_of(verb: str) -> Iterator[str]:
    known = command_line.parser()._subparsers._group_actions[0].choices[verb]
    yield from (action.option_strings[-1] for action in known._actions if action.option_strings and action.nargs != 0)


def asked(verb: str, option: str, value: str, box: Path) -> list[str]:
    given = {"--data": str(box / "empty"), "--out": str(box / "out"), **NEEDED.get(verb, {})}
    given = {name: text for name, text in given.items() if name in set(options_of(verb))}
    if option == "--bundle":
        given.pop("--period", None)
    given[option] = f"board={value}" if option == "--set" else value
    return [verb, *(f"{name}={text}" for name, text in given.items())]


def outside(box: Path) -> list[str]:
    """Return what lies outside the folder that was there before nobody wrote."""
    top = box.parents[3]
    known = {Path(name) for name in ("one", "one/two", "one/two/three", "one/two/three/here", "tmp")}
    found = (path.relative_to(top) for path in top.rglob("*") if box not in path.parents)
    return sorted(str(path) for path in found if path not in known)


def test_any_value_of_any_option_is_answered_by_a_code_and_a_sentence(box):
    """The register is an empty folder: whatever is let through ends there, before anything is made.

    --out writes where it is told to, as it should: see below.
    """
    options = [(verb, option) for verb in QUICK for option in options_of(verb) if option != "--out"]
    asks = [(verb, option, value) for verb, option in options for value in VALUES]
    wrong = []
    for verb, option, value in asks if IS_SOAK else asks[::13]:
        code, told = run(*asked(verb, option, value, box))
        is_refused = code in REFUSED or (verb, code) == ("checklist", ExitCode.DONE)
        if not is_refused or "Traceback" in told or not 0 < len(told) < 3_000 or "defect" in told:
            wrong.append((verb, option, value[:20], code, told[:200]))
    assert wrong == []
    assert outside(box) == []
    assert not list(box.rglob("pwned"))


@pytest.mark.skipif(not IS_SOAK, reason="a long one: set KPIREPORT_SOAK=1")
@pytest.mark.parametrize("verb", BUILDING)
def test_any_value_of_a_report_is_answered_too(box, verb):
    wrong = []
    for option in options_of(verb):
        for value in VALUES if option not in ("--out", "--scheduler") else ():
            code, told = run(*asked(verb, option, value, box))
            if code not in REFUSED or "Traceback" in told or not 0 < len(told) < 3_000 or "defect" in told:
                wrong.append((verb, option, value[:20], code, told[:200]))
    assert wrong == []
    assert [one for one in outside(box) if not one.startswith("tmp/")] == []


@pytest.mark.parametrize("out", ["nul\0byte", "a\nb", "x" * 300, "\x1b[31m", "afile", "afile/within"])
def test_outputs_that_cannot_be_are_refused(box, out):
    (box / "afile").write_text("mine")
    code, told = run("quarter", "--quarter=2", "--year=2024-25", f"--data={hostile_register.RIVERSIDE}", f"--out={out}")
    assert code in REFUSED, told
    assert "defect" not in told
    assert len(told) < 1_000
    assert (box / "afile").read_text() == "mine"
    assert outside(box) == []


def test_the_whole_system_is_no_folder_for_reports():
    with pytest.raises(PublishingError, match="holds the whole system"), staging(Path("/"), "2024-25-q2"):
        pass
    assert not Path("/.building-2024-25-q2").exists()


@pytest.fixture
def data(box) -> Path:
    shutil.copytree(hostile_register.RIVERSIDE, box / "data")
    return box / "data"


def test_a_data_folder_that_is_a_file_is_refused(box):
    (box / "afile").write_text("x")
    for verb in ("quarter", "since", "requests", "checklist"):
        code, told = run(verb, "--data=afile", f"--out={box / 'out'}", *(["--period=2023-24-q4"] if verb == "since" else []))
        assert code == ExitCode.PARAMETERS, told
        assert "afile" in told


@pytest.mark.parametrize(
    ("link", "to", "said"),
    [
        ("register/results.csv", "/etc/passwd", "a link that leads out of the data folder"),
        ("register/more.csv", "../../../secret.csv", "a link that leads out of the data folder"),
        ("register/round", ".", "a link to a folder"),
        ("register/all", "/etc", "a link to a folder"),
        ("survey", "/etc", "a link to a folder"),
    ],
)
def test_links_that_lead_elsewhere_are_faults_of_the_data_and_are_not_read(box, data, link, to, said):
    (box.parent / "secret.csv").write_text("root:secret\n")
    (data / link).unlink(missing_ok=True)
    (data / link).symlink_to(to)
    for words in (["quarter", "--quarter=2", "--year=2024-25"], ["since", "--period=2023-24-q4"], ["changes"]):
        places = [f"--data={data}", *([] if words == ["changes"] else [f"--out={box / 'out'}"])]
        code, told = run(*words, *places)
        assert code == ExitCode.DATA, told
        assert f"{link}: found {said}" in told
        assert "root:" not in told


def test_a_return_that_is_a_link_elsewhere_is_not_read(box, data):
    folder = data / "returns" / "2024-25-q2"
    folder.mkdir(parents=True)
    (folder / "return.csv").symlink_to("/etc/passwd")
    code, told = run("collect", "--quarter=2", "--year=2024-25", f"--data={data}", f"--out={box / 'out'}")
    assert (code, "root:" in told) == (ExitCode.DATA, False)
    assert "returns/2024-25-q2/return.csv: found a link that leads out of the data folder" in told
    assert not (box / "out").exists()


def test_a_link_within_the_data_folder_and_a_linked_data_folder_are_as_good_as_the_files(box, data):
    from kpireport.sources import register

    (data / "kept").mkdir()
    shutil.move(data / "register" / "kpis.csv", data / "kept" / "kpis.csv")
    (data / "register" / "kpis.csv").symlink_to("../kept/kpis.csv")
    (data / "register" / "nothing.csv").symlink_to("gone.csv")
    (box / "elsewhere").symlink_to(data)
    assert len(register.load(box / "elsewhere").kpis) == 10


def as_owner_only() -> list[str]:
    """Return the words that take from root what lets it read whatever it likes."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv to take that away")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


def run_apart(*words: str) -> subprocess.CompletedProcess[str]:
    command = [*as_owner_only(), sys.executable, "-m", "kpireport", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(os.name == "nt", reason="modes of files are those of Unix")
def test_what_may_not_be_read_or_written_is_named_in_a_sentence(box, data):
    quarter = ["quarter", "--quarter=2", "--year=2024-25", f"--data={data}"]
    (data / "register" / "results.csv").chmod(0)
    ran = run_apart(*quarter, f"--out={box / 'out'}")
    assert ran.returncode == ExitCode.DATA, ran.stderr
    assert "register/results.csv: found something that may not be read" in ran.stderr
    (data / "register" / "results.csv").chmod(0o644)
    (box / "closed").mkdir(mode=0o555)
    ran = run_apart(*quarter, f"--out={box / 'closed'}")
    assert ran.returncode == ExitCode.PUBLISHING, ran.stderr
    assert "cannot be written" in ran.stderr or "Permission denied" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list((box / "closed").iterdir()) == []


@pytest.mark.parametrize(
    "content", ["a: &a [x, x]\nb: &b [*a, *a]\nname: *b\n", "[" * 5_000, "name: " + "x" * 100_000, "- 1\n", "\0"]
)
def test_a_councils_particulars_that_are_none_are_refused_briefly(box, data, content):
    (data / "council.yaml").write_text(content)
    code, told = run("requests", "--quarter=2", "--year=2024-25", f"--data={data}", f"--out={box / 'out'}")
    assert code == ExitCode.PARAMETERS, told
    assert len(told) < 3_000
