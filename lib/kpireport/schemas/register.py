"""The KPI register: Supporting Information, targets, Data Record, changes of the list, risks and contacts of the public."""

from kpireport.periods import PeriodKind
from kpireport.schemas.columns import (
    CONTACT,
    FINGERPRINT,
    GSS_CODE,
    KPI_ID,
    KPI_REF,
    SHA256,
    day,
    number,
    table,
    text,
    whole,
    word,
)
from kpireport.vocabulary import (
    Absence,
    ComparatorRule,
    Frequency,
    Kind,
    KpiChange,
    Maturity,
    MeasureType,
    Polarity,
    Purpose,
    QualityLabel,
    TargetType,
    ToleranceType,
)

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
        "accountable_officer": text(f"Post of the Chief Officer or Head of Service. {CONTACT}"),
        "key_contacts": text(f"Those who produce the figure, parted by semicolons. {CONTACT}", format="list"),
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
        **KPI_REF,
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
        **KPI_REF,
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
        "source_sha256": text("SHA-256 of that file; empty where it is not held.", matches=SHA256),
        "note": text("Anything a reader of the figure should know."),
    },
    unique=["kpi_id", "area", "group", "period", "vintage"],
)
KPI_CHANGES = table(
    "kpi_changes",
    "Changes to the KPI list, append-only: one row is one KPI as it was added, or one change of one field of its definition.",
    {
        "quarter": text("Quarter in which the change took effect.", required=True, format="quarter"),
        **KPI_REF,
        "change": word(KpiChange, "What was done."),
        "field": text(
            'Column of the kpis table that changed, or a target, such as "target from 2024-25 Q1"; empty when the KPI was added.'
        ),
        "old_value": text("What stood there before; empty when nothing did."),
        "new_value": text(
            "What stands there since. A target is written like 250, 30 to 39, or 250 until 2024-25 Q4, yearly. When the KPI was "
            "added, its whole definition, as make changes prints it."
        ),
        "detail": text("The change in words.", required=True),
        "agreed_by": text("Who agreed it, and where.", required=True),
        "agreed_on": day("Day of the agreement.", required=True),
        "fingerprint": text("First 12 digits of the SHA-256 of the definition after it.", required=True, matches=FINGERPRINT),
    },
    unique=["quarter", "kpi_id", "field"],
)
REBASES = table(
    "rebases",
    "Declared changes of a KPI's process: one row is one change, from which the limits of its variation begin again.",
    {
        **KPI_REF,
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
