"""What has been worked out from a register as a whole, and need not be again for the next report of the same quarter.

A register's frames are never changed by whoever is given it, so what follows from it stays true while it is the same object.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Result = TypeVar("Result")


def remembered(work: Callable[..., Result]) -> Callable[..., Result]:
    """Return `work`, whose first argument is a register, so that it gives its last result again when asked the same of the same.

    The register is known by its identity, and its result is forgotten with it: `work` must not return what leads to the register
    itself. Of one that could be equal to another (it has no hash) nothing is remembered.
    """
    last: WeakKeyDictionary[Any, tuple[Any, Result]] = WeakKeyDictionary()

    @wraps(work)
    def remembering(record: Hashable, /, **asked: Any) -> Result:
        if type(record).__hash__ is not object.__hash__:
            return work(record, **asked)
        before = last.get(record)
        if before is not None and before[0] == asked:
            return before[1]
        result = work(record, **asked)
        last[record] = (asked, result)
        return result

    return remembering
