"""What a public edition must not hold, for the tests of every report that has one."""

import json
import re
import subprocess
from pathlib import Path

import openpyxl
import pikepdf
from kpireport.presentation.blocks import Page
from kpireport.sources import register

ROOT = Path(__file__).resolve().parent.parent
DATA, COUNCIL = str(ROOT / "data"), str(ROOT / "params" / "council.yaml")
LEEDS = {"data": DATA, "council": COUNCIL}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def said_in(page: Page) -> str:
    """All of a page that leaves the notebook: every form of every part, with what charts plot."""
    bundles = [part.bundle() for part in page.parts]
    forms = [json.dumps(form, ensure_ascii=False) for bundle in bundles for form in bundle]
    return "\n".join([*forms, *(getattr(part, "text", "") for part in page.parts)])


def published_texts(folder: Path, stem: str, workbook: str = "") -> dict[str, str]:
    """What a reader, or a program, finds in each published file of a report."""
    pdf = folder / f"{stem}.pdf"
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    with pikepdf.open(pdf) as opened:
        about = str(dict(opened.docinfo))
    texts = {ending: (folder / f"{stem}.{ending}").read_text(encoding="utf-8") for ending in ("html", "ipynb")}
    if workbook:
        book = openpyxl.load_workbook(folder / workbook, read_only=True)
        texts["xlsx"] = "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    return texts | {"pdf": text, "about the pdf": about}


def told_of_people(said: str, data: str = DATA) -> list[str]:
    """The e-mail addresses, contacts and posts of a register that stand in a text."""
    tables = register.load(Path(data))
    posts = {*tables.kpis["accountable_officer"], *tables.directorates["director"], *tables.commentary["owner"]}
    contacts = {contact for listed in tables.kpis["key_contacts"] for contact in listed.split("; ")}
    return EMAIL.findall(said) + sorted(name for name in (posts | contacts) - {""} if name in said)
