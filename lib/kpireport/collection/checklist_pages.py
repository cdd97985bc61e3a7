"""The checklist as plain text for a terminal, and as a page."""

import textwrap
from collections.abc import Iterator

from kpireport.collection.checklist import Checklist, Item, State
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, heading, join, lines, paragraph, quiet, stack, strong, words
from kpireport.presentation.phrases import count, day
from kpireport.presentation.phrases import join as listed

WIDTH = 100
INDENT = " " * 4


def plain(steps: Checklist) -> str:
    """Return the list as lines of text: what is done in one line each, the rest with what to run and where to look."""
    return "\n".join([summary(steps), "", *(line for item in steps.items for line in _lines(steps, item))])


def summary(steps: Checklist) -> str:
    """Return how far the quarter is, and what comes next."""
    first = f"{steps.quarter}: {steps.done} of {count(len(steps.items), 'step')} done."
    if steps.next:
        return f"{first} Next is step {steps.number(steps.next.key)}: {steps.next.title}."
    return f"{first} Nothing is left to do." if steps.done == len(steps.items) else first


def state(steps: Checklist, item: Item) -> str:
    """Return a step's state in words: "done", "to do", "blocked by step 3"."""
    if not item.blocked_by:
        return str(item.state)
    numbers = [str(steps.number(key)) for key in item.blocked_by]
    return f"blocked by step{'' if len(numbers) == 1 else 's'} {listed(numbers)}"


def _lines(steps: Checklist, item: Item) -> Iterator[str]:
    due = f", by {day(item.due_on)}" if item.due_on and item.state is not State.DONE else ""
    yield f"{steps.number(item.key):>2}. {item.title} [{state(steps, item)}{due}]"
    yield from textwrap.wrap(item.found, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    if item.state is State.TO_DO:
        yield from textwrap.wrap(item.how, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
        if item.command:
            yield f"{INDENT}Run:     {item.command}"
        yield f"{INDENT}Look at: {item.look}"


def index(steps: Checklist) -> list[Block]:
    """Return the page: what comes next, every step with its state, and how each is done."""
    parts = [paragraph(words(summary(steps)), kind="lead")]
    if steps.next:
        parts.append(_instructions(steps.next))
    rows = [
        [
            lines([join([words(f"{steps.number(item.key)}."), strong(words(item.title))], " "), quiet(words(item.found))]),
            _emphasised(item, words(state(steps, item).capitalize())),
            words(day(item.due_on) if item.due_on else "–"),
        ]
        for item in steps.items
    ]
    parts.append(heading(2, words("Every step"), "every-step"))
    parts.append(
        table(
            f"The reporting of {steps.quarter}, step by step", [Column("Step", 6), Column("State", 2), Column("Due", 1.8)], rows
        )
    )
    parts.append(heading(2, words("How each step is done"), "how"))
    for item in steps.items:
        parts.append(heading(3, words(f"{steps.number(item.key)}. {item.title}"), f"step-{item.key}"))
        parts.append(_instructions(item))
    return parts


def _emphasised(item: Item, shown: Block) -> Block:
    return strong(shown) if item.state is State.TO_DO else shown


def _instructions(item: Item) -> Block:
    told = [join([words("Look at: "), _code(item.look)], " ")]
    if item.command:
        told.insert(0, join([words("Run: "), _code(item.command)], " "))
    return stack([paragraph(words(item.how)), bullets(told)])


def _code(text: str) -> Block:
    """Return what is typed or looked up, in a fixed type."""
    shown = words(text)
    return Block(f"<code>{shown.html}</code>", shown.typst, shown.text)
