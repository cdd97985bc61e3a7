"""What belongs to the definition of a KPI, how each part of it is written as text, and the fingerprint of the whole.

A definition is its fields: every column of the Supporting Information but the people who answer for the KPI and the day of its
next review, and one field for each row of its targets, named by the period from which it applies: `target from 2024-25 Q1`. An
empty field is left out, so a column that a later version adds changes no fingerprint while it is empty.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from kpireport.schemas.register import KPIS

NOT_DEFINING = frozenset({"kpi_id", "accountable_officer", "key_contacts", "defined_by", "checked_by", "next_review"})
DEFINING = tuple(name for name in KPIS.columns if name not in NOT_DEFINING)
"""The columns of the Supporting Information that belong to the definition."""
TARGET_FROM = "target from "

Fields = dict[str, str]
"""The text of each field that is not empty."""

_FORMATS = {name: str((KPIS.columns[name].metadata or {})["format"]) for name in DEFINING}
_MARKS, _ESCAPED = re.compile(r"([\\|])"), r"\\\1"
"""What parts two fields of a text, and how a field's own text has it."""
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_TARGET = re.compile(rf"({_NUMBER})(?: to ({_NUMBER}))?(?: until ([^,]+))?(?:, (.+))?", re.DOTALL)


def texts(kpis: pd.DataFrame, targets: pd.DataFrame) -> dict[str, Fields]:
    """Return the definition of every KPI of the kpis table, by its identifier, with the targets of the targets table."""
    made: dict[str, Fields] = {str(kpi_id): {} for kpi_id in kpis["kpi_id"]}
    each = list(made.values()) if len(made) == len(kpis) else [made[str(kpi_id)] for kpi_id in kpis["kpi_id"]]
    for name in DEFINING:
        write = _WRITERS.get(_FORMATS[name], _text)
        for fields, text in zip(each, _written(kpis[name], write), strict=True):
            if text:
                fields[name] = text
    columns = [targets["kpi_id"], targets["from_period"], _written(targets["target"], _number)]
    columns += [_written(targets["upper"], _number), targets["to_period"].fillna(""), targets["profile"].fillna("")]
    for kpi_id, begins, target, upper, until, profile in zip(*columns, strict=True):
        if kpi_id in made:
            made[kpi_id][TARGET_FROM + begins] = target_text(target, upper, until, profile)
    return made


def target_text(target: str, upper: str = "", until: str = "", profile: str = "") -> str:
    """Return one row of a KPI's targets as text: ``30 to 39 until 2023-24 Q4, yearly``."""
    ends = [f" to {upper}" if upper else "", f" until {until}" if until else "", f", {profile}" if profile else ""]
    return target + "".join(ends)


def target_row(field: str, text: str) -> dict[str, Any]:
    """Return the columns of the targets table that a target's field and text say; raises ValueError when they say none."""
    found = _TARGET.fullmatch(text)
    if not found or not field.startswith(TARGET_FROM):
        raise ValueError(f'"{text}" is not a target: write it like 250, 30 to 39, or 250 until 2024-25 Q4, yearly')
    target, upper, until, profile = found.groups(default="")
    return {
        "from_period": field.removeprefix(TARGET_FROM),
        "to_period": until,
        "target": float(target),
        "upper": float(upper or "nan"),
        "profile": profile,
    }


def value(field: str, text: str) -> Any:
    """Return what a column of the Supporting Information holds when its field is `text`; raises ValueError for no number."""
    match _FORMATS[field]:
        case "number":
            return float(text or "nan")
        case "whole":
            return int(text) if text else pd.NA
    return text


def is_written(field: str, text: str) -> bool:
    """Return whether `text` is how a field is written: numbers without commas or needless zeros, targets as `target_text`."""
    try:
        if field.startswith(TARGET_FROM):
            row = target_row(field, text) if text else {}
            return not row or target_text(_number(row["target"]), _number(row["upper"]), row["to_period"], row["profile"]) == text
        return _WRITERS.get(_FORMATS[field], _text)(value(field, text)) == text
    except ValueError:
        return False


def fingerprint(kpi_id: str, fields: Mapping[str, str]) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a KPI's definition; the order of the fields does not matter."""
    plain = json.dumps([kpi_id, sorted((name, text) for name, text in fields.items() if text)], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def as_one(fields: Mapping[str, str]) -> str:
    """Return a whole definition as one text, which `parted` takes apart again: ``kpi_name: New homes | unit: number``."""
    return " | ".join(f"{name}: {_MARKS.sub(_ESCAPED, text)}" for name, text in fields.items())


def parted(text: str) -> Fields:
    """Return the fields of a definition that `as_one` wrote; raises ValueError when it is not one."""
    fields: Fields = {}
    for part in text.split(" | "):
        name, colon, said = part.partition(": ")
        if not colon or not (name in DEFINING or name.startswith(TARGET_FROM)) or name in fields:
            raise ValueError(f'"{part[:60]}" is not a part of a definition: write it like unit: number, parted by " | "')
        fields[name] = re.sub(r"\\(.)", r"\1", said) if "\\" in said else said
    return fields


def _written(column: "pd.Series[Any]", write: Callable[[Any], str]) -> list[str]:
    """Return a column as text; each different value is written once."""
    codes, different = pd.factorize(column)
    said = [*("" if pd.isna(one) else write(one) for one in different), ""]
    return [said[code] for code in codes.tolist()]


def _number(figure: float) -> str:
    if pd.isna(figure):
        return ""
    plain = format(Decimal(repr(float(figure))), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _whole(figure: Any) -> str:
    return "" if pd.isna(figure) else str(int(figure))


def _text(said: Any) -> str:
    return str(said)


_WRITERS: dict[str, Callable[[Any], str]] = {"number": _number, "whole": _whole}
