import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.errors import RenderingError
from kpireport.presentation.drawing import draw
from kpireport.publishing import brand, html
from kpireport.publishing.document import Chart
from presentation import sample_report

CHROMIUM = Path("/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
VOID = {"meta", "br", "col", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """The elements and the text of a page, for questions about both."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "elements nest"

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def notebook():
    with pytest.MonkeyPatch.context() as patch:
        yield sample_report.left_by_publishing(sample_report.report(), patch)


@pytest.fixture(scope="module")
def written(notebook):
    return html.export(notebook)


@pytest.fixture(scope="module")
def page(written):
    return Page(written)


@pytest.fixture(scope="module")
def hostile():
    return html.export(sample_report.notebook(sample_report.report(hostile=sample_report.HOSTILE)))


def test_a_page_has_one_heading_of_the_first_level_a_language_and_landmarks(page):
    assert len(page.all("h1")) == 1
    assert page.all("html") == [{"lang": "en-GB"}]
    assert {tag: len(page.all(tag)) for tag in ("header", "main", "nav", "footer")} == dict.fromkeys(
        ("header", "main", "nav", "footer"), 1
    )


def test_nothing_is_run_and_nothing_is_fetched(written, page):
    assert "default-src 'none'" in page.all("meta")[1]["content"]
    assert not [tag for tag in ("script", "link", "iframe", "object", "img", "base") if page.all(tag)]
    addresses = set(re.findall(r'(?:href|src|action|xlink:href)="([^"]*)"', written)) | set(
        re.findall(r"url\(([^)]*)\)", written)
    )
    assert all(one.startswith("#") or one == "clt-scorecard.xlsx" for one in addresses)
    assert "@import" not in written
    assert set(re.findall(r'https?://[^"\s<]+', written)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_link_within_the_page_leads_somewhere_and_every_id_is_its_own(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    linked = {link[1:] for attributes in page.all("a") if (link := attributes.get("href", "")).startswith("#")}

    assert len(ids) == len(set(ids))
    assert linked <= set(ids)


def test_code_printed_words_and_what_is_only_for_the_machine_are_not_shown(written):
    for unseen in ("tables.page", "secret_module", "unseen print", "2024-25 Q2&quot;"):
        assert unseen not in written


def test_a_chart_has_a_name_a_description_a_source_and_its_figures(page):
    charts = [one for one in page.all("svg") if one.get("role") == "img"]

    assert len(charts) == len(page.all("figure")) == len(page.all("details")) == 8
    for one in charts:
        assert set(one["aria-labelledby"].split()) <= {element.get("id") for _, element in page.elements}


def test_the_parts_of_a_drawing_are_not_read_out_and_its_ids_are_its_own():
    svg = draw({"mark": {"type": "bar", "clip": True}, "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}})
    shown = html.inline_svg(Chart(7, svg, "A & B", "", "", "One <bar>", ""))

    assert "aria-label=" not in shown
    assert '<title id="chart-7-title">A &amp; B</title><desc id="chart-7-desc">One &lt;bar&gt;</desc>' in shown
    assert set(re.findall(r"url\(#([^)]+)\)", shown)) <= set(re.findall(r'\bid="(chart-7-[^"]+)"', shown))
    assert "url(#chart-7-" in shown


def test_what_people_write_is_shown_and_never_obeyed(hostile):
    page = Page(hostile)
    expected = sample_report.HOSTILE.replace("\u202e", "")

    assert not page.all("script")
    assert not page.all("f")
    assert sum(expected in text for text in page.texts) > 50


def test_two_runs_write_the_same_bytes(notebook, written):
    assert html.export(notebook) == written


def test_a_notebook_that_is_no_report_is_refused():
    import nbformat

    with pytest.raises(RenderingError, match="title"):
        html.export(nbformat.v4.new_notebook())


@given(st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True))
def test_text_on_any_councils_colour_can_be_read(colour):
    assert brand.contrast(brand.readable_on(colour), colour) >= 4.5


def test_contrast_is_that_of_the_guidelines():
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("no browser at /usr/bin/chromium: the page is not looked at in one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_page_has_no_barrier(browser, written, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.set_content(written)
    found = Axe().run(tab, options={"runOnly": {"type": "tag", "values": RULES}}).response
    tab.close()

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert {"color-contrast", "target-size", "th-has-data-cells"} <= {one["id"] for one in found["passes"]}


@pytest.mark.parametrize("kind", ["written", "hostile"])
def test_a_page_never_scrolls_sideways_and_asks_for_nothing(browser, request, kind):
    tab = browser.new_page(viewport={"width": 320, "height": 900})
    asked = []
    tab.on("request", lambda one: asked.append(one.url))
    tab.set_content(request.getfixturevalue(kind))

    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert asked == []
    tab.close()
