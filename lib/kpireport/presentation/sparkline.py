"""Draws the little line beside a figure, by hand, as SVG for HTML and as Typst for the PDF.

It decorates: everything it shows is in the row's words, and so it is hidden from assistive technology.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kpireport.presentation.phrases import is_missing, number
from kpireport.presentation.theme import AXIS, DARK_BLUE

WIDTH, HEIGHT = 112.0, 22.0
"""Size of the drawing, in pixels of HTML; the PDF draws it at three quarters of a point each."""
LINE = 66.0
"""Width of the line; what is left is for the figure of its last point."""
LABEL, LONGEST = 11.0, 7
"""Size of that figure, in pixels, and how many characters there is room for."""
MARGIN = 3.0
POINT = 2.2
"""Radius of the last point."""

Place = tuple[float, float]


@dataclass(frozen=True)
class _Drawing:
    """Runs of the line and of its target, broken where there is no value, and the last point."""

    line: list[list[Place]]
    target: list[list[Place]]
    last: Place | None


def svg(values: Sequence[float | None], targets: Sequence[float | None] = (), *, decimals: int = 0) -> str:
    """Return a line through `values`, earliest first, with its targets dashed; "" when there is no value to draw.

    `targets` has one target for each value, or none at all. A missing value breaks the line. The last point has its figure
    beside it, to `decimals`. The colour is the text's own, so that the line shows on any background.
    """
    drawing = _place(values, targets)
    if drawing.last is None:
        return ""
    dashed = _svg_path(drawing.target, 'stroke-width="1" stroke-dasharray="3 2" opacity="0.75"') if drawing.target else ""
    line = _svg_path(drawing.line, 'stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"')
    x, y = drawing.last
    return (
        f'<svg class="sparkline" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}" aria-hidden="true" '
        f'focusable="false" fill="none" stroke="currentColor">{dashed}{line}'
        f'<circle cx="{x:g}" cy="{y:g}" r="{POINT:g}" fill="currentColor" stroke="none"/>'
        f'<text x="{x + 5:g}" y="{_base(y):g}" font-size="{LABEL:g}" fill="currentColor" stroke="none">'
        f"{last_figure(values, decimals)}</text></svg>"
    )


def typst(values: Sequence[float | None], targets: Sequence[float | None] = (), *, decimals: int = 0) -> str:
    """Return the same drawing as Typst markup, an artifact of the PDF; "" when there is no value to draw."""
    drawing = _place(values, targets)
    if drawing.last is None:
        return ""
    thin = f'(paint: rgb("{AXIS}"), thickness: 0.6pt, dash: (2.2pt, 1.5pt))'
    strong = f'(paint: rgb("{DARK_BLUE}"), thickness: 1pt, cap: "round", join: "round")'
    dashed = [_typst_curve(run, thin) for run in drawing.target]
    line = [_typst_curve(run, strong) for run in drawing.line]
    x, y = drawing.last
    point = f'#place(dx: {_pt(x - POINT)}, dy: {_pt(y - POINT)}, circle(radius: {_pt(POINT)}, fill: rgb("{DARK_BLUE}")))'
    figure = f'text(size: {_pt(LABEL)}, "{last_figure(values, decimals)}")'
    label = f"#place(dx: {_pt(x + 5)}, dy: {_pt(_base(y) - 0.72 * LABEL)}, box(height: {_pt(LABEL)}, {figure}))"
    return f"#pdf.artifact(box(width: {_pt(WIDTH)}, height: {_pt(HEIGHT)})[{''.join([*dashed, *line, point, label])}])"


def last_figure(values: Sequence[float | None], decimals: int) -> str:
    """Return the last value there is as a short number: "95.0", "1,333", "2.4m"; "" without any."""
    value = next((float(value) for value in reversed(values) if value is not None and not is_missing(value)), None)
    if value is None:
        return ""
    whole = number(value, decimals)
    if len(whole) <= LONGEST:
        return whole
    size, letter = (1e9, "bn") if abs(value) >= 1e9 else (1e6, "m") if abs(value) >= 1e6 else (1e3, "k")
    return f"{number(value / size, 1)}{letter}" if abs(value) >= 1e3 else number(value, 0)


def _base(y: float) -> float:
    """Return the base line of a figure whose middle is at the height of a point, within the drawing."""
    return round(min(max(y + 0.36 * LABEL, 0.8 * LABEL), HEIGHT - 1), 1)


def _place(values: Sequence[float | None], targets: Sequence[float | None]) -> _Drawing:
    if targets and len(targets) != len(values):
        raise ValueError(f"a sparkline of {len(values)} values has {len(targets)} targets; give one for each, or none")
    known = [float(value) for value in (*values, *targets) if value is not None and not is_missing(value)]
    lowest, highest = (min(known), max(known)) if known else (0.0, 0.0)
    span, step = highest - lowest, (LINE - 2 * MARGIN) / max(len(values) - 1, 1)

    def place(position: int, value: float) -> Place:
        height = (value - lowest) / span if span else 0.5
        return round(MARGIN + position * step, 1), round(HEIGHT - MARGIN - height * (HEIGHT - 2 * MARGIN), 1)

    def runs(series: Sequence[float | None]) -> list[list[Place]]:
        found: list[list[Place]] = [[]]
        for position, value in enumerate(series):
            if value is None or is_missing(value):
                found.append([])
            else:
                found[-1].append(place(position, float(value)))
        return [run for run in found if run]

    line = runs(values)
    return _Drawing(line, [run for run in runs(targets) if len(run) > 1], line[-1][-1] if line else None)


def _svg_path(runs: list[list[Place]], style: str) -> str:
    # A run of one point is drawn as a dot: a line that goes nowhere, with round ends.
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in (run if len(run) > 1 else run * 2)) for run in runs)
    return f'<path d="{path}" {style}/>'


def _typst_curve(run: list[Place], stroke: str) -> str:
    (first, *others) = run if len(run) > 1 else run * 2
    lines = ", ".join(f"curve.line(({_pt(x)}, {_pt(y)}))" for x, y in others)
    return f"#place(curve(stroke: {stroke}, curve.move(({_pt(first[0])}, {_pt(first[1])})), {lines}))"


def _pt(pixels: float) -> str:
    return f"{pixels * 0.75:.2f}pt"
