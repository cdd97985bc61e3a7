"""The rules of the timetable as people write them, such as "10 working days before returns": read, and put in order."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from kpireport.rules import working_days
from kpireport.vocabulary import Body, Step

QUARTER_END = "quarter_end"
OF_QUARTER = (
    Step.REQUESTS,
    Step.REMINDER,
    Step.RETURNS,
    Step.HIGHLIGHTS,
    Step.COMMENTARY,
    Step.CUT_OFF,
    Step.PACKS,
    Step.ESCALATIONS,
    Step.CLT_PAPERS,
)
"""The steps of every quarter, in their order. They hang on the quarter's end, on its meetings and on each other."""
OF_MEETING = {
    Step.EXECUTIVE_PAPERS: Body.EXECUTIVE_BOARD,
    Step.SCRUTINY_PAPERS: Body.SCRUTINY_BOARD,
    Step.ANNUAL_PAPERS: Body.EXECUTIVE_BOARD,
    Step.SURVEY_REPORT: Body.SURVEY,
    Step.ASSURANCE_PAPERS: Body.AUDIT_COMMITTEE,
}
"""The steps of one meeting, on which alone they hang."""
LONGEST = 250
"""No rule reaches further than this many days or weeks."""
_FORM = re.compile(r"(?P<number>[0-9]{1,3}) (?P<unit>working days?|weeks?) (?P<way>before|after) (?P<anchor>[a-z_]+)")
EXPECTED = 'write it like "10 working days before returns", "1 week before clt" or "1 working day after quarter_end"'


@dataclass(frozen=True)
class Rule:
    """A deadline's distance from another day."""

    number: int
    is_weeks: bool
    is_before: bool
    anchor: str
    """`QUARTER_END`, a body whose meeting it is, or another step of the same quarter."""

    def __str__(self) -> str:
        """Return the rule as it is written; `parse` is the inverse."""
        unit = "week" if self.is_weeks else "working day"
        return f"{self.number} {unit}{'' if self.number == 1 else 's'} {'before' if self.is_before else 'after'} {self.anchor}"

    def day(self, anchor: date) -> date:
        """Return the working day that the rule gives.

        Working days are counted from the anchor, which is not counted itself. Weeks keep the weekday; where that is no working
        day, the last one before it is meant.
        """
        count = -self.number if self.is_before else self.number
        if self.is_weeks:
            return working_days.on_or_before(anchor + timedelta(weeks=count))
        return working_days.shifted(anchor, count)


def parse(step: Step, text: str) -> Rule:
    """Return the rule of `step` written as `text`; raises ValueError with a sentence that says what is wrong."""
    found = _FORM.fullmatch(" ".join(text.split()).replace("cut off", "cut_off"))
    if not found:
        raise ValueError(f'"{text}" is not a rule: {EXPECTED}')
    number, anchor = int(found["number"]), found["anchor"]
    if not 1 <= number <= LONGEST:
        raise ValueError(f'"{text}": the number must be from 1 to {LONGEST}')
    allowed = anchors(step)
    if anchor not in allowed:
        close = difflib.get_close_matches(anchor, allowed, n=1)
        meant = f'; did you mean "{close[0]}"?' if close else ""
        raise ValueError(f'"{text}": {step} is counted from {", ".join(allowed)}, not from "{anchor}"{meant}')
    return Rule(number, found["unit"].startswith("week"), found["way"] == "before", anchor)


def anchors(step: Step) -> list[str]:
    """Return what the rule of `step` may be counted from."""
    if step in OF_MEETING:
        return [str(OF_MEETING[step])]
    return [QUARTER_END, str(Body.DMT), str(Body.CLT), *(str(other) for other in OF_QUARTER if other is not step)]


def parse_all(texts: Mapping[str, str]) -> tuple[dict[Step, Rule], list[str]]:
    """Return the rules, the quarter's in the order in which their days can be found, and every fault as a sentence.

    `texts` are the rules by the name of their step.
    """
    rules: dict[Step, Rule] = {}
    faults = []
    for name, text in texts.items():
        try:
            rules[Step(name)] = parse(Step(name), text)
        except ValueError as error:
            faults.append(f"{name}: {error}.")
    steps = {str(step) for step in OF_QUARTER}
    waits = {str(step): {rules[step].anchor} & steps for step in OF_QUARTER if step in rules}
    try:
        order = [Step(name) for name in TopologicalSorter(waits).static_order()]
    except CycleError as error:
        faults.append(f"{' and '.join(sorted(set(error.args[1])))}: each is counted from the other. Count one from a meeting.")
        return rules, faults
    return {step: rules[step] for step in [*order, *OF_MEETING] if step in rules}, faults
