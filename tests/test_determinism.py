"""Reports are the same, byte for byte, wherever, whenever and by whomever they are made; a quarter's are in test_quarter."""

import os
from pathlib import Path

import elsewhere
import pytest
from running import published

ROOT = elsewhere.ROOT
OCCASIONS = {
    "annual": ("2023-24-annual", ["--year=2023-24"]),
    "survey": ("2024-survey", ["--year=2024"]),
    "scrutiny": ("2024-25-q2-scrutiny", ["--quarter=2", "--year=2024-25"]),
    "bca": ("2023-24-bca", ["--year=2023-24"]),
    "assurance": ("2023-24-assurance", ["--year=2023-24"]),
}


@pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes minutes: KPIREPORT_SOAK=1 runs it")
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_two_builds_of_the_shipped_register_are_byte_identical(occasion, tmp_path):
    folder, asked = OCCASIONS[occasion]
    here = tmp_path / "here"
    published(here, occasion, *asked, KPIREPORT_JOBS="2")
    home = tmp_path / "another folder"
    home.mkdir()
    again = elsewhere.run(home, occasion, *asked, "--out", str(home / "out"))
    assert again.returncode == 0, again.stderr
    assert elsewhere.differing(here / folder, home / "out" / folder) == []


def test_two_folders_that_differ_in_a_byte_a_mode_or_a_file_are_told_apart(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name / "below").mkdir(parents=True)
        for file in ("same", "byte", "mode", "run.json"):
            (tmp_path / name / "below" / file).write_text(file if file != "byte" else name)
        (tmp_path / name / "run.json").write_text(name)
    (tmp_path / "one" / "below" / "mode").chmod(0o600)
    (tmp_path / "one" / "more").touch()
    (tmp_path / "other" / "below" / "mode").chmod(0o644)
    assert elsewhere.differing(tmp_path / "one", Path(tmp_path / "other")) == ["below/byte", "below/mode", "more"]
