"""Colours and how they stand out from each other, as WCAG 2.2 measures it."""

BLACK, WHITE = "#000000", "#ffffff"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str) -> str:
    """Return white or black, whichever stands out more from `background`; of the two, one always has a contrast of 4.5."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, background))


def darkened(colour: str, least: float) -> str:
    """Return the lightest shade of a colour, its channels lowered in proportion, that has a contrast of `least` with white."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    shades = (f"#{''.join(f'{channel * share // 100:02x}' for channel in channels)}" for share in range(100, -1, -1))
    return next(shade for shade in shades if contrast(shade, WHITE) >= least)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
