"""The Best City Ambition Scorecard and its Social Progress Index."""

from kpireport.periods import PeriodKind
from kpireport.schemas.columns import CODE, GSS_CODE, KPI_ID, day, number, table, text, whole, word
from kpireport.vocabulary import Polarity, YesNo

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
