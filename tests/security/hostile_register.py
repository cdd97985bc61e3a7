"""Riverside's register with every yearly table added and every free text of every table hostile, made by code.

A hostile text begins with what a spreadsheet takes for a formula, then says where it stands (`told`), then `BODY`: whatever means
something to a browser, Markdown, Typst, LaTeX, Jinja, Vega, a terminal, a mail reader or a printf. Wherever a report shows the
mark, the whole body must follow as text.
"""

import csv
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl
import small_register
import yaml
from kpireport import schemas
from kpireport.schemas import definitions

RIVERSIDE = Path(__file__).resolve().parents[1] / "councils" / "riverside"
MARK = "xq7"
"""What every hostile text holds, and nothing else does."""
FIRST = ("=", "+", "-", "@", "=HYPERLINK(A1)+", "''=", "-2+", "@SUM(")
BODY = (
    "<script>alert('xq')</script><img src=x onerror=alert(1)><svg/onload=alert(2)>"
    '<b id="clip0" role="x" href="#clip0">bold</b> </style></title></textarea></text></svg>--><!-- ]]> <![CDATA[ <?php '
    '&lt;i&gt;&amp;amp;&#x41;<a href="javascript:alert(3)">j</a> '
    "[md](javascript:alert(4)) ![im](https://evil.example/p.png) **st** *em* `co` # h | a | b | ~~s~~ $x^2$ \\textbf{t} "
    '#import "x": * #read("/etc/passwd") #panic() ] [ ) ( @ref <lbl> // c /* d */ \\u{41} \\\\ \\# " \' '
    '{{ 7*7 }} {% raw %} {# n #} {"expr": "datum.x"} datum[\'x\'] signal ${env} $(touch pwned) `touch pwned` %s %n %(x)s {0} '
    "http://evil.example/x?a=1&b=2 mailto:evil BEGIN:VEVENT ATTENDEE:mailto:evil Bcc: everyone;cmd|' /C calc'!A0 "
    "a\u00adsoft hyphen \u200fright to left\u200e \U0001f600 caf\u00e9 \u2028 \u00a0 end"
)
TURNED = "\u202edesrever\u202c zero\u200bwidth"
"""What no table holds, as reading refuses it or takes it away; council.yaml may."""
LONG = "W" * 5_000
"""A word that no line holds."""
UNBRACED = BODY.replace("}", ")")
"""The body for columns in which braces that hold a word are placeholders, and others a fault of the data."""
PLAIN = BODY.replace(";", ",")
"""The body for lists, whose words semicolons part."""

REFERENCES = frozenset({"directorate", "scrutiny_board", "pillars", "plan_theme", "pillar", "spi_component", "kpi_id"})
"""Columns that name what another table holds."""
KEPT = {
    "register/kpi_changes": {"field", "old_value", "new_value"},  # made from the definitions
    "register/results": {"group", "source_file", "source_sheet", "source_cell"},
    "scorecard/outcomes": {"group"},
    "commentary/replaced": {"column"},
}
LISTS = {"register/kpis": {"key_contacts", "national_set"}, "reference/directorates": {"contact"}}
PLACEHOLDERS = {"commentary/commentary": {"reason", "action", "narrative"}, "commentary/escalations": {"matter", "request"}}
WARDS = ("E05999901", "E05999902", "E05999903", "E05999904")
QUESTIONS = ("Performance Monitoring", "Escalation of Concerns")
Rows = list[dict[str, str]]


def told(where: str, first: str = "=", body: str = BODY) -> str:
    """Return the hostile text of a place."""
    return f"{first}{MARK}({where}) {body} {MARK}."


def free_text(table: str) -> list[str]:
    """Return the columns of a table in which a person may write what they like."""
    return [
        name
        for name, column in schemas.TABLES[table].columns.items()
        if (column.metadata or {})["format"] in ("text", "list")
        and name not in REFERENCES | KEPT.get(table, set())
        and all(check.name == "str_length" for check in column.checks)
    ]


def read(folder: Path) -> dict[str, Rows]:
    """Return the tables of a register as text."""
    tables: dict[str, Rows] = {name: [] for name in schemas.TABLES}
    for name in schemas.TABLES:
        path = folder / name
        if path.with_suffix(".csv").exists():
            with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
                tables[name] = list(csv.DictReader(file))
        elif path.with_suffix(".xlsx").exists():
            head, *rows = openpyxl.load_workbook(path.with_suffix(".xlsx")).worksheets[0].iter_rows(values_only=True)
            tables[name] = [dict(zip(map(str, head), map(_text, row), strict=True)) for row in rows]
    return tables


def _text(value: object) -> str:
    return "" if value is None else value.date().isoformat() if hasattr(value, "date") else str(value)


def whole() -> dict[str, Rows]:
    """Return Riverside's tables with those of the yearly reports, all of them harmless."""
    made = {"producer": "illustrative"}
    tables = read(RIVERSIDE)
    tables["register/rebases"] = [{"kpi_id": "PL-01", "from_period": "2023-24 Q3", "reason": "New rounds."}]
    tables["register/results"] += [
        row | {"area": ward, "period": "2023-24 Q4", "value": value, "received_on": "2024-04-20"}
        for row in [next(row for row in tables["register/results"] if row["kpi_id"] == "PE-01")]
        for ward, value in zip(WARDS, ("9", "12", "15", "18"), strict=True)
    ]
    tables["reference/ward_tiles"] = [{"area": ward, "row": str(n), "column": "1"} for n, ward in enumerate(WARDS, start=1)]
    tables["reference/meetings"] = [
        {"meeting_on": day, "body": body, "of": of, "period": period, "starts_at": "10:00", **made}
        for day, body, of, period in (
            ("2024-11-11", "dmt", "PL", "2024-25 Q2"),
            ("2024-11-26", "clt", "", "2024-25 Q2"),
            ("2025-01-14", "scrutiny_board", "ENV", "2024-25 Q2"),
            ("2024-12-11", "executive_board", "", "2024-25 Q2"),
            ("2024-11-29", "audit_committee", "", "2023-24"),
        )
    ]
    answers = itertools.cycle(("Well embedded", "Fairly embedded", "Not embedded", "Well embedded", "Don't know"))
    tables["survey/responses"] = [
        {"year": year, "directorate": directorate, "question": question, "answer": next(answers), **made}
        | {"respondent": f"{year}-{directorate}-{number}"}
        for year in ("2023", "2024")
        for directorate in ("PL", "PE", "CO")
        for number in range(12)
        for question in (*QUESTIONS, "A third")
    ]
    tables["assurance/expectations"] = [
        {"aspect": "define_and_document", "measure": measure, "expectation": "100", "partly_from": "80", "unit": "%"}
        | {"source": "The constitution", **made}
        for measure in ("information_complete", "definitions_in_date", "limitations_stated")
    ]
    tables["assurance/reports_issued"] = [
        {"report": f"Report {quarter}", "quarter": quarter, "due_on": "2024-05-20", "issued_on": day, **made}
        for quarter, day in (("2023-24 Q3", "2024-02-12"), ("2023-24 Q4", ""))
    ]
    tables["assurance/reperformances"] = [
        {"period": "2023-24 Q2", "performed_on": "2023-12-01", "verdict": "different", "note": "One rating.", **made}
    ]
    tables["assurance/decision_reports"] = [
        {"report_ref": f"DR-{number}", "title": "A framework", "decision_type": "key", "decided_on": "2023-06-01"}
        | {"directorate": "PL", "outcome": outcome, "checked_on": "2023-09-01", **made}
        for number, outcome in enumerate(("adequate", "missing", "not_adequate", "partly_adequate"))
    ]
    tables["assurance/roles"] = [{"entity": f"Board {number}", "role": "Watches.", **made} for number in range(2)]
    tables["assurance/opportunities"] = [
        {"aspect": "review_and_refine", "opportunity": f"Check {status}", "raised_year": year, "status": status}
        | {"follow_up": "Done.", **made}
        for status, year in (("open", "2023-24"), ("under_way", "2022-23"), ("done", "2022-23"), ("dropped", "2022-23"))
    ]
    tables["assurance/self_assessment"] = [
        {"framework": framework, "level": "baseline", "criterion": f"Made by code {met}", "met": met, "evidence": "All.", **made}
        for framework in ("RAP", "AQuA")
        for met in ("yes", "partly", "no")
    ]
    own = {"indicator_name": "Income", "definition": "Income.", "unit": "£", "decimals": "0", "polarity": "higher_is_better"}
    tables["scorecard/indicators"] = [
        {"bca_indicator": "BCA-01", "order": "1", "pillar": "green", "kpi_id": "PL-01", "is_marmot": "no"},
        {"bca_indicator": "BCA-02", "order": "2", "pillar": "thriving", "is_marmot": "yes", "source": "ONS"}
        | {"period_kind": "calendar_year", "spi_component": "homes", **own},
        {"bca_indicator": "BCA-03", "order": "3", "pillar": "thriving", "kpi_id": "PE-01", "is_marmot": "yes"},
    ]
    tables["scorecard/outcomes"] = [
        {"bca_indicator": "BCA-02", "area": area, "group": "all", "period": period, "value": value, "published_on": day, **made}
        for area, period, value, day in (
            ("E07999901", "2021", "100", "2023-01-10"),
            ("E07999901", "2022", "110", "2024-01-10"),
            ("E07999902", "2022", "105", "2024-01-10"),
            ("E92999901", "2022", "121", "2024-01-10"),
        )
    ]
    tables["scorecard/index_hierarchy"] = [
        {"node": "spi", "node_name": "Index", "weight": "1"},
        {"node": "needs", "node_name": "Needs", "parent": "spi", "weight": "1"},
        {"node": "homes", "node_name": "Homes", "parent": "needs", "weight": "1"},
        {"node": "crowding", "node_name": "Crowded homes", "parent": "homes", "weight": "1", "polarity": "lower_is_better"}
        | {"unit": "%", "low": "0", "high": "20"},
        {"node": "families", "parent": "homes", "weight": "3", "kpi_id": "PE-01", "low": "0", "high": "100"},
    ]
    tables["scorecard/index_values"] = [
        {"node": "crowding", "area": ward, "period": "2023-24", "value": value, **made}
        for ward, value in zip(WARDS, ("2", "10", "18", "7"), strict=True)
    ]
    tables["scorecard/community_voice"] = [
        {"quote": quote, "source": "Resident", "collected_on": "2024-02-01", "consent": consent, "pillar": pillar, **made}
        for quote, consent, pillar in (
            ("The lane stops.", "yes", "green"),
            ("Unsaid.", "no", "green"),
            ("So.", "yes", "thriving"),
        )
    ]
    return {name: small_register._filled(name, rows) for name, rows in tables.items()}


def tables(body: str = BODY) -> dict[str, Rows]:
    """Return the tables with every free text hostile; `body` instead of the usual one, in which a list has no semicolon."""
    first = itertools.cycle(FIRST)
    made = {name: [dict(row) for row in rows] for name, rows in whole().items()}
    for name, rows in made.items():
        columns = free_text(name)
        for number, row in enumerate(rows):
            for column in columns:
                if row[column] or column not in ("retired", "introduced"):
                    row[column] = _written(name, column, number, row, next(first), body)
    risks = made["register/risks"]
    made["register/kpis"] = [
        row | {"risk_ref": risks[0]["risk_ref"] if number % 2 else ""} for number, row in enumerate(made["register/kpis"])
    ]
    made["scorecard/indicators"] = [
        row if not row["kpi_id"] else row | dict.fromkeys(("indicator_name", "definition", "unit", "source"), "")
        for row in made["scorecard/indicators"]
    ]
    made["register/kpi_changes"] = _agreed(made)
    return made


def _written(name: str, column: str, number: int, row: Mapping[str, str], first: str, body: str) -> str:
    table = name.split("/")[1]
    where = f"{table}.{column}.{row.get('kpi_id') or number}"
    match (name, column):
        case ("register/risks", "risk_ref"):
            return told(f"risk {row['risk_ref']}", "-", "<b>R</b>")  # the same in each quarter
        case ("register/barometer", "topic"):
            return told(f"topic {row['topic']}", "@", "<i>t</i>")
        case ("reference/comparator_sets", "comparator_set_name"):
            return told(f"set {row['comparator_set']}", "+", body)
        case (_, "unit"):
            return told(where, "=", "<u>\"'#[$") if "PE" in where else row[column]
        case ("survey/responses", "producer"):
            return told("responses.producer", "=", body)
        case ("survey/responses", "question"):
            return row["question"] if row["question"] in QUESTIONS else told("responses.question", "+", body)
    if column in LISTS.get(name, ()):
        return told(where, first, PLAIN) + (" (lead.officer@riverside.example)" if "contact" in column else "")
    if column in PLACEHOLDERS.get(name, ()):
        return told(where, first, UNBRACED)
    return told(where, first, body)


def _agreed(made: Mapping[str, Rows]) -> Rows:
    """Return every definition as it was added, so that what is hostile now was agreed; the last one was added this quarter."""
    frames = {name: small_register.frames({f"register/{name}": made[f"register/{name}"]})[name] for name in ("kpis", "targets")}
    rows = []
    for number, (kpi_id, fields) in enumerate(definitions.texts(frames["kpis"], frames["targets"]).items()):
        rows.append(
            {"kpi_id": kpi_id, "change": "added", "new_value": definitions.as_one(fields), "agreed_on": "2022-04-12"}
            | {"quarter": "2022-23 Q1" if number else "2024-25 Q2", "fingerprint": definitions.fingerprint(kpi_id, fields)}
            | {name: told(f"kpi_changes.{name}.{number}") for name in ("detail", "agreed_by")}
        )
    return small_register._filled("register/kpi_changes", rows)


def council(first: str = "=", body: str = f"{BODY} {TURNED}") -> str:
    """Return a council.yaml whose every text is hostile."""
    given = yaml.safe_load((RIVERSIDE / "council.yaml").read_text(encoding="utf-8"))
    return yaml.safe_dump(given | {name: told(f"council.{name}", first, body) for name in ("name", "short_name", "place")})


def write(folder: Path, made: Mapping[str, Iterable[Mapping[str, str]]] | None = None, particulars: str = "") -> Path:
    """Write the register with its council.yaml into `folder`, and return it."""
    for name, rows in (tables() if made is None else made).items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(schemas.TABLES[name].columns))
            writer.writeheader()
            writer.writerows(rows)
    (folder / "council.yaml").write_text(particulars or council(), encoding="utf-8")
    return folder
