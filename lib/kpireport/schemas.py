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

This is the only module that imports pandera.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import pandas as pd

# Text is held in one way whether or not pyarrow is there; it is also a third faster for registers of ordinary size. pandera
# looks at the setting when it is imported.
pd.options.mode.string_storage = "python"
import pandera.pandas as pa  # noqa: E402

from kpireport.periods import PeriodKind  # noqa: E402
from kpireport.vocabulary import (  # noqa: E402
    Absence,
    AreaType,
    Aspect,
    Basis,
    BoardOrder,
    BoardPart,
    ComparatorRule,
    DecisionType,
    Evidence,
    Framework,
    Frequency,
    HighlightChoice,
    Kind,
    KpiChange,
    Maturity,
    MeasureType,
    Met,
    OpportunityStatus,
    Polarity,
    Purpose,
    QualityLabel,
    Rag,
    SuccessCheck,
    SurveyAnswer,
    TargetType,
    ToleranceType,
    Verdict,
    YesNo,
)

KPI_ID = r"[A-Z]{2,5}-[0-9]{2,5}"
GSS_CODE = r"[A-Z][0-9]{8}"
CODE = r"[A-Za-z0-9_]+"


def _column(dtype: Any, description: str, format: str, *checks: pa.Check, required: bool, nullable: bool = False) -> pa.Column:
    """Return a column; a `required` one may have no empty cell."""
    filled = [pa.Check.str_length(min_value=1, error="must not be empty")] if required and dtype is str else []
    return pa.Column(
        dtype,
        checks=[*filled, *checks],
        nullable=nullable and not required,
        description=description,
        metadata={"format": format, "required": required},
    )


def text(description: str, *, required: bool = False, format: str = "text", matches: str = "") -> pa.Column:
    """Return a column of text; `matches` is a pattern that every filled cell matches whole."""
    checks = [pa.Check.str_matches(rf"^(?:{matches})?$", error=f"must look like {matches}")] if matches else []
    return _column(str, description, format, *checks, required=required)


def word(words: type[StrEnum], description: str, *, required: bool = True) -> pa.Column:
    """Return a column that holds words of a closed set."""
    allowed = [*map(str, words), *([] if required else [""])]
    check = pa.Check.isin(allowed, error=f"must be one of {', '.join(words)}")
    return _column(str, description, "text", check, required=required)


def number(description: str, *, at_least: float | None = None, required: bool = False) -> pa.Column:
    """Return a column of numbers."""
    checks = [] if at_least is None else [pa.Check.ge(at_least, error=f"must be {at_least:g} or more")]
    return _column(float, description, "number", *checks, required=required, nullable=True)


def whole(description: str, *, at_least: int, at_most: int, required: bool = True) -> pa.Column:
    """Return a column of whole numbers."""
    check = pa.Check.in_range(at_least, at_most, error=f"must be from {at_least} to {at_most}")
    return _column(pd.Int64Dtype(), description, "whole", check, required=required, nullable=True)


def day(description: str, *, required: bool = False) -> pa.Column:
    """Return a column of days."""
    return _column("datetime64[s]", description, "day", required=required, nullable=True)


def table(name: str, description: str, columns: dict[str, pa.Column], *, unique: Sequence[str]) -> pa.DataFrameSchema:
    """Return the schema of one table, in which no two rows share the values of the `unique` columns."""
    return pa.DataFrameSchema(columns, name=name, description=description, strict=True, unique=list(unique), coerce=False)


_KPI_REF = {"kpi_id": text("Identifier of the KPI (kpis table).", required=True, matches=KPI_ID)}
_CONTACT = "Never in a public edition."

KPIS = table(
    "kpis",
    "KPI Supporting Information: one row is one KPI or tracker.",
    {
        "kpi_id": text("Identifier, such as CF-01.", required=True, matches=KPI_ID),
        "kpi_name": text("Name, as reports print it.", required=True),
        "definition": text("What is counted, over what, and what is left out.", required=True),
        "directorate": text("Directorate responsible (directorates table).", required=True),
        "scrutiny_board": text("Board that scrutinises it (boards table).", required=True),
        "pillars": text("Best City Ambition pillars (pillars table), parted by semicolons.", format="list"),
        "plan_theme": text("Organisational Plan theme (plan_themes table).", required=True),
        "accountable_officer": text(f"Post of the Chief Officer or Head of Service. {_CONTACT}"),
        "key_contacts": text(f"Those who produce the figure, parted by semicolons. {_CONTACT}", format="list"),
        "purpose": word(Purpose, "Performance of a council service, or contribution to a city outcome."),
        "kind": word(Kind, "KPI, or tracker (no target, never rated)."),
        "unit": text("%, number, £, £m, days, per 10,000, years, score ...", required=True),
        "decimals": whole("Decimals shown, to which values are rounded before rating.", at_least=0, at_most=6),
        "polarity": word(Polarity, "Which way is good."),
        "measure_type": word(MeasureType, "What stretch of time one value describes."),
        "frequency": word(Frequency, "How often there is a new result."),
        "period_kind": word(PeriodKind, "The kind of period its results carry."),
        "lag_months": whole("Months from a period's end until its result is due.", at_least=0, at_most=36),
        "comparator_rule": word(ComparatorRule, "Which earlier result it is compared with."),
        "target_type": word(TargetType, "Value, range, interim increase or decrease, or none."),
        "tolerance": number("Size of the amber band; empty when not agreed.", at_least=0),
        "tolerance_type": word(ToleranceType, "Absolute (percentage points for %), or percent of target.", required=False),
        "dead_band": number("A change up to this size, in the KPI's unit, is no material change; empty is 0.", at_least=0),
        "baseline": number("Value at the start of the plan."),
        "baseline_period": text("Period of the baseline.", format="period"),
        "comparable_from": text("First period of the present definition; earlier results are not compared.", format="period"),
        "source": text("Where the figure comes from.", required=True),
        "limitations": text("Known weaknesses."),
        "quality_label": word(QualityLabel, "Published statistic, management information, or experimental."),
        "assured_by": text("Who checks it: external audit, Ofsted, CQC, ONS, DfE ..."),
        "national_set": text("ASCOF, PHOF, DfE, ONS, Oflog; parted by semicolons.", format="list"),
        "oflog_area": text("Oflog service area of an Oflog measure."),
        "risk_ref": text("Corporate risk for which it is a key risk indicator (risks table)."),
        "defined_by": text("Post that defined it."),
        "checked_by": text("Post that checked the definition."),
        "next_review": day("Day by which the definition is to be reviewed."),
        "introduced": text("Quarter in which it joined the list.", required=True, format="quarter"),
        "retired": text("Quarter from which it is off the list; empty while it is on.", format="quarter"),
    },
    unique=["kpi_id"],
)
TARGETS = table(
    "targets",
    "Targets: one row is one KPI's target over a run of periods.",
    {
        **_KPI_REF,
        "from_period": text("First period to which the target applies.", required=True, format="period"),
        "to_period": text("Last period to which it applies; empty while it is open.", format="period"),
        "target": number("The green value; for a range, its lower end.", required=True),
        "upper": number("Upper end of a range target."),
        "profile": text("What the target is: yearly, or the point of a profiled year, such as Q2 of 2024-25."),
    },
    unique=["kpi_id", "from_period"],
)
RESULTS = table(
    "results",
    "KPI Data Record, append-only: one row is one vintage of one result.",
    {
        **_KPI_REF,
        "area": text("Area that the value describes (areas table, GSS code).", required=True, matches=GSS_CODE),
        "group": text('People that the value describes: "all", or a named group.', required=True),
        "period": text("Period of the value.", required=True, format="period"),
        "value": number("The result, in the KPI's unit; empty when `absence` says why."),
        "numerator": number("What is counted, where the value is a share or a rate."),
        "denominator": number("What it is counted over."),
        "absence": word(Absence, "Why there is no value; empty when there is one.", required=False),
        "maturity": word(Maturity, "Provisional until confirmed, then final."),
        "vintage": whole("1 for the first value of a period, 2 for its first revision, and so on.", at_least=1, at_most=99),
        "received_on": day("Day on which it reached the record.", required=True),
        "producer": text('Who published the figure, or "illustrative".', required=True),
        "source_file": text("File from which it was taken."),
        "source_sheet": text("Sheet of that file."),
        "source_cell": text("Cell of that sheet."),
        "note": text("Anything a reader of the figure should know."),
    },
    unique=["kpi_id", "area", "group", "period", "vintage"],
)
CHANGES = table(
    "changes",
    "Changes to the KPI list: one row is one change to one KPI.",
    {
        "quarter": text("Quarter in which the change took effect.", required=True, format="quarter"),
        **_KPI_REF,
        "change": word(KpiChange, "What was done."),
        "detail": text("The change in words.", required=True),
        "agreed_by": text("Who agreed it, and where.", required=True),
        "agreed_on": day("Day of the agreement.", required=True),
    },
    unique=["quarter", "kpi_id", "change"],
)
REBASES = table(
    "rebases",
    "Declared changes of a KPI's process: one row is one change, from which the limits of its variation begin again.",
    {
        **_KPI_REF,
        "from_period": text("First period of the new process.", required=True, format="period"),
        "reason": text("What changed, and who declared it.", required=True),
    },
    unique=["kpi_id", "from_period"],
)
RISKS = table(
    "risks",
    "Corporate risks: one row is one risk in one quarter.",
    {
        "quarter": text("Quarter of the assessment.", required=True, format="quarter"),
        "risk_ref": text("Reference, such as LCC 21.", required=True),
        "risk_name": text("Name of the risk.", required=True),
        "rating": text("Current rating: Very high, High, Medium or Low.", required=True, matches="Very high|High|Medium|Low"),
        "target_rating": text("Rating aimed for.", required=True, matches="Very high|High|Medium|Low"),
        "owner": text("Post that owns the risk.", required=True),
        "summary": text("What changed and what is being done.", required=True),
    },
    unique=["quarter", "risk_ref"],
)
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
COMMENTARY = table(
    "commentary",
    "Commentary: one row is what a service says about one KPI in one quarter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        **_KPI_REF,
        "reason": text("Why the result is as it is."),
        "action": text("What is being done."),
        "owner": text("Post that owns the action."),
        "due_on": day("Day by which the action is to be done."),
        "narrative": text("Anything else to be said to the reader."),
    },
    unique=["quarter", "kpi_id"],
)
HIGHLIGHTS = table(
    "highlights",
    "The team's choice of highlight items: one row is one decision about one KPI in one quarter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        **_KPI_REF,
        "choice": word(HighlightChoice, "Include, or exclude although it is a candidate."),
        "reason": text("Why.", required=True),
        "chosen_by": text("Post that decided.", required=True),
    },
    unique=["quarter", "kpi_id"],
)
ESCALATIONS = table(
    "escalations",
    "Matters escalated by directorates to the Corporate Leadership Team: one row is one matter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        "directorate": text("Directorate that escalates it (directorates table).", required=True),
        "kpi_id": text("KPI concerned, where there is one (kpis table).", matches=KPI_ID),
        "matter": text("What is escalated.", required=True),
        "request": text("What is asked of the team.", required=True),
        "raised_by": text("Post that raised it.", required=True),
    },
    unique=["quarter", "directorate", "matter"],
)
BAROMETER = table(
    "barometer",
    "Contact centre and complaints barometer: one row is one service topic in one quarter.",
    {
        "quarter": text("Quarter of the contacts.", required=True, format="quarter"),
        "topic": text("What people got in touch about.", required=True),
        "directorate": text("Directorate that provides the service (directorates table).", required=True),
        "contacts": whole("Calls, e-mails and web contacts.", at_least=0, at_most=10_000_000),
        "complaints": whole("Formal complaints.", at_least=0, at_most=1_000_000),
        "issue": text("The problem behind them, and what is done about it."),
        "producer": text('Who published the figures, or "illustrative".', required=True),
    },
    unique=["quarter", "topic"],
)
DIRECTORATES = table(
    "directorates",
    "Directorates: one row is one directorate, in the order of the reports.",
    {
        "directorate": text("Code.", required=True, matches=CODE),
        "directorate_name": text("Name.", required=True),
        "director": text(f"Post of the director. {_CONTACT}", required=True),
        "contact": text(f"Where its performance lead is reached. {_CONTACT}"),
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
        **_KPI_REF,
        "area": text("Area that the value describes (areas table).", required=True, matches=GSS_CODE),
        "period": text("Period of the value.", required=True, format="period"),
        "value": number("The value, in the KPI's unit.", required=True),
        "numerator": number("What is counted."),
        "denominator": number("What it is counted over."),
        "producer": text('Who published the figure, or "illustrative".', required=True),
    },
    unique=["kpi_id", "area", "period"],
)
SURVEY_RESPONSES = table(
    "responses",
    "Survey of Internal Control: one row is what one respondent answered to one question in one year.",
    {
        "year": whole("Year of the survey.", at_least=2000, at_most=2100),
        "directorate": text("Directorate of the respondent (directorates table).", required=True),
        "question": text("What was asked about, such as Performance Monitoring.", required=True),
        "answer": word(SurveyAnswer, "The answer; empty when the question was left blank.", required=False),
        "respondent": text("A number that stands for the respondent; never a name.", required=True, matches=r"[A-Z0-9-]+"),
        "producer": text("Who ran the survey, or that its respondents are illustrative.", required=True),
    },
    unique=["year", "question", "respondent"],
)
INDICATORS = table(
    "indicators",
    "Best City Ambition Scorecard: one row is one indicator, either a KPI of the register (then only `kpi_id` says what it is), "
    "or a yearly series of its own (outcomes table), which is defined here.",
    {
        "bca_indicator": text("Identifier, such as BCA-01.", required=True, matches=KPI_ID),
        "order": whole("Place in its pillar.", at_least=1, at_most=999),
        "pillar": text("Best City Ambition pillar (pillars table).", required=True),
        "kpi_id": text("KPI of the register (kpis table); empty for a series of its own.", matches=KPI_ID),
        "indicator_name": text("Name of an own series."),
        "definition": text("What an own series counts, over what."),
        "unit": text("Unit of an own series."),
        "decimals": whole("Decimals shown of an own series.", at_least=0, at_most=6, required=False),
        "polarity": word(Polarity, "Which way is good, of an own series.", required=False),
        "period_kind": word(PeriodKind, "The kind of period of an own series.", required=False),
        "source": text("Where the figures of an own series come from."),
        "is_marmot": word(YesNo, "Whether it is an indicator of the Marmot City work."),
        "spi_component": text("Component of the Social Progress Index to which it speaks (index_hierarchy table)."),
    },
    unique=["bca_indicator"],
)
OUTCOMES = table(
    "outcomes",
    "Own series of the Best City Ambition Scorecard: one row is one indicator's value for one area, group and period.",
    {
        "bca_indicator": text("Identifier (indicators table).", required=True, matches=KPI_ID),
        "area": text("Area that the value describes (areas table).", required=True, matches=GSS_CODE),
        "group": text('People that the value describes: "all", or a named group.', required=True),
        "period": text("Period of the value.", required=True, format="period"),
        "value": number("The value, in the indicator's unit.", required=True),
        "published_on": day("Day on which it was published.", required=True),
        "producer": text('Who published the figure, or "illustrative".', required=True),
    },
    unique=["bca_indicator", "area", "group", "period"],
)
INDEX_HIERARCHY = table(
    "index_hierarchy",
    "Social Progress Index: one row is the index, a dimension, a component or an indicator, below its parent.",
    {
        "node": text("Code.", required=True, matches=CODE),
        "node_name": text("Name; of an indicator that is a KPI, empty."),
        "parent": text("The node it is part of; empty for the index itself.", matches=CODE),
        "weight": number("Weight among its siblings; they need not add up to 1.", at_least=0, required=True),
        "polarity": word(Polarity, "Which way is good, of an indicator that is no KPI.", required=False),
        "kpi_id": text("KPI whose ward results it takes (kpis table); otherwise index_values has them.", matches=KPI_ID),
        "unit": text("Unit of an indicator that is no KPI."),
        "low": number("The value of an indicator that scores least or most, in its own unit; empty is the least found."),
        "high": number("The other end of its scale; empty is the greatest found."),
    },
    unique=["node"],
)
INDEX_VALUES = table(
    "index_values",
    "Social Progress Index: one row is one indicator's value in one ward for one year of the index.",
    {
        "node": text("Indicator (index_hierarchy table).", required=True, matches=CODE),
        "area": text("Ward (areas table).", required=True, matches=GSS_CODE),
        "period": text("Year of the index, a financial year such as 2023-24.", required=True, format="period"),
        "value": number("The value, in the indicator's unit.", required=True),
        "producer": text('Who published the figure, or "illustrative".', required=True),
    },
    unique=["node", "area", "period"],
)
COMMUNITY_VOICE = table(
    "community_voice",
    "Community voice: one row is what one resident or group said.",
    {
        "quote": text("Their words.", required=True),
        "source": text("Who spoke and where, without a name.", required=True),
        "collected_on": day("Day on which it was said.", required=True),
        "consent": word(YesNo, "Whether they agreed to be quoted; without it nobody is."),
        "pillar": text("Best City Ambition pillar that it speaks to (pillars table).", required=True),
        "producer": text('Who collected it, or "illustrative".', required=True),
    },
    unique=["quote"],
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

_MADE_BY = {"producer": text('Who keeps the record, or "illustrative".', required=True)}
EXPECTATIONS = table(
    "expectations",
    "What is expected of the arrangements: one row is one measure of the annual assurance report.",
    {
        "aspect": word(Aspect, "Aspect of the cycle of internal control under which it is reported."),
        "measure": word(Evidence, "What is measured."),
        "expectation": number("The least figure that meets the expectation.", at_least=0, required=True),
        "partly_from": number("The least figure that meets it in part; empty when there is no such thing.", at_least=0),
        "unit": text("% of the measure's denominator, or number.", required=True, matches="%|number"),
        "source": text("Where the expectation is stated.", required=True),
        **_MADE_BY,
    },
    unique=["measure"],
)
REPORTS_ISSUED = table(
    "reports_issued",
    "Reports of the timetable: one row is one report for one quarter.",
    {
        "report": text("Name of the report.", required=True),
        "quarter": text("Quarter reported on; the fourth for a yearly report.", required=True, format="quarter"),
        "due_on": day("Day by which the timetable wants it issued.", required=True),
        "issued_on": day("Day on which it was issued; empty until then."),
        **_MADE_BY,
    },
    unique=["report", "quarter"],
)
REPERFORMANCES = table(
    "reperformances",
    "Published quarters made again from their inputs: one row is one attempt.",
    {
        "period": text("Quarter whose reports were made again.", required=True, format="quarter"),
        "performed_on": day("Day of the attempt.", required=True),
        "verdict": word(Verdict, "The same figures, different ones, or no reports at all."),
        "note": text("What was found."),
        **_MADE_BY,
    },
    unique=["period", "performed_on"],
)
DECISION_REPORTS = table(
    "decision_reports",
    "Decision reports: one row is one report, with what a check of 'How success will be measured' found.",
    {
        "report_ref": text("Reference of the report.", required=True, matches="[A-Za-z0-9/-]+"),
        "title": text("Title.", required=True),
        "decision_type": word(DecisionType, "Key decision, or decision by an officer."),
        "decided_on": day("Day of the decision.", required=True),
        "directorate": text("Directorate that wrote it (directorates table).", required=True),
        "outcome": word(SuccessCheck, "What the check found; empty when it was not checked.", required=False),
        "checked_on": day("Day of the check."),
        **_MADE_BY,
    },
    unique=["report_ref"],
)
ROLES = table(
    "roles",
    "Roles and responsibilities: one row is one body or post, in the order of the report.",
    {"entity": text("Who.", required=True), "role": text("What they answer for.", required=True), **_MADE_BY},
    unique=["entity"],
)
OPPORTUNITIES = table(
    "opportunities",
    "Opportunities for improvement: one row is one, with what became of it.",
    {
        "aspect": word(Aspect, "Aspect of the cycle of internal control."),
        "opportunity": text("What could be better.", required=True),
        "raised_year": text("Financial year of the report that raised it.", required=True, format="period"),
        "status": word(OpportunityStatus, "What became of it."),
        "follow_up": text("What was done, and what is left."),
        **_MADE_BY,
    },
    unique=["opportunity", "raised_year"],
)
SELF_ASSESSMENT = table(
    "self_assessment",
    "Self-assessment against RAP levels and the AQuA Book: one row is one criterion.",
    {
        "framework": word(Framework, "RAP or AQuA."),
        "level": text("Level of the criterion, such as baseline, silver or gold; or its theme.", required=True),
        "criterion": text("What is asked.", required=True),
        "met": word(Met, "Whether it is met."),
        "evidence": text("What shows it, or what is missing.", required=True),
        **_MADE_BY,
    },
    unique=["framework", "criterion"],
)

TABLES: dict[str, pa.DataFrameSchema] = {
    "register/kpis": KPIS,
    "register/targets": TARGETS,
    "register/results": RESULTS,
    "register/changes": CHANGES,
    "register/rebases": REBASES,
    "register/risks": RISKS,
    "register/barometer": BAROMETER,
    "reference/rounds": ROUNDS,
    "reference/directorates": DIRECTORATES,
    "reference/boards": BOARDS,
    "reference/board_choices": BOARD_CHOICES,
    "reference/pillars": PILLARS,
    "reference/plan_themes": PLAN_THEMES,
    "reference/areas": AREAS,
    "reference/comparator_sets": COMPARATOR_SETS,
    "reference/benchmarks": BENCHMARKS,
    "commentary/commentary": COMMENTARY,
    "commentary/highlights": HIGHLIGHTS,
    "commentary/escalations": ESCALATIONS,
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
        "register/changes",
        "register/rebases",
        "register/risks",
        "register/barometer",
        "reference/rounds",
        "reference/board_choices",
        "reference/comparator_sets",
        "reference/benchmarks",
        "commentary/commentary",
        "commentary/highlights",
        "commentary/escalations",
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

OPEN_RESULTS = table(
    "annual-results",
    "Results of the KPIs on the list at a year's end: one row is the latest vintage of one result.",
    {
        "kpi_id": text("Identifier of the KPI.", required=True, matches=KPI_ID),
        **{name: KPIS.columns[name] for name in ("kpi_name", "unit", "decimals", "polarity", "measure_type")},
        "directorate_name": text("Name of the directorate responsible.", required=True),
        "area": text("Area that the value describes (GSS code).", required=True, matches=GSS_CODE),
        "area_name": text("Name of the area.", required=True),
        **{
            name: RESULTS.columns[name]
            for name in ("group", "period", "value", "numerator", "denominator", "absence", "maturity", "vintage", "received_on")
        },
        "producer": RESULTS.columns["producer"],
        "note": RESULTS.columns["note"],
        "target": number("The green value that applied; for a range, its lower end. Only for the council's area and all people."),
        "upper": number("Upper end of a range target."),
        "basis": word(Basis, "What the rating rests on; empty for a result that is not rated.", required=False),
        "rating": word(Rag, "RAG status at the year's end, of the result that was rated then; otherwise empty.", required=False),
    },
    unique=["kpi_id", "area", "group", "period"],
)
"""The open data of the Annual Performance Report. It is written, not read, and so is no table of `TABLES`."""


def check(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what is wrong with `frame`: one row is one failed check of one cell, with `row`, `column`, `found`, `expected`.

    `row` is the frame's index label, or missing when the whole column fails. An empty result means that the frame is valid.
    """
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        faults = pd.DataFrame(
            {
                "row": cases["index"],
                "column": cases["column"].astype(str),
                "found": cases["failure_case"],
                "expected": cases["check"].astype(str),
            }
        )
        return faults.drop_duplicates(["row", "column", "expected"], ignore_index=True)
    return pd.DataFrame(columns=["row", "column", "found", "expected"])
