"""Write the certificate of a verification, for an auditor: what was verified, how, what was found, and what that does not prove.

It is written as reports are: an executed notebook of parts, made into HTML and PDF by the same exporters. The same verification
on the same day gives the same bytes.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from nbformat import NotebookNode

from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block, Page, Part, Title
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, facts, join, paragraph, stack, strong, together, words
from kpireport.publishing import html, pdf
from kpireport.publishing.manifest import Resource
from kpireport.verification.comparison import Tier
from kpireport.verification.examination import Examination

HTML, PDF, DIFFERENCES = "certificate.html", "certificate.pdf", "differences.csv"
DESCRIBED = {
    HTML: "The certificate, to read on a screen",
    PDF: "The certificate, to print or send",
    DIFFERENCES: "Every difference, one row each",
}
SHOWN = 40
"""How many differences the certificate shows before it counts the rest; the file beside it has them all."""
TIERS = {
    Tier.FILES: ("Files", "every file that was published, its manifest and its evidence, and no other"),
    Tier.FIGURES: ("Figures", "every cell of tables, CSV files and workbooks; every number in a sentence"),
    Tier.TABLES: ("Tables", "their rows, columns and captions; sheets and pages"),
    Tier.WORDS: ("Words", "every sentence, label and line of the notebooks"),
    Tier.CHARTS: ("Charts", "every stroke and every word of each drawing"),
    Tier.BYTES: ("Bytes", "every file, bit by bit"),
}
LIMITS = (
    "It shows that the published figures follow from the inputs, by the code and the parameters that the manifest names. "
    "It does not show that the inputs are true: that is for whoever holds the services' own records.",
    "It does not show that the rules are the right ones, or that the code does what its authors say of it: "
    "the code is in the bundle, to be read.",
    "It does not show who made the bundle, unless the manifest is signed and the key is known to be the council's. "
    "Compare the manifest's digest with the one that the council gave out.",
    "It does not cover when the reports were made, which run.json says, nor README.html, which explains the bundle: "
    "no manifest can name them.",
    "Verifying runs the code in the bundle on the machine that verifies. Compare the digest of the code with that of the "
    "version you know before you rely on its result.",
)


def files(found: Examination, *, day: str) -> dict[str, bytes]:
    """Return the certificate as HTML and PDF, and the differences as CSV where there are any, by file name.

    Parameters
    ----------
    day
        The day of the verification (ISO).

    Raises
    ------
    RenderingError
        When the certificate cannot be written.
    """
    notebook = _notebook(found, day)
    made = {HTML: html.export(notebook).encode(), PDF: pdf.export(notebook)}
    return made | ({DIFFERENCES: _differences_csv(found)} if found.comparison and found.comparison.differences else {})


def _notebook(found: Examination, day: str) -> NotebookNode:
    """Return an executed notebook of the certificate's parts."""
    council = found.council
    title = Title(
        council=council.name if council else "A council whose particulars could not be read",
        title="Certificate of verification",
        subtitle=f"{_reports(found)}: {found.verdict}",
        is_illustrative=False,
        date=day,
        brand_colour=council.brand_colour if council else "",
        accent_colour=council.accent_colour if council else "",
        colophon=f"Verified on {phrases.day(date.fromisoformat(day))}.",
    )
    sections: list[tuple[str, Sequence[Part]]] = [
        ("", [title]),
        ("Verdict", _verdict(found, day)),
        ("What was verified", _verified(found)),
        ("How it was verified", _how(found)),
        ("What differs", _differs(found)),
        ("The environment", _environment(found)),
        ("What this certificate does not show", [bullets(map(words, LIMITS))]),
    ]
    cells: list[NotebookNode] = []
    for heading, parts in sections:
        if heading:
            cells.append(_node({"cell_type": "markdown", "id": f"{len(cells):02d}", "metadata": {}, "source": f"## {heading}"}))
        cells.append(_cell(f"{len(cells):02d}", Page(tuple(parts))))
    return _node({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _cell(name: str, page: Page) -> NotebookNode:
    outputs = []
    for part in page.parts:
        data, metadata = part.bundle()
        outputs.append(_node({"output_type": "display_data", "data": _node(data), "metadata": _node(metadata)}))
    return _node({"cell_type": "code", "id": name, "metadata": {}, "execution_count": 1, "source": "", "outputs": outputs})


def _node(content: dict[str, object]) -> NotebookNode:
    return NotebookNode(content)  # type: ignore[no-untyped-call]


def _reports(found: Examination) -> str:
    return f"Reports of {found.about.period}" + ("" if found.about.occasion == "quarter" else f" ({found.about.occasion})")


def _verdict(found: Examination, day: str) -> list[Block]:
    named = f"{found.verdict}: {found.verdict.meaning}"
    pairs = [
        ("Period", words(found.about.period)),
        ("Reports", words(str(len(found.about.reports)))),
        ("Files published", words(str(len(found.about.outputs)))),
        ("Verified on", words(phrases.day(date.fromisoformat(day)))),
    ]
    first = [f"{reason}" for reason in found.reasons[:5]]
    more = [paragraph(words(f"And {len(found.reasons) - 5} more, listed below."))] if len(found.reasons) > 5 else []
    return [
        stack(
            [
                paragraph(words(named), kind="lead"),
                facts(pairs),
                bullets(map(words, first)),
                *more,
                _tiers(found),
                paragraph(words(found.signature)),
            ]
        )
    ]


def _tiers(found: Examination) -> Block:
    columns = [
        Column("Step", 1.1),
        Column("What was compared", 3),
        Column("Number", 0.8, is_number=True),
        Column("Outcome", 1.4),
    ]
    rows = [
        [
            words("Integrity"),
            words("every file against the digest that the manifest gives it"),
            _count(found.checked),
            _outcome(len(found.faults), "not as the manifest says", "whole"),
        ]
    ]
    for tier, (name, meaning) in TIERS.items():
        if found.comparison is None:
            rows.append([words(name), words(meaning), words("–"), words("not compared")])
        else:
            outcome = _outcome(len(found.comparison.of(tier)), "not the same", "the same")
            rows.append([words(name), words(meaning), _count(found.comparison.compared[tier]), outcome])
    return table("Each step, and its outcome", columns, rows)


def _count(number: int) -> Block:
    return words(f"{number:,}")


def _outcome(wrong: int, said: str, otherwise: str) -> Block:
    return strong(words(f"{wrong:,} {said}")) if wrong else words(otherwise)


def _verified(found: Examination) -> list[Block]:
    about = found.about
    rows = [["Bundle" if found.sha256 else "Published folder", found.name]]
    rows += [["SHA-256 of the bundle", found.sha256]] if found.sha256 else []
    rows += [
        ["SHA-256 of the manifest", about.sha256],
        ["SHA-256 of the code", about.source_sha256],
        ["Version of kpireport", about.version],
        ["Rule scheme", about.scheme or "none"],
        ["Inputs", _told(about.inputs)],
        ["Files of code", _told(about.code)],
        ["Further parameters", ", ".join(f"{name}={text}" for name, text in about.settings.items()) or "none"],
    ]
    told = table(
        "What the manifest names",
        [Column("Item", 1), Column("What it is", 3)],
        ([words(cell) for cell in row] for row in rows),
        kind="figures",
    )
    titles = [[words(run.title), words(run.stem), words(_parameters(run.parameters))] for run in about.reports]
    columns = [Column("Report", 1.4), Column("Its files", 1.2), Column("Parameters", 2)]
    return [stack([told, table(phrases.count(len(titles), "report"), columns, titles)])]


def _told(files: Iterable[Resource]) -> str:
    listed = list(files)
    rows = sum(one.rows or 0 for one in listed)
    return f"{len(listed):,} files" + (f", {rows:,} rows" if rows else "")


def _parameters(parameters: object) -> str:
    given = dict(parameters) if isinstance(parameters, dict) else {}
    return ", ".join(f"{name}: {value}" for name, value in given.items() if name not in ("data", "council") and value != "")


def _how(found: Examination) -> list[Block]:
    steps = [
        "Integrity: the bundle was opened in an empty folder, and every file of it held against its SHA-256 in the manifest.",
        "Re-performance: its own code made the reports again from its own inputs, in "
        + (
            "an environment made for it from its lock, with the hash of every package checked."
            if found.environment and found.environment.is_new
            else "an environment that holds exactly what its lock says."
        ),
        "Comparison: what was published was compared with what was made again, tier by tier: files, figures, tables, words, "
        "charts and bytes.",
    ]
    if found.remade is None:
        why = found.unprepared or "a file of its inputs or its code is not what the manifest says, and was neither read nor run"
        steps[1:] = [f"Re-performance and comparison were not done: {why}."]
    elif found.comparison is None:
        steps[2:] = ["Comparison was not done: the reports could not be made again."]
    return [bullets(map(words, steps))]


def _differs(found: Examination) -> list[Block]:
    said: list[Block] = []
    if found.faults:
        columns = [Column("File", 2), Column("What is wrong", 3)]
        rows = [[words(fault.path), words(str(fault).removeprefix(f"{fault.path} "))] for fault in found.faults[:SHOWN]]
        said.append(table(f"{phrases.count(len(found.faults), 'file')} not as the manifest says", columns, rows))
    differences = found.comparison.differences if found.comparison else ()
    if differences:
        columns = [Column("File and place", 2.4), Column("KPI", 0.7), Column("Published", 1.6), Column("Made again", 1.6)]
        rows = [
            [
                join([strong(words(TIERS[one.tier][0])), words(f"{one.file}{f', {one.where}' if one.where else ''}")], ": "),
                together(words(one.kpi or "–")),
                words(one.old or "nothing"),
                words(one.new or "nothing"),
            ]
            for one in differences[:SHOWN]
        ]
        said.append(
            table(f"{phrases.count(len(differences), 'difference')} between what was published and made again", columns, rows)
        )
        if len(differences) > SHOWN:
            said.append(
                paragraph(words(f"The first {SHOWN} of {len(differences)}; all are in {DIFFERENCES}, beside this certificate."))
            )
    if found.remade is not None and found.remade.folder is None:
        said.append(paragraph(words(f"The reports could not be made again: {found.remade.message}")))
    nothing = "Nothing differs." if found.comparison is not None else "Nothing was compared."
    return [stack(said)] if said else [paragraph(words(nothing))]


def _environment(found: Examination) -> list[Block]:
    if found.environment is None:
        return [paragraph(words(found.unprepared or "No environment was needed: nothing was made again."))]
    here, about = found.environment, found.about
    same = len(about.libraries) - sum(one.what in about.libraries for one in found.departures)
    rows = [["Python", about.python, here.python], ["Platform", about.platform, here.platform]]
    rows += [[one.what, one.published, one.here or "not installed"] for one in found.departures if one.what in about.libraries]
    columns = [Column("Part"), Column("When published"), Column("When verified")]
    told = f"{same} of {len(about.libraries)} libraries have the version that they had when the reports were published."
    return [
        stack(
            [
                table("What ran", columns, ([words(cell) for cell in row] for row in rows), kind="figures"),
                paragraph(words(told)),
            ]
        )
    ]


def _differences_csv(found: Examination) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["tier", "file", "kpi_id", "place", "published", "made_again"])
    for one in found.comparison.differences if found.comparison else ():
        cells = (one.tier.value, one.file, one.kpi, one.where, one.old, one.new)
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell for cell in cells])
    return stream.getvalue().encode()
