"""What a public edition must not hold, for the tests of every report that has one."""

import json
import re
import subprocess
from pathlib import Path

import openpyxl
import pikepdf
from kpireport.presentation.blocks import Page
from kpireport.publishing.manifest import MANIFEST, RUN
from kpireport.sources import register

ROOT = Path(__file__).resolve().parent.parent
DATA, COUNCIL = str(ROOT / "data"), str(ROOT / "params" / "council.yaml")
LEEDS = {"data": DATA, "council": COUNCIL}
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")


def said_in(page: Page) -> str:
    """All of a page that leaves the notebook: every form of every part, with what charts plot."""
    bundles = [part.bundle() for part in page.parts]
    forms = [json.dumps(form, ensure_ascii=False) for bundle in bundles for form in bundle]
    return "\n".join([*forms, *(getattr(part, "text", "") for part in page.parts)])


def published_texts(folder: Path) -> dict[str, str]:
    """What a reader, or a program, finds in each file of a published folder, by the file's name."""
    return {path.name: _text(path) for path in sorted(folder.iterdir()) if path.name not in {MANIFEST, RUN}}


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        printed = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        with pikepdf.open(path) as opened:
            return f"{printed}\n{dict(opened.docinfo)}"
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    return path.read_text(encoding="utf-8")


def told_of_people(said: str, data: str = DATA) -> list[str]:
    """The e-mail addresses, contacts and posts of a register that stand in a text, however its lines are broken."""
    tables = register.load(Path(data))
    posts = {*tables.kpis["accountable_officer"], *tables.directorates["director"], *tables.commentary["owner"]}
    contacts = {contact.split(" (")[0] for listed in tables.kpis["key_contacts"] for contact in listed.split("; ")}
    plain = " ".join(said.split())
    return EMAIL.findall(plain) + sorted(name for name in (posts | contacts) - {""} if name in plain)


def files_that_tell_of_people(folder: Path, data: str = DATA) -> list[str]:
    """The files of a published folder that hold an address, a contact or a post."""
    return [name for name, text in published_texts(folder).items() if told_of_people(text, data)]
