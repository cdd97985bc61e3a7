"""Every page function of the reports by its name: one call in a notebook is one section of a report."""

from kpireport.presentation.data_table import figures
from kpireport.presentation.definitions import what_kpis_measure
from kpireport.presentation.front_page import front_page, title
from kpireport.presentation.highlight_items import highlights
from kpireport.presentation.notes import notes
from kpireport.presentation.oversight import barometer, escalations, risks
from kpireport.presentation.pack import contacts, dates_and_contacts, deadlines, good_news, red_kpis, risks_and_escalations
from kpireport.presentation.returns import awaited, kpi_list, list_changes, restated, returns, returns_and_list, targets_missing
from kpireport.presentation.scorecard import scorecard, scorecard_and_files
from kpireport.presentation.spreadsheet import files

__all__ = [
    "awaited",
    "barometer",
    "contacts",
    "dates_and_contacts",
    "deadlines",
    "escalations",
    "figures",
    "files",
    "front_page",
    "good_news",
    "highlights",
    "kpi_list",
    "list_changes",
    "notes",
    "red_kpis",
    "restated",
    "returns",
    "returns_and_list",
    "risks",
    "risks_and_escalations",
    "scorecard",
    "scorecard_and_files",
    "targets_missing",
    "title",
    "what_kpis_measure",
]
