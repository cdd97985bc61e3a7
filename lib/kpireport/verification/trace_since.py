"""What of a KPI has changed in today's register since reports were published; the trace itself is of that of the publication."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from kpireport.errors import DataError
from kpireport.presentation import phrases
from kpireport.publishing import evidence
from kpireport.publishing.manifest import INPUTS
from kpireport.schemas import definitions
from kpireport.sources import register as registers
from kpireport.verification.trace_source import Source
from kpireport.verification.trace_steps import Said
from kpireport.vocabulary import ALL_PEOPLE

LOOKED_AT = ("register/kpis", "register/targets", "register/results", "register/kpi_changes", "commentary/highlights")
"""The tables on which a KPI's figure and rating rest."""


def since(source: Source, kpi_id: str) -> Iterator[Said]:
    """Yield what is other today; that nothing is, or that nobody can say, is said too."""
    if source.data is None:
        yield Said("Today's register was not looked at: this is the evidence as published, and stands by itself.")
        return
    named = {one.name.removeprefix(f"{INPUTS}data/"): one for one in source.about.inputs}
    changed = [name for name in named if name.rsplit(".", 1)[0] in LOOKED_AT and _is_other(source, name, named[name].sha256)]
    if not changed:
        yield Said("Nothing has changed: today's files of the register are those that the reports were made from.")
        return
    try:
        today = registers.load(source.data)
    except DataError as error:
        faults = phrases.count(len(error.faults), "fault")
        yield Said(f"What is other today cannot be told: the register in {source.data} has {faults}.")
        return
    if source.council.area not in set(today.results["area"]):
        yield Said(f"The register in {source.data} is another council's, and was not looked at.")
        return
    yield Said(
        f"{phrases.join(changed)} {'is' if len(changed) == 1 else 'are'} no longer as published; everything here is traced in "
        "the files as they were published, not in today's."
    )
    told = [*_definition(source, today, kpi_id), *_results(source, today, kpi_id)]
    yield from told or [Said("Of this KPI's definition, targets and results nothing is other.")]


def _is_other(source: Source, name: str, sha256: str) -> bool:
    path = source.data / name if source.data else None
    return path is None or not path.is_file() or evidence.digest(path) != sha256


def _definition(source: Source, today: registers.Register, kpi_id: str) -> Iterator[Said]:
    then, now = (
        definitions.texts(*(frame[frame["kpi_id"] == kpi_id] for frame in (one.kpis, one.targets))).get(kpi_id)
        for one in (source.register, today)
    )
    if now is None:
        yield Said("Today's register does not have this KPI.")
        return
    for field in dict.fromkeys([*(then or {}), *now]):
        old, new = ((texts or {}).get(field, "") for texts in (then, now))
        if old != new:
            words = (f'"{text}"' if text else "nothing" for text in (old, new))
            yield Said("{} was {} and is now {}.".format(field.replace("_", " ").capitalize(), *words), str(source.data))


def _results(source: Source, today: registers.Register, kpi_id: str) -> Iterator[Said]:
    key, compared = ["period", "vintage"], ["value", "numerator", "denominator", "absence", "maturity", "received_on"]
    then, now = (_own(source, one.results, kpi_id)[[*key, *compared]] for one in (source.register, today))
    both = then.merge(now, on=key, how="outer", suffixes=("_then", "_now"), indicator=True, validate="one_to_one", sort=True)
    for row in both.to_dict("records"):
        what = f"{phrases.named_period(str(row['period']))}, vintage {row['vintage']}"
        if row["_merge"] == "right_only":
            yield Said(f"Recorded since: {what}: {_value(row, 'now')}, received on {phrases.day(row['received_on_now'])}.")
        elif row["_merge"] == "left_only":
            yield Said(
                f"{what} ({_value(row, 'then')}) is no longer in the record, from which nothing is ever taken.", is_wrong=True
            )
        elif any(not _same(row[f"{name}_then"], row[f"{name}_now"]) for name in compared):
            told = f"{what} was {_value(row, 'then')} and is now {_value(row, 'now')}: a recorded row was changed."
            yield Said(told, is_wrong=True)


def _own(source: Source, results: pd.DataFrame, kpi_id: str) -> pd.DataFrame:
    is_own = (results["area"] == source.council.area) & (results["group"] == ALL_PEOPLE)
    return results[is_own & (results["kpi_id"] == kpi_id)]


def _value(row: Mapping[Hashable, Any], when: str) -> str:
    value = row[f"value_{when}"]
    return f"{value:.15g}" if isinstance(value, float) and not pd.isna(value) else f"no figure ({row[f'absence_{when}']})"


def _same(one: object, other: object) -> bool:
    return bool(one == other) or bool(pd.isna(one) and pd.isna(other))  # type: ignore[call-overload]
