"""The page that explains a bundle to an auditor: what it is, what is in it, how to verify it, and what that does not prove."""

import shlex
from collections.abc import Iterable, Mapping

from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, html_text, paragraph, strong, words, words_kept
from kpireport.publishing import index
from kpireport.publishing.audit_tables import CHECKS, DECISIONS, ORIGINS, RETURNS, SIGN_OFFS
from kpireport.publishing.manifest import EVIDENCE, MANIFEST, RUN, SIGNATURE, Manifest
from kpireport.publishing.pages import page

INTERNAL = (
    "A bundle holds the whole register as it was read: names and addresses of contacts, and figures that a public edition hides. "
    "Give it to those who may see them, and do not publish it."
)
TABLES = {
    CHECKS: "what was checked before anything was published, and every warning, with its outcome",
    DECISIONS: "highlights proposed and chosen and by whom, figures hidden, results revised or left out, changes of the KPI list",
    SIGN_OFFS: "who approved the results of each directorate, when, and in which file",
    ORIGINS: "the file, sheet and cell that each KPI's result was taken from",
    RETURNS: "the files that services sent, by their SHA-256",
}
FOLDERS = {
    "outputs/": "the published files",
    "inputs/": "the register's tables and the council's particulars, as they were read",
    "code/": "the program, with its notebooks, parameters, fonts, and the lock of its environment",
    EVIDENCE: "what was written down beside the reports for whoever checks them",
    "returns/": "files that services sent, from which results were taken",
    MANIFEST: "names every file above by its SHA-256 (in-toto Statement v1, SLSA provenance v1)",
    RUN: "when the reports were made",
    SIGNATURE: "a signature of the manifest",
    "__main__.py": "the verification",
}
WHERE = ("--data=../inputs/data", "--council=../inputs/council.yaml", "--out=../again")
"""Where the command reads and writes, in an unpacked bundle."""
VERDICTS = {
    "REPRODUCED": "made again, every file is the same, byte for byte.",
    "FIGURES MATCH": "every figure is the same; some bytes are not, and it says why.",
    "DIFFERS": "something is not what was published: it names the file, the KPI, the cell, the old and the new value.",
    "INCONCLUSIVE": "this machine cannot make them as they were made: it says how it differs.",
}
PROVED = (
    "That every file is the one which the manifest names, and, if the manifest is signed, that the signer vouched for it.",
    "That the reports follow from the inputs by this code: made again, they are the same.",
)
NOT_PROVED = (
    "That the inputs are true. Whether a service counted rightly is seen in the service; the cells of origin lead there.",
    "That the rules are the right ones. They are in the code, in words and with tests, to be read and judged.",
    f"When the reports were made and by whom: {RUN}, this page and, unless it is signed, the manifest could have been written "
    "by anyone who had the rest.",
    "That the decisions were good ones. Who made them and why is on record.",
)


def render(about: Manifest, sizes: Mapping[str, int], *, not_held: Iterable[str] = (), council: str = "") -> str:
    """Return the page.

    Parameters
    ----------
    sizes
        The size of each file of the bundle by its path in it.
    not_held
        Files that services sent, that results name and that the bundle does not hold.
    """
    parts = [
        paragraph(
            words(
                f"This is everything that the {phrases.plural('report', len(about.reports))} of {about.period} "
                f"{'was' if len(about.reports) == 1 else 'were'} made from, with the published files themselves, so that anyone "
                "can make them again and see that they are the same."
            ),
            kind="lead",
        ),
        paragraph(strong(words("Internal.")), words_kept(" "), words(INTERNAL)),
        _heading("The reports"),
        bullets(
            [
                *(_link(f"outputs/{report.stem}.html", report.title) for report in about.reports),
                _link("outputs/index.html", "All published files"),
            ]
        ),
        _heading("How to verify it"),
        paragraph(words("With Python 3.11 or newer, and nothing else installed, in a terminal:")),
        _typed(f"python {about.folder}-{about.sha256[:12]}.zip"),
        paragraph(
            words("It checks that every file is whole, makes the reports again in a fresh folder, compares, and says one of:")
        ),
        bullets(_term(verdict, meaning) for verdict, meaning in VERDICTS.items()),
        paragraph(words("It runs the program that is in the bundle: verify only a bundle that you had from the council itself.")),
        paragraph(words("To follow one figure to the cell it came from: make trace KPI=... BUNDLE=the file.")),
        paragraph(
            words(
                "It may fetch the packages that the lock names, each checked against the SHA-256 in the lock. To see that this "
                "bundle is the one that was sent, compare the SHA-256 of its manifest with what the council tells by another way:"
            )
        ),
        _typed(about.sha256),
        *_signed(SIGNATURE in sizes),
        _heading("What it proves, and what not"),
        paragraph(strong(words("It proves"))),
        bullets(words(text) for text in PROVED),
        paragraph(strong(words("It does not prove"))),
        bullets(words(text) for text in NOT_PROVED),
        _heading("What is in it"),
        _contents(sizes),
        _heading("Evidence to read"),
        bullets(_link(f"{EVIDENCE}{name}", name, f": {told}") for name, told in TABLES.items() if f"{EVIDENCE}{name}" in sizes),
        *_not_held(list(not_held)),
        _heading("How the reports were made"),
        paragraph(
            words(
                f"By kpireport {about.version}, rating scheme {about.scheme or 'none'}, Python {about.python}, {about.platform}, "
                f"with {phrases.count(len(about.libraries), 'library')} of the versions that the lock pins. In the folder code/, "
                "with lib/ on Python's path, this makes them again:"
            )
        ),
        _typed(shlex.join(["python", "-m", "kpireport", *about.arguments, *WHERE])),
    ]
    heading = f"Evidence for the reports of {about.period}"
    return page(heading=heading, body="".join(part.html for part in parts), council=council)


def _heading(text: str) -> Block:
    return Block(f"<h2>{html_text(text)}</h2>\n", "", text)


def _typed(text: str) -> Block:
    """Return what a person types or compares, on lines that break where they must."""
    return Block(f'<p><code style="overflow-wrap:anywhere">{html_text(text)}</code></p>\n', "", text)


def _link(path: str, text: str, after: str = "") -> Block:
    return Block(f'<a href="{html_text(path)}">{html_text(text)}</a>{html_text(after)}', "", f"{text}{after}")


def _term(term: str, meaning: str) -> Block:
    return Block(f"<strong>{html_text(term)}</strong>: {html_text(meaning)}", "", f"{term}: {meaning}")


def _signed(is_signed: bool) -> list[Block]:
    if not is_signed:
        return [paragraph(words("The manifest is not signed."))]
    command = f"ssh-keygen -Y verify -n kpireport -f SIGNERS -I SIGNER -s {SIGNATURE} < {MANIFEST}"
    told = (
        "The manifest is signed. SIGNERS is a file of the council's public keys, which must reach you by another way; SIGNER is "
        "who is said to have signed:"
    )
    return [paragraph(words(told)), _typed(command)]


def _contents(sizes: Mapping[str, int]) -> Block:
    rows = []
    for name, told in FOLDERS.items():
        own = [size for path, size in sizes.items() if path == name or (name.endswith("/") and path.startswith(name))]
        if own:
            rows.append([words(name), words(told), words(str(len(own))), words(index.size(sum(own)))])
    columns = [Column("Where", 1), Column("What", 4), Column("Files", 0.7, is_number=True), Column("Size", 0.9, is_number=True)]
    return table("The files of this bundle", columns, rows, kind="cards")


def _not_held(names: list[str]) -> list[Block]:
    if not names:
        return []
    return [
        paragraph(
            words(f"{phrases.count(len(names), 'file')} that results name {'was' if len(names) == 1 else 'were'} not held:")
        ),
        bullets(words(name) for name in names),
    ]
