"""What fuzzing looks at where words go out: commentary in Markdown, and any text in HTML and in Typst."""

import html
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
import typst
from kpireport.presentation import commentary_markdown as markdown
from kpireport.presentation import markup, theme

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
LONGEST = 4_000
"""Characters of a text: longer ones find the same, more slowly."""
FONTS = {"font_paths": [str(theme.FONT_FOLDER)], "ignore_system_fonts": True}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in markdown.TAGS, tag
        assert {name for name, _ in attrs} == ({"href", "rel"} if tag == "a" else set()), attrs
        assert all(urlsplit(value or "").scheme in markdown.SCHEMES for name, value in attrs if name == "href"), attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements nest"

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")[:LONGEST]


def _compiled(source: str) -> dict[str, bytes]:
    return {"main.typ": f'#set document(title: "T")\n#set text(lang: "en", font: "{theme.FONT}")\n{source}'.encode()}


def commentary(data: bytes) -> None:
    """A service's words with a little Markdown: nothing but what is allowed, in HTML and as a PDF that is accessible."""
    try:
        text = _text(data)
    except UnicodeDecodeError:
        return
    shown = markdown.shown(text)
    page = _Page(shown.html)
    assert not UNSEEN.search(shown.html + shown.text)
    again = nh3.clean(
        shown.html,
        tags=set(markdown.TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(markdown.SCHEMES),
        link_rel="noopener noreferrer",
    )
    assert again == shown.html, "sanitised twice is sanitised once"
    if "](" not in text and "&" not in text:
        letters, told = (sorted(filter(str.isalpha, said)) for said in (markup.clean(text), "".join(page.said)))
        assert letters == told, "no word is lost"
    typst.compile(_compiled(shown.typst), format="pdf", pdf_standards=["ua-1", "a-2a"], **FONTS)


def escaped(data: bytes) -> None:
    """Any text, as every builder of a page shows it: the same text, in HTML and in Typst."""
    try:
        text = _text(data)
    except UnicodeDecodeError:
        return
    run, kept = markup.words(text), markup.words_kept(text)
    for block, expected in ((run, " ".join(markup.clean(text).split())), (kept, markup.clean(text))):
        assert not re.search("[<>\"']", block.html), "an element or an attribute could begin here"
        assert html.unescape(block.html) == expected
        assert block.text == expected
    contents = f"[{run.typst}], [{kept.typst}], "
    found = typst.query(
        _compiled(f'#metadata(({contents}).map(c => c.at("text", default: ""))) <texts>'),
        "<texts>",
        field="value",
        one=True,
        **FONTS,
    )
    assert json.loads(found) == [markup.showable(block.text) for block in (run, kept)]
    blocks = (
        markup.strong(run),
        markup.emphasis(run),
        markup.bullets([run, run]),
        markup.facts([(text, run)]),
        markup.link(text, run),
        markup.address(f"https://example.org/{text[:200]}", run),
        markup.heading(3, run, f"x{text}"),
        markup.quiet(run),
        markup.together(run),
    )
    functions = (
        "#let to-heading(anchor, body) = { assert(type(anchor) == str); body }\n#let quiet(body) = body\n"
        "#let facts(..all) = all.pos().map(one => one.join()).join()\n"
        "#let small(body) = body\n#heading(level: 1)[T]\n#heading(level: 2)[T]\n"
    )
    made = functions + "\n".join(block.typst for block in blocks)
    typst.compile(_compiled(made), format="pdf", pdf_standards=["ua-1", "a-2a"], **FONTS)
