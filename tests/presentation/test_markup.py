import html
import json
import re

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kpireport.presentation import markup, theme
from kpireport.presentation.commentary_markdown import shown
from kpireport.presentation.glyphs import can_show
from kpireport.presentation.markup import bullets, join, lines, link, rag, showable, strong, words
from presentation.sample_report import HOSTILE

STYLES = ('weight: "regular"', 'weight: "bold"', 'style: "italic"', 'weight: "bold", style: "italic"')


def shown_by_a_browser(block):
    """The text of a piece of HTML without elements of its own."""
    assert not re.search("[<>\"']", block.html), "an element or an attribute could begin here"
    return html.unescape(block.html)


def compiled(source):
    files = {"main.typ": f'#set document(title: "T")\n#set text(lang: "en", font: "{theme.FONT}")\n{source}'.encode()}
    return files, {"font_paths": [str(theme.FONT_FOLDER)], "ignore_system_fonts": True}


def shown_by_typst(blocks):
    """The text that each block's Typst markup becomes, asked of Typst itself."""
    contents = "".join(f"[{block.typst}], " for block in blocks)
    files, fonts = compiled(f'#metadata(({contents}).map(c => c.at("text", default: ""))) <texts>')
    return json.loads(typst.query(files, "<texts>", field="value", one=True, **fonts))


@given(st.text())
@example(HOSTILE)
def test_any_text_is_shown_as_it_is_in_html(text):
    assert shown_by_a_browser(words(text)) == " ".join(markup.clean(text).split())


@settings(max_examples=25)
@given(st.lists(st.text(min_size=1), max_size=30))
@example([HOSTILE, '"', "\\", "#", ";", "].text", "(x)", "//", "/*", "$", "`", "#panic()", "\\u{41}"])
def test_any_text_is_shown_as_it_is_in_typst(texts):
    assert shown_by_typst([words(text) for text in texts]) == [showable(words(text).text) for text in texts]


@settings(max_examples=15)
@given(st.lists(st.text(), max_size=30))
@example([HOSTILE])
def test_any_text_can_be_set_as_an_accessible_archivable_pdf(texts):
    blocks = [
        block for text in texts for block in (strong(words(text)), bullets([words(text)]), shown(text), link(text, words(text)))
    ]
    functions = "#let to-heading(anchor, body) = { assert(type(anchor) == str); body }"
    files, fonts = compiled(functions + "\n" + "".join(f"{block.typst}\n" for block in blocks))

    assert typst.compile(files, format="pdf", pdf_standards=["ua-1", "a-2a"], **fonts).startswith(b"%PDF")


def test_every_character_said_to_have_a_glyph_has_one_in_each_style():
    every = "".join(filter(can_show, map(chr, range(0x10000))))
    files, fonts = compiled("".join(f"#text({style}, {markup.typst_string(every)})\n" for style in STYLES))

    assert len(every) > 2000
    assert typst.compile(files, format="pdf", pdf_standards=["ua-1", "a-2a"], **fonts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Caf\u00e9 \u00a31m \u2013 95% \u2264", "Caf\u00e9 \u00a31m \u2013 95% \u2264"),
        ("well done \U0001f600", "well done [grinning face]"),
        ("check \u2714\ufe0f", "check [heavy check mark]"),
        ("private \ue000", "private [unknown character]"),
    ],
)
def test_a_character_without_a_glyph_is_named(text, shown):
    assert showable(text) == shown


def test_text_cannot_turn_the_reading_order_of_what_follows_it():
    assert words("paid \u202egnihton\u202c in full").text == "paid gnihton in full"


def test_a_rating_is_told_by_shape_word_and_colour():
    for rating, word in theme.RATING_WORDS.items():
        block, (background, text) = rag(rating), theme.rating_pair(rating)
        assert block.text == word
        for form in (block.html, block.typst):
            assert word in form
            assert theme.RATING_SHAPES[rating] in form
        assert background in block.typst
        assert text in block.typst


def test_empty_parts_leave_no_separator_behind():
    assert join([words("a"), words(""), words("b")], ", ").text == "a, b"
    assert lines([words(""), words("b")]).html == "b"
