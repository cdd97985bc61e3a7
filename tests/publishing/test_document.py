import nbformat
import pytest
from kpireport.errors import RenderingError
from kpireport.presentation.blocks import VEGA_LITE
from kpireport.publishing import document
from kpireport.publishing.document import Attachment, Chart, Markdown, Plain
from presentation import sample_report


def cell(data, about=None, tags=()):
    output = nbformat.v4.new_output("display_data", data=data, metadata={"kpireport": about} if about else {})
    return nbformat.v4.new_code_cell("x", outputs=[output], metadata={"tags": list(tags)})


def heading(text):
    return nbformat.v4.new_markdown_cell(text)


TITLE = cell(
    {"text/plain": "t"},
    {"part": "title", "council": "C", "title": "T", "subtitle": "S", "is_illustrative": False, "date": "2024-10-28"},
)
BLOCK = cell({"text/html": "<p>a</p>", "text/x-typst": "a", "text/plain": "a"}, {"part": "block"})
WIDE = cell({"text/html": "<p>a</p>", "text/x-typst": "a", "text/plain": "a"}, {"part": "block", "is_wide": True})


def notebook(*cells):
    numbered = [nbformat.from_dict({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
    return nbformat.v4.new_notebook(cells=numbered)


def read(*cells):
    return document.read(notebook(TITLE, *cells))


def test_a_heading_of_the_second_level_begins_a_section():
    sections = read(BLOCK, heading("## One\n\nSome *text*."), BLOCK, heading("## Two ##"), BLOCK, WIDE).sections

    assert [(one.heading, one.anchor, len(one.parts)) for one in sections] == [
        ("", "section-section", 1),
        ("One", "section-one", 2),
        ("Two", "section-two", 2),
    ]
    assert sections[1].parts[0] == Markdown("Some *text*.")
    assert [one.is_wide for one in sections] == [False, False, True]


def test_sections_of_one_name_have_anchors_of_their_own():
    assert [one.anchor for one in read(heading("## A\n## A\n## A")).sections] == ["section-a", "section-a-2", "section-a-3"]


@pytest.mark.parametrize("tag", sorted(document.HIDDEN))
def test_cells_for_the_machine_are_left_out(tag):
    assert read(cell({"text/plain": "secret"}, tags=[tag])).sections == ()


def test_an_analysts_own_output_is_shown_as_plain_text():
    shown = read(cell({"text/html": "<script>", "text/plain": "a frame"}), cell({"text/markdown": "*so*", "text/plain": "so"}))

    assert shown.sections[0].parts == (Plain("a frame"), Markdown("*so*"))


def test_files_are_listed_and_not_shown():
    about = {"part": "attachment", "name": "a.csv", "description": "Figures", "mimetype": "text/csv"}
    report = read(cell({"text/csv": "YQ==", "text/plain": "a"}, about))

    assert report.attachments == (Attachment("a.csv", "Figures"),)
    assert report.sections == ()


def test_charts_are_drawn_and_numbered_and_the_notebook_is_left_alone(monkeypatch):
    left = sample_report.left_by_publishing(sample_report.report(), monkeypatch)
    before = nbformat.writes(left)

    charts = [part for section in document.read(left).sections for part in section.parts if isinstance(part, Chart)]

    assert VEGA_LITE in before
    assert [chart.number for chart in charts] == list(range(1, len(charts) + 1))
    assert all(chart.svg.startswith("<svg") for chart in charts)
    assert nbformat.writes(left) == before
    assert VEGA_LITE not in nbformat.writes(document.drawn(left))


@pytest.mark.parametrize("cells", [[], [TITLE, TITLE]], ids=["without a title", "with two titles"])
def test_a_report_has_one_title(cells):
    with pytest.raises(RenderingError, match=f"{len(cells)} title parts"):
        document.read(notebook(*cells))


def test_a_failed_cell_is_named():
    failed = nbformat.v4.new_code_cell(
        "1 / 0", outputs=[nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])]
    )

    with pytest.raises(RenderingError, match=r"Cell 3 .*ZeroDivisionError"):
        read(BLOCK, failed)
