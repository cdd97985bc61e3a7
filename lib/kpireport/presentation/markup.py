"""Text that is said once and written three ways: HTML, Typst and plain.

Whatever comes from data enters here, as `words` or `words_kept`, and is escaped here; everything else joins blocks that are
already safe. A builder returns a `Block`, inline (a run of text) or standing (a paragraph, list or heading), and builders nest.
"""

import re
import unicodedata
from collections.abc import Iterable
from html import escape

from kpireport.presentation import theme
from kpireport.presentation.blocks import Block
from kpireport.presentation.glyphs import can_show

EMPTY = Block("", "", "")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_UNSEEN_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` without the characters that no page shows: controls, those that turn the reading order, halves of pairs.

    A tab becomes a space, and each line end one line feed.
    """
    return _UNSEEN_CONTROLS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def html_text(text: str) -> str:
    """Return `text` escaped for HTML, in an element or in a quoted attribute."""
    return escape(clean(text), quote=True)


def showable(text: str) -> str:
    """Return `text` with each character that the bundled font lacks written as its name: "[grinning face]".

    PDF/UA-1 and PDF/A-2a refuse a character without a glyph, and a private one; a reader of the page is told what stood there.
    """
    return "".join(map(_in_font, clean(text)))


def _in_font(character: str) -> str:
    if character == "\n" or can_show(character):
        return character
    if unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return ""
    return f"[{unicodedata.name(character, 'unknown character').lower()}]"


def typst_string(text: str) -> str:
    """Return a Typst string literal whose value is `text`."""
    return '"' + showable(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def typst_text(text: str) -> str:
    """Return Typst markup that prints `text` as it is: a string, not markup, closed so that nothing after it can join in."""
    return f"#{typst_string(text)};"


def words(text: str) -> Block:
    """Return a run of text on one line."""
    line = " ".join(clean(text).split())
    return Block(html_text(line), typst_text(line) if line else "", line)


def join(blocks: Iterable[Block], separator: str = "") -> Block:
    """Return inline blocks one after another, with `separator` between them."""
    between, parts = words_kept(separator), [block for block in blocks if block != EMPTY]
    return Block(
        between.html.join(part.html for part in parts),
        between.typst.join(part.typst for part in parts),
        between.text.join(part.text for part in parts),
    )


def words_kept(text: str) -> Block:
    """Return a run of text with its spaces at both ends kept."""
    return Block(html_text(text), typst_text(text) if text else "", clean(text))


def lines(blocks: Iterable[Block]) -> Block:
    """Return inline blocks, each on a line of its own."""
    parts = [block for block in blocks if block.text]
    return Block(
        "<br>".join(part.html for part in parts),
        "#linebreak();".join(part.typst for part in parts),
        "; ".join(part.text for part in parts),
    )


def strong(inline: Block) -> Block:
    """Return `inline` with emphasis."""
    return Block(f"<strong>{inline.html}</strong>", f"#strong[{inline.typst}]", inline.text)


def emphasis(inline: Block) -> Block:
    """Return `inline` in italics."""
    return Block(f"<em>{inline.html}</em>", f"#emph[{inline.typst}]", inline.text)


def address(url: str, inline: Block) -> Block:
    """Return `inline` as a link to another site; nothing of it is fetched until a reader follows it."""
    return Block(
        f'<a href="{html_text(url)}" rel="noopener noreferrer">{inline.html}</a>',
        f"#link({typst_string(url)})[{inline.typst}]",
        f"{inline.text} ({clean(url)})",
    )


def quiet(inline: Block) -> Block:
    """Return `inline` as secondary text: smaller and greyer."""
    return Block(f'<span class="quiet">{inline.html}</span>', f"#quiet[{inline.typst}]", inline.text)


def together(inline: Block) -> Block:
    """Return `inline` so that a line does not break within it."""
    return Block(f'<span class="together">{inline.html}</span>', f"#box[{inline.typst}]", inline.text)


def unseen(text: str) -> Block:
    """Return text for those who listen to the page; a printed page, whose layout says it, leaves it out."""
    return Block(f'<span class="unseen">{html_text(text)}</span>', "", text)


def link(anchor: str, inline: Block) -> Block:
    """Return `inline` as a link to the heading with that anchor; a PDF without the heading prints the words alone."""
    return Block(
        f'<a href="#{html_text(anchor)}">{inline.html}</a>', f"#to-heading({typst_string(anchor)})[{inline.typst}]", inline.text
    )


def named(anchor: str, inline: Block) -> Block:
    """Return `inline` as a place that links lead to; `anchor` is unique in the report."""
    return Block(
        f'<span id="{html_text(anchor)}">{inline.html}</span>',
        f"#metadata(none) #label({typst_string(anchor)}) {inline.typst}",
        inline.text,
    )


def quiet_link(anchor: str, inline: Block) -> Block:
    """Return `inline` as `link` does, in the colour of the text: for names that are links wherever they stand."""
    return Block(
        f'<a class="kpi" href="#{html_text(anchor)}">{inline.html}</a>',
        f"#to-heading({typst_string(anchor)})[#text(fill: ink)[{inline.typst}]]",
        inline.text,
    )


def rag(rating: str) -> Block:
    """Return a rating as shape, word and colour; "–" for a KPI that had none."""
    if rating not in theme.RATING_WORDS:
        return words("–")
    background, text = theme.rating_pair(rating)
    shape, word = theme.RATING_SHAPES[rating], theme.rating_word(rating)
    kind = rating if rating in theme.RAG_MARKS else "none"
    return Block(
        f'<span class="rag rag-{kind}"><span aria-hidden="true">{shape}</span> {html_text(word)}</span>',
        f'#rag(rgb("{background}"), rgb("{text}"), {typst_string(shape)}, {typst_string(word)})',
        word,
    )


def signal(letter: str, word: str, colours: tuple[str, str]) -> Block:
    """Return a signal as a letter in a circle with its word; `colours` are its background and its text."""
    background, text = colours
    return Block(
        f'<span class="signal"><span class="signal-letter" style="background:{background};color:{text}" aria-hidden="true">'
        f"{html_text(letter)}</span> {html_text(word)}</span>",
        f'#signal(rgb("{background}"), rgb("{text}"), {typst_string(letter)}, {typst_string(word)})',
        word,
    )


def paragraph(*inline: Block, kind: str = "") -> Block:
    """Return a paragraph; `kind` is a class of report.css and a function of report.typ (lead, quiet, intro), or ""."""
    run = join(inline)
    opening = f'<p class="{kind}">' if kind else "<p>"
    typst = f"#{kind}-paragraph[{run.typst}]" if kind else run.typst
    return Block(f"{opening}{run.html}</p>\n", f"{typst}\n\n", f"{run.text}\n")


def heading(level: int, inline: Block, anchor: str) -> Block:
    """Return a heading within a section (level 3 or below); `anchor` is unique in the report.

    One without a character that can be seen, which PDF/UA-1 refuses, is a dash.
    """
    inline = inline if showable(inline.text).strip() else words("–")
    return Block(
        f'<h{level} id="{html_text(anchor)}">{inline.html}</h{level}>\n',
        f"#heading(level: {level})[{inline.typst}] #label({typst_string(anchor)})\n\n",
        f"{inline.text}\n",
    )


def new_page() -> Block:
    """Return the beginning of a page on paper; a screen has none."""
    return Block("", "#new-page()\n\n", "")


def bullets(items: Iterable[Block]) -> Block:
    """Return a list of inline items; nothing when there are none."""
    listed = list(items)
    if not listed:
        return EMPTY
    return Block(
        "<ul>\n" + "".join(f"<li>{item.html}</li>\n" for item in listed) + "</ul>\n",
        "#list(" + "".join(f"[{item.typst}], " for item in listed) + ")\n\n",
        "".join(f"- {item.text}\n" for item in listed),
    )


def facts(pairs: Iterable[tuple[str, Block]], kind: str = "facts") -> Block:
    """Return terms with what is said of them; `kind` is ``facts`` (side by side) or ``said`` (one below the other)."""
    listed = [(words(term), said) for term, said in pairs]
    return Block(
        f'<dl class="{kind}">\n'
        + "".join(f"<div><dt>{term.html}</dt><dd>{said.html}</dd></div>\n" for term, said in listed)
        + "</dl>\n",
        f"#{kind}(" + "".join(f"([{term.typst}], [{said.typst}]), " for term, said in listed) + ")\n\n",
        "".join(f"{term.text}: {said.text}\n" for term, said in listed),
    )


def stack(blocks: Iterable[Block]) -> Block:
    """Return standing blocks one below the other."""
    parts = list(blocks)
    return Block(
        "".join(part.html for part in parts),
        "".join(part.typst for part in parts),
        "".join(part.text for part in parts),
        is_wide=any(part.is_wide for part in parts),
    )
