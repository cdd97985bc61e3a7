"""Opens what was made in the browser, where there is one to see it in."""

import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path


def show(page: Path, *, is_asked: bool) -> None:
    """Open a page when that `is_asked`; in CI, without a display, and where no browser starts, print its address."""
    if not is_asked:
        return
    address = page.resolve().as_uri()
    if not (can_show(os.environ) and webbrowser.open(address)):
        print(f"There is no browser here to open it in. Its address: {address}")


def can_show(environment: Mapping[str, str]) -> bool:
    """Return whether somebody would see a page: a person's machine, with a display or a browser that the person named."""
    if environment.get("CI"):
        return False
    if environment.get("BROWSER") or not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
