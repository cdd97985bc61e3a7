"""The council's colours and logo, and the colour of text that can be read on them."""

import base64
import re
import struct

from kpireport.colours import contrast as contrast
from kpireport.colours import readable_on as readable_on
from kpireport.presentation.theme import DARK_BLUE, TURQUOISE
from kpireport.publishing.document import Head

LOGO = "data:image/png;base64,"
SIZE_AT = 16
"""Where a PNG says its width and height."""
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_BASE64 = re.compile("[A-Za-z0-9+/]+={0,2}")


def colours(head: Head) -> dict[str, str]:
    """Return the colours of a report's head: `brand`, `on_brand` (text on it) and `accent`; ours where the council has none."""
    brand = head.brand_colour if _COLOUR.fullmatch(head.brand_colour) else DARK_BLUE
    accent = head.accent_colour if _COLOUR.fullmatch(head.accent_colour) else TURQUOISE
    return {"brand": brand, "on_brand": readable_on(brand), "accent": accent}


def logo(head: Head) -> str:
    """Return the council's logo as an address that a page can show; "" for none, and for anything but a PNG in base64.

    The council's name stands beside it: it needs no text alternative.
    """
    is_png = head.logo.startswith(LOGO) and _BASE64.fullmatch(head.logo.removeprefix(LOGO))
    return head.logo if is_png else ""


def logo_drawing(head: Head) -> str:
    """Return the logo as an SVG that holds it, which Typst reads as it reads charts; "" for none."""
    if not (address := logo(head)):
        return ""
    width, height = struct.unpack_from(">II", base64.b64decode(address.removeprefix(LOGO)), SIZE_AT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{address}"/></svg>'
    )
