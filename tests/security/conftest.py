import os
from pathlib import Path

import hostile_register
import pytest
from kpireport.presentation.blocks import DRAW_LATER

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory) -> Path:
    """Return a register whose every text is hostile."""
    return hostile_register.write(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")  # one that stays open keeps other modules from opening theirs
def browser():
    if not CHROMIUM.exists():
        pytest.skip("no browser at /usr/bin/chromium: pages are not opened in one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def drawn_later(monkeypatch):
    """Leave charts to publishing, as a kernel does."""
    monkeypatch.setenv(DRAW_LATER, "1")


soak = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="a long one: set KPIREPORT_SOAK=1")
