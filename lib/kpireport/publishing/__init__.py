"""Publishing: plans, executes and renders notebooks, and moves the files into place. It knows no rule and no KPI."""

import sys

# Where JupyterLab is installed, jsonschema also loads a grammar of web addresses: a second at the start of every process, for a
# check that no notebook and no chart asks for. Without it, every environment is as the product's own.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
