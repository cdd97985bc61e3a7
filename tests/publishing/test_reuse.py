"""A report is taken as it was made before just when making it would give the same: never otherwise.

Here the notebooks' pages are made in this process, for councils that were edited at random, and compared with what the keys say.
KPIREPORT_SOAK=1 makes the reports themselves, over and over, in `tests/test_incremental.py`.
"""

import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
import random_edits
from kpireport.errors import KpireportError
from kpireport.publishing import plan as plans
from kpireport.publishing import surroundings
from kpireport.publishing.asked import FORMS, Places, Request
from kpireport.publishing.document import Head
from kpireport.publishing.preparation import assemble, described, read, runnable
from kpireport.publishing.reuse import Keys, Made, Making, Shelf, find, keep
from kpireport.publishing.staging import Staging, copy_inputs
from kpireport.sources import register

ROOT = Path(__file__).resolve().parent.parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
PLACES = Places(ROOT)


@dataclass(frozen=True)
class Looked:
    """A council as a build sees it."""

    place: Staging
    jobs: dict[str, plans.Job]
    makings: dict[str, Making]

    def shown(self, stem: str) -> list[str]:
        """What the cells of a report's notebook show, run here."""
        job, shown = self.jobs[stem], []
        here = {"data": str(self.place.inputs / "data"), "council": str(self.place.inputs / "council.yaml")}
        known = dict(job.parameters) | here
        for cell in nbformat.read(job.notebook, as_version=4).cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and "setup" in tags:
                exec(cell.source, known)
            elif cell.cell_type == "code" and "parameters" not in tags:
                shown.append(repr(eval(cell.source, known)))
        return shown


def look(data: Path, work: Path) -> Looked:
    request = Request("quarter", "2", "2024-25", data=str(data))
    plan, place = plans.make_plan(PLACES, request), Staging(work)
    place.inputs.mkdir(parents=True)
    copy_inputs(place, data=plan.data, council=plan.council)
    reading = read(place, plan, register.load)
    told = described(reading, assemble(reading, plan), Keys(plan, PLACES, surroundings.look(PLACES), FORMS))
    shelf = Shelf(work, is_open=True)
    shelf.choose({stem: one.making for stem, one in told.items()})
    assert shelf.always == {}
    return Looked(place, {job.stem: job for job in runnable(reading.jobs)}, shelf.makings)


def test_reports_with_the_same_key_show_the_same_after_random_edits(tmp_path, monkeypatch):
    monkeypatch.setenv("KPIREPORT_DRAW_LATER", "1")
    before = look(RIVERSIDE, tmp_path / "first")
    shown = {stem: before.shown(stem) for stem in before.jobs}
    same, different, faulty = 0, [], 0
    for number, edit in enumerate(dict.fromkeys(random_edits.OF_DATA)):
        data = tmp_path / f"council-{number}"
        shutil.copytree(RIVERSIDE, data)
        what = edit(random.Random(number), data)
        try:
            after = look(data, tmp_path / f"work-{number}")
        except KpireportError:
            faulty += 1
            continue
        for stem in before.jobs.keys() & after.jobs.keys():
            if after.makings[stem].key == before.makings[stem].key:
                assert after.shown(stem) == shown[stem], f"{what}: {stem} would wrongly be taken as it was"
                same += 1
            else:
                different.append((after, stem))
    after, stem = different[0]
    assert after.shown(stem) != shown[stem]
    assert same >= 4
    assert faulty <= 2


MAKING = Making(
    stem="pack",
    report="directorate_pack",
    parameters={"quarter": "2024-25 Q2", "directorate": "CF", "as_known_on": "", "years": 6},
    figures="f",
    notebook="n",
    code="c",
    package="",
    lock="l",
    versions={"python": "3.11.7", "pandas": "3.1.1"},
    forms=["html", "pdf"],
    fields={"title": "t"},
    of_kpis=[],
    kpis={"CF-03": "k"},
)
MADE = Made(MAKING, Head("Riverside", "Pack", "", True, "2024-11-01"), {"a.csv": "All"}, ("warned",), {"b": b"", "a": b"x\ny"})


def test_what_was_kept_is_found_by_all_that_it_was_made_from(tmp_path):
    keep(tmp_path, MADE, work=tmp_path)
    assert find(tmp_path, replace(MAKING, fields={}, of_kpis=["x"], kpis={})) == MADE


@pytest.mark.parametrize(
    "other",
    [
        *({name: "other"} for name in ("stem", "report", "figures", "notebook", "code", "package", "lock")),
        {"parameters": MAKING.parameters | {"directorate": "AH"}},
        {"parameters": MAKING.parameters | {"years": "6"}},
        {"versions": MAKING.versions | {"pandas": "3.1.2"}},
        {"versions": {"python": "3.11.7"}},
        {"forms": ["html"]},
    ],
)
def test_anything_else_that_it_is_made_from_is_another_report(other, tmp_path):
    keep(tmp_path, MADE, work=tmp_path)
    assert find(tmp_path, replace(MAKING, **other)) is None


def test_damaged_entry_is_not_used_and_is_put_right_by_the_next(tmp_path):
    keep(tmp_path, MADE, work=tmp_path)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert find(tmp_path, MAKING) is None
        path.write_bytes(whole[:place])
        assert find(tmp_path, MAKING) is None
    keep(tmp_path, MADE, work=tmp_path)
    assert find(tmp_path, MAKING) == MADE


def test_entry_of_another_key_is_not_taken_for_it(tmp_path):
    keep(tmp_path, MADE, work=tmp_path)
    other = replace(MAKING, figures="other")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    there = tmp_path / other.key[:2] / other.key
    there.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, there)
    assert find(tmp_path, other) is None
