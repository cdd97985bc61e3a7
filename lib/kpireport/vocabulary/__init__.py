"""The closed sets of words that the register, the rules and the reports share.

Source: the KPI Supporting Information and the rating contract, `target-tolerance-v1`. The value of each member is the word
written in the tables under `data/`.
"""

from kpireport.vocabulary.assurance import (
    Aspect,
    Conclusion,
    DecisionType,
    Evidence,
    Framework,
    Met,
    OpportunityStatus,
    SuccessCheck,
    Verdict,
)
from kpireport.vocabulary.city import Aggregation, Normalisation, YesNo
from kpireport.vocabulary.disclosure import Suppression
from kpireport.vocabulary.kpis import (
    ComparatorRule,
    Frequency,
    Kind,
    KpiChange,
    MeasureType,
    Polarity,
    Purpose,
    QualityLabel,
    TargetType,
    ToleranceType,
)
from kpireport.vocabulary.ratings import Basis, Because, Direction, NotRated, Rag
from kpireport.vocabulary.reports import BoardOrder, BoardPart, Edition, HighlightChoice, KpiSelection, Placeholder
from kpireport.vocabulary.results import ALL_PEOPLE, ILLUSTRATIVE, Absence, AreaType, Maturity, PeriodAlignment, ReturnKind
from kpireport.vocabulary.survey import Rounding, SurveyAnswer
from kpireport.vocabulary.timetable import Body, Reader, Step
from kpireport.vocabulary.variation import Assurance, MadConvention, RecentTrend, Significance, Variation, VariationRule, WhyNot
from kpireport.vocabulary.years import OutturnBasis, TargetState, YearMove

__all__ = [
    "ALL_PEOPLE",
    "ILLUSTRATIVE",
    "Absence",
    "Aggregation",
    "AreaType",
    "Aspect",
    "Assurance",
    "Basis",
    "Because",
    "BoardOrder",
    "BoardPart",
    "Body",
    "ComparatorRule",
    "Conclusion",
    "DecisionType",
    "Direction",
    "Edition",
    "Evidence",
    "Framework",
    "Frequency",
    "HighlightChoice",
    "Kind",
    "KpiChange",
    "KpiSelection",
    "MadConvention",
    "Maturity",
    "MeasureType",
    "Met",
    "Normalisation",
    "NotRated",
    "OpportunityStatus",
    "OutturnBasis",
    "PeriodAlignment",
    "Placeholder",
    "Polarity",
    "Purpose",
    "QualityLabel",
    "Rag",
    "Reader",
    "RecentTrend",
    "ReturnKind",
    "Rounding",
    "Significance",
    "Step",
    "SuccessCheck",
    "Suppression",
    "SurveyAnswer",
    "TargetState",
    "TargetType",
    "ToleranceType",
    "Variation",
    "VariationRule",
    "Verdict",
    "WhyNot",
    "YearMove",
    "YesNo",
]
