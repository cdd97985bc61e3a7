import io
import re

import nbformat
import page as validation
import pikepdf
import pytest
from kpireport.errors import RenderingError
from kpireport.publishing import pdf, tagging
from pdf_tags import attribute, children, elements
from presentation import sample_report


@pytest.fixture(scope="module")
def notebook():
    with pytest.MonkeyPatch.context() as patch:
        yield sample_report.left_by_publishing(sample_report.report(copies=6), patch)


@pytest.fixture(scope="module")
def written(notebook):
    return pdf.export(notebook)


@pytest.fixture(scope="module")
def hostile():
    return pdf.export(sample_report.notebook(sample_report.report(hostile=sample_report.HOSTILE)))


@pytest.fixture(scope="module")
def opened(written):
    return pikepdf.open(io.BytesIO(written))


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("kind", ["written", "hostile"])
def test_the_pdf_is_accessible_and_archivable(request, tmp_path, kind, profile):
    path = tmp_path / "report.pdf"
    path.write_bytes(request.getfixturevalue(kind))

    report = validation.validate_pdf(str(path), profile=profile)

    assert [(one.rule_id, one.message) for one in report.failures] == []
    assert report.is_compliant


def test_each_table_is_one_table_with_a_caption_and_heads_of_columns_and_rows(opened):
    tables = list(elements(opened.Root.StructTreeRoot, "/Table"))

    assert len(tables) == 16
    for table in tables:
        kinds = [str(child.S) for child in children(table)]
        assert kinds.count("/Caption") == kinds.count("/THead") == kinds.count("/TBody") == 1
        for head in elements(next(elements(table, "/THead")), "/TH"):
            assert attribute(head, "/Scope") == "/Column"
        for row in elements(next(elements(table, "/TBody")), "/TR"):
            first, *others = children(row)
            assert (str(first.S), str(attribute(first, "/Scope"))) == ("/TH", "/Row")
            assert [str(cell.S) for cell in others] == ["/TD"] * len(others)
            assert all(str(first.ID) in map(str, attribute(cell, "/Headers")) for cell in others)


def test_every_head_of_a_row_is_found_by_its_identifier(opened):
    root = opened.Root.StructTreeRoot
    registered = {bytes(name) for kid in root.IDTree.Kids for name in list(kid.Names)[::2]}
    referred = {bytes(name) for cell in elements(root, "/TD") for name in attribute(cell, "/Headers")}

    assert referred
    assert referred <= registered
    assert all(list(kid.Names)[::2] == sorted(list(kid.Names)[::2], key=bytes) for kid in root.IDTree.Kids)


def test_a_table_over_several_pages_repeats_its_heads_on_paper_and_not_in_the_tag_tree(opened):
    scorecard = [table for table in elements(opened.Root.StructTreeRoot, "/Table") if len(list(elements(table, "/TR"))) > 12]

    assert scorecard
    assert all(len(list(elements(table, "/THead"))) == 1 for table in scorecard)


def test_every_chart_has_a_text_alternative_and_a_caption(opened):
    figures = list(elements(opened.Root.StructTreeRoot, "/Figure"))

    assert len(figures) == 8
    assert all(len(str(figure.Alt)) > 20 for figure in figures)


def test_the_file_says_what_it_is_in_which_language_and_of_which_day(opened):
    assert str(opened.Root.Lang) == "en-GB"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert str(opened.docinfo.Title) == "Quarterly performance and risk report: Corporate Leadership Team, 2024-25 Q2"
    assert str(opened.docinfo.Author) == "Smallborough Council"
    assert str(opened.docinfo.CreationDate).startswith("D:20241028")


def test_every_section_has_a_bookmark(opened):
    with opened.open_outline() as outline:
        (title,) = outline.root
        names = [item.title for item in title.children]

    assert names == [*sample_report.SECTIONS, "How it was made", "Files with this report"]


def test_pages_are_a4_and_only_the_scorecard_lies_on_its_side(opened):
    shapes = [tuple(round(float(side)) for side in one.mediabox[2:]) for one in opened.pages]

    assert set(shapes) == {(595, 842), (842, 595)}
    assert shapes[:3] == [(595, 842)] * 3


def test_two_runs_write_the_same_bytes(notebook, written):
    assert pdf.export(notebook) == written


def test_no_compressed_stream_ends_in_a_line_end(written):
    with pikepdf.open(io.BytesIO(written)) as file:
        ends = [one.read_raw_bytes()[-1:] for one in file.objects if isinstance(one, pikepdf.Stream) and "/Filter" in one]

    assert ends
    assert not {b"\r", b"\n"} & set(ends)


def test_a_stream_that_ends_in_a_line_end_is_written_otherwise_with_the_same_content():
    import zlib

    content = next(text for size in range(1000) if zlib.compress(text := b"q Q %" + b"a" * size).endswith(b"\r"))
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
    made.pages[0].Contents = pikepdf.Stream(made, zlib.compress(content), Filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    made.save(out)

    with pikepdf.open(io.BytesIO(tagging.with_table_heads(out.getvalue()))) as file:
        stream = file.pages[0].Contents
        assert stream.read_bytes() == content
        assert not stream.read_raw_bytes().endswith((b"\r", b"\n"))


def test_what_cannot_be_set_is_told_as_a_rendering_error(notebook):
    broken = nbformat.v4.new_output(
        "display_data",
        data={"text/html": "", "text/x-typst": "#unclosed(", "text/plain": ""},
        metadata={"kpireport": {"part": "block"}},
    )
    cells = [*notebook.cells[:3], nbformat.v4.new_code_cell("x", outputs=[broken])]

    with pytest.raises(RenderingError, match=r"PDF could not be set: .*unclosed delimiter"):
        pdf.export(nbformat.v4.new_notebook(cells=cells))


def test_a_markdown_cell_is_set_by_pandoc_without_raw_typst():
    cells = [
        sample_report.notebook(sample_report.report()).cells[2],
        nbformat.v4.new_markdown_cell("## A\n\nSome *text*, `#panic()` and <b>bold</b>.\n\n```{=typst}\n#panic()\n```"),
        nbformat.v4.new_markdown_cell("## B\n\n1. one\n2. two"),
    ]

    assert len(re.findall(rb"/S /Code|/S/Code", pdf.export(nbformat.v4.new_notebook(cells=cells)))) >= 1
