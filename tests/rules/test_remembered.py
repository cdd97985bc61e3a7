"""What follows from a register is worked out once, and never given for another register or another question."""

import gc
from dataclasses import dataclass, replace

from kpireport.rules.remembered import remembered


@dataclass(frozen=True, eq=False)
class Register:
    rows: tuple[int, ...]


@dataclass(frozen=True)
class EqualRegister:
    rows: tuple[int, ...]


def counting():
    calls = []

    @remembered
    def total(register, *, times):
        calls.append(times)
        return sum(register.rows) * times

    return total, calls


def test_the_same_question_of_the_same_register_is_worked_out_once():
    total, calls = counting()
    register = Register((1, 2))
    assert total(register, times=3) == total(register, times=3) == 9
    assert calls == [3]


def test_another_question_or_another_register_is_worked_out():
    total, calls = counting()
    register = Register((1, 2))
    assert [total(register, times=1), total(register, times=2), total(replace(register, rows=(5,)), times=1)] == [3, 6, 5]
    assert calls == [1, 2, 1]


def test_a_register_that_could_equal_another_is_worked_out_each_time():
    total, calls = counting()
    assert total(EqualRegister((1,)), times=1) == total(EqualRegister((1,)), times=1)
    assert calls == [1, 1]


def test_what_was_worked_out_goes_with_its_register():
    total, calls = counting()
    for _ in range(3):
        total(Register((1,)), times=1)
        gc.collect()
    assert calls == [1, 1, 1]
