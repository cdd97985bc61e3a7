"""The shape of every table: its columns, their formats and what may stand in them. The data dictionary is made from here.

One schema is one table. Cells are read as text and parsed by the column's declared format, which is the key ``format`` of the
column's metadata:

=========  ===============  =========================================================================
format     dtype            a cell holds
=========  ===============  =========================================================================
`text`     `str`            text, trimmed; "" when empty
`list`     `str`            words parted by semicolons; "" when empty
`period`   `str`            a period as `kpireport.periods` writes it; "" when empty
`quarter`  `str`            a quarter, such as 2024-25 Q2; "" when empty
`number`   `float64`        digits, at most one decimal point, an optional leading minus; missing when empty
`whole`    `Int64`          a whole number; missing when empty
`day`      `datetime64[s]`  a day, written 01/04/2024 or 2024-04-01; missing when empty
=========  ===============  =========================================================================

Pandera is known to this folder alone.
"""

from kpireport.schemas.assurance import (
    DECISION_REPORTS,
    EXPECTATIONS,
    OPPORTUNITIES,
    REPERFORMANCES,
    REPORTS_ISSUED,
    ROLES,
    SELF_ASSESSMENT,
)
from kpireport.schemas.columns import (
    CODE,
    FINGERPRINT,
    GSS_CODE,
    KPI_ID,
    MOMENT,
    SHA256,
    TIME_OF_DAY,
    check,
    day,
    number,
    table,
    text,
    whole,
    word,
)
from kpireport.schemas.commentary import COMMENTARY, ESCALATIONS, HIGHLIGHTS
from kpireport.schemas.open_results import OPEN_RESULTS
from kpireport.schemas.reference import (
    AREA_LOOKUP,
    AREAS,
    BENCHMARKS,
    BOARD_CHOICES,
    BOARDS,
    COMPARATOR_SETS,
    DIRECTORATES,
    MEETINGS,
    PILLARS,
    PLAN_THEMES,
    ROUNDS,
    WARD_TILES,
)
from kpireport.schemas.register import BAROMETER, KPI_CHANGES, KPIS, REBASES, RESULTS, RISKS, TARGETS
from kpireport.schemas.returns import REPLACED, RETURNS, SIGN_OFFS
from kpireport.schemas.scorecard import COMMUNITY_VOICE, INDEX_HIERARCHY, INDEX_VALUES, INDICATORS, OUTCOMES
from kpireport.schemas.survey import SURVEY_RESPONSES

__all__ = [
    "AREAS",
    "AREA_LOOKUP",
    "BAROMETER",
    "BENCHMARKS",
    "BOARDS",
    "BOARD_CHOICES",
    "CODE",
    "COMMENTARY",
    "COMMUNITY_VOICE",
    "COMPARATOR_SETS",
    "DECISION_REPORTS",
    "DIRECTORATES",
    "ESCALATIONS",
    "EXPECTATIONS",
    "FINGERPRINT",
    "GSS_CODE",
    "HIGHLIGHTS",
    "INDEX_HIERARCHY",
    "INDEX_VALUES",
    "INDICATORS",
    "KPIS",
    "KPI_CHANGES",
    "KPI_ID",
    "MEETINGS",
    "MOMENT",
    "OPEN_RESULTS",
    "OPPORTUNITIES",
    "OPTIONAL_TABLES",
    "OUTCOMES",
    "PILLARS",
    "PLAN_THEMES",
    "REBASES",
    "REPERFORMANCES",
    "REPLACED",
    "REPORTS_ISSUED",
    "RESULTS",
    "RETURNS",
    "RISKS",
    "ROLES",
    "ROUNDS",
    "SELF_ASSESSMENT",
    "SHA256",
    "SIGN_OFFS",
    "SURVEY_RESPONSES",
    "TABLES",
    "TARGETS",
    "TIME_OF_DAY",
    "WARD_TILES",
    "check",
    "day",
    "number",
    "table",
    "text",
    "whole",
    "word",
]

TABLES = {
    "register/kpis": KPIS,
    "register/targets": TARGETS,
    "register/results": RESULTS,
    "register/kpi_changes": KPI_CHANGES,
    "register/rebases": REBASES,
    "register/risks": RISKS,
    "register/barometer": BAROMETER,
    "register/returns": RETURNS,
    "register/sign_offs": SIGN_OFFS,
    "reference/rounds": ROUNDS,
    "reference/meetings": MEETINGS,
    "reference/directorates": DIRECTORATES,
    "reference/boards": BOARDS,
    "reference/board_choices": BOARD_CHOICES,
    "reference/pillars": PILLARS,
    "reference/plan_themes": PLAN_THEMES,
    "reference/areas": AREAS,
    "reference/area_lookup": AREA_LOOKUP,
    "reference/comparator_sets": COMPARATOR_SETS,
    "reference/benchmarks": BENCHMARKS,
    "commentary/commentary": COMMENTARY,
    "commentary/highlights": HIGHLIGHTS,
    "commentary/escalations": ESCALATIONS,
    "commentary/replaced": REPLACED,
    "survey/responses": SURVEY_RESPONSES,
    "assurance/expectations": EXPECTATIONS,
    "assurance/reports_issued": REPORTS_ISSUED,
    "assurance/reperformances": REPERFORMANCES,
    "assurance/decision_reports": DECISION_REPORTS,
    "assurance/roles": ROLES,
    "assurance/opportunities": OPPORTUNITIES,
    "assurance/self_assessment": SELF_ASSESSMENT,
    "scorecard/indicators": INDICATORS,
    "scorecard/outcomes": OUTCOMES,
    "scorecard/index_hierarchy": INDEX_HIERARCHY,
    "scorecard/index_values": INDEX_VALUES,
    "scorecard/community_voice": COMMUNITY_VOICE,
    "reference/ward_tiles": WARD_TILES,
}
"""Where each table lies under `data/`, without its ending: `.csv` or `.xlsx`."""
OPTIONAL_TABLES = frozenset(
    {
        "register/kpi_changes",
        "register/rebases",
        "register/risks",
        "register/barometer",
        "register/returns",
        "register/sign_offs",
        "reference/rounds",
        "reference/meetings",
        "reference/board_choices",
        "reference/area_lookup",
        "reference/comparator_sets",
        "reference/benchmarks",
        "commentary/commentary",
        "commentary/highlights",
        "commentary/escalations",
        "commentary/replaced",
        "survey/responses",
        "assurance/expectations",
        "assurance/reports_issued",
        "assurance/reperformances",
        "assurance/decision_reports",
        "assurance/roles",
        "assurance/opportunities",
        "assurance/self_assessment",
        "scorecard/indicators",
        "scorecard/outcomes",
        "scorecard/index_hierarchy",
        "scorecard/index_values",
        "scorecard/community_voice",
        "reference/ward_tiles",
    }
)
"""Tables that a council may do without: they are then empty."""
