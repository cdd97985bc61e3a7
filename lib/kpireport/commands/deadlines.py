"""What verbs read of the timetable: its entries, by the rules in `params/timetable.yaml`."""

from typing import TYPE_CHECKING

from kpireport.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from kpireport.sources.register import Register

RULES = "timetable.yaml"


def entries(register: "Register") -> "pd.DataFrame":
    """Return every meeting and deadline of the register's rounds and meetings; none without the rules.

    Raises
    ------
    ParameterError
        With every rule that cannot be read.
    """
    from kpireport.publishing import parameters
    from kpireport.publishing.asked import Places
    from kpireport.rules import timetable, timetable_rules
    from kpireport.vocabulary import Step

    file = Places().params / RULES
    given = parameters.read(file) if file.is_file() else {}
    rules, faults = timetable_rules.parse_all({str(step): given[step] for step in Step if step in given})
    if faults:
        raise ParameterError("\n".join(f"params/{RULES}: {fault}" for fault in faults))
    return timetable.entries(register.meetings, register.rounds, rules)
