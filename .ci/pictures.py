"""Make the pictures of the README and the handbook again, from the sample register, as `make pictures` does.

The quarter is made, one of its figures traced, the analyst's desk opened, and each looked at in Chromium. Needs Chromium.
Pictures are stored with few colours, so that each is small.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / ".ci" / "pictures"
COLOURS = 256
LARGEST = 150_000
"""Bytes of a picture."""
KPI = "CHE-14"


def main() -> None:
    """Make every picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("The pictures are made with Chromium, and none was found. On Debian and Ubuntu: apt install chromium.")
    with tempfile.TemporaryDirectory(prefix="kpireport-pictures-") as name, sync_playwright() as driver:
        made, raw = Path(name) / "outputs", Path(name) / "raw"
        raw.mkdir()
        kpireport("quarter", "--quarter=2", "--year=2024-25", f"--out={made}")
        kpireport("trace", f"--kpi={KPI}", "--period=2024-25-q2", f"--out={made}")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        report, trace = made / "2024-25-q2" / "clt-quarterly.html", made / "2024-25-q2-trace" / f"{KPI}.html"
        screen = browser.new_page(viewport={"width": 1120, "height": 640})
        screen.goto(report.as_uri())
        screen.screenshot(path=raw / "first-page.png")
        top_of(screen, "h3[id^='highlight-']", raw / "highlight.png", height=1040)
        screen.goto(trace.as_uri())
        screen.screenshot(path=raw / "trace.png")
        phone = browser.new_page(viewport={"width": 390, "height": 760}, color_scheme="dark")
        phone.goto(report.as_uri())
        phone.screenshot(path=raw / "phone.png")
        browser.close()
        desk(raw / "desk.png", Path(name))
        for path in sorted(raw.glob("*.png")):
            keep(path)


def kpireport(*arguments: str) -> None:
    """Run a command of kpireport in the project."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib"), "CI": "true"}
    subprocess.run([sys.executable, "-m", "kpireport", *arguments], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own words


def top_of(page: Page, selector: str, path: Path, *, height: int) -> None:
    """Take a picture from the first place that `selector` finds on."""
    page.locator(selector).first.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 16)")
    page.set_viewport_size({"width": 1120, "height": height})
    page.screenshot(path=path)


def desk(path: Path, folder: Path) -> None:
    """Take the picture of the desk that the test of JupyterLab takes of the running notebook."""
    environment = os.environ | {"KPIREPORT_PICTURES": str(folder)}
    test = "tests/desk/test_jupyterlab.py::test_desk_runs_and_follows_what_is_chosen"
    subprocess.run([sys.executable, "-m", "pytest", "-q", test], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own words
    with Image.open(folder / "lab-explore.png") as whole:
        whole.crop((290, 90, whole.width - 40, min(whole.height, 1400))).save(path)


def keep(path: Path) -> None:
    """Store a picture with few colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    there = PICTURES / path.name
    small.save(there, optimize=True)
    size = there.stat().st_size
    print(f"{there.relative_to(ROOT)}: {size:,} bytes")
    if size > LARGEST:
        sys.exit(f"{path.name} is larger than {LARGEST:,} bytes.")


if __name__ == "__main__":
    main()
