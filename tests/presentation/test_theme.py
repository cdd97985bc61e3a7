"""Colours can be told apart, text can be read, and every closed set has its words."""

from itertools import combinations

import pytest
from kpireport.presentation import theme
from kpireport.presentation.glyphs import can_show
from kpireport.vocabulary import Assurance, Basis, Direction, NotRated, Rag, Significance, Variation

READABLE, VISIBLE = 4.5, 3.0
"""WCAG 2.2: contrast of text (1.4.3) and of parts of a graphic (1.4.11)."""


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    return 116 * luminance(colour) ** (1 / 3) - 16


@pytest.mark.parametrize("rating", [*Rag, *NotRated])
def test_text_is_readable_on_the_background_of_every_rating(rating):
    background, text = theme.rating_pair(rating)
    assert contrast(background, text) >= READABLE
    assert contrast(text, theme.PAPER) >= READABLE


@pytest.mark.parametrize("rating", list(Rag))
def test_solid_colours_of_ratings_are_seen_on_paper_and_carry_readable_numbers(rating):
    assert contrast(theme.rating_mark(rating), theme.PAPER) >= VISIBLE
    # Large bold text needs 3:1; ours is bold but not large.
    assert contrast(theme.rating_mark(rating), theme.RAG_ON_MARKS[rating]) >= READABLE


def test_the_outline_of_what_is_not_rated_is_seen_on_paper():
    assert contrast(theme.NOT_RATED_LINE, theme.PAPER) >= VISIBLE


def test_ratings_differ_in_lightness_and_shape_as_well_as_in_hue():
    for one, other in combinations(Rag, 2):
        assert abs(lightness(theme.RAG_MARKS[one]) - lightness(theme.RAG_MARKS[other])) >= 11
        assert theme.RATING_SHAPES[one] != theme.RATING_SHAPES[other]


def test_colours_of_text_are_readable_on_paper():
    for colour in (theme.INK, theme.MUTED, *theme.SERIES_TEXTS.values()):
        assert contrast(colour, theme.PAPER) >= READABLE
    assert set(theme.SERIES_TEXTS) == set(theme.SERIES)


@pytest.mark.parametrize(("background", "text"), [*theme.SIGNAL_PAIRS.values(), theme.PLAIN_SIGNAL])
def test_letters_of_signals_are_readable(background, text):
    assert contrast(background, text) >= READABLE


def test_every_closed_set_has_its_words_in_characters_of_the_bundled_font():
    assert set(theme.RATING_WORDS) == set(theme.RATING_SHAPES) == {*Rag, *NotRated}
    assert set(theme.DIRECTION_WORDS) == set(Direction)
    assert set(theme.VARIATION_WORDS) == set(Variation)
    assert set(theme.ASSURANCE_WORDS) == set(Assurance)
    assert set(theme.SIGNIFICANCE_WORDS) == set(Significance) - {Significance.NOT_COMPARED}
    assert set(theme.BASIS_WORDS) == set(Basis)
    arrows = (theme.RISEN, theme.FALLEN, theme.UNCHANGED)
    for text in (*theme.RATING_SHAPES.values(), *arrows, *theme.SIGNAL_LETTERS.values(), "−£–"):
        assert all(can_show(character) for character in text)


def test_words_of_ratings_are_all_different():
    assert len(set(theme.RATING_WORDS.values())) == len(theme.RATING_WORDS)
