"""One digest of everything that a report says, exact to the last bit: values, their types, missing values, order, names.

Two reports with the same digest cannot be told apart by what shows them. What is of a kind that is not known here has no digest.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cached_property
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pandas as pd


class UnknownKindError(Exception):
    """A value is of a kind whose content is not known; the message names the kind."""


class Digests:
    """Digests of values; a frame that several reports share is read once.

    The values must not change while it is in use.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, bytes]] = {}
        """By `id`, which is a value's own only as long as the value is kept."""

    def of(self, value: Any) -> str:
        """Return the SHA-256 of a value's content in hexadecimal.

        Raises
        ------
        UnknownKindError
            When a part of it is of a kind that is not known.
        """
        return self._of(value).hex()

    def _of(self, value: Any) -> bytes:
        if isinstance(value, pd.DataFrame | pd.Series | pd.Index):
            if id(value) not in self._known:
                self._known[id(value)] = value, self._of_pandas(value)
            return self._known[id(value)][1]
        if is_dataclass(value) and not isinstance(value, type):
            return self._of_dataclass(value)
        kind = type(value)
        if kind in (dict, MappingProxyType):
            return _joined(kind.__name__, (self._of(part) for pair in value.items() for part in pair))
        if (isinstance(value, tuple) and (kind is tuple or hasattr(kind, "_fields"))) or kind in (list, set, frozenset):
            return _joined(_name(kind), map(self._of, value))
        return _of_one(value)

    def _of_dataclass(self, value: Any) -> bytes:
        names = [field.name for field in fields(value)]
        worked_out = {name for name in vars(type(value)) if isinstance(vars(type(value))[name], cached_property)}
        if unknown := set(getattr(value, "__dict__", ())) - {*names, *worked_out}:
            raise UnknownKindError(f"{_name(type(value))} with {min(unknown)}")
        return _joined(_name(type(value)), (part for name in names for part in (_of_one(name), self._of(getattr(value, name)))))

    def _of_pandas(self, value: Any) -> bytes:
        if type(value) is pd.DataFrame:
            parts = [self._of(value.columns), self._of(value.index), self._of(value.attrs)]
            # The columns' own arrays: to make a series of each takes longer than all the rest.
            return _joined("frame", [*parts, *map(self._of_array, cast(Any, value)._iter_column_arrays())])
        if type(value) is pd.Series:
            parts = [self._of(value.name), self._of(value.index), self._of(value.attrs)]
            return _joined("series", [*parts, self._of_array(value.array)])
        if type(value) is pd.RangeIndex:
            return _joined("range", map(self._of, (value.name, value.start, value.stop, value.step)))
        if isinstance(value, pd.MultiIndex):
            levels = (self._of_array(value.get_level_values(number).array) for number in range(value.nlevels))
            return _joined("levels", [self._of(tuple(value.names)), *levels])
        step = repr(getattr(value, "freq", None))
        return _joined(_name(type(value)), [*map(self._of, (value.name, step)), self._of_array(value.array)])

    def _of_array(self, array: Any) -> bytes:
        """Return the digest of the values of a column or an index, with their type."""
        if type(array) is pd.arrays.NumpyExtensionArray:
            array = array.to_numpy()
        dtype = array.dtype
        if isinstance(dtype, np.dtype):
            return self._of_numpy(np.asarray(array))
        kind = f"{_name(type(array))} {dtype!r}"
        if isinstance(dtype, pd.CategoricalDtype):
            parts = (dtype.categories, bool(dtype.ordered))
            return _joined("categories", [*map(self._of, parts), self._of_numpy(np.asarray(array.codes))])
        if isinstance(dtype, pd.StringDtype):
            texts = array.to_numpy(dtype=object).tolist()
            if set(map(type, texts)) <= {str, float}:  # the text, and nan for what is missing
                return _hashed(kind, json.dumps(texts).encode())
            return _joined(kind, map(self._of, texts))
        if isinstance(dtype, pd.Int64Dtype | pd.BooleanDtype):
            known = array.to_numpy(dtype="int64" if isinstance(dtype, pd.Int64Dtype) else "bool", na_value=0)
            return _joined(kind, map(self._of_numpy, (array.isna(), known)))
        return _joined(kind, map(self._of, array))

    def _of_numpy(self, array: np.ndarray[Any, Any]) -> bytes:
        kind = f"array {array.dtype.str} {array.shape}"
        if array.dtype.hasobject:
            return _joined(kind, map(self._of, array.ravel().tolist()))
        return _hashed(kind, np.ascontiguousarray(array).tobytes())


def _of_one(value: Any) -> bytes:
    kind = type(value)
    if isinstance(value, Enum):
        return _hashed(_name(kind), value.name.encode())
    if kind is str:
        return _hashed("str", value.encode("utf-8", "surrogatepass"))
    if kind is bytes:
        return _hashed("bytes", value)
    if value is None or value is pd.NA or value is pd.NaT or kind in (bool, int):
        return _hashed(_name(kind), repr(value).encode())
    if kind is float:
        return _hashed("float", value.hex().encode())
    if isinstance(value, np.generic) and not value.dtype.hasobject:
        return _hashed(f"numpy {value.dtype.str}", value.tobytes())
    if kind is pd.Timestamp:
        return _hashed("timestamp", f"{value.isoformat()} {value.unit} {value.tz!r} {value.fold}".encode())
    if kind in (date, datetime, timedelta) or isinstance(value, PurePath):
        return _hashed(_name(kind), repr(value).encode())
    raise UnknownKindError(_name(kind))


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _hashed(kind: str, content: bytes) -> bytes:
    return hashlib.sha256(f"{kind} {len(content)}\n".encode() + content).digest()


def _joined(kind: str, parts: Iterable[bytes]) -> bytes:
    return _hashed(kind, b"".join(parts))


def by_kpi(report: Any, digests: Digests | None = None) -> dict[str, str]:
    """Return a short digest of what a report says of each KPI, by its identifier.

    It only tells people which KPIs changed; whether anything did is for `Digests` to say.

    Parameters
    ----------
    digests
        What is known already of the parts of the report.
    """
    sums: dict[str, int] = {}
    for kpi, number in _told_of_kpis(report, digests or Digests()):
        sums[kpi] = (sums.get(kpi, 0) + number) % 2**64
    return {kpi: f"{number:016x}" for kpi, number in sorted(sums.items())}


def is_of_kpis(part: Any) -> bool:
    """Whether a part of a report is about KPIs, each by its identifier."""
    if isinstance(part, pd.DataFrame):
        return "kpi_id" in part.columns
    if isinstance(part, pd.Series):
        return "kpi_id" in part.index
    if is_dataclass(part) and not isinstance(part, type):
        return any(is_of_kpis(getattr(part, field.name)) for field in fields(part))
    return isinstance(part, tuple | list) and any(map(is_of_kpis, part))


def _told_of_kpis(value: Any, digests: Digests) -> Iterator[tuple[str, int]]:
    if isinstance(value, pd.DataFrame):
        if "kpi_id" in value.columns and value.columns.is_unique:
            yield from _told_of_rows(value, digests)
    elif isinstance(value, pd.Series):
        if "kpi_id" in value.index:
            number = int.from_bytes(hashlib.sha256(repr(value.to_list()).encode()).digest()[:8], "big")
            yield str(value["kpi_id"]), number
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _told_of_kpis(getattr(value, field.name), digests)
    elif isinstance(value, Mapping | tuple | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _told_of_kpis(part, digests)


def _told_of_rows(frame: pd.DataFrame, digests: Digests) -> Iterator[tuple[str, int]]:
    """Yield the KPI and a number of each row; of a frame that is about one KPI, its digest, which is known already."""
    kpis = frame["kpi_id"].astype(str).tolist()
    with suppress(UnknownKindError):
        if len(set(kpis)) == 1:
            yield kpis[0], int(digests.of(frame)[:16], 16)
            return
    plain = frame.drop(columns=[name for name, dtype in frame.dtypes.items() if pd.api.types.is_object_dtype(dtype)])
    hashed = pd.util.hash_pandas_object(plain, index=False, categorize=False)
    yield from zip(kpis, map(int, hashed), strict=True)
