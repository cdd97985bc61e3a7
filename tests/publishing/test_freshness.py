"""Nothing runs just when everything is as it was published; whatever is not is found, put right, and told of."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import tiny_project
from kpireport.publishing import catalogue, evidence, foretelling, freshness, manifest, surroundings
from kpireport.publishing.asked import Request
from kpireport.publishing.publication import publish
from tiny_project import register_of_nothing

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE = """
from dataclasses import dataclass
from pathlib import Path
import pandas as pd
from kpireport.sources import council as councils
from kpireport.sources.council import Council
OCCASION = "quarter"

@dataclass(frozen=True)
class Told:
    council: Council
    title: str
    subtitle: str
    date: str
    scheme: str
    illustrative: int
    counts: pd.DataFrame

def variants(register):
    return {name: {"directorate": code} for code, name in register.directorates.items()}

def build(*, data: str, council: str, quarter: str, directorate: str, as_known_on: str = ""):
    kpis = pd.read_csv(Path(data) / "register" / "kpis.csv")
    own = kpis[kpis["kpi_id"].str.startswith(directorate)]
    return Told(councils.load(Path(council)), "Pack", quarter, "2024-11-15", "scheme-v1", 0, own)
"""
SETUP = """from kpireport.presentation import tables
from {package} import pack

report = pack.build(data=data, council=council, quarter=quarter, directorate=directorate, as_known_on=as_known_on)"""
COUNCIL = """name: Smallborough Council
short_name: Smallborough
place: Smallborough
area: E08000035
brand_colour: "#12436D"
accent_colour: "#28A197"
comparators: [region]
pandemic: [Apr 2020, Jun 2021]
"""
KPIS = "register/kpis.csv"
PUBLISHED = "outputs/2024-25-q2"


def build(project, say=lambda line: None, **given):
    return publish(Request("quarter"), outputs=project.outputs, places=project.places, load=register_of_nothing, say=say, **given)


def standing(project, **asked):
    now = surroundings.look(project.places)
    return freshness.standing(Request("quarter", **asked), outputs=project.outputs, now=now)


def foretold(project, **given):
    asked = {"outputs": project.outputs, "places": project.places, "load": register_of_nothing}
    return foretelling.foretell(Request("quarter"), standing(project), **asked, **given)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != manifest.RUN}


def ran(project):
    """The reports that were run in the last build."""
    told = json.loads((project.published / manifest.RUN).read_bytes())["reports"]
    return sorted(stem for stem, how in told.items() if not how.get("is_as_made_before"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two packs whose notebook only narrates, published."""
    project = tiny_project.make(tmp_path_factory.mktemp("made"), "tiny_reports_fresh")
    path = project.add("pack", module=MODULE, parameters={"directorate": "CF"})
    notebook = nbformat.read(path, as_version=4)
    setup = nbformat.v4.new_code_cell(SETUP.format(package=project.places.package), metadata={"tags": ["setup"]})
    show = [nbformat.v4.new_markdown_cell("## KPIs"), nbformat.v4.new_code_cell("tables.figures(report.counts, 'KPIs')")]
    notebook.cells = [notebook.cells[0], setup, nbformat.v4.new_code_cell("tables.title(report)"), *show]
    nbformat.write(notebook, path)
    (project.root / "params" / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (project.root / "data" / KPIS).write_text("kpi_id,kpi_name\nAH-01,Care\nCF-03,Schools\n", encoding="utf-8")
    build(project)
    return project


@pytest.fixture(scope="module")
def kept(made):
    """Every file of the project as it was published: content and mode, by its path."""
    return {path: (path.read_bytes(), path.stat().st_mode) for path in made.root.rglob("*") if path.is_file()}


@pytest.fixture
def project(made, kept):
    """The same, to be changed: put back as it was afterwards."""
    before, folders = {path: signature(path) for path in kept}, {folder for path in kept for folder in path.parents}
    yield made
    for path in sorted(made.root.rglob("*"), reverse=True):
        if path not in kept and path not in folders:
            path.rmdir() if path.is_dir() else path.unlink()
    for path, (content, mode) in kept.items():
        if not path.exists() or signature(path) != before[path]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            path.chmod(mode)


def signature(path):
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_mode


def test_what_was_just_published_is_fresh(made):
    assert standing(made).is_fresh
    assert standing(made).folder == made.published
    assert standing(made).since == json.loads((made.published / manifest.RUN).read_bytes())["ended"][:10]


def test_other_words_ask_for_something_else(made):
    assert not standing(made, number="1").is_fresh
    assert not standing(made, settings=("directorate=CF",)).is_fresh
    assert not standing(made, forms=("html",)).is_fresh


def append(path, text="more"):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def note_of(project):
    (path,) = (project.outputs / freshness.NOTES).iterdir()
    return path


CHANGES = {
    "a_table": (lambda root: append(root / "data" / KPIS, "CF-04,More\n"), "data/register/kpis.csv was changed"),
    "a_new_table": (lambda root: (root / "data/register/risks.csv").write_text("x"), "data/register/risks.csv is new"),
    "a_table_gone": (lambda root: (root / "data" / KPIS).unlink(), "data/register/kpis.csv was removed"),
    "a_new_folder": (
        lambda root: [(root / "data/survey").mkdir(), (root / "data/survey/responses.csv").write_text("x")],
        "data/survey/responses.csv is new",
    ),
    "a_collect_under_way": (lambda root: (root / "data/.kpireport-journal.json").write_text("{}"), "being changed"),
    "the_council": (lambda root: append(root / "params/council.yaml", "# more\n"), "council.yaml was changed"),
    "a_second_council": (lambda root: (root / "data/council.yaml").write_text(COUNCIL), "another file"),
    "parameters": (lambda root: append(root / "params/pack.yaml", "# more\n"), "params/pack.yaml was changed"),
    "other_parameters": (lambda root: (root / "params/more.yaml").write_text("report: pack\n"), "other parameters files"),
    "the_notebook": (lambda root: append(root / "notebooks/pack.ipynb", "\n"), "notebooks/pack.ipynb was changed"),
    "another_notebook": (lambda root: (root / "notebooks/more.ipynb").write_text("{}"), "notebooks"),
    "the_reports_code": (lambda root: append(root / "code/tiny_reports_fresh/pack.py", "#\n"), "package of the reports"),
    "the_lock": (lambda root: (root / "requirements.lock").write_text("# group: product\n"), "requirements.lock is new"),
    "a_page": (lambda root: append(root / PUBLISHED / "pack-adults.html"), "the published pack-adults.html was changed"),
    "a_pdf_gone": (
        lambda root: (root / PUBLISHED / "pack-adults.pdf").unlink(),
        "the published pack-adults.pdf was removed",
    ),
    "a_stranger": (lambda root: (root / PUBLISHED / "notes.txt").touch(), "the published notes.txt is new"),
    "permissions": (lambda root: (root / PUBLISHED / "index.html").chmod(0o600), "index.html has other permissions"),
    "the_manifest": (lambda root: append(root / PUBLISHED / "manifest.json", " "), "other reports were published"),
    "the_manifest_gone": (lambda root: (root / PUBLISHED / "manifest.json").unlink(), "manifest.json was"),
    "run_json_gone": (lambda root: (root / PUBLISHED / "run.json").unlink(), "run.json was removed"),
    "the_page_over_all": (lambda root: append(root / "outputs/index.html", " "), "index.html over all folders"),
    "another_folder": (
        lambda root: shutil.copytree(root / PUBLISHED, root / "outputs/2024-25-q1"),
        "over all folders",
    ),
    "a_failure": (lambda root: (root / "outputs/2024-25-q2.failed").mkdir(), "failed"),
    "evidence": (lambda root: next((root / "outputs/.evidence").glob("*/*")).unlink(), "evidence"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_whatever_is_not_as_it_was_is_found(project, change, told):
    change(project.root)
    found = standing(project)
    assert not found.is_fresh
    assert told in "; ".join(found.changed)


HARMLESS = {
    "time_of_a_file": lambda root: [os.utime(path, (1, 1)) for path in root.rglob("*")],
    "what_an_office_program_leaves": lambda root: (root / "data/register/~$kpis.csv").touch(),
    "hidden_file": lambda root: (root / "data/register/.kpis.csv.swp").touch(),
    "no_table": lambda root: (root / "data/notes.txt").touch(),
    "line_ends_of_code": lambda root: (root / "code/tiny_reports_fresh/pack.py").write_bytes(
        (root / "code/tiny_reports_fresh/pack.py").read_bytes().replace(b"\n", b"\r\n")
    ),
    "signature": lambda root: (root / PUBLISHED / "manifest.json.sig").touch(),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_makes_no_difference_is_passed_over(project, change):
    change(project.root)
    assert standing(project).changed == ()


@pytest.mark.parametrize("damage", ["{", "[]", "{}", '{"manifest": 1}', ""])
def test_note_that_cannot_be_read_is_as_none(project, damage):
    note_of(project).write_text(damage, encoding="utf-8")
    assert standing(project).changed == ("it has not been made yet",)


def test_note_of_another_kind_is_as_none(project):
    path = note_of(project)
    for field in dataclasses.fields(freshness.Note):
        told = json.loads(path.read_bytes())
        path.write_text(json.dumps(told | {field.name: None}), encoding="utf-8")
        assert not standing(project).is_fresh
        path.write_text(json.dumps(told), encoding="utf-8")
    assert standing(project).is_fresh


def test_one_kpi_changed_runs_the_one_report_that_shows_it(project):
    """Three builds: the files are those of a build that uses nothing, and nobody's changes to published files are taken."""
    (project.root / "data" / KPIS).write_text("kpi_id,kpi_name\nAH-01,Care at home\nCF-03,Schools\n", encoding="utf-8")
    assert foretold(project) == [
        "pack-adults: its figures changed: AH-01",
        "pack-children: as it was",
        "1 of 2 reports would be made. Nothing was written.",
    ]
    append(project.published / "pack-children.html")
    before = {path: path.is_dir() or path.read_bytes() for path in project.outputs.rglob("*")}
    foretold(project)
    assert {path: path.is_dir() or path.read_bytes() for path in project.outputs.rglob("*")} == before
    build(project)
    assert ran(project) == ["pack-adults"]
    assert standing(project).is_fresh
    incremental = contents(project.published)
    build(project, is_rebuild=True)
    assert ran(project) == ["pack-adults", "pack-children"]
    assert contents(project.published) == incremental


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda root: append(root / "notebooks/pack.ipynb", "\n"), "its notebook changed"),
        (lambda root: append(root / "params/pack.yaml", 'as_known_on: "2024-11-20"\n'), "its parameters changed: as_known_on"),
        (lambda root: append(root / "code/tiny_reports_fresh/pack.py", "#\n"), "the code changed"),
        (lambda root: (root / "requirements.lock").write_text("# group: product\n"), "the lock changed"),
        (
            lambda root: (root / "params/council.yaml").write_text(COUNCIL.replace("#12436D", "#12436E")),
            "what it says changed: council",
        ),
    ],
)
def test_dry_run_says_why(project, change, told):
    params = project.root / "params/pack.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace('as_known_on: ""\n', ""), encoding="utf-8")
    if "as_known_on" not in told:
        append(params, 'as_known_on: ""\n')
    change(project.root)
    assert foretold(project)[:2] == [f"pack-adults: {told}", f"pack-children: {told}"]


def test_dry_run_says_why_it_is_put_together_again(project):
    (project.published / "pack-adults.pdf").unlink()
    *lines, last = foretold(project)
    assert lines[-1] == "2024-25-q2 would be put together again: the published pack-adults.pdf was removed."
    assert last.startswith("0 of 2 reports")


def test_notebook_that_does_more_is_always_run_and_dry_run_says_so(project):
    notebook = nbformat.read(project.root / "notebooks/pack.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import os"))
    nbformat.write(notebook, project.root / "notebooks/pack.ipynb")
    assert foretold(project)[0] == "pack-adults: made each time: its notebook does more than show its report (import os)"


def test_code_that_changed_since_it_was_read_into_this_process_is_not_trusted(project, monkeypatch):
    """The process runs what it imported; the disk has something else by now. Nothing is taken, and nothing is remembered."""
    before = sorted((project.outputs / freshness.MADE).rglob("*"))
    (project.published / "index.html").unlink()
    older = dataclasses.replace(surroundings.look(project.places), package="older")
    monkeypatch.setattr(surroundings, "at_start", lambda places: older)
    build(project)
    assert ran(project) == ["pack-adults", "pack-children"]
    assert sorted((project.outputs / freshness.MADE).rglob("*")) == before


def test_page_over_all_folders_may_lead_to_other_councils(project):
    (project.outputs / "other place").mkdir()
    (project.outputs / "other place" / "index.html").touch()
    page = (project.outputs / "index.html").read_text(encoding="utf-8").rpartition("<!--")[0]
    page = page.replace("</main>", '<a href="other%20place/index.html">Other place</a></main>')
    (project.outputs / "index.html").write_text(freshness.sealed(page), encoding="utf-8")
    assert standing(project).is_fresh
    catalogue.refresh(project.outputs)
    assert standing(project).is_fresh


def test_first_look_imports_nothing_that_takes_time():
    """So that the whole process takes under a second when nothing changed."""
    script = (
        "import sys\nbefore = set(sys.modules)\nfrom kpireport.__main__ import parser\n"
        "from kpireport.publishing import freshness, surroundings\n"
        "from kpireport.publishing.asked import Places, Request\nparser().parse_args(['quarter', '--quarter=2'])\n"
        "freshness.standing(Request('quarter'), outputs=Places().root, now=surroundings.at_start(Places()))\n"
        "there = {name.split('.')[0] for name, module in sys.modules.items() if module is not None and name not in before}\n"
        "print(there - sys.stdlib_module_names)"
    )
    given = os.environ | {"PYTHONPATH": "lib"}
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "{'kpireport'}"


def test_evidence_is_looked_at_by_content(project):
    path = next((project.outputs / evidence.STORE).glob("*/*"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    assert standing(project).changed == ("the evidence store lacks a file",)
