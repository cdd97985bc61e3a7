"""What a public edition must not hold, for the tests of every report that has one."""

import json
import re
from pathlib import Path

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


def told_of_people(said: str) -> list[str]:
    """The e-mail addresses, contacts and posts of Leeds' register that stand in a text."""
    tables = register.load(Path(DATA))
    posts = {*tables.kpis["accountable_officer"], *tables.directorates["director"], *tables.commentary["owner"]}
    contacts = {contact for listed in tables.kpis["key_contacts"] for contact in listed.split("; ")}
    return EMAIL.findall(said) + sorted(name for name in (posts | contacts) - {""} if name in said)
