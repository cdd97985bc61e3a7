"""The handbook is whole, says what schemas and tests say, and is a folder of plain pages that fetch nothing."""

import importlib.util
import re
import shutil
import sys
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from kpireport import schemas
from kpireport.errors import ParameterError, PublishingError, RenderingError
from kpireport.handbook import building, cases, dictionary
from kpireport.publishing import catalogue
from running import ROOT

CHROMIUM = Path("/usr/bin/chromium")
SHOWN = sorted(
    set(re.findall(r"(?m)^\{\{ cases (\S+) \|", "".join(path.read_text() for path in (ROOT / "lib" / "handbook").glob("*.md"))))
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    outputs = tmp_path_factory.mktemp("outputs")
    catalogue.refresh(outputs)
    return building.publish(ROOT, outputs)


def test_the_page_over_all_folders_leads_to_it(site):
    assert '<a href="handbook/index.html">' in (site.parent / "index.html").read_text(encoding="utf-8")


def test_it_is_built_without_a_broken_link_and_to_the_same_bytes(site, tmp_path):
    building.build(ROOT, tmp_path / "again")
    first, again = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (site, tmp_path / "again")
    )
    assert {name for name in first if first[name] != again.get(name)} == {".kpireport"}
    assert {f"{path.stem}.html" for path in (ROOT / "lib" / "handbook").glob("*.md")} <= first.keys()
    assert {name.rpartition(".")[2] for name in first} == {"html", "png", "kpireport"}


def test_links_that_lead_nowhere_stop_it_and_are_all_named(tmp_path):
    for name in ("data", "tests", ".ci"):
        (tmp_path / name).symlink_to(ROOT / name)
    sources = shutil.copytree(ROOT / "lib" / "handbook", tmp_path / "lib" / "handbook")
    links = "[page](no-such-page.md) [heading](year.md#no-such-heading) ![picture](no-such-picture.png)"
    (sources / "glossary.md").write_text(f"# Glossary\n\n{links}\n", encoding="utf-8")
    with pytest.raises(RenderingError) as told:
        building.build(tmp_path, tmp_path / "site")
    assert set(re.findall(r"no-such-[a-z]+", str(told.value))) == {"no-such-page", "no-such-heading", "no-such-picture"}


def test_it_is_built_in_the_projects_folder_only_and_replaces_no_folder_of_somebody_elses(tmp_path):
    with pytest.raises(ParameterError, match="Run this in the folder"):
        building.build(tmp_path, tmp_path / "site")
    (tmp_path / "handbook").mkdir()
    with pytest.raises(PublishingError, match="not a folder that kpireport made"):
        building.publish(ROOT, tmp_path)


class Page(HTMLParser):
    """What a page links to and loads, and the first cells of its tables by caption."""

    LOADS: ClassVar = {"script", "iframe", "object", "embed", "link", "audio", "video", "form"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.loads: list[str] = []
        self.rows: dict[str, dict[str, str]] = {}
        self._table = self._row = ""
        self._into = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.addresses += [told[name] for name in ("href", "src") if name in told]
        self.loads += [tag] if tag in self.LOADS else []
        if tag == "caption":
            self._table, self._into = "", "caption"
        elif tag == "th" and told.get("scope") == "row":
            self._row, self._into = "", "row"

    def handle_endtag(self, tag):
        if tag in {"caption", "th"}:
            self._into = ""
        if tag == "tr" and self._row:
            self.rows.setdefault(self._table, {})[self._row.split("\n")[0]] = self._row
            self._row = ""

    def handle_data(self, data):
        if self._into == "caption":
            self._table += data
        elif self._into == "row":
            self._row += data
        elif self._row:
            self._row += f"\n{data}"


def test_pages_load_nothing_and_link_only_to_each_other(site):
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        assert page.loads == []
        assert [one for one in page.addresses if "//" in one or one.startswith(("/", "data:", "javascript:"))] == []
        assert "default-src 'none'" in text
        assert 'lang="en-GB"' in text
        assert text.count("<h1") == 1


def test_every_column_of_every_table_is_in_the_dictionary_with_what_its_schema_says(site):
    found: dict[str, dict[str, str]] = {}
    for path in site.glob("data-*.html"):
        found |= Page(path.read_text(encoding="utf-8")).rows
    tables = {**schemas.TABLES, "annual-results.csv": schemas.OPEN_RESULTS}
    assert found.keys() == {f"Columns of {name}" for name in tables}
    for name, schema in tables.items():
        rows = found[f"Columns of {name}"]
        assert list(rows) == list(schema.columns)
        for column, about in schema.columns.items():
            assert about.description.replace("`", "") in rows[column].replace("\n", "") or "`" in about.description
            assert ("always" in rows[column]) is about.metadata["required"]
            for words in dictionary.allowed(about):
                assert words in rows[column]
            if about.metadata["format"] in {"number", "whole"}:
                assert "unit: " in rows[column]


def test_examples_are_cells_of_the_register(site):
    rows = Page((site / "data-register.html").read_text(encoding="utf-8")).rows
    assert rows["Columns of register/kpis"]["kpi_id"].endswith("AH-01")
    assert rows["Columns of register/results"]["value"].endswith("161.62")


@lru_cache
def module_of(file: Path) -> ModuleType:
    """Import a file of tests as pytest does."""
    sys.path.insert(0, str(file.parent))
    try:
        spec = importlib.util.spec_from_file_location(f"shown_{file.stem}", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(file.parent))


@pytest.mark.parametrize("where", SHOWN)
def test_worked_examples_are_the_very_cases_that_the_tests_check(where):
    file, _, name = where.partition("::")
    (mark,) = getattr(module_of(ROOT / file), name).pytestmark
    checked = [one.values if hasattr(one, "values") and hasattr(one, "id") else one for one in mark.args[1]]
    shown = [list(case.values.values()) for case in cases.read(ROOT / file, name)]
    assert len(shown) == len(checked) > 2
    for one, other in zip(shown, checked, strict=True):
        several = list(other) if isinstance(other, tuple) and len(one) > 1 else [other]
        assert repr(one) == re.sub(r"\bnan\b", "None", repr(several))


def test_a_case_that_is_more_than_plain_values_is_refused(tmp_path):
    file = tmp_path / "test_it.py"
    file.write_text('@pytest.mark.parametrize("x", [open("f")])\ndef test_x(x): ...\n')
    with pytest.raises(ParameterError, match=r"test_it.py::test_x: open\('f'\) is not a plain value"):
        cases.read(file, "test_x")
    with pytest.raises(ParameterError, match="no test test_y"):
        cases.read(file, "test_y")


def test_what_cases_leave_out_is_told(site):
    told = cases.defaults(ROOT / "tests" / "rules" / "test_rating.py")
    assert told["decimals"] == 1
    assert "decimals 1; polarity higher is better" in (site / "rules-rating.html").read_text(encoding="utf-8")


def test_the_auditors_guide_has_every_verdict_with_its_exit_code(site):
    from kpireport.verification.verdict import Verdict

    text = re.sub(r"<[^>]+>|\s+", " ", (site / "auditor.html").read_text(encoding="utf-8"))
    said = dict(re.findall(r" (REPRODUCED|FIGURES MATCH|DIFFERS|INCONCLUSIVE) (?:(?!Exit).)*? Exit code ([0-9]+)\.", text))
    assert said == {str(verdict): str(int(verdict.exit_code)) for verdict in Verdict}


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser at /usr/bin/chromium")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_browser_finds_pages_accessible_and_no_request_leaves(site, width, scheme):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", "rules-chance", "data-survey", "add-report"):
            page.goto(f"file://{site}/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(name, one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
        assert [url for url in asked if not url.startswith("file:")] == []
        browser.close()
