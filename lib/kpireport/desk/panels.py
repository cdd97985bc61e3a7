"""The parts of the desk: controls that follow what is chosen, and panels that are drawn anew when it changes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ipywidgets
from traitlets import HasTraits, link

from kpireport.errors import KpireportError
from kpireport.presentation import desk_pages, in_jupyterlab
from kpireport.presentation.blocks import Part

Followed = tuple[HasTraits, Iterable[str]]
"""Something that changes, and its traits on which a panel rests."""
LABEL = {"description_width": "initial"}
"""A control's label is as wide as its words."""


def control(chosen: HasTraits, name: str, widget: Any) -> Any:
    """Return `widget` with its value tied to the trait `name` of `chosen`: whichever changes, the other follows."""
    link((chosen, name), (widget, "value"))
    return widget


def dropdown(chosen: HasTraits, name: str, label: str, choices: Iterable[tuple[str, str]], *, most: str = "26rem") -> Any:
    """Return a list to choose one value from, up to `most` wide; each choice is its words and its value."""
    return control(chosen, name, ipywidgets.Dropdown(description=label, options=list(choices), **sized(most)))


def sized(most: str = "26rem") -> dict[str, Any]:
    """Return the settings of a control that is as wide as its words and its choices, up to a width."""
    return {"style": LABEL, "layout": ipywidgets.Layout(width="auto", max_width=most)}


def together(controls: Sequence[Any], *below: Any) -> Any:
    """Return controls in a row, which breaks where it must, and what they control beneath them."""
    row = ipywidgets.Layout(flex_flow="row wrap", grid_gap="0.25rem 1.25rem", align_items="center")
    return ipywidgets.VBox([ipywidgets.HBox(list(controls), layout=row), *below], layout=_wide())


def _wide() -> Any:
    return ipywidgets.Layout(width="100%", max_width="66rem")


def panel(make: Callable[[], Sequence[Part]], *followed: Followed) -> Any:
    """Return a panel that shows what `make` returns, now and whenever what it follows changes.

    What a person can put right is told in the panel, in the words of the error.
    """
    shown = ipywidgets.Output(layout=_wide())

    def draw(change: object = None) -> None:
        try:
            parts = make()
        except KpireportError as error:
            parts = [desk_pages.message(str(error))]
        except Exception as error:
            if change is None:
                raise
            # What a change meets is told here: it must not keep other panels from being drawn, nor be lost in a log.
            parts = [desk_pages.message(f"This is a defect of kpireport: {error!r}. Run the cell again to see where.")]
        bundles = [bundle for place, part in enumerate(parts) for bundle in in_jupyterlab.outputs(part, styled=place == 0)]
        shown.outputs = tuple({"output_type": "display_data", "data": data, "metadata": metadata} for data, metadata in bundles)

    for what, names in followed:
        what.observe(draw, names=list(names))
    draw()
    return shown
