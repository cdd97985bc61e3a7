"""A trace as a reader meets it: text for a terminal, a page, and a table for spreadsheets."""

import csv
import io
import textwrap
from collections.abc import Iterable, Iterator

from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import bullets, emphasis, html_text, join, lines, paragraph, quiet, strong, words, words_kept
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.publishing import brand
from kpireport.publishing.document import Head
from kpireport.publishing.pages import page
from kpireport.rules.rating import SCHEME
from kpireport.rules.rating_in_words import RULES
from kpireport.verification.trace_steps import Account, Said, Trace

WIDTH = 100
INTERNAL = (
    "Internal: it shows figures that a public edition may hide, and who sent and approved them. "
    "Give it to those who may see them."
)
PLACES = (
    "Places that begin with inputs/, outputs/, evidence/ or returns/ are files of the period's bundle (make bundle). Beside the "
    "published folders they are kept by their SHA-256, of which the first 12 digits are shown here and all in the table."
)
HEADS = ("kpi_id", "account", "step", "said", "where", "sha256", "agrees")
_DIGITS = 12


def title(trace: Trace) -> str:
    """Return what a trace is of."""
    return f"{trace.kpi_id} {trace.kpi_name}, {trace.period}"


def verdict(trace: Trace) -> str:
    """Return whether everything agrees, as a sentence."""
    if trace.wrong:
        return f"{phrases.count(len(trace.wrong), 'thing')} {'does' if len(trace.wrong) == 1 else 'do'} not agree:"
    if trace.open:
        return f"What could be looked up agrees; {phrases.count_in_words(len(trace.open), 'thing')} could not be:"
    return "Everything agrees, down to the cell of the return."


def _reports(account: Account) -> str:
    return f"{account.headline}. Shown so by: {phrases.join(dict.fromkeys(account.reports))}."


def _where(said: Said) -> str:
    digest = f"SHA-256 {said.sha256[:_DIGITS]}" if said.sha256 else ""
    return ", ".join(part for part in (said.where, digest) if part)


def text(trace: Trace) -> str:
    """Return a trace as plain lines of at most 100 characters."""
    return "\n".join(_text(trace)) + "\n"


def _text(trace: Trace) -> Iterator[str]:
    yield from _wrapped(title(trace))
    yield "=" * min(WIDTH, len(title(trace)))
    yield from _wrapped(f"{trace.council}. {INTERNAL}")
    yield ""
    yield from _wrapped(verdict(trace))
    yield from (line for said in trace.wrong or trace.open for line in _said(said))
    for said in trace.made_from:
        yield from _said(said)
    for account in trace.accounts:
        yield ""
        yield from _wrapped(_reports(account))
        for number, step in enumerate(account.steps, start=1):
            yield ""
            yield f"{number}. {step.title}"
            for said in step.said:
                yield from _said(said)
    yield ""
    yield f"The rules of {SCHEME}, by the numbers above"
    for number, rule in RULES.items():
        yield from _wrapped(rule, first=f"  {number}. " if number > 9 else f"   {number}. ", rest="      ")
    yield ""
    yield from _wrapped(PLACES)


def _said(said: Said) -> Iterator[str]:
    mark = "!" if said.is_wrong else "?" if said.is_open else "-"
    yield from _wrapped(said.text, first=f"   {mark} ", rest="     ")
    if where := _where(said):
        yield from _wrapped(where, first="       ", rest="       ")


def _wrapped(words: str, first: str = "", rest: str = "") -> list[str]:
    wrapped = textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return wrapped or [first.rstrip()]


def html(trace: Trace) -> str:
    """Return a trace as a page."""
    return page(
        heading=title(trace),
        body="".join(block.html for block in _blocks(trace)),
        council=trace.council,
        colours=colours(trace),
    )


def colours(trace: Trace) -> dict[str, str]:
    """Return the council's colours."""
    head = Head(trace.council, title(trace), "", False, "", trace.brand_colour, trace.accent_colour)
    return brand.colours(head)


def _blocks(trace: Trace) -> Iterator[Block]:
    yield paragraph(words(verdict(trace)), kind="lead")
    yield bullets(_item(said) for said in trace.wrong or trace.open)
    yield paragraph(words(INTERNAL))
    yield _heading(2, "What was traced")
    yield bullets(_item(said) for said in trace.made_from)
    for account in trace.accounts:
        yield _heading(2, account.headline)
        yield paragraph(words(f"Shown so by: {phrases.join(dict.fromkeys(account.reports))}."))
        for number, step in enumerate(account.steps, start=1):
            yield _heading(3, f"{number}. {step.title}")
            yield bullets(_item(said) for said in step.said)
    yield _heading(2, f"The rules of {SCHEME}")
    yield paragraph(words("By the numbers that the steps name:"))
    yield _numbered(RULES.values())
    yield paragraph(words(PLACES), kind="quiet")


def _heading(level: int, told: str) -> Block:
    return Block(f"<h{level}>{html_text(told)}</h{level}>\n", "", told)


def _numbered(items: Iterable[str]) -> Block:
    listed = "".join(f"<li>{html_text(item)}</li>\n" for item in items)
    return Block(f"<ol>\n{listed}</ol>\n", "", "")


def _item(said: Said) -> Block:
    mark = "Does not agree:" if said.is_wrong else "Could not be looked up:" if said.is_open else ""
    told = join([strong(words(mark)), words_kept(" "), words(said.text)]) if mark else words(said.text)
    where = _where(said)
    return lines([told, _breakable(quiet(emphasis(words(where))))]) if where else told


def _breakable(block: Block) -> Block:
    """Return a run of text that breaks within a long word, such as a path, on a narrow screen."""
    return Block(f'<span style="overflow-wrap:anywhere">{block.html}</span>', block.typst, block.text)


def table(trace: Trace) -> bytes:
    """Return a trace as CSV: one row is one thing that was found or worked out."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADS)
    for account, step, said in trace.lines:
        cells = (trace.kpi_id, account, step, said.text, said.where, said.sha256, _agrees(said))
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return stream.getvalue().encode()


def _agrees(said: Said) -> str:
    return "no" if said.is_wrong else "not known" if said.is_open else "yes"


def files(traces: Iterable[Trace]) -> dict[str, bytes]:
    """Return the page and the table of each trace, by file name."""
    made: dict[str, bytes] = {}
    for trace in traces:
        made |= {f"{trace.kpi_id}.html": html(trace).encode(), f"{trace.kpi_id}.csv": table(trace)}
    return made


def described(traces: Iterable[Trace]) -> dict[str, str]:
    """Return what each file is."""
    told: dict[str, str] = {}
    for trace in traces:
        told |= {f"{trace.kpi_id}.html": title(trace), f"{trace.kpi_id}.csv": f"{trace.kpi_id} as a table, one row a finding"}
    return told
