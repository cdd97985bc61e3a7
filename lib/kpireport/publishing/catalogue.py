"""The page over all published folders: `outputs/index.html`, made again after each publication from what lies there."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from kpireport import periods
from kpireport.errors import KpireportError, PublishingError
from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import html_text, join, lines, paragraph, quiet, strong, unseen, words
from kpireport.publishing import faults, freshness, index, kpi_places, manifest, verified
from kpireport.publishing.asked import AS_KNOWN_ON
from kpireport.publishing.manifest import SIGNATURE, Manifest
from kpireport.publishing.pages import page
from kpireport.vocabulary import Edition

MARK = ".council"
"""The file that says that a folder of published folders is one council's, and holds the council's name."""
HANDBOOK = "handbook"
"""The folder of the handbook."""
OCCASIONS = {
    "quarter": "Quarterly reports",
    "executive": "Executive Board update",
    "scrutiny": "Scrutiny Boards",
    "partnership": "Partnership boards and committees",
    "annual": "Annual Performance Report",
    "bca": "Best City Ambition Scorecard",
    "assurance": "Assurance report",
    "survey": "Survey of Internal Control",
    "timetable": "Timetable",
}
"""What the folders of an occasion are called, in the order in which they stand under one period; others come after them."""
_COLOURS = re.compile(r"^:root \{ (--brand: [^}]*)\}$", re.MULTILINE)


@dataclass(frozen=True)
class Folder:
    """A published folder."""

    path: Path
    about: Manifest

    @cached_property
    def facts(self) -> dict[str, str]:
        """What its page says of itself."""
        return index.facts(self.path)

    @property
    def period(self) -> str:
        """The period, and the day as known on which it was asked for."""
        return self.about.period + phrases.as_known(str(self.about.settings.get(AS_KNOWN_ON, "")))

    @property
    def day(self) -> date | None:
        """The last day of the results in it; None where its page does not say."""
        with suppress(KeyError, ValueError):
            return date.fromisoformat(self.facts[index.DATA_DATE])
        return None

    @property
    def newness(self) -> date:
        """The day by which it is newer than another: that of its data, else the end of its period."""
        with suppress(KpireportError):
            return self.day or periods.parse(self.about.period).end
        return date.min

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands among those of its period: in the order of `OCCASIONS`."""
        order = list(OCCASIONS)
        return order.index(self.about.occasion) if self.about.occasion in order else len(order), self.path.name


def refresh(outputs: Path, *, work: Path | None = None) -> None:
    """Write the page anew, in one step: a table for each period, the latest first; one row is one published folder.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk, where the page is written first; None for `outputs` itself.
    """
    written = ""
    while written != (written := _written(outputs)):  # again when another build published meanwhile: the last to write saw all
        beside = (work or outputs) / f".{index.NAME}.{os.getpid()}"
        beside.write_text(written, encoding="utf-8", newline="\n")
        beside.chmod(0o644)
        beside.replace(outputs / index.NAME)


def renew(outputs: Path, *, work: Path) -> None:
    """Write the page anew, as `refresh` does, where there is one."""
    if (outputs / index.NAME).is_file():
        refresh(outputs, work=work)


def _written(outputs: Path) -> str:
    found = [Folder(folder, about) for folder in outputs.iterdir() if (about := _manifest(folder))]
    found.sort(key=lambda folder: (folder.newness, folder.path.name), reverse=True)
    by_period: dict[str, list[Folder]] = {}
    for folder in found:
        by_period.setdefault(folder.about.period, []).append(folder)
    tables = [_period(outputs, period, folders) for period, folders in by_period.items()]
    councils = _councils(outputs)
    nothing = "" if councils or found else "<p>Nothing has been published yet.</p>\n"
    body = "".join([_notice(found), nothing, _unpublished(outputs, found), *tables, councils, _handbook(outputs)])
    names = {folder.facts.get(index.COUNCIL, "") for folder in found}
    council = names.pop() if len(names) == 1 else ""
    shown = page(heading="Published performance reports", body=body, council=council, colours=_colours(found) if council else {})
    return freshness.sealed(shown)


def _colours(found: list[Folder]) -> dict[str, str]:
    """Return the colours of the latest folder's page."""
    told = _COLOURS.findall((found[0].path / index.NAME).read_text(encoding="utf-8", errors="replace"))
    pairs = re.findall(r"--([a-z-]+): (#[0-9a-fA-F]{6});", told[-1]) if told else []
    return dict(pairs)


def _notice(found: list[Folder]) -> str:
    """Return what is to be known before any figure is quoted; "" where nothing is."""
    if not any(folder.facts.get(index.SAMPLES) == "yes" for folder in found):
        return ""
    return f'<p class="illustrative"><strong>Illustrative figures.</strong> {index.ILLUSTRATIVE}</p>\n'


def _unpublished(outputs: Path, found: list[Folder]) -> str:
    """Return the folders that hold faults of the data and no report; "" where there are none."""
    published = {folder.path for folder in found}
    faulty = [path.parent.name for path in sorted(outputs.glob(f"*/{faults.HTML}"), reverse=True) if path.parent not in published]
    if not faulty:
        return ""
    links = join((_link(f"{name}/{faults.HTML}", words(name)) for name in faulty), ", ")
    return paragraph(join([strong(words("Not published, for faults in the data:")), links], " ")).html


def _handbook(outputs: Path) -> str:
    """Return a link to the handbook; "" where none was made."""
    address = f"{HANDBOOK}/{index.NAME}"
    if not (outputs / address).is_file():
        return ""
    return paragraph(join([_link(address, words("The handbook")), words("tells what each KPI, rule and word means.")], " ")).html


def _period(outputs: Path, period: str, folders: list[Folder]) -> str:
    """Return the table of one period's folders."""
    columns = [
        Column("What", 2.6),
        Column("Reports", 4.4),
        Column("Status", 2.2),
        Column("Data up to", 1.7),
        Column("Size", 1.1, is_number=True),
        Column("Verified", 2.2),
    ]
    rows = [_row(outputs, folder) for folder in sorted(folders, key=lambda folder: folder.place)]
    number = sum(len(folder.about.reports) for folder in folders)
    anchor = f"period-{re.sub('[^a-z0-9]+', '-', period.lower())}"
    shown = table(phrases.count(number, "report"), columns, rows, kind="cards").html
    return f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{html_text(period)}</h2>\n{shown}</section>\n'


def mark(outputs: Path, council: str) -> None:
    """Say that `outputs` holds the published folders of one of several councils, and write its own page."""
    outputs.mkdir(parents=True, exist_ok=True)
    (outputs / MARK).write_text(council, encoding="utf-8", newline="\n")
    refresh(outputs)


def _councils(outputs: Path) -> str:
    """Return the table of councils whose folders lie in this one: one row is one council; "" where there is none."""
    folders = [folder for folder in sorted(outputs.iterdir()) if (folder / MARK).is_file() and (folder / index.NAME).is_file()]
    if not folders:
        return ""
    rows = [_council(folder) for folder in folders]
    columns = [Column("Council", 3), Column("Latest", 1.4), Column("Folders", 1, is_number=True), Column("Not published", 3)]
    return table(phrases.count(len(folders), "council"), columns, rows, kind="cards").html


def _council(folder: Path) -> list[Block]:
    found = [(path.name, about) for path in sorted(folder.iterdir()) if (about := _manifest(path))]
    faulty = [path.parent.name for path in sorted(folder.glob(f"*/{faults.HTML}"))]
    name = words((folder / MARK).read_text(encoding="utf-8"))
    told = [_link(f"{folder.name}/{period}/{faults.HTML}", words(f"Faults in the data of {period}")) for period in faulty]
    return [
        _link(f"{folder.name}/{index.NAME}", name),
        words(found[-1][1].period if found else "–"),
        words(str(len(found))),
        lines(told) if told else words("–"),
    ]


def _manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a published folder; None for whatever else lies there."""
    if folder.name.startswith(".") or not (folder / index.NAME).is_file():
        return None
    try:
        return manifest.read(folder)
    except PublishingError:
        return None


def _row(outputs: Path, folder: Folder) -> list[Block]:
    about, name = folder.about, folder.path.name
    told = words(OCCASIONS.get(about.occasion, about.occasion.capitalize()))
    known = phrases.as_known(str(about.settings.get(AS_KNOWN_ON, ""))).removeprefix(", ")
    here = {file.name for file in about.outputs}
    reports = [
        _link(f"{name}/{report.stem}.html", words(report.title)) if f"{report.stem}.html" in here else words(report.title)
        for report in about.reports
    ]
    return [
        lines(
            [
                _link(f"{name}/{index.NAME}", told, after=f", {folder.period}"),
                quiet(words(phrases.sentence(known))),
                *([_to_kpis(folder)] if _has_kpis(folder) else []),
            ]
        ),
        lines(reports),
        lines(_status(folder)),
        words(phrases.day(folder.day)),
        words(index.size(sum(file.size or 0 for file in about.outputs))),
        _verdict(outputs, about.sha256),
    ]


def _has_kpis(folder: Folder) -> bool:
    return f'id="{kpi_places.ANCHOR}"' in (folder.path / index.NAME).read_text(encoding="utf-8", errors="replace")


def _to_kpis(folder: Folder) -> Block:
    """Return a link to the list of KPIs, each of which leads to its figure."""
    return _link(f"{folder.path.name}/{index.NAME}#{kpi_places.ANCHOR}", words("Find a KPI"), after=f", {folder.period}")


def _status(folder: Folder) -> Iterator[Block]:
    """Yield whether the reports may be shown to everyone, whether they are signed, and what has gone wrong since."""
    editions = {str(report.parameters.get("edition", Edition.INTERNAL)) for report in folder.about.reports}
    yield words("Published, public" if editions == {str(Edition.PUBLIC)} else "Published, internal")
    if folder.facts.get(index.SAMPLES) == "yes":
        yield quiet(words("Some figures are samples"))
    if (folder.path / SIGNATURE).is_file():
        yield words("Signed")
    if (folder.path / faults.HTML).is_file():
        yield _link(f"{folder.path.name}/{faults.HTML}", words("Faults in newer data"), after=f" of {folder.period}")
    if folder.path.with_name(f"{folder.path.name}.failed").is_dir():
        yield words("A newer build failed")


def _link(address: str, said: Block, *, after: str = "") -> Block:
    """Return a link to a file of the outputs folder; `after` tells those who listen what the others see beside it."""
    path, _, place = address.partition("#")
    whole = quote(path) + (f"#{place}" if place else "")
    return Block(f'<a href="{html_text(whole)}">{said.html}{unseen(after).html if after else ""}</a>', said.typst, said.text)


def _verdict(outputs: Path, sha256: str) -> Block:
    """Return what verification concluded of a manifest, and the day, with a link to the certificate where it is held."""
    found = verified.recall(outputs, sha256)
    if found is None:
        return words("Not verified")
    told = words(f"{found.verdict}, {phrases.day(date.fromisoformat(found.day))}")
    if not (outputs / found.certificate).is_file():
        return told
    return _link(found.certificate, told)
