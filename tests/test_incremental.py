"""Builds that take what they can from earlier ones give the files of builds that make everything, whatever was edited between."""

import os
import random
import shutil
from pathlib import Path

import elsewhere
import pytest
import random_edits
from running import kpireport

ROOT = elsewhere.ROOT
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
EDITS = 25
ASKED = ("quarter", "--quarter=2", "--year=2024-25", "--data=council")
FOLDER = "2024-25-q2"


@pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes a quarter of an hour: KPIREPORT_SOAK=1 runs it")
def test_builds_after_random_edits_are_byte_identical_to_builds_of_everything(tmp_path):
    """Edits add up. Now and then the project is as it once was, so that what was kept is taken, or outputs are damaged."""
    project, seed = tmp_path / "project", int(os.environ.get("KPIREPORT_SEED", "6"))
    chance = random.Random(seed)
    for name in ("lib", "notebooks", "params"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.lock", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, project / name)
    shutil.copytree(RIVERSIDE, project / "council")
    parts, outputs = ("council", "notebooks", "params", "lib"), tmp_path / "outputs"
    earlier: list[Path] = []
    done, taken, told = 0, 0, list[str]()
    while done < EDITS:
        keep = tmp_path / f"as-it-was-{len(told)}"
        for part in parts:
            shutil.copytree(project / part, keep / part, ignore=shutil.ignore_patterns("__pycache__"))
        edits = []
        if earlier and chance.random() < 0.15:
            was = chance.choice(earlier)
            for part in parts:
                shutil.rmtree(project / part)
                shutil.copytree(was / part, project / part)
            edits.append(f"everything {was.name}")
        else:
            for _ in range(chance.choice([1, 1, 1, 2])):
                if chance.random() < 0.75:
                    edits.append(chance.choice(random_edits.OF_DATA)(chance, project / "council"))
                else:
                    edits.append(chance.choice(random_edits.OF_PROJECT)(chance, project))
        if outputs.exists() and chance.random() < 0.25:
            edits.append(random_edits.published(chance, outputs))
        told.append("; ".join(edits))
        full = tmp_path / f"full-{len(told)}"
        made = kpireport(*ASKED, "--out", str(full), root=project)
        incremental = kpireport(*ASKED, "--out", str(outputs), root=project)
        assert incremental.returncode == made.returncode, f"{told}\n{incremental.stderr}\n{made.stderr}"
        if made.returncode:  # a fault: nothing was published, and the edit is undone
            assert made.returncode in (2, 3), f"{told[-1]}\n{made.stderr}"
            assert incremental.stderr == made.stderr
            for part in parts:
                shutil.rmtree(project / part)
                shutil.copytree(keep / part, project / part)
            assert len(told) < 4 * EDITS, told
        else:
            assert elsewhere.differing(full / FOLDER, outputs / FOLDER) == [], f"seed {seed}: {told}"
            assert (full / "index.html").read_bytes() == (outputs / "index.html").read_bytes()
            done += 1
            taken += "reports are as they were" in incremental.stdout
            earlier.append(keep)
            print(done, told[-1], "|", incremental.stdout.splitlines()[0], flush=True)
        shutil.rmtree(full)
    assert taken > EDITS / 4, "hardly anything was taken: that proves nothing"
    again = kpireport(*ASKED, "--out", str(outputs), root=project)
    assert again.stdout.startswith("Nothing to make")
