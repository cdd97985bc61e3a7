"""Tells what public editions hide of a KPI, and why (`public_edition`)."""

import pandas as pd

from kpireport.rules.in_words import Row
from kpireport.rules.public_edition import COUNTED, PEOPLE, THINGS, counts_people


def explain(row: Row) -> str:
    """Return whether disclosure control looks at a KPI's figures, and by which words of its register."""
    said = f"{row['kpi_name']} {row['definition']}"
    is_looked_at = bool(counts_people(pd.DataFrame([dict(row)])).iloc[0])
    if is_looked_at:
        found = PEOPLE.search(said)
        why = f'its words name people ("{found[0]}")' if found else "nothing in its name says that it counts only things"
        return f"It rests on a count, and {why}: counts of 1 to 4, and what would give one away, are hidden from public editions."
    if not COUNTED.fullmatch(str(row["unit"])):
        return f"Its unit, {row['unit']}, does not rest on a count of people: nothing of it is hidden."
    thing = THINGS.search(str(row["kpi_name"]))
    named = thing[0] if thing else row["kpi_name"]
    return f'It counts only things ("{named}"), and its words name no people: nothing of it is hidden.'
