"""Fuzz the readers: `python tests/fuzz/run.py SECONDS [TARGET ...]`, the seconds shared by the targets, one after another.

What breaks a reader is kept in a folder that is named, ends with exit code 1, and belongs in tests/fuzz/corpus once it is mended.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PATHS = [HERE, ROOT / "tests", ROOT / "tests/collection", ROOT / "tests/hostile", ROOT / "lib"]
SLOWEST, HANGS, MEGABYTES = 10, 300, 800
"""Seconds of a processor for one input, seconds by the clock, and the memory of the process that tries them all."""


def fuzz(name: str, seconds: int, found: Path) -> int:
    """Fuzz one target in a process of its own, beginning with its corpus; return the exit code."""
    with tempfile.TemporaryDirectory() as grown:
        command = [sys.executable, str(HERE / "run.py"), "--target", name, grown, str(HERE / "corpus" / name)]
        flags = [f"-max_total_time={seconds}", f"-timeout={HANGS}", f"-rss_limit_mb={MEGABYTES}", "-max_len=60000"]
        words = HERE / f"{name}.dict"
        flags += [f"-dict={words}"] if words.is_file() else []
        flags += [f"-artifact_prefix={found}/{name}-", "-print_final_stats=1", "-verbosity=1"]
        return subprocess.run([*command, *flags], check=False).returncode


def one_target(name: str, arguments: list[str]) -> None:
    """Fuzz a target in this process until its time is over."""
    import atheris

    with atheris.instrument_imports(
        include=[f"kpireport.{room}" for room in ("sources", "collection", "periods", "presentation")] + ["mistune"]
    ):
        from targets import TARGETS
    for path in sorted((HERE / "corpus" / name).iterdir()):
        TARGETS[name](path.read_bytes())  # what is made once takes longer than any input

    def look(data: bytes) -> None:
        began = time.process_time()
        TARGETS[name](data)
        if time.process_time() - began > SLOWEST:
            raise TimeoutError(f"more than {SLOWEST} seconds")

    atheris.Setup([sys.argv[0], *arguments], look)
    atheris.Fuzz()


def main() -> int:
    """Run what the command line asks for."""
    sys.path[:0] = map(str, PATHS)
    if sys.argv[1:2] == ["--target"]:
        one_target(sys.argv[2], sys.argv[3:])
        return 0
    if len(sys.argv) < 2 or not sys.argv[1].isdigit():
        print(__doc__, file=sys.stderr)
        return 2
    names = sys.argv[2:] or sorted(path.name for path in (HERE / "corpus").iterdir() if path.is_dir())
    found = Path(tempfile.mkdtemp(prefix="kpireport-fuzz-"))
    broken = [name for name in names if fuzz(name, max(int(sys.argv[1]) // len(names), 1), found)]
    if broken:
        print(f"Broken: {', '.join(broken)}. The input is in {found}.", file=sys.stderr)
        return 1
    found.rmdir()
    print(f"Nothing broke {', '.join(names)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
