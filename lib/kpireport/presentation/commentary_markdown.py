"""Shows commentary written with a little Markdown: paragraphs, lists, strong and emphasised words, links. Nothing else is markup.

mistune finds the structure; every word of it is then written by `markup`, which escapes it for HTML and for Typst, so that no
tag, script or command in a spreadsheet's text can reach a page. Whatever is not in the list above is shown as it was typed. What
comes of it as HTML goes through nh3 besides, which keeps nothing but these:

=================================  ==========================================================================
`p`, `ul`, `li`, `strong`, `em`    without any attribute
`a`                                `href`, to an address that begins with http:, https: or mailto:, and our `rel`
=================================  ==========================================================================
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import mistune
import nh3
from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.inline_parser import InlineParser

from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import (
    address,
    bullets,
    clean,
    emphasis,
    join,
    paragraph,
    stack,
    strong,
    typst_string,
    words,
    words_kept,
)

SCHEMES = frozenset({"http", "https", "mailto"})
"""Where a link may lead; any other address is shown and not linked."""
TAGS = frozenset({"p", "ul", "li", "strong", "em", "a"})
"""The elements that commentary may have."""
RULES = ("blank_line", "list")
"""What is looked for beside paragraphs."""
LONGEST = 10_000
"""Characters of a text in which Markdown is looked for; in nested marks without end it is looked for without end."""
LONGEST_ADDRESS = 2_000
"""Characters of an address; a PDF holds none of more than 8,000 bytes."""
Token = dict[str, Any]


class _Blocks(BlockParser):
    """Finds paragraphs and lists. Below a list mistune looks for headings, quotations and code as well: here those are words."""

    def parse_method(self, m: "re.Match[str]", state: BlockState) -> int | None:
        return super().parse_method(m, state) if m.lastgroup in RULES else None


def shown(text: str) -> Block:
    """Return what somebody wrote as paragraphs and lists."""
    written = clean(text).strip()
    if len(written) > LONGEST:
        return stack(paragraph(words(part)) for part in written.split("\n\n") if part.strip())
    made = stack(_standing(_parse(written)))
    return replace(made, html=_sanitised(made.html))


def _sanitised(html: str) -> str:
    """Return the HTML with nothing in it but what commentary may have."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        clean_content_tags=set(),
    )


def _parse(text: str) -> list[Token]:
    block, inline = _Blocks(list_rules=list(RULES)), InlineParser()
    block.rules = list(RULES)
    inline.rules = ["escape", "emphasis", "link", "link_close", "linebreak"]
    tokens, _ = mistune.Markdown(renderer=None, block=block, inline=inline).parse(text)
    return [] if isinstance(tokens, str) else tokens


def _standing(tokens: Iterable[Token]) -> Iterable[Block]:
    for token in tokens:
        if token["type"] == "list":
            yield bullets(_item(item) for item in token["children"])
        elif "children" in token:
            yield paragraph(_inline(token["children"]))


def _item(item: Token) -> Block:
    """Return one item of a list; what a list within it says follows in the same item."""
    return join((_item(child) if child["type"] == "list_item" else _inline(_leaves(child)) for child in item["children"]), " ")


def _leaves(token: Token) -> list[Token]:
    if token["type"] == "list":
        return [leaf for item in token["children"] for child in item["children"] for leaf in _leaves(child)]
    return list(token.get("children", []))


def _inline(tokens: Iterable[Token]) -> Block:
    return join(_run(token) for token in tokens)


def _run(token: Token) -> Block:
    match token["type"]:
        case "strong":
            return strong(_inline(token["children"]))
        case "emphasis":
            return emphasis(_inline(token["children"]))
        case "link":
            return _link(token)
        case "image":
            return join([_inline(token["children"]), words_kept(f" ({token['attrs']['url']})")])
        case "softbreak" | "linebreak":
            return words_kept(" ")
        case _ if "raw" in token:
            return words_kept(str(token["raw"]).replace("\n", " "))
        case _:  # marks of a kind that is not shown, whose words are
            return _inline(token.get("children", ()))


def _link(token: Token) -> Block:
    url, label = str(token["attrs"]["url"]), _inline(token["children"])
    # The library that has the last word on the page also says whether the rest is an address, so that a PDF has the same links.
    is_short = len(typst_string(url)) <= LONGEST_ADDRESS
    if is_short and url.partition(":")[0].lower() in SCHEMES and "href=" in _sanitised(address(url, words("x")).html):
        return address(url, label)
    return join([label, words_kept(f" ({url})")])
