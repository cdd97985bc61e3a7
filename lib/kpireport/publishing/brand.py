"""The council's colours, and the colour of text that can be read on them."""

import re

from kpireport.presentation.theme import DARK_BLUE, PAPER, TURQUOISE
from kpireport.publishing.document import Head

BLACK = "#000000"
_COLOUR = re.compile("#[0-9a-fA-F]{6}")


def colours(head: Head) -> dict[str, str]:
    """Return the colours of a report's head: `brand`, `on_brand` (text on it) and `accent`; ours where the council has none."""
    brand = head.brand_colour if _COLOUR.fullmatch(head.brand_colour) else DARK_BLUE
    accent = head.accent_colour if _COLOUR.fullmatch(head.accent_colour) else TURQUOISE
    return {"brand": brand, "on_brand": readable_on(brand), "accent": accent}


def readable_on(background: str) -> str:
    """Return white or black, whichever stands out more from `background`; of the two, one always has a contrast of 4.5."""
    return max((PAPER, BLACK), key=lambda text: contrast(text, background))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
