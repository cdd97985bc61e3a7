"""A function that is run in a process of its own is stopped when it takes too much, and cannot give back anything but values."""

import os
import pickle
from fractions import Fraction

import pytest
from kpireport.sources.confined import Confined, StoppedError, Why


@pytest.fixture
def process():
    there = Confined(seconds=1, memory=300_000_000)
    yield there
    there.close()


@pytest.mark.parametrize(
    ("function", "arguments", "why"),
    [
        (exec, ("while True: pass",), Why.TIME),
        (bytes, (600_000_000,), Why.MEMORY),
        (exec, ("x = []\nwhile True: x.append(bytes(1_000_000))",), Why.MEMORY),
        (os._exit, (3,), Why.DEATH),
        (os.abort, (), Why.DEATH),
    ],
)
def test_what_takes_too_much_is_stopped_and_the_next_call_is_answered(function, arguments, why, process):
    assert process.call(sum, [1, 2]) == 3
    with pytest.raises(StoppedError) as stopped:
        process.call(function, *arguments)
    assert stopped.value.why is why
    assert process.call(sum, [3, 4]) == 7


def test_what_waits_for_ever_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr("kpireport.sources.confined.PATIENCE", 2)
    there = Confined(seconds=1)
    with pytest.raises(StoppedError) as stopped:
        there.call(exec, "import time; time.sleep(100)")
    assert stopped.value.why is Why.TIME
    assert there.call(sum, [3, 4]) == 7
    there.close()


def test_one_process_answers_call_after_call_and_ends_when_it_is_closed(process):
    number = process.call(os.getpid)
    assert process.call(os.getpid) == number != os.getpid()
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert process.call(os.getpid) != number


def test_nothing_but_plain_values_comes_back(process):
    with pytest.raises(pickle.UnpicklingError, match="Fraction is not a plain value"):
        process.call(Fraction, 1, 3)


def test_a_defect_of_a_reader_is_told_as_one(process):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        process.call(divmod, 1, 0)
    assert process.call(sum, [3, 4]) == 7
