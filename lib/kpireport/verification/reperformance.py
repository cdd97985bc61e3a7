"""Make reports again by the code that they were made with: a bundle's own, through its own command line.

The code runs in a fresh folder laid out as a checkout, in an environment that satisfies its own lock: the one that runs now when
it does, otherwise a new one, made from the lock with every hash checked. Nothing of the user's own settings reaches it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpireport.environment import LOCK
from kpireport.errors import ExitCode
from kpireport.publishing.manifest import Manifest

INSTALL_SECONDS, BUILD_SECONDS = 3_600, 14_400
"""How long an installation, and a build of every report, may take."""
_KEPT = ("PATH", "PATHEXT", "SYSTEMROOT", "COMSPEC", "WINDIR", "LD_LIBRARY_PATH", "NUMBER_OF_PROCESSORS")
_VERSIONS = """
import json, platform, sys
from importlib import metadata
found = {}
for name in json.load(sys.stdin):
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
machine = platform.machine().lower()
print(json.dumps({"python": platform.python_version(), "platform": f"{sys.platform}-{machine}", "libraries": found}))
"""
Say = Callable[[str], None]


class CannotPrepareError(Exception):
    """No environment satisfies the bundle's lock, and none could be made; the message says why."""


@dataclass(frozen=True)
class Environment:
    """Where reports are made again."""

    program: Path
    """Its Python."""
    is_new: bool
    """Whether it was made for this, from the lock."""
    python: str
    platform: str
    libraries: Mapping[str, str]


@dataclass(frozen=True)
class Departure:
    """One way in which the environment is not the one that the reports were made in."""

    what: str
    published: str
    here: str
    is_material: bool
    """Whether it may change a figure: all but the last number of Python's version."""

    def __str__(self) -> str:
        """Return the departure as a few words."""
        return f"{self.what} is {self.here or 'not installed'} here, and was {self.published}"


@dataclass(frozen=True)
class Remade:
    """What came of making the reports again."""

    folder: Path | None
    """The folder of the files; None when they could not be made."""
    code: int = 0
    """The exit code of the bundle's command line."""
    message: str = ""
    """What it said when it failed."""


def prepare(code: Path, about: Manifest, work: Path, say: Say) -> Environment:
    """Return an environment that satisfies the lock of the code in a folder.

    Raises
    ------
    CannotPrepareError
        When there is none and none can be made.
    """
    here = Path(sys.executable)
    if _satisfies(here, code):
        return _described(here, about, is_new=False)
    base = shutil.which(f"python{'.'.join(about.python.split('.')[:2])}") or sys.executable
    say("The environment here is not that of the bundle's lock: making one from it. This takes a minute or two.")
    venv = work / "environment"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _do([base, "-m", "venv", str(venv)], work, dict(os.environ), "a new environment could not be made")
    needed = _do(
        [str(python), "-m", "kpireport.environment", "--requirements", "product"], code, _own(code), "its lock cannot be read"
    )
    (work / "requirements.txt").write_text(needed, encoding="utf-8")
    install = ["-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "--no-input", "-r", str(work / "requirements.txt")]
    # pip needs the user's own settings: where packages are to be had, and through which proxy.
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    _do([str(python), *install], work, given, "the packages of its lock could not be installed")
    if not _satisfies(python, code):
        raise CannotPrepareError("the new environment does not hold what the lock says")
    return _described(python, about, is_new=True)


def departures(environment: Environment, about: Manifest) -> list[Departure]:
    """Return how an environment is not the one that reports were made in, what matters most first."""
    found = []
    if environment.platform != about.platform:
        found.append(Departure("the platform", about.platform, environment.platform, is_material=True))
    if environment.python != about.python:
        is_material = environment.python.split(".")[:2] != about.python.split(".")[:2]
        found.append(Departure("Python", about.python, environment.python, is_material))
    for name, version in about.libraries.items():
        if (installed := environment.libraries.get(name, "")) != version:
            found.append(Departure(name, version, installed, is_material=True))
    return sorted(found, key=lambda one: not one.is_material)


def perform(bundle: Path, about: Manifest, environment: Environment, work: Path, say: Say) -> Remade:
    """Make the reports of an unpacked bundle again.

    Parameters
    ----------
    work
        A folder of the caller's own, for what is made.
    """
    checkout, outputs = work / "checkout", work / "outputs"
    inputs = bundle / "inputs"
    if not (inputs / "data").is_dir() or not (inputs / "council.yaml").is_file():
        return Remade(None, ExitCode.DATA, "there are no inputs")
    shutil.copytree(bundle / "code", checkout)
    shutil.copytree(inputs / "data", checkout / "data")
    shutil.copyfile(inputs / "council.yaml", checkout / "data" / "council.yaml")
    places = ["--data", "data", "--council", "data/council.yaml", "--out", str(outputs)]
    command = [str(environment.program), "-m", "kpireport", *about.arguments, *places]
    given = _own(checkout) | _homes(work)
    with (work / "errors.txt").open("w+", encoding="utf-8", errors="replace") as errors:
        try:
            ran = subprocess.Popen(  # noqa: S603 - the bundle's own code, which is what is being verified
                command,
                cwd=checkout,
                env=given,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            with ran:
                try:
                    for line in ran.stdout or ():
                        if str(work) not in line:  # where it puts its files is of no use to anyone
                            say(f"  {line.rstrip()}")
                    code = ran.wait(timeout=BUILD_SECONDS)
                except BaseException:
                    ran.terminate()
                    raise
        except OSError as error:
            return Remade(None, 1, str(error))
        errors.seek(0)
        message = errors.read().strip()
    folder = outputs / about.folder
    if code == 0 and folder.is_dir():
        return Remade(folder)
    return Remade(None, code, message or f"it ended with exit code {code} and made no {about.folder}")


def _satisfies(python: Path, code: Path) -> bool:
    """Return whether an environment holds exactly what the code's lock says, as the code's own reading of it has it."""
    command = [str(python), "-m", "kpireport.environment", "--quiet", "--lock", LOCK, "--satisfied", "product"]
    return subprocess.run(command, cwd=code, env=_own(code), capture_output=True, check=False).returncode == 0  # noqa: S603


def _described(python: Path, about: Manifest, *, is_new: bool) -> Environment:
    ran = subprocess.run(  # noqa: S603
        [str(python), "-I", "-c", _VERSIONS], input=json.dumps(list(about.libraries)), capture_output=True, text=True, check=True
    )
    told = json.loads(ran.stdout)
    return Environment(python, is_new, told["python"], told["platform"], told["libraries"])


def _do(command: list[str], folder: Path, given: Mapping[str, str], failure: str) -> str:
    """Run a step of making an environment and return what it printed."""
    try:
        ran = subprocess.run(  # noqa: S603
            command, cwd=folder, env=dict(given), capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotPrepareError(f"{failure}: {error}") from None
    if ran.returncode:
        told = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
        raise CannotPrepareError(f"{failure}: {' '.join(told[-3:]) or f'exit code {ran.returncode}'}")
    return ran.stdout


def _own(code: Path) -> dict[str, str]:
    """Return the environment variables of a process that runs a bundle's code: its own and the system's, none of the user's."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {"PYTHONPATH": str(code / "lib"), "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return kept | own | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _homes(work: Path) -> dict[str, str]:
    """Return the variables that name a user's folders, all in `work`: no setting of Jupyter or IPython is found."""
    folders = {name: work / name.lower() for name in ("HOME", "TMPDIR")}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    home, temporary = str(folders["HOME"]), str(folders["TMPDIR"])
    return {"HOME": home, "USERPROFILE": home, "APPDATA": home, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
