"""The made-up council of a made-up register: its organisation, its wards and whom it is compared with."""

import pandas as pd

from kpireport.vocabulary import AreaType

COUNCIL = "E08999901"
COUNTRY = "E92999901"
PEERS = {f"E0899991{number}": name for number, name in enumerate(("Eastmere", "Northwick", "Southam", "Westholt"))}
_WARD_NAMES = ("Abbey", "Bridge", "Castle", "Docks", "Elms", "Field", "Grange", "Hill", "Lock", "Mill", "Park")
WARDS = {f"E05999{number:03d}": name for number, name in enumerate(_WARD_NAMES)}
DEPRIVED = "most deprived tenth"
DIRECTORATES = pd.DataFrame(
    {
        "directorate": ["PE", "CH", "PL", "NE", "RE"],
        "directorate_name": ["People", "Children", "Place", "Neighbourhoods", "Resources"],
    }
).assign(
    director=lambda frame: "Director of " + frame["directorate_name"],
    contact=lambda frame: frame["directorate_name"].str.lower() + "@sampleford.example",
)
BOARDS = pd.DataFrame(
    {
        "scrutiny_board": ["PE", "CH", "PL", "NE", "RE"],
        "board_name": ["Health and Care", "Young People", "Economy", "Communities", "Corporate"],
    }
)
PILLARS = pd.DataFrame({"pillar": ["living", "working", "greening"], "pillar_name": ["Living well", "Working", "Greening"]})
PLAN_THEMES = pd.DataFrame(
    {"plan_theme": ["city", "services", "council"], "plan_theme_name": ["Our city", "Our services", "Our council"]}
)


def tables() -> dict[str, pd.DataFrame]:
    """Return the reference tables that say who the council is and what surrounds it."""
    areas = [(COUNCIL, "Sampleford", AreaType.LOCAL_AUTHORITY, ""), (COUNTRY, "Whole country", AreaType.COUNTRY, "")]
    areas += [(code, name, AreaType.LOCAL_AUTHORITY, "") for code, name in PEERS.items()]
    areas += [(code, name, AreaType.WARD, "2021") for code, name in WARDS.items()]
    sets = [("peers", "Peers", code) for code in PEERS] + [("country", "Whole country", COUNTRY)]
    return {
        "reference/directorates": DIRECTORATES,
        "reference/boards": BOARDS,
        "reference/pillars": PILLARS,
        "reference/plan_themes": PLAN_THEMES,
        "reference/areas": pd.DataFrame(areas, columns=["area", "area_name", "area_type", "boundaries"]),
        "reference/comparator_sets": pd.DataFrame(sets, columns=["comparator_set", "comparator_set_name", "area"]),
    }
