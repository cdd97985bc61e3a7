"""Every page function of the annual assurance report by its name: one call in its notebook is one section."""

from kpireport.presentation.assurance_aspects import communicate, define, embed, monitor, review
from kpireport.presentation.assurance_follow_up import notes, opportunities, self_assessment, survey
from kpireport.presentation.assurance_front import front_page

__all__ = [
    "communicate",
    "define",
    "embed",
    "front_page",
    "monitor",
    "notes",
    "opportunities",
    "review",
    "self_assessment",
    "survey",
]
