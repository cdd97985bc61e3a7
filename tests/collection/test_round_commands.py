"""`requests` and `chase` as they are asked for on the command line."""

import shutil
from pathlib import Path

import pytest
from kpireport.__main__ import main
from kpireport.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent.parent
RIVERSIDE = str(ROOT / "tests" / "councils" / "riverside")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A folder with the parameters, in which the commands run."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".kpireport"}


def test_requests_are_published_whole_and_replaced_when_made_again(project, capsys):
    for _ in range(2):
        assert main(["requests", "--data", RIVERSIDE, "--quarter", "3", "--year", "2024-25", "--out", "made"]) == ExitCode.DONE
    files = {f"2024-25-q3-{kind}-{code}" for code in ("pl", "pe", "co") for kind in ("return", "request")}
    assert names(project / "made" / "2024-25-q3-requests") == {
        "index.html", *(f"{name}.xlsx" if "return" in name else f"{name}.eml" for name in files),
    }  # fmt: skip
    assert "Nothing was sent" in capsys.readouterr().out


def test_a_council_may_ask_each_contact(project):
    params = project / "params" / "collection.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("ask: directorate", "ask: contact"), encoding="utf-8")
    assert main(["requests", "--data", RIVERSIDE, "--quarter", "3", "--out", "made"]) == ExitCode.DONE
    assert "2024-25-q3-return-streets.xlsx" in names(project / "made" / "2024-25-q3-requests")


def test_chase_takes_a_day_and_otherwise_today(project, capsys):
    assert main(["chase", "--data", RIVERSIDE, "--quarter", "3", "--on", "2025-01-20", "--out", "made"]) == ExitCode.DONE
    assert "Due and missing on 20 January 2025: 1 result." in capsys.readouterr().out
    assert {"index.html", "outstanding.csv", "punctuality.csv"} <= names(project / "made" / "2024-25-q3-chase")
    assert main(["chase", "--data", RIVERSIDE, "--quarter", "4", "--out", "made"]) == ExitCode.DONE


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["chase", "--on", "20/01/2025"], 'on: "20/01/2025" is not a day'),
        (["chase", "--on", "2025-02-30"], 'on: "2025-02-30" is not a day'),
        (["requests", "--quarter", "5"], "is not a quarter"),
        (["requests", "--year", "2031-32"], "Add its dates to reference/rounds"),
        (["requests", "--data", "nowhere"], 'there is no folder "nowhere"'),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(project, capsys, asked, said):
    given = asked if "--data" in asked else [*asked, "--data", RIVERSIDE]
    assert main(given) == ExitCode.PARAMETERS
    assert said in capsys.readouterr().err
    assert not (project / "outputs").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask: directorate", "ask: everybody", 'ask: "everybody" is not one of directorate and contact'),
        ("ask: directorate", "aks: directorate", '"aks" is not one of its parameters'),
        ("third_reminder_after: 10", "third_reminder_after: soon", "is not a number of working days"),
        ("third_reminder_after: 10", "third_reminder_after: 2", "third_reminder_after more than it"),
    ],
)
def test_faults_of_the_parameters_file_are_named(project, capsys, old, new, said):
    params = project / "params" / "collection.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert main(["chase", "--data", RIVERSIDE, "--quarter", "3"]) == ExitCode.PARAMETERS
    assert said in capsys.readouterr().err
