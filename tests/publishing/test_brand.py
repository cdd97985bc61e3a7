"""A council's logo stands on every page that is its own, and is heard by nobody twice."""

import base64
import dataclasses
import io
import re
from types import SimpleNamespace

import page as validation
import pikepdf
import pytest
from kpireport.publishing import brand, html, pages, pdf
from kpireport.publishing.document import Head
from kpireport.sources import logo
from pdf_tags import elements
from PIL import Image
from presentation import sample_report


@pytest.fixture(scope="module")
def picture():
    out = io.BytesIO()
    Image.new("RGBA", (160, 60), (160, 20, 80, 200)).save(out, "PNG")
    address, problem = logo.read(base64.b64encode(out.getvalue()).decode())
    assert problem == ""
    return address


@pytest.fixture(scope="module")
def notebook(picture):
    report = sample_report.report()
    return sample_report.notebook(
        dataclasses.replace(report, council=SimpleNamespace(**(vars(report.council) | {"logo": picture})))
    )


def test_a_page_shows_the_logo_beside_the_name_which_is_its_words(notebook, picture):
    written = html.export(notebook)

    assert re.findall(r"<img [^>]*>", written) == [f'<img src="{picture}" alt="">']
    assert "img-src data:" in written
    assert '<p class="council">Smallborough Council</p>' in written


def test_the_index_shows_it_too(picture):
    head = Head("Smallborough Council", "", "", False, "", logo=picture)
    assert f'<img src="{picture}" alt="">' in pages.page(heading="Reports", body="", logo=brand.logo(head))


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_a_pdf_with_a_logo_is_accessible_and_archivable(notebook, tmp_path, profile):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.export(notebook))

    assert [one.message for one in validation.validate_pdf(str(path), profile=profile).failures] == []
    with pikepdf.open(path) as file:
        assert [image for page in file.pages[:1] for image in page.images]
        assert all("/Alt" in one for one in elements(file.Root.StructTreeRoot, "/Figure")), "no figure without words"


@pytest.mark.parametrize(
    "address",
    ["https://example.org/logo.png", "data:image/svg+xml;base64,PHN2Zy8+", 'data:image/png;base64,AA" onerror="x', "logo.png"],
)
def test_nothing_but_a_png_that_the_page_holds_is_shown(address):
    assert brand.logo(Head("", "", "", False, "", logo=address)) == ""
