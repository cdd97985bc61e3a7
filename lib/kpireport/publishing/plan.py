"""What a build makes: the reports found in the folders, and one notebook to run for each of their variants.

A report is `params/NAME.yaml` + `notebooks/NAME.ipynb` + a module NAME of the reports package. There is no list of reports: a
report exists when its three files do. The module says on which occasion it is made (`OCCASION`, the verb of the command
line), how (`build`), and, when it is made several times over, the parameters of each (`variants`).

A report that is made for readers of whom the register knows nothing has a parameters file for each of them, of any name, which
says `report: NAME`. Its module names the parameter that tells them apart (`TOLD_APART_BY`).
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kpireport.errors import ParameterError, shown, suggest
from kpireport.publishing import parameters
from kpireport.publishing.asked import AS_KNOWN_ON, Places, Request, folder_name
from kpireport.publishing.parameters import Value

NO_REPORTS = frozenset({"council", "collection"})
"""The files of `params/` that belong to no notebook: the council's own particulars, and how results are collected."""
REPORT = "report"
"""The line of a parameters file that says which report it is for; it is no parameter."""


@dataclass(frozen=True)
class Report:
    """A report that was found in its three places, with one of its parameters files."""

    name: str
    parameters_file: Path
    notebook: Path
    given: Mapping[str, str]
    """What its parameters file says, as text."""
    build: Callable[..., Any]
    variants: Callable[[Any], dict[str, dict[str, str]]] | None
    """Takes the register; gives the parameters of each variant by the ending of its file name."""
    told_apart_by: str = ""
    """The parameter that tells its parameters files apart; "" for a report that has one such file."""

    @property
    def stem(self) -> str:
        """The name, without ending, of the files it makes; variants add their own ending."""
        words = [self.name, *([self.given[self.told_apart_by]] if self.told_apart_by else [])]
        return "-".join(words).lower().replace("_", "-")


@dataclass(frozen=True)
class Plan:
    """Checked parameters of every report of one occasion in one period."""

    occasion: str
    period: str
    """The quarter or the year, such as 2024-25 Q2, 2023-24 or 2024."""
    data: Path
    council: Path
    reports: tuple[tuple[Report, Mapping[str, Value]], ...]
    narrowed: Mapping[str, Value]
    """The further parameters that were asked for: a variant that differs from them is not made."""

    @property
    def period_folder(self) -> str:
        """The name of the folder of the files: 2024-25-q2 for the quarter's own, otherwise such as 2024-25-q2-scrutiny.

        Reports as known on a day that was asked for have a folder of their own, such as 2023-24-q4-known-2024-05-20.
        """
        return folder_name(self.occasion, self.period, known_on=str(self.narrowed.get(AS_KNOWN_ON, "")))

    @property
    def most_jobs(self) -> int | None:
        """The most jobs it can have; None while that depends on the register."""
        return None if any(report.variants for report, _ in self.reports) else len(self.reports)

    @property
    def notebooks(self) -> set[Path]:
        """The notebooks that its jobs run."""
        return {report.notebook for report, _ in self.reports}


@dataclass(frozen=True)
class Job:
    """One notebook to run with one set of parameters."""

    stem: str
    """The name, without ending, of the files it makes."""
    report: str
    notebook: Path
    parameters_file: Path
    parameters: Mapping[str, Value]


def find_reports(places: Places, occasion: str) -> list[Report]:
    """Return the reports of an occasion, by name.

    Raises
    ------
    ParameterError
        When there are none, or one of them lacks a file, with every such fault.
    """
    found, faults = [], []
    if not places.params.is_dir():
        raise ParameterError(f"There is no folder {places.params}. Run this in the folder that holds params/ and notebooks/.")
    for file in sorted(places.params.glob("*.yaml")):
        if file.stem in NO_REPORTS:
            continue
        try:
            report = _read(places, file, occasion)
        except ParameterError as error:
            faults.append(f"params/{error}")
            continue
        found += [report] if report else []
    faults += _second_files(found)
    if faults:
        raise ParameterError("\n".join(faults))
    if not found:
        raise ParameterError(f"No report in {places.params} is made each {occasion}.")
    return found


def _read(places: Places, file: Path, occasion: str) -> Report | None:
    """Return the report that a parameters file is for; None when it is made on another occasion."""
    own = places.notebooks / f"{file.stem}.ipynb"
    given = {} if own.is_file() else parameters.read(file)
    name = given.get(REPORT, file.stem)
    notebook = places.notebooks / f"{name}.ipynb"
    if not notebook.is_file():
        if REPORT in given:
            known = sorted(path.stem for path in places.notebooks.glob("*.ipynb"))
            raise ParameterError(f"{file.name}: {REPORT}: {shown(name)} is no report. {suggest(name, known)}")
        raise ParameterError(f"{file.name}: there is no notebook notebooks/{notebook.name}.")
    if not name.isidentifier() or importlib.util.find_spec(f"{places.package}.{name}") is None:
        raise ParameterError(f"{file.name}: there is no module {places.package}.{name}.")
    module = importlib.import_module(f"{places.package}.{name}")
    if occasion != module.OCCASION:
        return None
    given = given or parameters.read(file)
    if given.pop(REPORT, name) != name:
        raise ParameterError(f"{file.name}: {REPORT}: a file named after the report {name} is for that one. Rename the file.")
    told_apart_by = getattr(module, "TOLD_APART_BY", "")
    if told_apart_by and told_apart_by not in given:
        raise ParameterError(f'{file.name}: "{told_apart_by}" is missing. Add it.')
    return Report(name, file, notebook, given, module.build, getattr(module, "variants", None), told_apart_by)


def _second_files(found: list[Report]) -> list[str]:
    """Return a fault for each parameters file whose report would have the same file names as another's."""
    first: dict[str, Report] = {}
    faults = []
    for report in found:
        other = first.setdefault(report.stem, report)
        if other is not report:
            both = f"params/{other.parameters_file.name} and params/{report.parameters_file.name}"
            what = f"have the same {report.told_apart_by}" if report.told_apart_by else f"are both for {report.name}"
            faults.append(f"{both} {what}. Change one of them, or take it away.")
    return faults


def make_plan(places: Places, request: Request) -> Plan:
    """Check every parameter of every report of the occasion.

    Raises
    ------
    ParameterError
        With every fault, one a line.
    """
    reports, faults = find_reports(places, request.occasion), list[str]()
    asked = _settings(request.settings, reports, faults)
    picked = {name: text for name, text in asked.items() if any(name == report.told_apart_by for report in reports)}
    reports = _picked(reports, picked, faults)
    asked = {name: text for name, text in asked.items() if name not in picked}
    asked |= {"data": request.data} if request.data else {}
    asked |= {"council": request.council} if request.council else {}
    try:
        asked |= _period(reports, request)
    except ParameterError as error:
        faults.append(str(error))
    checked = []
    for report in reports:
        overrides = {name: text for name, text in asked.items() if name in report.given}
        values, wrong = parameters.check({**report.given, **overrides}, report.build, f"params/{report.parameters_file.name}")
        faults += wrong
        try:
            assigned = parameters.of_notebook(report.notebook)
            faults += parameters.check_names(assigned, report.given, f"notebooks/{report.notebook.name}, parameters cell")
        except ParameterError as error:
            faults.append(f"notebooks/{error}")
        checked.append((report, values))
    if faults:
        raise ParameterError("\n".join(dict.fromkeys(faults)))
    first = checked[0][1]
    data = _existing(places, first["data"], "data", "folder", is_asked=bool(request.data))
    beside = data / "council.yaml"
    if request.data and not request.council and beside.is_file():
        council = beside
    else:
        council = _existing(places, first["council"], "council", "file", is_asked=bool(request.council))
    narrowed = {name: values[name] for name in asked for _, values in checked if name in values}
    period = str(first["quarter"] if "quarter" in first else first["year"])
    return Plan(request.occasion, period, data, council, tuple(checked), narrowed)


def _picked(reports: list[Report], picked: Mapping[str, str], faults: list[str]) -> list[Report]:
    """Return the reports whose parameters files have the value asked for; adds to `faults` a value that no file has."""
    for name, text in picked.items():
        known = [report.given[name] for report in reports if report.told_apart_by == name]
        if text not in known:
            faults.append(f"{name}: {shown(text)} is in no parameters file. {suggest(text, known)}")
        else:
            reports = [report for report in reports if report.told_apart_by != name or report.given[name] == text]
    return reports


def _settings(settings: Iterable[str], reports: list[Report], faults: list[str]) -> dict[str, str]:
    """Return the further parameters asked for, as text; adds to `faults` those that no report has."""
    known = list(dict.fromkeys(name for report in reports for name in report.given))
    own_options = {"quarter": "--quarter and --year", "year": "--year", "data": "--data", "council": "--council"}
    asked = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            faults.append(f"--set {shown(setting)}: write it like name=value.")
        elif name in own_options:
            faults.append(f"--set {shown(setting)}: use {own_options[name]}.")
        elif name not in known:
            faults.append(f"--set {shown(setting)}: no report has a parameter of that name. {suggest(name, known)}")
        else:
            asked[name] = text
    return asked


def _period(reports: list[Report], request: Request) -> dict[str, str]:
    """Return the quarter, or the year, asked for; the parameters files say the rest, and must agree on it."""
    name = next((name for name in ("quarter", "year") if any(name in report.given for report in reports)), "quarter")
    defaults = {report.given.get(name, "") for report in reports}
    is_said = request.number and request.year if name == "quarter" else request.year
    if len(defaults) > 1 and not is_said:
        raise ParameterError(
            f"The parameters files name different {name}s ({', '.join(sorted(defaults))}). Make them agree, or give it whole."
        )
    usual = next(iter(defaults))
    if name == "quarter":
        return {name: parameters.quarter_of(usual, number=request.number, year=request.year)}
    if request.number:
        raise ParameterError(f"quarter: a report that is made each year takes no quarter. Leave {request.number} out.")
    return {name: request.year or usual}


def _existing(places: Places, value: Value, name: str, kind: str, *, is_asked: bool) -> Path:
    """Return the path that a parameter names: relative to where the person stands when they asked for it, else to the root."""
    path = Path(str(value)).expanduser() if is_asked else places.root / str(value)
    if not (path.is_dir() if kind == "folder" else path.is_file()):
        raise ParameterError(f"{name}: there is no {kind} {shown(str(path))}.")
    return path


def jobs(plan: Plan, register: Any) -> list[Job]:
    """Return what is to be run: each report once, or once for each of its variants.

    Raises
    ------
    ParameterError
        When a value asked for is not that of any variant.
    """
    planned = []
    for report, values in plan.reports:
        job = Job(report.stem, report.name, report.notebook, report.parameters_file, values)
        if report.variants is None:
            planned.append(job)
            continue
        variants = report.variants(register)
        wanted = {
            suffix: own
            for suffix, own in variants.items()
            if all(plan.narrowed.get(name, value) == value for name, value in own.items())
        }
        if variants and not wanted:
            names = sorted({name for own in variants.values() for name in own} & set(plan.narrowed))
            known = {name: ", ".join(own[name] for own in variants.values()) for name in names}
            raise ParameterError(
                "\n".join(f"{name}: {shown(str(plan.narrowed[name]))} is not one of {known[name]}." for name in names)
            )
        planned += [replace(job, stem=f"{job.stem}-{suffix}", parameters={**values, **own}) for suffix, own in wanted.items()]
    return planned
