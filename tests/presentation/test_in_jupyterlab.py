"""What a page looks like in JupyterLab: the reports' own HTML and charts, with the reports' look and nobody else's."""

import base64

from kpireport.presentation import blocks, in_jupyterlab
from kpireport.presentation.blocks import Attachment, Chart, Page, Title
from kpireport.presentation.markup import paragraph, words

BAR = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
CHART = Chart(spec=BAR, title="One <b>", subtitle="Number", source="Source: us", alt='It is "one"')


def html(part) -> str:
    return in_jupyterlab.bundle(part, styled=False)[0]["text/html"]


def test_stylesheet_reaches_nothing_but_the_page():
    css = in_jupyterlab.stylesheet()
    assert css.count("{") == css.count("}")
    assert css.startswith(".kpireport.kpireport.kpireport {")
    assert not [word for word in (":root", "html {", "body {", "@page", "@import", "url(") if word in css]
    assert ".rag-red" in css


def test_only_the_first_part_of_a_page_carries_the_stylesheet(monkeypatch):
    monkeypatch.delenv(blocks.DRAW_LATER, raising=False)
    shown = [data["text/html"] for data, _ in Page((paragraph(words("One")), paragraph(words("Two")))).outputs()]
    assert ["<style>" in text for text in shown] == [True, False]


def test_publishing_takes_the_parts_undressed(monkeypatch):
    monkeypatch.setenv(blocks.DRAW_LATER, "1")
    page = Page((paragraph(words("One")), CHART))
    assert page.outputs() == [part.bundle() for part in page.parts]


def test_chart_stands_with_its_words_and_its_text_alternative():
    shown = html(CHART)
    assert "One &lt;b&gt;" in shown
    assert "Source: us" in shown
    assert 'alt="It is &quot;one&quot;"' in shown
    picture = shown.partition("data:image/svg+xml;base64,")[2].partition('"')[0]
    assert base64.b64decode(picture).startswith(b"<svg")


def test_title_is_a_heading_and_hostile_text_stays_text():
    shown = html(Title("<script>", "Report", "Readers", is_illustrative=False, date="2024-11-08", brand_colour='"><script>'))
    assert "<h1>Report</h1>" in shown
    assert "<script>" not in shown


def test_file_of_a_report_can_be_taken_from_the_page():
    shown = html(Attachment("results.csv", "text/csv", b"kpi_id\nCF-01\n", "Every figure"))
    assert 'download="results.csv"' in shown
    assert base64.b64encode(b"kpi_id\nCF-01\n").decode() in shown
