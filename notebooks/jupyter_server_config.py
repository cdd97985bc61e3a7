"""How `make lab` runs JupyterLab: notebooks are saved without outputs, and nothing is fetched from elsewhere."""

import warnings
from pathlib import Path

from kpireport.desk.saving import without_outputs

c = get_config()  # noqa: F821 - Jupyter puts it there
c.ServerApp.root_dir = str(Path(__file__).resolve().parent.parent)
c.ContentsManager.pre_save_hook = without_outputs
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
# The server sets each setting twice, and says so of this one.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook")
