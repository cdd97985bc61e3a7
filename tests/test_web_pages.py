"""Every kind of page in a real browser: no barrier, no sideways scrolling, no request, all of it by keyboard; and its links.

Each page is opened once and looked at in several widths, in light and in dark. A width of 640 pixels is what a window of 1280 is
at 200% zoom.
"""

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import axe_playwright_python
import pytest
import web_pages
from running import published_once

CHROMIUM = Path("/usr/bin/chromium")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS, SCHEMES = (1280, 768, 320), ("light", "dark")
EVERY = [(width, scheme) for scheme in SCHEMES for width in WIDTHS]
OPPOSITE = [(1280, "light"), (768, "light"), (320, "dark")]
"""How pages are looked at that are made of the same parts as the Corporate Leadership Team's report, which is looked at in every
way; so are they with KPIREPORT_SOAK=1."""
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
VOID = {"meta", "br", "col", "link", "img", "hr", "input"}
FIGURES = {"Latest result", "Latest figure", "Latest result and target", "Outturn", "Last result"}
"""Heads of columns of KPIs' figures."""


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """The second council's quarter."""
    asked = ("--quarter=2", "--year=2024-25", "--data", str(web_pages.RIVERSIDE))
    return published_once(tmp_path_factory, "quarter", *asked, KPIREPORT_JOBS="2")


@pytest.fixture(scope="module")
def pages(published, tmp_path_factory) -> dict[str, Path]:
    """A page of every kind, by its kind."""
    found = web_pages.written(published, tmp_path_factory.mktemp("pages"))
    assert set(found) == set(web_pages.KINDS)
    return found


@dataclass
class Row:
    """A row of a table: its head's links, its cells by the heads of their columns."""

    ids: list[str]
    links: list[str]
    cells: dict[str, str]


@dataclass
class Page(HTMLParser):
    """The elements of a page, its ids and links, and the rows of its tables."""

    path: Path
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._heads: list[str] = []
        self._cells: list[str] = []
        self._places: tuple[list[str], list[str]] = ([], [])
        self.feed(self.path.read_text(encoding="utf-8"))
        assert not self._open, f"{self._open} is not closed"

    def handle_starttag(self, tag, attrs):
        about = {name: value or "" for name, value in attrs}
        self.elements.append((tag, about))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "thead":
            self._heads = []
        if tag == "tr":
            self._cells, self._places = [], ([], [])
        if tag in ("td", "th"):
            self._cells.append("")
        if "tr" in self._open and len(self._cells) < 2:
            self._places[0].extend([about["id"]] if "id" in about else [])
            self._places[1].extend([about["href"]] if "href" in about else [])

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, "elements nest"
        if tag == "tr" and "thead" in self._open:
            self._heads = [" ".join(text.split()) for text in self._cells]
        elif tag == "tr" and "details" not in self._open:  # a chart's figures are a table of the chart
            texts = [" ".join(text.split()) for text in self._cells]
            self.rows.append(Row(*self._places, dict(zip(self._heads, texts, strict=True))))

    def handle_data(self, data):
        if self._cells and {"td", "th"} & set(self._open):
            self._cells[-1] += data + " "

    def all(self, tag: str) -> list[dict[str, str]]:
        return [about for name, about in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [about["id"] for _, about in self.elements if "id" in about]

    @property
    def links(self) -> list[str]:
        return [about["href"] for about in self.all("a") if "href" in about]


# What can be told without a browser


@pytest.mark.parametrize("kind", web_pages.KINDS)
def test_page_has_a_language_landmarks_one_heading_and_a_strict_policy(pages, kind):
    page = Page(pages[kind])
    assert page.all("html") == [{"lang": "en-GB"}]
    assert [len(page.all(tag)) for tag in ("h1", "main", "header", "title")][:3] == [1, 1, 1]
    assert page.links[0] == "#main"
    assert "main" in page.ids
    (policy,) = (about["content"] for about in page.all("meta") if about.get("http-equiv") == "Content-Security-Policy")
    assert {"default-src 'none'", "base-uri 'none'", "form-action 'none'"} <= set(policy.split("; "))
    assert not [tag for tag in ("script", "link", "iframe", "object", "embed", "base", "form", "video", "audio") if page.all(tag)]
    assert not [name for _, about in page.elements for name in about if name.startswith("on")]


@pytest.mark.parametrize("kind", web_pages.KINDS)
def test_every_table_has_a_caption_and_every_head_its_scope(pages, kind):
    page = Page(pages[kind])
    assert len(page.all("caption")) == len(page.all("table"))
    assert {about.get("scope") for about in page.all("th")} <= {"row", "col"}


@pytest.mark.parametrize("kind", web_pages.KINDS)
def test_every_link_leads_somewhere_and_every_id_is_its_own(pages, kind):
    page = Page(pages[kind])
    assert len(page.ids) == len(set(page.ids))
    linked = {link[1:] for link in page.links if link.startswith("#")}
    assert linked <= set(page.ids)
    if page.path.name == "index.html":
        files = {unquote(link.partition("#")[0]) for link in page.links if not link.startswith(("#", "http"))}
        assert [name for name in files if not (page.path.parent / name).is_file()] == []


def test_two_links_lead_from_the_index_to_the_figure_of_every_kpi(pages, published):
    first = Page(pages["index"])
    (to_period,) = (link for link in first.links if link.endswith("#find-a-kpi"))
    second = Page(pages["index"].parent / unquote(to_period.partition("#")[0]))
    assert "find-a-kpi" in second.ids
    leading = {unquote(link.partition("#")[2]): unquote(link.partition("#")[0]) for link in second.links if "#kpi-" in link}
    read = {name: Page(second.path.parent / name) for name in set(leading.values())}
    with (published / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        results = list(csv.DictReader(file))
    assert set(leading) == {f"kpi-{row['kpi_id'].lower()}" for row in results}
    for row in results:
        place = f"kpi-{row['kpi_id'].lower()}"
        (shown,) = (one for one in read[leading[place]].rows if place in one.ids)
        assert row["result_printed"] in shown.cells["Latest result"], place


def test_reports_lead_from_the_index_straight_to_their_pages_with_status_size_date_and_verdict(pages):
    page = Page(pages["index"])
    (row,) = page.rows
    assert {"2024-25-q2/index.html", "2024-25-q2/index.html#find-a-kpi"} == set(row.links)
    assert {"2024-25-q2/clt-quarterly.html", "2024-25-q2/directorate-pack-place.html"} <= set(page.links)
    told = {name: row.cells[name] for name in ("Status", "Data up to", "Verified")}
    assert told == {
        "Status": "Published, internal Some figures are samples",
        "Data up to": "8 November 2024",
        "Verified": "Not verified",
    }
    assert re.fullmatch("[0-9.]+ [kM]B", row.cells["Size"])


@pytest.mark.parametrize("kind", web_pages.DEFINED)
def test_every_figure_leads_to_what_it_measures_and_where_it_comes_from(pages, kind):
    page = Page(pages[kind])
    with (web_pages.RIVERSIDE / "register/kpis.csv").open(encoding="utf-8", newline="") as file:
        kpis = {row["kpi_id"].lower(): row for row in csv.DictReader(file)}
    defined = {place: row for row in page.rows for place in row.ids if place.startswith("about-")}
    printed = [row for row in page.rows if FIGURES & set(row.cells)]
    assert printed
    for row in printed:
        to_highlight = any(link.startswith("#highlight-") for link in row.links)  # which leads on to the definition
        assert to_highlight or [link[1:] for link in row.links if link[1:] in defined], row.cells
    for place, row in defined.items():
        kpi_id, told = place.removeprefix("about-"), " ".join(row.cells.values())
        assert all(list(row.cells.values())[:3])
        assert row.links == [f"#kpi-{kpi_id}"]
        if kind != "bca_scorecard":  # whose definitions are those of its year, and another council's
            assert " ".join(kpis[kpi_id]["definition"].split()) in told
            assert kpis[kpi_id]["source"] in told
    highlighted = [place for place in page.ids if place.startswith("highlight-")]
    links = set(page.links)
    assert [place for place in highlighted if f"#about-{place.removeprefix('highlight-')}" not in links] == []


# What only a browser can tell


@pytest.fixture(scope="module")
def context():
    """One browser for all pages."""
    if not CHROMIUM.exists():
        pytest.skip("no browser at /usr/bin/chromium: pages are not looked at in one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        opened = browser.new_context()
        opened.set_default_timeout(120_000)
        yield opened
        browser.close()


@pytest.fixture
def tab(context) -> Iterator:
    """An empty tab, in which nothing but files of this machine may be asked for."""
    opened = context.new_page()
    opened.asked = []

    def note(route):
        opened.asked.append(route.request.url)
        route.continue_() if route.request.url.startswith("file:") else route.abort()

    opened.route("**/*", note)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", web_pages.KINDS)
def test_page_has_no_barrier_fits_every_width_and_asks_for_nothing(pages, tab, kind):
    address = pages[kind].as_uri()
    tab.goto(address)
    tab.evaluate(AXE)
    for width, scheme in EVERY if kind == "clt_quarterly" or SOAK else OPPOSITE:
        tab.emulate_media(color_scheme=scheme)
        tab.set_viewport_size({"width": width, "height": 900})
        found = tab.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(found =>"
            " [found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary]),"
            " found.passes.map(one => one.id)])",
            RULES,
        )
        assert found[0] == [], (width, scheme)
        assert {"color-contrast", "html-has-lang", "page-has-heading-one", "region"} <= set(found[1])
    for width in (1280, 768, 640, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, width
    assert set(tab.asked) == {address}


FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const isOutlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const isHigh = box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  const isWide = box.width > 1 && box.right > 0 && box.left < innerWidth;
  return {tag: one.tagName, seen: one.matches(':focus-visible') && isOutlined, inside: isHigh && isWide};
}"""
STOPS = """[...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(one => one.checkVisibility()).length"""


@pytest.mark.parametrize("kind", ["index", "index_of_period", "clt_quarterly", "executive_update", "traces"])
def test_keyboard_reaches_everything_in_order_and_always_shows_where_it_is(pages, tab, kind):
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(pages[kind].as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate(FOCUSED) == {"tag": "A", "seen": True, "inside": True}
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#main"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.querySelector('main').contains(document.activeElement)")
    tab.evaluate("document.querySelector('.skip').focus()")
    reached = 1
    for _ in range(tab.evaluate(STOPS) - 1):
        tab.keyboard.press("Tab")
        now = tab.evaluate(FOCUSED)
        assert (now["seen"], now["inside"]) == (True, True), tab.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        reached += now["tag"] in ("A", "SUMMARY", "DIV", "PRE")
    assert reached == tab.evaluate(STOPS)


def test_contents_lead_to_their_headings_by_keyboard(pages, tab):
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(pages["clt_quarterly"].as_uri())
    links = tab.locator(".contents a")
    assert links.count() == len(Page(pages["clt_quarterly"]).all("h2")) - 1
    for place in range(links.count()):
        links.nth(place).focus()
        tab.keyboard.press("Enter")
        assert tab.evaluate("'#' + document.querySelector(location.hash).id") == links.nth(place).get_attribute("href")
        top = tab.evaluate("document.querySelector(location.hash).getBoundingClientRect().top")
        assert 0 <= top < 900, place


def test_kpi_is_found_by_two_clicks_and_its_definition_by_a_third(pages, tab):
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(pages["index"].as_uri())
    tab.get_by_role("link", name="Find a KPI").click()
    tab.get_by_role("link", name="Attendance at school", exact=True).click()
    tab.wait_for_url("**/clt-quarterly.html#kpi-pe-02")
    assert tab.evaluate("document.querySelector('tr:has(:target)').innerText").count("%") >= 2
    top = "document.querySelector(':target').getBoundingClientRect().top"
    head = "document.querySelector('tr:has(:target)').closest('table').tHead.getBoundingClientRect().bottom"
    assert tab.evaluate(f"{top} >= {head}"), "the table's head, which stays, does not cover the row"
    tab.locator(":target a").click()
    tab.wait_for_url("**/clt-quarterly.html#about-pe-02")
    assert "Half-day sessions attended" in tab.evaluate("document.querySelector('tr:has(:target)').innerText")
