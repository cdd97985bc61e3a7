"""Load council.yaml: whose reports these are."""

import difflib
import math
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from kpireport import schemas
from kpireport.colours import WHITE, contrast, darkened
from kpireport.errors import ParameterError, shown
from kpireport.periods import PeriodKind, parse
from kpireport.sources import logo

OPTIONAL = frozenset({"logo"})
LEAST_CONTRAST = 3.0
"""What a council's colours need against white paper to be seen. Source: WCAG 2.2, 1.4.11."""


@dataclass(frozen=True)
class Council:
    """The council that reports, its brand, and whom it is compared with."""

    name: str
    """In full, such as Leeds City Council."""
    short_name: str
    area: str
    """Its GSS code: the area of a KPI's main result."""
    place: str
    """The place it serves, as a sentence names it."""
    brand_colour: str
    """As #rrggbb."""
    accent_colour: str
    """As #rrggbb."""
    comparators: tuple[str, ...]
    """Codes of the comparator sets shown, in order (comparator_sets table).

    Significance is judged against the first area of the last set, such as England."""
    pandemic: tuple[str, str]
    """First and last month of the pandemic, marked on time series, such as Apr 2020 and Jun 2021."""
    logo: str = ""
    """A picture as a `data:` address; "" for none. It may be left out of the file."""


class _Plain(yaml.SafeLoader):
    """Reads each value where it stands, and once: a reference (*) could make a small file larger than any memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("a reference (*)")
        return super().compose_node(parent, index)


def load(path: Path) -> Council:
    """Return the council described in the YAML file `path`.

    Raises
    ------
    ParameterError
        When the file cannot be read, or a key is missing, unknown or of the wrong form: all at once, one a line.
    """
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), Loader=_Plain)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise ParameterError(f"{path.name}: there is no such file. Add it: name, area, colours and comparators.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path.name}: not YAML in UTF-8 ({' '.join(str(error).split())[:200]}).") from None
    except RecursionError:
        raise ParameterError(f"{path.name}: not a plain list of keys: lists within lists without end.") from None
    except OSError as error:
        raise ParameterError(f"{path.name}: cannot be read: {error.strerror}.") from None
    if not isinstance(given, dict):
        raise ParameterError(f"{path.name}: found no keys; expected lines such as name: Leeds City Council.")
    names = [field.name for field in fields(Council)]
    problems = [
        f'unknown key "{key}"'
        + (f'; did you mean "{near[0]}"?' if (near := difflib.get_close_matches(str(key), names, n=1)) else ".")
        for key in given
        if key not in names
    ]
    problems += [f'missing key "{name}".' for name in names if name not in given and name not in OPTIONAL]
    values = {}
    for name in names:
        if name in given:
            values[name], problem = _value(name, given[name])
            problems += [f"{name}: {problem}"] if problem else []
    if problems:
        raise ParameterError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return Council(**values)


def name_in(content: bytes) -> str:
    """Return the council's name in particulars that may be those of an older version; "" where they do not say it."""
    try:
        given = yaml.load(content.decode(), Loader=_Plain)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return ""
    name = given.get("name") if isinstance(given, dict) else ""
    return name if isinstance(name, str) else ""


def _value(name: str, given: object) -> tuple[Any, str]:
    """Return the value of one key, or what is wrong with it."""
    if name == "comparators":
        if isinstance(given, list) and all(isinstance(one, str) and re.fullmatch(schemas.CODE, one) for one in given):
            return tuple(given), ""
        return None, f"found {_short(given)}; expected a list of codes of comparator sets, such as [core_cities, england]."
    if name == "pandemic":
        if isinstance(given, list) and len(given) == 2 and all(map(_is_month, given)) and parse(given[0]) <= parse(given[1]):
            return tuple(given), ""
        return None, f"found {_short(given)}; expected its first and last month, such as [Apr 2020, Jun 2021]."
    if not isinstance(given, str) or not given.strip():
        hint = " Put a colour in quotation marks: # begins a remark." if name.endswith("_colour") else ""
        return None, f"found {_short(given)}; expected text.{hint}"
    if name == "area" and not re.fullmatch(schemas.GSS_CODE, given):
        return None, f'found "{given}"; expected a GSS code such as E08000035.'
    if name.endswith("_colour") and not re.fullmatch("#[0-9A-Fa-f]{6}", given):
        return None, f'found "{given}"; expected a colour such as "#005A9C".'
    if name.endswith("_colour") and (found := contrast(given, WHITE)) < LEAST_CONTRAST:
        darker = darkened(given, LEAST_CONTRAST)
        weak = f'found "{given}", which stands out from white paper by {math.floor(found * 10) / 10} to 1; expected 3 to 1'
        return None, f'{weak}. Choose a darker colour, such as "{darker}".'
    return logo.read(given) if name == "logo" else (given.strip(), "")


def _short(given: object) -> str:
    return shown(repr(given)) if isinstance(given, str | list | dict) and len(str(given)) > 80 else repr(given)


def _is_month(text: object) -> bool:
    try:
        return isinstance(text, str) and parse(text).kind is PeriodKind.MONTH
    except ValueError:
        return False
