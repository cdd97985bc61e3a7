"""A real JupyterLab, as `make lab` starts it, driven in a real browser: run, look, change, save."""

import base64
import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from kpireport.presentation import results_file
from kpireport.reports import clt_quarterly

ROOT = Path(__file__).resolve().parent.parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
CHROMIUM = Path("/usr/bin/chromium")
SOON = 60_000
"""Milliseconds for what takes one or two, on a machine that does much else."""


class Server(NamedTuple):
    """A running JupyterLab."""

    folder: Path
    url: str
    token: str
    process: psutil.Process


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """Start the server in a folder that has the notebooks, and a small council's register in place of ours."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.copytree(RIVERSIDE, folder / "data")
    particulars = shutil.copytree(RIVERSIDE, folder / "elsewhere") / "council.yaml"
    particulars.write_text(particulars.read_text().replace("Riverside Borough Council", "Old Town Council"))
    (folder / "params").mkdir()
    shutil.copy(RIVERSIDE / "council.yaml", folder / "params" / "council.yaml")
    own = {name: str(folder / ".own" / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / ".own" / name) for name in ("SETTINGS", "WORKSPACES")}
    told = {"PYTHONPATH": str(ROOT / "lib"), "JUPYTER_CONFIG_PATH": str(folder / "notebooks"), "KPIREPORT_DATA": "elsewhere"}
    command = [sys.executable, "-m", "jupyterlab", "notebooks/explore.ipynb", "--no-browser", "--port=0", "--allow-root"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | own | told, stdout=log, stderr=log)
    try:
        about = _started(folder / ".own" / "JUPYTER_RUNTIME_DIR", process)
        yield Server(folder, about["url"], about["token"], psutil.Process(about["pid"]))
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.terminate()
        process.wait(20)
        for child in children:
            if child.is_running():
                child.kill()


def _started(runtime: Path, process: subprocess.Popen) -> dict:
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            about = json.loads(file.read_text()) if file.read_text().endswith("}") else {}
            if about and not socket.socket().connect_ex(("localhost", about["port"])):
                return about
        assert process.poll() is None, "the server stopped at once"
        time.sleep(0.1)
    raise AssertionError("the server did not start within a minute")


def ask(server: Server, path: str, *, token: str, body: dict | None = None) -> int:
    """Return the status of the server's answer."""
    request = urllib.request.Request(f"{server.url}{path}", method="PUT" if body else "GET")
    request.add_header("Authorization", f"token {token}")
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, json.dumps(body).encode() if body else None, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_make_lab_starts_the_server_that_is_tested_here():
    shown = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r'^JUPYTER_CONFIG_PATH="[^"]*/notebooks" \S+ -m jupyterlab notebooks/explore\.ipynb$', shown, re.MULTILINE)


def test_server_listens_on_loopback_and_asks_for_its_token(server):
    listening = {one.laddr.ip for one in server.process.net_connections() if one.status == psutil.CONN_LISTEN}
    assert listening <= {"127.0.0.1", "::1"}
    assert listening
    assert ask(server, "api/contents/notebooks", token="") == 403
    assert ask(server, "api/contents/notebooks", token=server.token) == 200


def test_notebook_saved_through_the_server_has_no_outputs_on_disk(server):
    stored = json.loads((server.folder / "notebooks" / "survey.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in stored["cells"] if cell["cell_type"] == "code")
    cell |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "a figure"}], "execution_count": 3}
    body = {"type": "notebook", "format": "json", "content": stored}
    assert ask(server, "api/contents/notebooks/mine.ipynb", token=server.token, body=body) == 201
    saved = (server.folder / "notebooks" / "mine.ipynb").read_text(encoding="utf-8")
    assert "a figure" not in saved
    assert saved == (ROOT / "notebooks" / "survey.ipynb").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator:
    if not CHROMIUM.exists():
        pytest.skip("no browser at /usr/bin/chromium: JupyterLab is not looked at in one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser, server) -> Iterator:
    opened = browser.new_page(viewport={"width": 1360, "height": 1500})
    opened.set_default_timeout(SOON)
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []
    opened.close()


def run_all(page, server: Server, name: str) -> None:
    """Open a notebook and choose Run, Run All Cells; return when every cell has run."""
    page.goto(f"{server.url}lab/workspaces/{name}/tree/notebooks/{name}.ipynb?token={server.token}")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
    page.wait_for_function("document.querySelector('#jp-main-statusbar').innerText.includes('| Idle')")
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    page.wait_for_function(
        """() => {
            const cells = [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')];
            return cells.length && cells.every(cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').innerText));
        }"""
    )
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def save(page, server: Server, name: str) -> None:
    """Save the notebook, and see that its file is as it was stored: without outputs."""
    file = server.folder / "notebooks" / f"{name}.ipynb"
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^File$")).click()
    with page.expect_response(lambda answer: answer.request.method == "PUT" and f"/{name}.ipynb" in answer.url) as saved:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Save Notebook$")).click()
    assert saved.value.status == 200  # the server answers when the file is whole
    assert file.read_text(encoding="utf-8") == (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")


def look(page, name: str) -> None:
    """Keep a picture where KPIREPORT_PICTURES asks for it."""
    if folder := os.environ.get("KPIREPORT_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"lab-{name}.png"))


def test_desk_runs_and_follows_what_is_chosen(page, server):
    run_all(page, server, "explore")
    charts = page.locator(".jp-OutputArea-output svg.marks")
    charts.nth(2).wait_for()
    assert all(charts.nth(place).bounding_box()["height"] > 100 for place in range(charts.count()))
    page.locator(".kpireport", has_text="Old Town Council").first.wait_for()  # the register that DATA= named
    look(page, "explore")
    before = page.locator(".kpireport h3").inner_text()
    page.get_by_label("Rating", exact=True).select_option("■ Red")
    page.locator(".widget-select option", has_text="●").first.wait_for(state="detached")
    listed = page.locator(".widget-select option").all_inner_texts()
    assert listed
    assert all(text.startswith("■") for text in listed)
    page.locator(".widget-select select").first.select_option(listed[-1])
    name = re.sub(r"\s+", " ", listed[-1]).split(" ", 2)[2].rsplit(" (", 1)[0]
    page.locator(".kpireport h3", has_text=name).wait_for()
    target = page.get_by_label("Target", exact=True)
    page.locator(".kpireport p", has_text=f"{name}: it would stay").wait_for()
    target.fill("1000000")
    target.press("Enter")
    page.locator(".kpireport p", has_text="1,000,000").wait_for()
    page.locator(".kpireport .finding", has_text=before).wait_for(state="detached")
    look(page, "explore-chosen")
    save(page, server, "explore")


def test_report_run_by_hand_shows_what_is_published(page, server):
    report = clt_quarterly.build(data=str(RIVERSIDE), council=str(RIVERSIDE / "council.yaml"), quarter="2024-25 Q2")
    published = results_file.results_csv(report)
    run_all(page, server, "clt_quarterly")
    pictures = page.locator(".kpireport .chart img")
    assert pictures.count() > len(report.highlights)
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 300)")
    shown = {
        row.locator("th .quiet").inner_text(): " ".join(row.inner_text().split())
        for row in reversed(page.locator(".kpireport table.wide tbody tr").all())  # the scorecard stands before the definitions
    }
    for row in csv.DictReader(io.StringIO(published.decode("utf-8"))):
        for column in ("kpi_name", "result_printed", "rating_printed", "change_printed", "period"):
            assert " ".join(row[column].removeprefix("'").split()) in shown[row["kpi_id"]]
    address = page.locator(".kpireport a[download$='.csv']").first.get_attribute("href")
    assert base64.b64decode(address.partition("base64,")[2]) == published
    look(page, "clt_quarterly")
    save(page, server, "clt_quarterly")
