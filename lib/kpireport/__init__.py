"""Reproducible performance reports from a council's KPI register."""

__version__ = "0.1.0"
