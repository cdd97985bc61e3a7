"""The words of statistical disclosure control."""

from enum import StrEnum


class Suppression(StrEnum):
    """Why a count is hidden: it is small itself, or a small one could be worked out from it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
