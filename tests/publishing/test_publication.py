"""All the reports of a period, or nothing; the same bytes for the same inputs."""

import hashlib
import os
import re
import shutil
import sys

import pytest
import tiny_project
from kpireport.errors import DataError, Finding, NotebookError, PublishingError
from kpireport.publishing import catalogue, evidence, freshness, manifest, provenance
from kpireport.publishing.plan import Request
from kpireport.publishing.publication import publish
from tiny_project import PACK, QUARTER, register_of_nothing

ATTACH = """
from kpireport.presentation.blocks import Attachment, Page
Page((Attachment("results.csv", "text/csv", b"kpi_id\\nAH-01\\n", "Every figure"),))
"""
FAULTS = [
    Finding("register/kpis.csv", "", "B2", "=1+1", "a <number>", "Write a number."),
    Finding("a.csv", "", "A1", "x", "y", "z"),
]


def build(project, request=QUARTER, say=lambda line: None, **given):
    return publish(request, outputs=project.outputs, places=project.places, load=register_of_nothing, say=say, **given)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left_over(project):
    known = {project.published.name, "index.html", evidence.STORE, freshness.MADE}
    return sorted(path.name for path in project.outputs.iterdir() if path.name not in known)


def fault_load(data):
    raise DataError(FAULTS)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A project of an overview and two packs, published twice: before and after a change of nothing."""
    project = tiny_project.make(tmp_path_factory.mktemp("published"), "tiny_reports_published")
    project.add("overview", "## Figures", ATTACH, "## About\nWhere we are.")
    project.add("team_pack", module=PACK, parameters={"directorate": "CF"})
    build(project)
    first = contents(project.published)
    (project.published / manifest.SIGNATURE).write_bytes(b"signed")
    build(project)
    return project, first


def test_everything_of_the_period_is_published_and_nothing_else_is_left(published):
    project, first = published
    stems = ("overview", "team-pack-adults", "team-pack-children")
    made = {f"{stem}.{ending}" for stem in stems for ending in ("html", "pdf", "ipynb")}
    assert first.keys() == made | {"results.csv", "index.html", "manifest.json", "run.json"}
    assert left_over(project) == []


def test_page_over_all_folders_leads_to_each_published_one_and_to_nothing_else(published):
    project, _ = published
    (project.outputs / "notes").mkdir(exist_ok=True)
    (project.outputs / "notes" / "manifest.json").write_text("{}", encoding="utf-8")
    catalogue.refresh(project.outputs)
    shutil.rmtree(project.outputs / "notes")
    shown = (project.outputs / "index.html").read_text(encoding="utf-8")
    stems = ("overview", "team-pack-adults", "team-pack-children")
    names = ["index.html", *(f"{stem}.html" for stem in stems)]
    assert re.findall(r'href="([^"#]+)"', shown) == [f"{project.published.name}/{name}" for name in names]
    assert "28 October 2024" in shown
    assert "2024-25 Q2" in shown


def test_same_inputs_give_the_same_bytes(published):
    project, first = published
    second = contents(project.published)
    assert [name for name in first if first[name] != second[name]] == ["run.json"]


def test_signature_stays_while_the_manifest_is_the_same(published):
    project, _ = published
    assert (project.published / manifest.SIGNATURE).read_bytes() == b"signed"


def test_no_published_file_knows_a_folder_or_user_of_this_machine(published):
    project, first = published
    traces = [str(project.root).encode(), os.path.expanduser("~").encode() + b"/", b".building-", sys.prefix.encode()]
    assert [(name, trace) for name, content in first.items() for trace in traces if trace in content] == []


def test_manifest_names_what_was_read_and_made(published):
    project, first = published
    about = manifest.parse(first["manifest.json"])
    assert about == manifest.read(project.published)
    assert {file.name for file in about.outputs} == first.keys() - {"manifest.json", "run.json"}
    for file in about.outputs:
        assert file.sha256 == hashlib.sha256(first[file.name]).hexdigest()
        assert file.size == len(first[file.name])
    materials = {file.name: file for file in about.materials}
    assert materials["inputs/data/register/kpis.csv"].rows == 1
    assert materials["inputs/data/register/kpis.csv"].sha256 == hashlib.sha256(b"kpi_id\nAH-01\n").hexdigest()
    assert re.fullmatch("[0-9a-f]{64}", about.schemas["register/kpis"])
    assert materials.keys() >= {"inputs/council.yaml", "code/params/overview.yaml", "code/notebooks/team_pack.ipynb"}
    assert materials.keys() >= {f"code/lib/kpireport/{name}" for name in ("__main__.py", "presentation/fonts/OFL.txt")}
    assert about.scheme == "scheme-v1"
    assert about.reports[1].parameters["directorate"] == "AH"
    assert about.source_sha256 == provenance.source_digest()
    assert (about.folder, about.arguments) == ("2024-25-q2", ["quarter", "--quarter=2", "--year=2024-25"])


def test_everything_the_reports_were_made_from_is_in_the_evidence_store(published):
    project, first = published
    about = manifest.parse(first["manifest.json"])
    kept = {path.name: path for path in (project.outputs / evidence.STORE).rglob("*") if path.is_file()}
    assert kept.keys() == {file.sha256 for file in about.materials + about.evidence}
    assert [name for name, path in kept.items() if hashlib.sha256(path.read_bytes()).hexdigest() != name] == []


def test_index_links_every_file_with_its_size(published):
    _, first = published
    page = first["index.html"].decode()
    links = set(re.findall(r'<a href="([^"#]+)"', page))
    assert links == first.keys() - {"index.html"}
    assert re.search(r"Page \(\d+ kB\)", page)
    assert "Every figure" in page
    assert "28 October 2024" in page
    assert "Illustrative" in page
    assert "<script" not in page


def test_reports_in_fewer_forms_are_whole_and_are_made_again_so(project):
    project.add("overview", "## Figures", ATTACH)
    build(project, Request("quarter", forms=("html",)))
    made = contents(project.published)
    assert set(made) == {"overview.html", "overview.ipynb", "results.csv", "index.html", "manifest.json", "run.json"}
    assert b"in two formats" in made["index.html"]
    assert b".pdf" not in made["index.html"]
    about = manifest.parse(made["manifest.json"])
    assert (about.forms, about.arguments) == (("html",), ["quarter", "--quarter=2", "--year=2024-25", "--forms=html"])
    build(project)
    assert set(contents(project.published)) == made.keys() | {"overview.pdf"}
    assert contents(project.published)["overview.html"] == made["overview.html"]


@pytest.fixture
def earlier(project, published):
    """A project whose quarter is already published."""
    shutil.copytree(published[0].published, project.published)
    return project


def test_failed_notebook_leaves_the_published_files_and_is_kept_beside_them(earlier):
    before = contents(earlier.published)
    earlier.add("overview", "## Numbers", "1 / 0")
    with pytest.raises(NotebookError, match=r"ZeroDivisionError(.|\n)*Nothing was published(.|\n)*2024-25-q2.failed"):
        build(earlier)
    assert contents(earlier.published) == before
    assert left_over(earlier) == ["2024-25-q2.failed"]
    assert "overview.ipynb" in contents(earlier.outputs / "2024-25-q2.failed")


def test_faults_of_the_data_are_written_beside_the_published_files(earlier):
    before = contents(earlier.published)
    earlier.add("overview")
    catalogue.refresh(earlier.outputs)
    with pytest.raises(DataError):
        publish(QUARTER, outputs=earlier.outputs, places=earlier.places, load=fault_load)
    after = contents(earlier.published)
    assert after.keys() - before.keys() == {"faults.html", "faults.csv"}
    assert before.items() <= after.items()
    assert b"a &lt;number&gt;" in after["faults.html"]
    assert after["faults.csv"].count(b"\r\n") == 3
    assert b"'=1+1" in after["faults.csv"]
    assert 'href="2024-25-q2/faults.html"' in (earlier.outputs / "index.html").read_text(encoding="utf-8")


def test_another_quarter_has_a_folder_of_its_own_and_progress_is_plain_lines_in_a_log(earlier):
    earlier.add("summary", "import sys; print('old call', file=sys.stderr)")
    before, lines = contents(earlier.published), []
    build(earlier, Request("quarter", number="3", year="2019-20"), say=lines.append)
    assert lines[0] == "Making 1 report."
    assert re.fullmatch(r"1 of 1: summary made in [0-9.]+ s", lines[1])
    assert lines[2:] == ["summary: while it ran, a library warned: old call"]
    assert b"2019-20 Q3" in contents(earlier.outputs / "2019-20-q3")["summary.html"]
    assert contents(earlier.published) == before


def test_success_clears_what_earlier_failures_left_and_reports_that_are_gone(earlier):
    earlier.add("summary")
    (earlier.outputs / "2024-25-q2.failed").mkdir()
    (earlier.published / "faults.html").touch()
    (earlier.published / manifest.SIGNATURE).touch()
    said = []
    build(earlier, say=said.append)
    assert left_over(earlier) == []
    assert not (earlier.published / manifest.SIGNATURE).exists()
    assert any("is not signed" in line for line in said)
    assert {path.split(".")[0] for path in contents(earlier.published)} == {"summary", "index", "manifest", "run"}


def test_faults_that_reports_find_are_gathered_before_any_kernel_starts(project):
    raising = tiny_project.MODULE.replace(
        "    return",
        "    from kpireport.errors import DataError, Finding\n"
        '    raise DataError([Finding(__name__, "", "", "a", "b", "c")])\n    return',
    )
    project.add("one", module=raising)
    project.add("two", module=raising)
    with pytest.raises(DataError) as error:
        build(project)
    assert len(error.value.faults) == 2
    assert set(contents(project.published)) == {"faults.html", "faults.csv"}


def test_two_reports_that_make_different_files_of_one_name_are_not_published(project):
    project.add("one", ATTACH)
    project.add("two", ATTACH.replace("AH-01", "CF-01"))
    with pytest.raises(PublishingError, match=r"two makes a file named results.csv"):
        build(project)
    assert left_over(project) == []


def test_folder_of_somebody_else_is_never_replaced(project):
    project.add("overview")
    project.published.mkdir(parents=True)
    (project.published / "minutes.docx").touch()
    with pytest.raises(PublishingError, match=r"minutes.docx"):
        build(project)
    assert set(contents(project.published)) == {"minutes.docx"}
