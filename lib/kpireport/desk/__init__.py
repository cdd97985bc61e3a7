"""The analyst's desk in JupyterLab: what `notebooks/explore.ipynb` calls, and how notebooks are saved."""
