"""Has the reports of several occasions assembled, by several processes at once where they can be copied from this one.

A process that assembles reports keeps them, and is then the one from which their kernels are copied: a notebook finds its report
assembled. Where no process may be copied, reports are assembled here, and every kernel assembles its own again.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from kpireport.errors import DataError, KpireportError
from kpireport.publishing import workers
from kpireport.publishing.orders import Settings
from kpireport.publishing.plan import Plan
from kpireport.publishing.preparation import Assembly, Reading, assemble, described
from kpireport.publishing.rehearsal import import_ours, rehearse
from kpireport.publishing.reuse import Keys
from kpireport.publishing.worker_process import portable

if TYPE_CHECKING:
    from kpireport.publishing.cluster import ClusterTeam

Chosen = Mapping[int, Sequence[str]]
"""The stems of the reports that must be made, by the number of their occasion."""
GAP = 0.02
"""Seconds within which a process that has assembled an occasion is given the next, if there is one for it."""
OfKpis = dict[int, dict[str, dict[str, str]]]
"""What reports say of each KPI, by the number of their occasion and by stem."""


@dataclass(frozen=True)
class Part:
    """What there is to assemble for one occasion."""

    settings: Settings
    plan: Plan
    reading: Reading
    keys: Keys
    package: str
    """The package of the reports' modules."""

    @property
    def edition(self) -> str:
        """The edition of its reports: what is worked out of the register as a whole is the same for all reports of one."""
        return ", ".join(sorted({str(values.get("edition", "")) for _, values in self.plan.reports}))


class Assembler:
    """Assembles reports in the process that it is in, and keeps them."""

    def __init__(self, parts: Mapping[int, Part]) -> None:
        self._parts = parts
        self._built: dict[int, dict[str, Any]] = {}

    def assemble(self, number: int) -> dict[str, Assembly]:
        """Return what is known of each report of one occasion."""
        part = self._parts[number]
        self._built[number] = assemble(part.reading, part.plan)
        return described(part.reading, self._built[number], part.keys)

    def of_kpis(self, chosen: Chosen) -> OfKpis:
        """Return what reports say of each KPI."""
        known = {number: self._built[number] for number in chosen if number in self._built}
        return {
            number: {stem: self._parts[number].keys.kpis(built[stem]) for stem in chosen[number]}
            for number, built in known.items()
        }

    def _look_ahead(self) -> None:
        """Import what the notebooks import of the reports that are assembled."""
        for number in self._built:
            part = self._parts[number]
            import_ours(sorted({job.notebook for job in part.reading.jobs}), {"kpireport", part.package.split(".", 1)[0]})

    def rehearse(self, chosen: Chosen) -> None:
        """Do what every kernel of these reports would do first."""
        for number, stems in chosen.items():
            part = self._parts[number]
            jobs = [job for job in part.reading.jobs if job.stem in stems]
            rehearse(jobs, self._built[number], package=part.package, inputs=part.settings.staging.inputs)

    def serve(self, line: Connection) -> None:
        """Assemble what is asked for by its number, then what is chosen of it; raises EOFError when nothing is."""
        while isinstance(order := line.recv(), int):
            try:
                answer: Any = self.assemble(order)
            except DataError as error:
                answer = error.faults
            except Exception as error:
                answer = portable(error)
            line.send(answer)
            if not line.poll(GAP):  # while others still assemble theirs
                self._look_ahead()
        line.send(self.of_kpis(order))
        self.rehearse(order)


class Assembling:
    """The assembling of several occasions' reports."""

    def __init__(self, parts: Mapping[int, Part], team: "workers.Team | ClusterTeam") -> None:
        self._here = Assembler(parts)
        self._waiting = sorted(parts, key=lambda number: -len(parts[number].reading.jobs))
        first = [part.settings for part in parts.values()][:1]
        self._lines = team.open_sources(first[0], min(len(parts), workers.cores()), self._here.serve) if first else []
        self._editions = {number: part.edition for number, part in parts.items()}
        self._source: dict[int, int] = {}
        self._chosen: dict[int, Sequence[str]] = {}

    def assembled(self) -> dict[int, dict[str, Assembly] | KpireportError]:
        """Return what is known of each report, by the number of its occasion; what stops an occasion in its place.

        The occasions with the most reports come first, each to the process that is free first.
        """
        waiting, found = list(self._waiting), dict[int, dict[str, Assembly] | KpireportError]()
        busy: dict[Connection, int] = {}
        for line in self._lines:
            self._give(line, waiting, busy)
        while busy:
            answering = connection.wait(list(busy))
            for line in [line for line in busy if line in answering]:
                number = busy.pop(line)
                try:
                    found[number] = _taken(line.recv())
                except (EOFError, OSError):  # it has died: what it had is assembled here, and so is what nobody takes
                    waiting.append(number)
                    self._source = {one: source for one, source in self._source.items() if self._lines[source] is not line}
                    continue
                self._give(line, waiting, busy)
        for number in waiting:
            try:
                found[number] = self._here.assemble(number)
            except KpireportError as error:
                found[number] = error
        return found

    def _give(self, line: Connection, waiting: list[int], busy: dict[Connection, int]) -> None:
        """Give a process an occasion: first of an edition that it has worked on, none of one that only another works on."""
        source = self._lines.index(line)
        had = {self._editions[number] for number, own in self._source.items() if own == source}
        elsewhere = {self._editions[number] for number in busy.values()} if had else set[str]()
        for number in sorted(waiting, key=lambda number: self._editions[number] not in had):
            if self._editions[number] in had or self._editions[number] not in elsewhere:
                waiting.remove(number)
                busy[line], self._source[number] = number, source
                with suppress(OSError):  # it is found out when its answer is waited for
                    line.send(number)
                return

    def get_ready(self, chosen: Chosen) -> None:
        """Have kernels copied from where the reports were assembled that must be made."""
        self._chosen = {number: stems for number, stems in chosen.items() if stems}
        for source, line in enumerate(self._lines):
            if own := self._of(source):
                with suppress(OSError):  # it is found out when its answer is waited for
                    line.send(own)

    def of_kpis(self) -> OfKpis:
        """Return what the reports that must be made say of each KPI, as far as whoever assembled them can still tell."""
        told = self._here.of_kpis(self._of(None))
        for source, line in enumerate(self._lines):
            if self._of(source):
                with suppress(EOFError, OSError):
                    told |= line.recv()
        return told

    def _of(self, source: int | None) -> dict[int, Sequence[str]]:
        return {number: stems for number, stems in self._chosen.items() if self._source.get(number) == source}

    def source(self, number: int) -> int | None:
        """Return which process has the reports of an occasion; None where each kernel assembles its own."""
        return self._source.get(number)


def _taken(answer: Any) -> dict[str, Assembly] | KpireportError:
    """Return what a process answered; raises what is a defect of ours."""
    if isinstance(answer, list):
        return DataError(answer)
    if isinstance(answer, BaseException) and not isinstance(answer, KpireportError):
        raise answer
    found: dict[str, Assembly] | KpireportError = answer
    return found
