"""A little Markdown in commentary is shown; whatever else people type is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.presentation import commentary_markdown as markdown


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("One **strong** and *one* soft.", "<p>One <strong>strong</strong> and <em>one</em> soft.</p>\n"),
        ("First.\n\nSecond.", "<p>First.</p>\n<p>Second.</p>\n"),
        ("A line\nand its next", "<p>A line and its next</p>\n"),
        ("- one\n- two **b**", "<ul>\n<li>one</li>\n<li>two <strong>b</strong></li>\n</ul>\n"),
        (
            "See [the plan](https://www.example.org/a?b=1&c=2).",
            '<p>See <a href="https://www.example.org/a?b=1&amp;c=2" rel="noopener noreferrer">the plan</a>.</p>\n',
        ),
        ("[no](javascript:alert(1))", "<p>no (javascript:alert(1))</p>\n"),
        ("<b>x</b> <script>y</script>", "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>\n"),
        ("# No heading", "<p># No heading</p>\n"),
        ("![no](https://www.example.org/picture.png)", None),
        ("> no quotation", "<p>&gt; no quotation</p>\n"),
        ("`no code`", "<p>`no code`</p>\n"),
        ("- a\n> b", "<ul>\n<li>a &gt; b</li>\n</ul>\n"),
        ("- a\n# b", "<ul>\n<li>a # b</li>\n</ul>\n"),
        ("- a\n```\nb\n```", "<ul>\n<li>a ``` b ```</li>\n</ul>\n"),
        ("- a\n\n> b", "<ul>\n<li>a</li>\n</ul>\n<p>&gt; b</p>\n"),
        ("- a\n***\nb", "<ul>\n<li>a *** b</li>\n</ul>\n"),
    ],
)
def test_only_what_is_allowed_is_markup(written, html):
    shown = markdown.shown(written).html
    assert "<img" not in shown
    assert html is None or shown == html


def test_typst_is_written_by_the_same_words():
    shown = markdown.shown("Spend #x[y] $z$ of **£1m**, see [plan](https://www.example.org)")
    assert shown.typst == ('#"Spend #x[y] $z$ of ";#strong[#"£1m";]#", see ";#link("https://www.example.org")[#"plan";]\n\n')


@given(st.text(max_size=60))
def test_no_text_becomes_a_tag_that_is_not_allowed(text):
    import re

    tags = set(re.findall(r"</?([a-z0-9]+)", markdown.shown(text).html))
    assert tags <= {"p", "ul", "li", "strong", "em", "a"}


@pytest.mark.parametrize(
    "url", ["http://[x", "d\ufffdta:text/html,x", "//evil.example", "https://a b", "HTTPS:javascript:alert(1)", "mailto:"]
)
def test_an_address_is_linked_in_html_and_in_typst_alike_or_in_neither(url):
    shown = markdown.shown(f"[plan](<{url}>)")
    assert ("<a href=" in shown.html) == ("#link(" in shown.typst)
    assert url.split(":")[0].lower() in markdown.SCHEMES or "<a " not in shown.html


def test_a_text_of_any_length_is_shown_in_time():
    assert markdown.shown("*a **b " * 20_000 + "b** a*" * 20_000).html.startswith("<p>*a **b *a")
