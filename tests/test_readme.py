"""The README is true: its exit codes, its pictures, its links."""

import re
import struct
from pathlib import Path

from kpireport.commands.options import CODES
from kpireport.errors import ExitCode
from running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = ROOT / ".ci" / "pictures"
PAGES = [ROOT / "README.md", *sorted((ROOT / "lib" / "handbook").glob("*.md"))]


def test_exit_codes_are_those_of_the_program_in_the_readme_and_in_help():
    table = README[README.index("| exit code | cause |") :].split("\n\n")[0]
    assert re.findall(r"(?m)^\| ([0-9]+) \|", table) == [str(int(code)) for code in sorted(ExitCode)]
    assert sorted(map(int, re.findall(r"(?<!\S)([0-9]+) (?=[A-Za-z])", CODES.replace("which is 0 for", "")))) == sorted(ExitCode)


def test_every_picture_is_there_small_and_told_in_words():
    pictures = [one for page in PAGES for one in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8"))]
    assert len(pictures) >= 5
    for told, name in pictures:
        content = (PICTURES / Path(name).name).read_bytes()
        width, height, _depth, colours = struct.unpack(">IIBB", content[16:26])
        assert content.startswith(b"\x89PNG")
        assert len(told) > 30, name
        assert (len(content) < 150_000, colours, width > 300, height > 300) == (True, 3, True, True), name  # 3: a palette
    assert {Path(name).name for _, name in pictures} == {path.name for path in PICTURES.glob("*.png")}
    assert [name for _, name in pictures if "/" in name and not (ROOT / name).is_file()] == []


def test_every_link_leads_somewhere():
    headings = {re.sub(r"[^a-z -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"(?m)^## (.+)$", README)}
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", README)
    assert len(links) > 8
    assert [one for one in links if not ((ROOT / one).is_file() or (one[0] == "#" and one[1:] in headings))] == []


def test_every_test_that_is_said_to_show_something_is_there():
    named = {
        one for page in ("README.md", "SECURITY.md") for one in re.findall(r"`(tests/[^`]*)`", (ROOT / page).read_text("utf-8"))
    }
    assert len(named) > 12
    assert sorted(one for one in named if not (ROOT / one).exists()) == []
    assert sorted(one for one in named if (ROOT / one).is_dir() and not list((ROOT / one).glob("test_*.py"))) == []
