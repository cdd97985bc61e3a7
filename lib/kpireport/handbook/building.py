"""Build the handbook: its pages as they stand, those made from schemas and tests, all as plain pages without a script.

The site is what mkdocs makes with our own template: nothing in it is fetched from elsewhere, and the same sources give the same
bytes. A link that leads nowhere stops it.
"""

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from kpireport.errors import ParameterError, PublishingError, RenderingError
from kpireport.handbook import cases, dictionary
from kpireport.presentation.markup import html_text
from kpireport.publishing import catalogue, replacement
from kpireport.publishing import folder as folders
from kpireport.publishing.staging import staging
from kpireport.rules import rating_in_words

SOURCES = Path("lib/handbook")
PICTURES = Path(".ci/pictures")
CONFIG = "mkdocs.yml"
STYLE = "handbook.css"
_CALL = re.compile(r"(?m)^\{\{ (?P<what>[a-z]+)(?: (?P<rest>.+?))? \}\}$")
"""A line of a page in whose place something made stands, such as ``{{ cases FILE::TEST | CAPTION }}``."""


def publish(root: Path, outputs: Path) -> Path:
    """Build the handbook of the project in `root` into `outputs/handbook`, in one step, and return that folder.

    Raises
    ------
    ParameterError, RenderingError, PublishingError
        As their own words say; an earlier handbook is then as it was.
    """
    target = outputs / catalogue.HANDBOOK
    if target.exists() and not (target / folders.MADE).is_file():
        raise PublishingError(f"{target} is not a folder that kpireport made. Move it, or choose another --out.")
    with staging(outputs, catalogue.HANDBOOK) as place:
        shutil.rmtree(place.published)
        build(root, place.published)
        (place.published / folders.MADE).write_text("Made by kpireport: this folder is replaced when it is made again.\n")
        replacement.replace(place.published, target, aside=place.root / replacement.ASIDE)
        catalogue.renew(outputs, work=place.work)
    return target


def build(root: Path, site: Path) -> None:
    """Build the handbook of the project in `root` into the folder `site`.

    Raises
    ------
    ParameterError
        When this is not the project's folder, or mkdocs is not installed.
    RenderingError
        When a link leads nowhere, or a page is left out of the contents.
    """
    sources = root / SOURCES
    if not (sources / CONFIG).is_file():
        raise ParameterError(f"There is no file {sources / CONFIG}. Run this in the folder that holds params/ and notebooks/.")
    with tempfile.TemporaryDirectory(prefix="kpireport-handbook-") as name:
        pages = Path(name)
        for page, content in written(root).items():
            (pages / page).write_text(content, encoding="utf-8", newline="\n")
        for picture in sorted((root / PICTURES).glob("*.png")):
            shutil.copyfile(picture, pages / picture.name)
        _make(sources, pages, site)
    for sitemap in site.glob("sitemap.xml*"):
        sitemap.unlink()  # made for a server, of an address that is not known


def written(root: Path) -> dict[str, str]:
    """Return every page by its name, as Markdown, with what is made in its place."""
    sources, data = root / SOURCES, root / "data"
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.md"))}
    found |= {f"data-{name}.md": dictionary.page(name, data) for name in dictionary.FOLDERS}
    found["data-published.md"] = dictionary.published(data)
    return {name: _CALL.sub(lambda call: MADE_HERE[call["what"]](root, call["rest"] or ""), text) for name, text in found.items()}


def _cases(root: Path, rest: str) -> str:
    """Return the table of a test's cases: ``FILE::TEST | CAPTION``."""
    where, _, caption = rest.partition(" | ")
    file, _, test = where.partition("::")
    shown = cases.as_table(cases.read(root / file, test), caption).html
    return f'{shown}\n<p class="quiet">Checked by <code>{html_text(where)}</code>.</p>\n'


def _defaults(root: Path, file: str) -> str:
    """Return what a file's cases have where they say nothing, as a sentence."""
    said = [f"{name.replace('_', ' ')} {cases.said(value)}" for name, value in cases.defaults(root / file).items()]
    return f"Where a case does not say otherwise: {'; '.join(said)}.\n"


def _clauses(root: Path, rest: str) -> str:
    """Return the clauses of the rating scheme as a numbered list."""
    return "".join(f"{number}. {clause}\n" for number, clause in rating_in_words.RULES.items())


MADE_HERE: Mapping[str, Callable[[Path, str], str]] = {"cases": _cases, "defaults": _defaults, "clauses": _clauses}
"""What a line in double braces may ask for."""


class _Complaints(logging.Handler):
    """Keeps what mkdocs warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def _make(sources: Path, pages: Path, site: Path) -> None:
    """Have mkdocs make the site of the folder `pages`; a warning of it is a fault."""
    try:
        from mkdocs.commands.build import build as make
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException
    except ModuleNotFoundError:
        raise ParameterError("mkdocs is not installed. Run this by make docs, which installs it.") from None
    css = (files("kpireport.presentation") / "report.css").read_text(encoding="utf-8")
    own = (sources / STYLE).read_text(encoding="utf-8")
    complaints, log = _Complaints(), logging.getLogger("mkdocs")
    log.addHandler(complaints)
    was, log.propagate = log.propagate, False
    dated = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # the same bytes on any day
    try:
        config: Any = load_config(str(sources / CONFIG), docs_dir=str(pages), site_dir=str(site.absolute()), strict=True)
        config["extra"]["style"] = f"{css}\n{own}"
        make(config)
    except (MkDocsException, SystemExit) as error:
        told = "\n".join(f"  {one}" for one in complaints.told) or f"  {error}"
        raise RenderingError(f"The handbook could not be built; nothing was published.\n{told}") from None
    finally:
        log.removeHandler(complaints)
        log.propagate = was
        if dated is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = dated
