"""Check that whatever a table names is there: KPIs, areas, directorates, boards, pillars, themes and risks."""

import re

from kpireport import schemas
from kpireport.sources.tables import Findings, Severity, Table, Tables, closest

KPI_REMEDY = "Add the KPI Supporting Information of this KPI to the kpis table, or correct the identifier."
REFERENCES = (
    ("kpis", "directorate", "directorates", "directorate"),
    ("kpis", "scrutiny_board", "boards", "scrutiny_board"),
    ("kpis", "pillars", "pillars", "pillar"),
    ("kpis", "plan_theme", "plan_themes", "plan_theme"),
    ("kpis", "risk_ref", "risks", "risk_ref"),
    ("board_choices", "scrutiny_board", "boards", "scrutiny_board"),
    ("targets", "kpi_id", "kpis", "kpi_id"),
    ("results", "kpi_id", "kpis", "kpi_id"),
    ("results", "area", "areas", "area"),
    ("kpi_changes", "kpi_id", "kpis", "kpi_id"),
    ("rebases", "kpi_id", "kpis", "kpi_id"),
    ("commentary", "kpi_id", "kpis", "kpi_id"),
    ("highlights", "kpi_id", "kpis", "kpi_id"),
    ("escalations", "kpi_id", "kpis", "kpi_id"),
    ("escalations", "directorate", "directorates", "directorate"),
    ("replaced", "kpi_id", "kpis", "kpi_id"),
    ("sign_offs", "directorate", "directorates", "directorate"),
    ("barometer", "directorate", "directorates", "directorate"),
    ("benchmarks", "kpi_id", "kpis", "kpi_id"),
    ("benchmarks", "area", "areas", "area"),
    ("comparator_sets", "area", "areas", "area"),
    ("area_lookup", "old_area", "areas", "area"),
    ("area_lookup", "new_area", "areas", "area"),
    ("responses", "directorate", "directorates", "directorate"),
    ("decision_reports", "directorate", "directorates", "directorate"),
    ("indicators", "kpi_id", "kpis", "kpi_id"),
    ("indicators", "pillar", "pillars", "pillar"),
    ("indicators", "spi_component", "index_hierarchy", "node"),
    ("outcomes", "bca_indicator", "indicators", "bca_indicator"),
    ("outcomes", "area", "areas", "area"),
    ("index_hierarchy", "kpi_id", "kpis", "kpi_id"),
    ("index_values", "node", "index_hierarchy", "node"),
    ("index_values", "area", "areas", "area"),
    ("community_voice", "pillar", "pillars", "pillar"),
    ("ward_tiles", "area", "areas", "area"),
)
"""Table, its column, and the table and column that hold what it names."""


def check(tables: Tables) -> Findings:
    """Yield a fault for each thing that is named but does not exist, at the first cell that names it."""
    for name, column, home, key in REFERENCES:
        # A table that a council does without is not missed, except that of a thing named.
        if tables[name].is_whole and tables[home].is_whole and tables[home].file:
            known = set(tables[home].frame[key])
            if "" in known:
                continue  # that cell is faulted: whether it is the one that is named cannot be told until it is filled
            yield from _unknown(tables[name], column, known, home)


def _unknown(table: Table, column: str, known: set[str], home: str) -> Findings:
    words = table.frame[column]
    if column == "pillars":
        words = words.str.split("; ").explode()
    words = words[words.ne("") & ~words.isin(list(known))]
    if home == "kpis":
        # An identifier misspelt in its own row is faulted there; those who spell it rightly are not at fault.
        misspelt = [one for one in known if not re.fullmatch(schemas.KPI_ID, one)]
        words = words[~words.map(_bare).isin([_bare(one) for one in misspelt])]
    counts = words.groupby(words).transform("size")
    for row, word in words[~words.duplicated()].items():
        count, near = int(counts[words.eq(word)].iloc[0]), _meant(str(word), sorted(known))
        more = f", and in {count - 1} more row{'s' if count > 2 else ''}" if count > 1 else ""
        found = f'{column} "{word}", which the {home} table does not have{more}'
        remedy = KPI_REMEDY if home == "kpis" else f"Add it to the {home} table, or correct it."
        remedy += f' Did you mean "{near}"?' if near else ""
        yield Severity.FAULT, table.finding(int(str(row)), column, found, f"one of the {home} table", remedy)


def _meant(word: str, known: list[str]) -> str:
    """Return the known word that is meant, or "". Codes with numbers in them all look alike: those must agree but for form."""
    if any(character.isdigit() for character in word):
        return next((one for one in known if _bare(one) == _bare(word)), "")
    return closest(word, known)


def _bare(code: str) -> str:
    """Return a code without its form: AH-01, ah 01 and AH1 are AH1."""
    return re.sub(r"(?<![0-9])0+|[^A-Z0-9]", "", code.upper())
