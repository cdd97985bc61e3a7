"""Read what a PDF prints: the text of each page, and the strokes of each page."""

import io
import re
from dataclasses import dataclass

import pikepdf

_MAPPED = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CODE = re.compile(rb"<((?:[0-9A-Fa-f]{2})+)>")
_DEPTH = 8
"""How deep drawings within drawings are followed."""

Object = pikepdf.Object


@dataclass(frozen=True)
class PrintedPage:
    """One page of a PDF."""

    lines: list[str]
    """Its text: one entry is what stands together in the page's own order."""
    strokes: bytes
    """Everything that is drawn on it, drawings within it included, text left in its fonts' own codes."""


def read(content: bytes) -> list[PrintedPage]:
    """Return every page of a PDF.

    Raises
    ------
    ValueError
        When it is not a PDF that can be read.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [_page(page) for page in pdf.pages]
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError) as error:  # the last three: a part is not what it says
        raise ValueError(f"not a PDF that can be read ({error})") from error


def _page(page: pikepdf.Page) -> PrintedPage:
    lines: list[str] = []
    strokes: list[bytes] = []
    _gather(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()), lines, strokes, _DEPTH)
    return PrintedPage([line for line in lines if line.strip()], b"\n".join(strokes))


def _gather(place: Object, resources: Object, lines: list[str], strokes: list[bytes], depth: int) -> None:
    fonts: dict[str, dict[int, str]] = {}
    shown: dict[int, str] = {}
    pieces: list[str] = []
    instructions = pikepdf.parse_content_stream(place)
    for instruction in instructions:
        operands, name = list(instruction.operands), str(instruction.operator)
        if name == "Tf":
            key = str(operands[0])
            if key not in fonts:
                fonts[key] = _letters(resources, key)
            shown = fonts[key]
        elif name in ("Tj", "TJ", "'", '"'):
            texts = operands[-1] if name == "TJ" else [operands[-1]]
            pieces += [_decoded(bytes(text), shown) for text in texts if isinstance(text, pikepdf.String)]
        elif name in ("EMC", "ET"):
            lines.append("".join(pieces))
            pieces = []
        elif name == "Do" and depth:
            within = resources.get("/XObject", pikepdf.Dictionary()).get(str(operands[0]))
            if within is not None and within.get("/Subtype") == "/Form":
                _gather(within, within.get("/Resources", resources), lines, strokes, depth - 1)
            elif within is not None:
                strokes.append(within.read_raw_bytes())
    lines.append("".join(pieces))
    strokes.append(pikepdf.unparse_content_stream(instructions))


def _letters(resources: Object, font: str) -> dict[int, str]:
    """Return the text of each of a font's codes, as the font itself says."""
    found = resources.get("/Font", pikepdf.Dictionary()).get(font)
    if found is None or "/ToUnicode" not in found:
        return {}
    letters: dict[int, str] = {}
    for kind, body in _MAPPED.findall(found.ToUnicode.read_bytes()):
        codes = [int(code, 16) for code in _CODE.findall(body)]
        texts = [bytes.fromhex(code.decode()).decode("utf-16-be", "replace") for code in _CODE.findall(body)]
        if kind == b"char":
            letters |= dict(zip(codes[::2], texts[1::2], strict=False))
            continue
        for first, last, text in zip(codes[::3], codes[1::3], texts[2::3], strict=False):
            if text:
                letters |= {first + step: text[:-1] + chr(ord(text[-1]) + step) for step in range(last - first + 1)}
    return letters


def _decoded(text: bytes, letters: dict[int, str]) -> str:
    if not letters:
        return text.decode("latin-1")
    return "".join(
        letters.get(int.from_bytes(text[at : at + 2], "big"), "\N{REPLACEMENT CHARACTER}") for at in range(0, len(text), 2)
    )
