"""Publishing: plans, executes and renders notebooks, and moves the files into place. It knows no rule and no KPI."""
