"""Whether a bundle is whole: opened without trust, then every file against the digest that the manifest gives it.

A bundle comes from outside: its zip may be damaged, or made to harm whoever opens it. Nothing is written before every entry's
name, kind and size has been looked at. Standard library only: a bundle carries this module, and runs it with nothing but Python.
"""

import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from kpireport.errors import ExitCode, KpireportError

ENTRIES, FILE_BYTES, ALL_BYTES = 50_000, 1 << 30, 4 << 30
"""How many files a bundle may hold, and how large one and all of them may become."""
BESIDE = frozenset({"manifest.json", "manifest.json.sig", "run.json", "README.html", "__main__.py"})
"""Files of a bundle that its manifest cannot name: they came after it, or are it."""
DIRECTORY_BYTES = 32 << 20
"""How long a bundle's list of its files may be."""
_PIECE = 1 << 20
_END, _LARGER, _TAIL = b"PK\x05\x06", b"PK\x06\x07", (1 << 16) + 22
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}
"""Names that Windows gives to devices."""
_NAMED = 20


class UnsafeBundleError(KpireportError):
    """A zip that is not opened: it is none, or an entry of it is not that of a plain file inside the bundle."""

    exit_code = ExitCode.BUNDLE


class FaultKind(StrEnum):
    """What is wrong with a file."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, order=True)
class Fault:
    """One file that is not what the manifest says."""

    path: str
    kind: FaultKind

    def __str__(self) -> str:
        """Return the fault as one line."""
        match self.kind:
            case FaultKind.CHANGED:
                return f"{self.path} was changed: its content does not have the digest that the manifest gives it"
            case FaultKind.MISSING:
                return f"{self.path} is missing"
            case _:
                return f"{self.path} was added: nothing in the manifest names it"


def unpack(bundle: Path, folder: Path) -> None:
    """Write the files of a bundle to an empty folder.

    Raises
    ------
    UnsafeBundleError
        With every entry that is refused and why; nothing was written. Or when an entry's content is damaged.
    """
    try:
        if _directory_bytes(bundle) > DIRECTORY_BYTES:
            raise UnsafeBundleError(f"{bundle.name} was not opened: it lists more files than a bundle can hold.")
        with zipfile.ZipFile(bundle) as archive:
            entries = archive.infolist()
            if reasons := list(_refused(entries)):
                told = [*reasons[:_NAMED], *([f"and {len(reasons) - _NAMED} more"] if len(reasons) > _NAMED else [])]
                raise UnsafeBundleError(
                    "\n".join([f"{bundle.name} was not opened: it is not safe.", *(f"  {one}" for one in told)])
                )
            for entry in entries:
                if not entry.is_dir():
                    _write(archive, entry, folder)
    except FileNotFoundError:
        raise UnsafeBundleError(f"There is no file {bundle}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise UnsafeBundleError(f"{bundle.name} cannot be opened: it is no bundle, or is damaged ({error}).") from None


def _directory_bytes(bundle: Path) -> int:
    """Return the length of a zip's list of files, which is read into memory whole; that of a larger form of zip is without end.

    Source: APPNOTE.TXT 6.3.10, end of central directory record (4.3.16) and its zip64 locator (4.3.15).
    """
    with bundle.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _TAIL, 0))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        return 0
    is_larger_form = tail[max(at - 20, 0) : at].startswith(_LARGER)
    return size if is_larger_form and size > DIRECTORY_BYTES else int.from_bytes(tail[at + 12 : at + 16], "little")


def _refused(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Yield why a zip is not safe to open, entry by entry."""
    if len(entries) > ENTRIES:
        yield f"it holds {len(entries)} files; a bundle holds at most {ENTRIES}"
        return
    if sum(entry.file_size for entry in entries) > ALL_BYTES:
        yield f"its files would take {sum(entry.file_size for entry in entries)} bytes; a bundle takes at most {ALL_BYTES}"
    taken: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename
        if reason := _why_not(name) or _why_not_kind(entry):
            yield f"{name[:200]!r}: {reason}"
        same = _folded(name.rstrip("/"))
        if same in taken:
            yield f"{name[:200]!r}: a second entry of that name (the first is {taken[same][:200]!r})"
        taken[same] = name
    files = {_folded(entry.orig_filename) for entry in entries if not entry.is_dir()}
    for entry in entries:
        parts = PurePosixPath(_folded(entry.orig_filename)).parts
        if any("/".join(parts[:length]) in files for length in range(1, len(parts))):
            yield f"{entry.orig_filename[:200]!r}: another entry is a file where this one needs a folder"


def _folded(name: str) -> str:
    """Return a name as those systems see it that do not tell capitals, or ways to write an accent, apart."""
    return unicodedata.normalize("NFC", name).casefold()


def _why_not(name: str) -> str:
    """Return why a path is not that of a file inside a folder, on any system; "" when it is."""
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or ".." in parts or set(name) & set('\\:*?"<>|') or not name.isprintable():
        return "its path leads out of the folder, or is none on every system"
    if "" in parts or "." in parts or len(name) > 240:
        return "its path is not a plain one"
    if any(part != part.rstrip(". ") or part.split(".")[0].casefold() in _RESERVED for part in parts):
        return "Windows has no file of that name"
    return ""


def _why_not_kind(entry: zipfile.ZipInfo) -> str:
    mode = entry.external_attr >> 16
    if entry.filename != entry.orig_filename:
        return "its name is cut short by a character"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is a link or a device, not a file"
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        return "it is encrypted, or compressed in an unusual way"
    return f"it would take {entry.file_size} bytes" if entry.file_size > FILE_BYTES else ""


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    there = folder.joinpath(*entry.filename.split("/"))
    there.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as content, there.open("xb") as file:
        while piece := content.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise ValueError(f"{entry.filename} is longer than it says")
            file.write(piece)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a folder by its path, "/" parting folders; "" for a link, which is not followed."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file())
    return {path.relative_to(folder).as_posix(): "" if path.is_symlink() else digest(path) for path in paths}


def check(found: Mapping[str, str], expected: Mapping[str, str], beside: frozenset[str] = frozenset()) -> list[Fault]:
    """Return every file that is not what the manifest says, by path.

    Parameters
    ----------
    found, expected
        The digest of each file by its path: as it is, and as the manifest says.
    beside
        Files that may be there though no manifest can name them, such as the manifest itself.
    """
    changed = [Fault(path, FaultKind.CHANGED) for path in expected if path in found and found[path] != expected[path]]
    missing = [Fault(path, FaultKind.MISSING) for path in expected if path not in found]
    added = [Fault(path, FaultKind.ADDED) for path in found if path not in expected and path not in beside]
    return sorted(changed + missing + added)
