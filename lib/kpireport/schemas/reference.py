"""What the register refers to: who there is, where, with whom it is compared, and when reports are due."""

from kpireport.schemas.columns import CODE, CONTACT, GSS_CODE, KPI_REF, TIME_OF_DAY, day, number, table, text, whole, word
from kpireport.vocabulary import AreaType, BoardOrder, BoardPart, Body

ROUNDS = table(
    "rounds",
    "Reporting rounds: one row is one quarter's dates.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        "returns_due_on": day("Day by which services return their results.", required=True),
        "cut_off_on": day("Last day whose results the quarter's report uses; empty while the round is open."),
        "dmt_on": day("First day of the Directorate Management Team meetings."),
        "clt_on": day("Day of the Corporate Leadership Team meeting.", required=True),
    },
    unique=["quarter"],
)
MEETINGS = table(
    "meetings",
    "Meetings that consider performance: one row is one meeting about one period. What the timetable is made from.",
    {
        "meeting_on": day("Day of the meeting; of the survey, the last day on which it can be answered.", required=True),
        "body": word(
            Body, "Directorate Management Team, Corporate Leadership Team, board, committee, or the Survey of Internal Control."
        ),
        "of": text("Directorate or Scrutiny Board whose it is (directorates, boards tables); otherwise empty.", matches=CODE),
        "period": text("Quarter or year that it considers, such as 2024-25 Q2.", required=True, format="period"),
        "starts_at": text("When it begins, such as 10:00; empty if not known.", matches=TIME_OF_DAY),
        "producer": text('Who published the day, or "illustrative".', required=True),
    },
    unique=["meeting_on", "body", "of", "period"],
)
DIRECTORATES = table(
    "directorates",
    "Directorates: one row is one directorate, in the order of the reports.",
    {
        "directorate": text("Code.", required=True, matches=CODE),
        "directorate_name": text("Name.", required=True),
        "director": text(f"Post of the director. {CONTACT}", required=True),
        "contact": text(f"Where its performance lead is reached. {CONTACT}"),
    },
    unique=["directorate"],
)
BOARDS = table(
    "boards",
    "Scrutiny Boards: one row is one board, in the order of the reports.",
    {"scrutiny_board": text("Code.", required=True, matches=CODE), "board_name": text("Name.", required=True)},
    unique=["scrutiny_board"],
)
BOARD_CHOICES = table(
    "board_choices",
    "What Scrutiny Boards have chosen for their reports: one row is one board. A board without a row has its report as usual.",
    {
        "scrutiny_board": text("Board (boards table).", required=True, matches=CODE),
        "order_by": word(BoardOrder, "What groups its KPIs: pillar, directorate or theme."),
        "history_years": whole("Years of history that charts show, up to the quarter reported on.", at_least=1, at_most=50),
        "shows": text(
            "What is shown of each KPI: history, benchmarks, wards, groups; parted by semicolons. Empty is all of them.",
            format="list",
            matches=f"(?:{'|'.join(BoardPart)})(?:; (?:{'|'.join(BoardPart)}))*",
        ),
    },
    unique=["scrutiny_board"],
)
PILLARS = table(
    "pillars",
    "Best City Ambition pillars: one row is one pillar.",
    {"pillar": text("Code.", required=True, matches=CODE), "pillar_name": text("Name.", required=True)},
    unique=["pillar"],
)
PLAN_THEMES = table(
    "plan_themes",
    "Organisational Plan themes: one row is one theme.",
    {"plan_theme": text("Code.", required=True, matches=CODE), "plan_theme_name": text("Name.", required=True)},
    unique=["plan_theme"],
)
AREAS = table(
    "areas",
    "Areas: one row is one area on one edition of its boundaries.",
    {
        "area": text("GSS code.", required=True, matches=GSS_CODE),
        "area_name": text("Name.", required=True),
        "area_type": word(AreaType, "Ward, local authority, region, country, or a group of areas."),
        "boundaries": text("Year of the boundaries, for areas that change.", matches="[0-9]{4}"),
    },
    unique=["area"],
)
AREA_LOOKUP = table(
    "area_lookup",
    "Old areas on new boundaries: one row is the part of an old area that lies in a new one.",
    {
        "old_area": text("Area of the old boundaries (areas table).", required=True, matches=GSS_CODE),
        "new_area": text("Area of the new boundaries (areas table).", required=True, matches=GSS_CODE),
        "weight": number("Share of the old area's people in that part: 1 for a new code of the same land.", required=True),
    },
    unique=["old_area", "new_area"],
)
COMPARATOR_SETS = table(
    "comparator_sets",
    "Comparator sets: one row is one member of one set.",
    {
        "comparator_set": text("Code of the set, such as core_cities.", required=True, matches=CODE),
        "comparator_set_name": text("Name of the set, such as Core Cities.", required=True),
        "area": text("Member (areas table).", required=True, matches=GSS_CODE),
    },
    unique=["comparator_set", "area"],
)
BENCHMARKS = table(
    "benchmarks",
    "Benchmarks: one row is one KPI's value in another area.",
    {
        **KPI_REF,
        "area": text("Area that the value describes (areas table).", required=True, matches=GSS_CODE),
        "period": text("Period of the value.", required=True, format="period"),
        "value": number("The value, in the KPI's unit.", required=True),
        "numerator": number("What is counted."),
        "denominator": number("What it is counted over."),
        "producer": text('Who published the figure, or "illustrative".', required=True),
    },
    unique=["kpi_id", "area", "period"],
)
WARD_TILES = table(
    "ward_tiles",
    "Where each ward stands on the tile map: one row is one ward.",
    {
        "area": text("Ward (areas table).", required=True, matches=GSS_CODE),
        "row": whole("Row, from 1 in the north.", at_least=1, at_most=40),
        "column": whole("Column, from 1 in the west.", at_least=1, at_most=12),
    },
    unique=["area"],
)
