"""How `make lab` runs JupyterLab: notebooks are saved without outputs, and nothing is fetched from elsewhere."""

import os
import sys
import warnings
from pathlib import Path

from kpireport.desk.saving import without_outputs

# DATA= of make names another register for explore.ipynb. Notebooks run in their own folder, so it is written out in full.
if named := os.environ.get("KPIREPORT_DATA"):
    register = Path(named).expanduser().resolve()
    if not (register / "register").is_dir():
        sys.exit(f"data: {register} is no folder with a register. Name one: make lab DATA=../riverside")
    os.environ["KPIREPORT_DATA"] = str(register)

c = get_config()  # noqa: F821 - Jupyter puts it there
c.ServerApp.root_dir = str(Path(__file__).resolve().parent.parent)
c.ContentsManager.pre_save_hook = without_outputs
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
# The server sets each setting twice, and says so of this one.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook")
