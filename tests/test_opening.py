"""What was made is opened in the browser that a person has, and nowhere else."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from kpireport import __main__ as command_line
from kpireport.commands import councils, opening
from kpireport.errors import ExitCode, ParameterError
from kpireport.publishing import publication
from kpireport.publishing.publication import Published
from running import ROOT

SHOW = (
    "from pathlib import Path; import sys; from kpireport.commands import opening; opening.show(Path(sys.argv[1]), is_asked=True)"
)


def shown(tmp_path: Path, **environment: str) -> tuple[str, str]:
    """Return what a stand-in browser was given, and what was printed instead."""
    page, given = tmp_path / "a page.html", tmp_path / "given"
    script = tmp_path / "browser.py"
    script.write_text(f"import sys\nopen({str(given)!r}, 'a').write(sys.argv[1])\n")
    own = {"PYTHONPATH": str(ROOT / "lib"), "PATH": "", "BROWSER": f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} %s"}
    ran = subprocess.run(
        [sys.executable, "-c", SHOW, str(page)], env=own | environment, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return given.read_text() if given.exists() else "", ran.stdout


def test_the_browser_that_a_person_named_opens_the_page(tmp_path):
    assert shown(tmp_path) == ((tmp_path / "a page.html").as_uri(), "")


@pytest.mark.parametrize(
    "environment",
    [{"CI": "true"}, {"BROWSER": ""}, {"BROWSER": "no-such-browser %s", "DISPLAY": ":9"}],
    ids=["in CI", "without a display", "a browser that is not there"],
)
def test_where_nobody_would_see_it_the_address_is_printed(tmp_path, environment):
    if "BROWSER" in environment and not sys.platform.startswith("linux"):
        pytest.skip("other systems have a browser of their own")
    given, printed = shown(tmp_path, **environment)
    assert given == ""
    assert printed.endswith(f"Its address: {(tmp_path / 'a page.html').as_uri()}\n")


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """The pages that were opened; nothing is made."""
    pages: list[Path] = []
    monkeypatch.setattr(opening.webbrowser, "open", lambda address: pages.append(Path(address.removeprefix("file://"))) or True)
    monkeypatch.setattr(opening, "can_show", lambda environment: True)

    def publish(request, **given):
        if "broken" in request.data:
            raise ParameterError("no")
        return Published(Path(given["outputs"]) / "2024-25-q2", reports=1, files=1, warnings=0)

    monkeypatch.setattr(publication, "publish", publish)
    return pages


def test_the_published_index_is_opened_after_success_when_that_is_asked_for(opened, tmp_path):
    assert command_line.main(["quarter", "--out", str(tmp_path)]) == 0
    assert opened == []
    assert command_line.main(["quarter", "--out", str(tmp_path), "--open"]) == 0
    assert opened == [tmp_path / "2024-25-q2" / "index.html"]
    assert command_line.main(["quarter", "--out", str(tmp_path), "--open", "--data", "broken"]) == ExitCode.PARAMETERS
    assert len(opened) == 1


def test_of_several_councils_the_index_over_them_is_opened_once(opened, tmp_path):
    for name in ("one", "two"):
        (tmp_path / "councils" / name).mkdir(parents=True)
        (tmp_path / "councils" / name / "council.yaml").write_text("name: X\n")
    found = {name: tmp_path / "councils" / name for name in ("one", "two")}
    options = command_line.parser().parse_args(["quarter", "--open", "--out", str(tmp_path / "out")])
    assert councils.run(found, options, command_line._attempt) is ExitCode.DONE
    assert opened == [tmp_path / "out" / "index.html"]
