"""Several councils at once: each is made on its own, and what goes wrong with one does not stop the others."""

import os
import shutil
from pathlib import Path

import pytest
import running
from kpireport import __main__
from kpireport.commands import councils
from kpireport.errors import ExitCode, ParameterError
from kpireport.publishing import catalogue

ROOT = Path(__file__).parents[1]
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"


@pytest.fixture
def folder(tmp_path):
    """Return a folder of two sound councils, one of them with a space in its name, and things that are no council."""
    place = tmp_path / "councils"
    for name in ("riverside", "old town"):
        shutil.copytree(RIVERSIDE, place / name)
    (place / "notes").mkdir()
    (place / "README.md").write_text("Two councils.")
    particulars = place / "old town" / "council.yaml"
    particulars.write_text(particulars.read_text().replace("Riverside Borough Council", "Old Town Council"))
    return place


def asked(verb: str = "quarter", **options: str):
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return __main__.parser().parse_args([verb, *arguments])


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ("{}", ["old town", "riverside"]),
        ("{}/*", ["old town", "riverside"]),
        ("{}/r*", ["riverside"]),
        ("{}/riverside '{}/old town'", ["riverside", "old town"]),
        ("{}/riverside {}/*", ["riverside", "old town"]),
        ("{}/old town", []),
        ("{}/nowhere", []),
        ("", []),
    ],
)
def test_data_names_councils(folder, data, names):
    assert list(councils.named(asked(data=data.replace("{}", str(folder))))) == names


def test_a_register_is_one_council_whatever_lies_in_it(folder):
    shutil.copytree(RIVERSIDE, folder / "riverside" / "copy")
    assert councils.named(asked(data=str(folder / "riverside"))) == {}


@pytest.mark.parametrize(
    ("verb", "options", "told"),
    [
        ("quarter", {"data": "{}/x*"}, "names no folder with a register"),
        ("quarter", {"data": "{}/riverside {}/notes"}, "is no folder with a register"),
        ("quarter", {"data": "{}/riverside {}/elsewhere/riverside"}, "would both be published as riverside"),
        ("quarter", {"data": "{}/riverside '{}/old town"}, "a quotation mark that is not closed"),
        ("quarter", {"data": "{}", "council": "params/council.yaml"}, "has its own council.yaml"),
        ("approve", {"data": "{}", "directorate": "CF", "by": "Director"}, "approve is for one"),
    ],
)
def test_what_cannot_be_done_for_several_councils_is_refused(folder, verb, options, told):
    shutil.copytree(RIVERSIDE, folder / "elsewhere" / "riverside")
    given = {name: value.replace("{}", str(folder)) for name, value in options.items()}
    with pytest.raises(ParameterError, match=told):
        councils.named(asked(verb, **given))


def test_exit_code_is_that_of_the_worst_and_every_council_has_its_turn(folder, tmp_path, capsys):
    found = {"b": ExitCode.DATA, "c": ExitCode.DONE, "d": ExitCode.DEFECT, "e": ExitCode.PUBLISHING}
    shutil.rmtree(folder / "old town")
    for name in found:
        shutil.copytree(folder / "riverside", folder / name)
    (folder / "e" / "council.yaml").unlink()
    turns = []

    def attempt(options):
        name = Path(options.data).name
        turns.append((name, Path(options.out)))
        return found.get(name, ExitCode.DONE), f"{name} is wrong.\nSo there." if found.get(name) else ""

    options = asked(data=str(folder), out=str(tmp_path / "out"))
    assert councils.run(councils.named(options), options, attempt) is ExitCode.DEFECT
    assert turns == [(name, tmp_path / "out" / name) for name in ("b", "c", "d", "riverside")]
    told = capsys.readouterr()
    assert "Done for 2 of 5 councils: c, riverside." in told.out
    assert "Failed for b (exit code 3): b is wrong. So there." in told.err
    assert "Failed for e (exit code 2): " in told.err
    assert "has no council.yaml" in told.err


def test_stopping_begins_no_further_council(folder, tmp_path, capsys):
    options = asked(data=str(folder), out=str(tmp_path / "out"))
    code = councils.run(councils.named(options), options, lambda own: (ExitCode.INTERRUPTED, "Stopped."))
    assert code is ExitCode.INTERRUPTED
    assert "Not begun: riverside." in capsys.readouterr().err


def test_council_is_published_beside_one_whose_data_has_a_fault(folder, tmp_path, monkeypatch, capsys):
    shutil.move(folder / "riverside", folder / "broken")
    results = folder / "broken" / "register" / "results.csv"
    results.write_text(results.read_text().replace("PL-01", "no KPI", 1))
    out = tmp_path / "out"
    monkeypatch.chdir(ROOT)
    code = __main__.main(["executive", "--quarter=2", "--year=2024-25", f"--data={folder}/*", f"--out={out}"])
    told = capsys.readouterr()
    assert code == ExitCode.DATA, told.err
    assert "Done for 1 of 2 councils: old town." in told.out
    assert "Failed for broken (exit code 3): 1 fault in the data" in told.err
    assert "Old Town Council" in (out / "old town" / "2024-25-q2-executive" / "executive-update.html").read_text()
    assert (out / "broken" / "2024-25-q2-executive" / "faults.html").is_file()
    index = (out / "index.html").read_text()
    assert '<a href="old%20town/index.html">Old Town Council</a>' in index
    assert '<a href="broken/2024-25-q2-executive/faults.html">' in index
    assert "Nothing has been published yet" not in index
    catalogue.refresh(out)
    assert (out / "index.html").read_text() == index


@pytest.mark.skipif(not os.environ.get("KPIREPORT_SOAK"), reason="a long one: set KPIREPORT_SOAK=1")
def test_several_councils_give_the_bytes_that_each_gives_alone(folder, tmp_path):
    running.published(tmp_path / "alone", "quarter", "--quarter=2", "--year=2024-25", f"--data={folder / 'old town'}")
    running.kpireport("quarter", "--quarter=2", "--year=2024-25", f"--data={folder}", f"--out={tmp_path / 'both'}")
    alone, together = tmp_path / "alone" / "2024-25-q2", tmp_path / "both" / "old town" / "2024-25-q2"
    names = sorted(path.name for path in alone.iterdir() if path.name != "run.json")
    assert names == sorted(path.name for path in together.iterdir() if path.name != "run.json")
    assert [name for name in names if (alone / name).read_bytes() != (together / name).read_bytes()] == []
    assert (tmp_path / "both" / "riverside" / "2024-25-q2" / "clt-quarterly.html").is_file()
