"""The bundle of a period: one zip with everything that published reports were made from, for an auditor to make them again.

The same published folder gives the same bytes on every system: entries stand in the order of their names, without times, and are
not compressed, as no two compressors need agree.

================  =====================================================================================
`README.html`     tells an auditor what this is, how to verify it, and what that does not prove
`__main__.py`     `python BUNDLE.zip` verifies the bundle, with nothing but Python
`manifest.json`   names every file below by its SHA-256; `manifest.json.sig` is its signature, if any
`run.json`        when the reports were made
`inputs/`         the register's tables and the council's particulars, as read
`code/`           the package, its notebooks and parameters, and the lock of its environment
`outputs/`        the published files
`evidence/`       checks, decisions, sign-offs, and the cell of origin of each result
`returns/`        the files that services sent, of those that results name and that are held
================  =====================================================================================
"""

import csv
import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kpireport.errors import KpireportError, ParameterError, PublishingError
from kpireport.publishing import audit_tables, evidence, manifest, preparation, source_code
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.manifest import CODE, EVIDENCE, INPUTS, MANIFEST, RUN, SIGNATURE, Manifest, Resource
from kpireport.sources import council as councils
from kpireport.verification import bundle_page

FOLDER = "bundles"
"""Where bundles go, in `outputs/`."""
OUTPUTS, RETURNS = "outputs/", "returns/"
PAGE, MAIN = "README.html", "__main__.py"
STANDALONE = f"{source_code.LIBRARY}verification/standalone.py"
"""The file of the package that a bundle runs."""
Contents = dict[str, Path | bytes]
"""The content of each file of a bundle by its path in it, or where it is."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_SHOWN = 20


@dataclass(frozen=True)
class Bundle:
    """What goes into the bundle of a published folder."""

    about: Manifest
    contents: Contents
    """Every file but the page that explains it."""
    not_held: tuple[str, ...] = ()
    """Files that services sent, that results name and that are not held."""

    @property
    def name(self) -> str:
        """The bundle's name without ending: the period's, and the first digits of the manifest's digest."""
        return f"{self.about.folder}-{self.about.sha256[:12]}"


def folder_of(outputs: Path, period: str) -> Path:
    """Return the published folder of a period, such as 2024-25-q2 or 2023-24-annual.

    Raises
    ------
    ParameterError
        When `period` is not the name of a folder of published reports.
    """
    if not re.fullmatch("[0-9][0-9a-z-]{3,60}", period):
        raise ParameterError(f"period: {period[:80]!r} is not the name of a published folder: write it like 2024-25-q2.")
    folder = outputs / period
    if not (folder / MANIFEST).is_file():
        published = sorted(path.parent.name for path in outputs.glob(f"*/{MANIFEST}"))
        known = f"Published there: {', '.join(published)}." if published else "Nothing is published there."
        raise ParameterError(f"period: {outputs} has no published folder {period}. {known}")
    return folder


def expected(about: Manifest) -> dict[str, str]:
    """Return the SHA-256 of every file of a bundle that its manifest vouches for, by the file's path in the bundle."""
    named = {one.name: one.sha256 for one in (*about.materials, *about.evidence)}
    return named | {f"{OUTPUTS}{one.name}": one.sha256 for one in about.outputs}


def returned(table: bytes) -> dict[str, str]:
    """Return the SHA-256 of each return by its path in a bundle, from the evidence table that names them."""
    rows = csv.DictReader(io.StringIO(table.decode()))
    return {f"{RETURNS}{row['file'].removeprefix(RETURNS)}": row["sha256"] for row in rows}


def write(outputs: Path, period: str, *, to: Path | None = None, data: Path = Path("data"), places: Places | None = None) -> Path:
    """Write the bundle of a published folder and return its file; see `gather` for what is refused.

    Parameters
    ----------
    to
        A file that ends in .zip, or a folder for it; by default `outputs/bundles/`.
    """
    bundle = gather(outputs, period, data=data, places=places)
    return archive(bundle.contents | {PAGE: page_of(bundle)}, outputs, to, f"{bundle.name}.zip")


def page_of(bundle: Bundle) -> bytes:
    """Return the page that explains a bundle."""
    council = councils.name_in(_bytes(bundle.contents[f"{INPUTS}council.yaml"]))
    page = bundle_page.render(bundle.about, sizes(bundle.contents), not_held=bundle.not_held, council=council)
    return page.encode()


def gather(outputs: Path, period: str, *, data: Path = Path("data"), places: Places | None = None) -> Bundle:
    """Find every file that the bundle of a published folder holds.

    What reports were made from comes from the evidence store; what is no longer there, from today's data and code where they
    still are the same.

    Parameters
    ----------
    data
        Today's register.
    places
        Where today's notebooks and parameters are.

    Raises
    ------
    ParameterError
        When there is no such folder.
    PublishingError
        Naming every file that is missing, or was changed since it was published.
    """
    folder = folder_of(outputs, period)
    about = manifest.read(folder)
    contents: Contents = {}
    faults = []
    for one in about.outputs:
        path = folder / one.name
        if not path.is_file():
            faults.append(f"{OUTPUTS}{one.name} is missing from {folder}")
        elif evidence.digest(path) != one.sha256:
            faults.append(f"{OUTPUTS}{one.name} was changed since it was published")
        contents[f"{OUTPUTS}{one.name}"] = path
    today = _Today(data, places or Places())
    lost = []
    for one in about.materials + about.evidence:
        found = evidence.find(outputs, one.sha256) or today.find(one)
        if found is None:
            lost.append(one)
        else:
            contents[one.name] = found
    if lost and all(one.name.startswith(EVIDENCE) for one in lost):
        again = _written_again(about, contents, today.places)
        contents |= {one.name: again[one.name] for one in lost if manifest.sha256(again.get(one.name, b"")) == one.sha256}
        lost = [one for one in lost if one.name not in contents]
    faults += [f"{one.name} is no longer held, and today's file is another" for one in lost]
    if faults:
        more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        raise PublishingError(
            "\n".join([f"No bundle of {period} can be made:", *(f"  {one}" for one in [*faults[:_SHOWN], *more])])
            + "\nMake the reports again, then the bundle."
        )
    contents |= {name: folder / name for name in (MANIFEST, RUN, SIGNATURE) if (folder / name).is_file()}
    if STANDALONE in contents:
        contents[MAIN] = contents[STANDALONE]
    named = returned(_bytes(contents[f"{EVIDENCE}{audit_tables.RETURNS}"]))
    held = {name: found for name, digest in named.items() if (found := _held(outputs, data, name, digest))}
    contents.update(held)
    return Bundle(about, contents, tuple(sorted(named.keys() - held.keys())))


def _held(outputs: Path, data: Path, name: str, digest: str) -> Path | None:
    """Return where a file that a service sent is, in the store or among today's returns."""
    if not manifest.is_inside(name) or (found := evidence.find(outputs, digest)):
        return found if manifest.is_inside(name) else None
    path = data / name
    return path if path.is_file() and evidence.digest(path) == digest else None


@dataclass(frozen=True)
class _Today:
    """Today's data and code, in which a file may still be as it was."""

    data: Path
    places: Places
    found: dict[str, Path | bytes | None] = field(default_factory=dict)

    def find(self, one: Resource) -> Path | bytes | None:
        """Return the file of that name when it has the same content."""
        for path in self._candidates(one.name):
            if path.is_file():
                content = source_code.text(path) if one.name.startswith(CODE) else path
                digest = manifest.sha256(content) if isinstance(content, bytes) else evidence.digest(content)
                if digest == one.sha256:
                    return content
        return None

    def _candidates(self, name: str) -> Iterator[Path]:
        if name.startswith(source_code.LIBRARY):
            yield source_code.PACKAGE / name.removeprefix(source_code.LIBRARY)
        elif name.startswith(CODE):
            yield self.places.root / name.removeprefix(CODE)
        elif name == f"{INPUTS}council.yaml":
            yield self.data / "council.yaml"
            yield self.places.params / "council.yaml"
        else:
            yield self.data / name.removeprefix(f"{INPUTS}data/")


def _written_again(about: Manifest, contents: Contents, places: Places) -> dict[str, bytes]:
    """Return the evidence tables as today's code writes them from the reports' own inputs; none where it cannot."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for one in about.inputs:
            path = root / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(contents[one.name]))
        year, _, quarter = about.period.partition(" Q")
        settings = tuple(f"{name}={text}" for name, text in about.settings.items())
        request = Request(about.occasion, quarter, year, settings=settings)
        try:
            tables = preparation.audit_files(root / "inputs", request, work=root / "work", places=places)
        except KpireportError:
            return {}
    return {f"{EVIDENCE}{name}": content for name, content in tables.items()}


def _bytes(content: Path | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def sizes(contents: Mapping[str, Path | bytes]) -> dict[str, int]:
    """Return the size in bytes of each file."""
    return {name: len(content) if isinstance(content, bytes) else content.stat().st_size for name, content in contents.items()}


def archive(contents: Mapping[str, Path | bytes], outputs: Path, to: Path | None, name: str) -> Path:
    """Write a zip whose bytes depend on its files alone, in one step, and return where it is.

    Raises
    ------
    PublishingError
        When it cannot be written there.
    """
    target = (to or outputs / FOLDER) / name if to is None or to.suffix != ".zip" else to
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as file:
            for path in sorted(contents):
                entry = zipfile.ZipInfo(path, _EARLIEST)
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                content = contents[path]
                entry.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
                with file.open(entry, "w") as there, _reader(content) as here:
                    shutil.copyfileobj(here, there)
        beside.replace(target)
    except OSError as error:
        raise PublishingError(f"{target} could not be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            beside.unlink()
    return target


def _reader(content: Path | bytes) -> io.BufferedIOBase:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
