"""Draws the reports' charts: each a finding, a specification that holds only what it plots, a text alternative and its figures.

Charts are 640 pixels wide with text of 12 pixels and more, and things are named beside themselves rather than in a legend.
Nothing here works out a figure: lengths and positions apart, every number comes as it is.
"""

from kpireport.presentation.charts.areas import benchmark as benchmark
from kpireport.presentation.charts.areas import wards as wards
from kpireport.presentation.charts.groups import deprivation_gap as deprivation_gap
from kpireport.presentation.charts.ratings import rag_by_directorate as rag_by_directorate
from kpireport.presentation.charts.survey import survey_answers as survey_answers
from kpireport.presentation.charts.survey import survey_changes as survey_changes
from kpireport.presentation.charts.survey import survey_directorates as survey_directorates
from kpireport.presentation.charts.trend import trend as trend
from kpireport.presentation.charts.ward_map import ward_map as ward_map
from kpireport.presentation.charts.ward_tiles import ward_tiles as ward_tiles
from kpireport.presentation.charts.years import largest_changes as largest_changes
from kpireport.presentation.charts.years import rag_by_year as rag_by_year

__all__ = [
    "benchmark",
    "deprivation_gap",
    "largest_changes",
    "rag_by_directorate",
    "rag_by_year",
    "survey_answers",
    "survey_changes",
    "survey_directorates",
    "trend",
    "ward_map",
    "ward_tiles",
    "wards",
]
