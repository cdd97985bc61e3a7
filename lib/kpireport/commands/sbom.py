"""The verb that says what the tool is made of: a bill of materials, for whoever looks for known vulnerabilities, and licences."""

import argparse
from pathlib import Path
from typing import Any

from kpireport.commands.options import add_verb
from kpireport.errors import ParameterError

FOLDER = "sbom"


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    verb = add_verb(
        verbs,
        "sbom",
        _sbom,
        help="write the bill of materials and the list of licences",
        description="Write every package of the lock with its hashes, its licence and what it needs (CycloneDX 1.6) and the list "
        "of licences, in OUT/sbom; and check that what is installed here is what was published. Nothing is asked of a network.",
    )
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")


def _sbom(options: argparse.Namespace) -> None:
    from kpireport.environment import LOCK, section, unsatisfied
    from kpireport.presentation.data_table import Column, table
    from kpireport.presentation.markup import paragraph, words
    from kpireport.publishing.folder import publish_folder
    from kpireport.verification import bill, licences

    lock, project = Path(LOCK), Path("pyproject.toml")
    if not (lock.is_file() and project.is_file()):
        raise ParameterError(f"There is no {LOCK} here. Run this in the folder that holds it.")
    text = lock.read_text(encoding="utf-8")
    every, differs = bill.packages(text), unsatisfied(section(text, "product"))
    changed = bill.not_as_published(every)
    rows = bill.licence_rows(every)
    count = len({(one.name, one.version) for one in every})
    as_locked = "Every package of the product is installed in its locked version."
    told = [
        f"{count} packages in the lock, each with the SHA-256 of its files: pip installs no other.",
        f"Not as locked: {'; '.join(differs)}." if differs else as_locked,
        f"{len(changed)} installed files differ from what their packages list{': ' if changed else ''}{'; '.join(changed[:20])}.",
        "Whether a vulnerability is known of one of them is not asked here: that takes a network. Give the bill to a scanner.",
    ]
    asks = [row for row in rows if row[4] != licences.PERMISSIVE]
    heads = ("Package", "Version", "Groups", "Licence", "Kind", "Note")
    folder = publish_folder(
        Path(options.out).expanduser(),
        FOLDER,
        {bill.NAME: bill.written(lock, project), bill.LICENCES: bill.licence_csv(every)},
        heading="What kpireport is made of",
        body=[
            *(paragraph(words(one)) for one in told),
            table(
                "Licences that ask for a look: copyleft, or not known here",
                [Column(head) for head in heads],
                ([words(cell or "–") for cell in row] for row in asks),
                kind="cards",
            ),
        ],
        described={
            bill.NAME: "The bill of materials, CycloneDX 1.6",
            bill.LICENCES: "Every package with its licence, those first that ask for a look",
        },
    )
    print("\n".join(told))
    print(f"Begin with {folder / 'index.html'}")
