"""Which characters the bundled font can show, read from the font's own character map."""

import struct
import unicodedata
from functools import lru_cache

from kpireport.presentation.theme import FONT_FOLDER


def can_show(character: str) -> bool:
    """Return whether the bundled font has a glyph for `character`, and PDF/A-2a allows it (no private character)."""
    return ord(character) in _shown() and unicodedata.category(character) not in {"Co", "Cc"}


@lru_cache(maxsize=1)
def _shown() -> frozenset[int]:
    """Return the code points of the font's map: OpenType `cmap`, format 4, platform 3, encoding 1."""
    font = (FONT_FOLDER / "LiberationSans-Regular.ttf").read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    offsets = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    cmap = offsets[b"cmap"]
    (encodings,) = struct.unpack_from(">H", font, cmap + 2)
    records = [struct.unpack_from(">HHI", font, cmap + 4 + 8 * number) for number in range(encodings)]
    start = cmap + next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    lasts, firsts, deltas, ranges = (
        struct.unpack_from(f">{segments}H", font, start + 14 + 2 * segments * part + (2 if part else 0)) for part in range(4)
    )
    shown = set()
    for segment, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if ranges[segment]:
                place = start + 16 + 6 * segments + 2 * segment + ranges[segment] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if glyph and (glyph + deltas[segment]) & 0xFFFF:
                shown.add(code)
    return frozenset(shown - {0xFFFF})
