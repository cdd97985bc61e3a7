"""Time a build beside the ways it replaces, in one run, alternating; medians of the rounds.

``PYTHONPATH=lib python tests/benchmarks/bench_builds.py [ROUNDS]`` makes the fourteen reports of the sample quarter (that of the
Corporate Leadership Team, five packs, five Scrutiny Boards', the Executive Board's update and two partnership boards')

1. with the command lines that everyone has: ``papermill``, then ``jupyter nbconvert --to html``, report by report: HTML alone;
2. the same, two at a time, by make;
3. with ploomber-engine and marimo, where they are installed;
4. with ``kpireport all``, from nothing: HTML alone, and HTML and PDF; 5. again with nothing changed; 6. with one result changed;
7. as plain calls in one warm process, without isolation: the floor.

What is not said to have PDF is HTML alone, on both sides of each ratio.

It prints a table, the ratios that the project promises, how long 100, 1,000 and 10,000 KPIs take, and thirty reports here and on
a Dask cluster of two workers; and writes `outputs/bench.json` and `outputs/bench.svg`. Times on a
machine that does other work are to be read as ratios.
"""

import csv
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
OCCASIONS = ("quarter", "scrutiny", "executive", "partnership")
QUARTER, YEAR = "2", "2024-25"
REPORTS = 14
CHANGED = ("CHE-14", "2024-25 Q2", "292")
"""The result that is changed for measure 6: its KPI, its period, its new value."""
SIZES = (100, 1_000, 10_000)
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "lib"), "PYTHONHASHSEED": "0"}


class Peak(threading.Thread):
    """The most memory that a process and all below it held at once, in megabytes; what they share is counted once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self._root, self._over = psutil.Process(process), threading.Event()

    def run(self) -> None:
        """Look five times a second."""
        while not self._over.wait(0.2):
            held = 0
            try:
                family = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            for one in family:
                try:
                    held += one.memory_full_info().pss
                except psutil.Error:
                    continue
            self.megabytes = max(self.megabytes, held / 1e6)

    def end(self) -> float:
        """Stop looking and return the most that was seen."""
        self._over.set()
        self.join()
        return self.megabytes


def timed(*command: str, cwd: Path = ROOT) -> tuple[float, float]:
    """Return the seconds that a command took and its peak of memory."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = Peak(process.pid)
    peak.start()
    _, printed = process.communicate()
    seconds, megabytes = time.perf_counter() - began, peak.end()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} ended with {process.returncode}:\n{printed[-2000:]}")
    return seconds, megabytes


def ours(data: Path, out: Path, forms: str = "html") -> tuple[float, float]:
    """Make the fourteen reports with kpireport."""
    given = ["--quarter", QUARTER, "--year", YEAR, "--data", str(data), "--out", str(out), "--forms", forms]
    measured = timed(PYTHON, "-m", "kpireport", "all", *given)
    pages = [path for path in out.glob("*/*.html") if path.with_suffix(".ipynb").is_file()]
    if len(pages) != REPORTS:
        raise SystemExit(f"{len(pages)} reports were made, not {REPORTS}")
    return measured


def jobs(data: Path) -> list[tuple[str, Path, dict[str, object]]]:
    """Return name, notebook and parameters of each of the fourteen, as a person would give them to papermill."""
    from kpireport.publishing import plan as plans
    from kpireport.publishing.plan import Places, Request
    from kpireport.sources import register

    loaded = register.load(data)
    found = []
    for occasion in OCCASIONS:
        plan = plans.make_plan(Places(ROOT), Request(occasion, QUARTER, YEAR, data=str(data)))
        for job in plans.jobs(plan, loaded):
            here = {"data": str(data.resolve()), "council": str((ROOT / "params" / "council.yaml").resolve())}
            found.append((job.stem, job.notebook.resolve(), dict(job.parameters) | here))
    return found


def write_naive(data: Path, folder: Path) -> list[list[str]]:
    """Write the parameters of each report; return the commands that make it, in order."""
    commands = []
    for stem, notebook, given in jobs(data):
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump(given), encoding="utf-8")
        executed = str(folder / f"{stem}.ipynb")
        commands.append(
            [str(BIN / "papermill"), str(notebook), executed, "-f", str(folder / f"{stem}.yaml"), "--no-progress-bar"]
        )
        commands.append([str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", "--log-level", "ERROR", executed])
    return commands


def naive(data: Path) -> tuple[float, float]:
    """Make the fourteen reports with papermill's and nbconvert's command lines, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        commands = write_naive(data, Path(folder))
        script = Path(folder) / "all.json"
        script.write_text(json.dumps(commands))
        run = "import json, subprocess, sys\nfor c in json.load(open(sys.argv[1])): subprocess.run(c, check=True)"
        seconds, megabytes = timed(PYTHON, "-c", run, str(script), cwd=Path(folder))
        assert len(list(Path(folder).glob("*.html"))) == len(commands) // 2
    return seconds, megabytes


def naive_by_make(data: Path) -> tuple[float, float]:
    """The same, two reports at a time."""
    with tempfile.TemporaryDirectory() as folder:
        commands = write_naive(data, Path(folder))
        rules = ["all: " + " ".join(f"r{number}" for number in range(0, len(commands), 2))]
        for number in range(0, len(commands), 2):
            rules += [f"r{number}:", *(f"\t@{' '.join(command)}" for command in commands[number : number + 2])]
        (Path(folder) / "Makefile").write_text("\n".join(rules) + "\n")
        return timed("make", "-s", "-j2", "-C", folder)


FLOOR = """
import ast, json, os, sys, time
from pathlib import Path
os.environ["KPIREPORT_DRAW_LATER"] = "1"
import nbformat
from kpireport.presentation import drawing
from kpireport.publishing import canonical, document, html

def executed(path, given):
    notebook, names = nbformat.read(path, as_version=4), {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(path), "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= given
        shown = eval(compile(ast.Expression(last.value), str(path), "eval"), names) if last else None
        for data, metadata in shown.outputs() if shown is not None else []:
            cell.outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata))
    return notebook

def everything(todo, folder):
    for stem, path, given in todo:
        notebook = document.drawn(canonical.canonical(executed(path, given)), drawing.draw)
        (folder / f"{stem}.html").write_text(html.export(notebook), encoding="utf-8")

todo, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
everything(todo[:1], folder)
from kpireport.sources import register
register._loaded.clear()
began = time.perf_counter()
everything(todo, folder)
print(time.perf_counter() - began)
"""


def floor(data: Path) -> float:
    """Return the seconds of the same work as plain calls in one process that is warm, the register read again."""
    with tempfile.TemporaryDirectory() as folder:
        todo = Path(folder) / "todo.json"
        todo.write_text(json.dumps([(stem, str(notebook), given) for stem, notebook, given in jobs(data)]))
        ran = subprocess.run(
            [PYTHON, "-c", FLOOR, str(todo), folder], env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(ran.stderr[-2000:])
        return float(ran.stdout.split()[-1])


def change_one_result(data: Path) -> None:
    """Give one result of the register another value."""
    kpi_id, period, value = CHANGED
    path = data / "register" / "results.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    (row,) = [row for row in rows if (row["kpi_id"], row["period"], row["group"]) == (kpi_id, period, "all")]
    row["value"] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def growth(folder: Path) -> dict[str, dict[str, float]]:
    """Return seconds and peak memory of a quarter's reports, HTML and PDF, by the number of KPIs."""
    found = {}
    for size in SIZES:
        data = folder / f"kpis-{size}"
        timed(PYTHON, "-m", "kpireport", "sample", "--kpis", str(size), "--years", "6", "--out", str(data))
        command = [PYTHON, "-m", "kpireport", "quarter", "--quarter", QUARTER, "--year", YEAR]
        seconds, megabytes = timed(*command, "--data", str(data), "--out", str(folder / f"out-{size}"))
        found[str(size)] = {"seconds": seconds, "megabytes": megabytes}
    return found


def on_a_cluster(folder: Path) -> tuple[float, float]:
    """Return the seconds of thirty reports, five councils' quarters, here and on a Dask cluster of two workers."""
    for number in range(5):
        shutil.copytree(ROOT / "data", folder / "councils" / f"place-{number}")
        shutil.copyfile(ROOT / "params" / "council.yaml", folder / "councils" / f"place-{number}" / "council.yaml")
    command = [PYTHON, "-m", "kpireport", "quarter", "--quarter", QUARTER, "--year", YEAR, "--forms", "html"]
    command += ["--data", f"{folder}/councils/*"]
    here, _ = timed(*command, "--out", str(folder / "here"))
    (folder / "scratch").mkdir()
    program = [PYTHON, str(ROOT / "tests" / "publishing" / "a_cluster.py"), str(folder / "scratch")]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as cluster:
        assert cluster.stdin
        assert cluster.stdout
        address = cluster.stdout.readline().split()[0]
        there, _ = timed(*command, "--out", str(folder / "there"), "--scheduler", address)
        cluster.stdin.close()
    made = [
        sorted(path.relative_to(folder / place).as_posix() for path in (folder / place).rglob("*.ipynb"))
        for place in ("here", "there")
    ]
    if made[0] != made[1] or len(made[0]) != 30:
        raise SystemExit(f"{len(made[0])} and {len(made[1])} reports were made, not 30")
    return here, there


def chart(medians: dict[str, float]) -> str:
    """Return the times as bars, in SVG."""
    longest = max(medians.values())
    height = 28 * len(medians) + 12
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height}" font-family="sans-serif" font-size="13">']
    for place, (name, seconds) in enumerate(medians.items()):
        top = 8 + 28 * place
        lines.append(f'<text x="270" y="{top + 15}" text-anchor="end">{name}</text>')
        lines.append(f'<rect x="280" y="{top}" width="{max(360 * seconds / longest, 1):.1f}" height="20" fill="#12436d"/>')
        lines.append(f'<text x="{286 + 360 * seconds / longest:.1f}" y="{top + 15}">{seconds:.1f} s</text>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Measure, print and write down."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sys.path.insert(0, str(ROOT / "lib"))
    times: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}

    def note(name: str, measured: tuple[float, float]) -> None:
        times.setdefault(name, []).append(measured[0])
        memory.setdefault(name, []).append(measured[1])
        print(f"  {name}: {measured[0]:.2f} s, {measured[1]:.0f} MB", flush=True)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", flush=True)
            data, out = folder / f"data-{number}", folder / f"out-{number}"
            shutil.copytree(ROOT / "data", data)
            shutil.copyfile(ROOT / "params" / "council.yaml", data / "council.yaml")
            note("papermill, nbconvert", naive(data))
            note("kpireport, from nothing", ours(data, out))
            note("kpireport, nothing changed", ours(data, out))
            note("kpireport, HTML and PDF, from nothing", ours(data, folder / f"both-{number}", "html,pdf"))
            change_one_result(data)
            note("kpireport, one result changed", ours(data, out))
            note("papermill, nbconvert, make -j2", naive_by_make(data))
            times.setdefault("floor: plain calls, one warm process", []).append(floor(data))
            print(f"  floor: {times['floor: plain calls, one warm process'][-1]:.2f} s", flush=True)
        grown = growth(folder)
        here, there = on_a_cluster(folder)
    medians = {name: statistics.median(one) for name, one in times.items()}
    print(f"\nFourteen reports, medians of {rounds}:")
    for name, seconds in medians.items():
        peak = f"{statistics.median(memory[name]):8.0f} MB" if name in memory else ""
        print(f"  {name:40} {seconds:8.2f} s {peak}")
    for engine in ("ploomber_engine", "marimo"):
        if importlib.util.find_spec(engine) is None:
            print(f"  {engine}: not installed here, not measured")
    print("  nbconvert --to webpdf: needs Playwright's own Chromium, which is not among our packages; not measured")
    cold = medians["kpireport, from nothing"]
    ratios = {
        "ratio_naive": medians["papermill, nbconvert"] / cold,
        "ratio_floor": cold / medians["floor: plain calls, one warm process"],
        "seconds_unchanged": medians["kpireport, nothing changed"],
        "ratio_one_changed": medians["kpireport, one result changed"] / cold,
        "ratio_pdf": medians["kpireport, HTML and PDF, from nothing"] / cold,
    }
    ratios["ratio_cluster"] = there / here
    print(f"Thirty reports, once each: {here:.1f} s here, {there:.1f} s on a cluster of two workers")
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f}")
    for size, measured in grown.items():
        told = f"{measured['seconds']:.1f} s, {measured['megabytes']:.0f} MB"
        print(f"{int(size):,} KPIs, six reports, HTML and PDF: {told}")
    outputs = ROOT / "outputs"
    outputs.mkdir(exist_ok=True)
    report = {"rounds": rounds, "seconds": times, "megabytes": memory, "medians": medians, "ratios": ratios, "growth": grown}
    (outputs / "bench.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (outputs / "bench.svg").write_text(chart(medians), encoding="utf-8")


if __name__ == "__main__":
    main()
