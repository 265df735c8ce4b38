"""Protects that words in figures can be read: on the page, light and dark, and on the cells of a heatmap."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from mmcore.base.values import Span
from mmcore.figures import heat, overlays, shaded_text, svg, theme

ROOT = Path(__file__).resolve().parents[2]


def light(colour: str) -> float:
    parts = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    return float(
        np.dot([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts], (0.2126, 0.7152, 0.0722))
    )


def contrast(colour: str, other: str) -> float:
    low, high = sorted([light(colour), light(other)])
    return (high + 0.05) / (low + 0.05)


def test_ticks_and_notes_stand_out_from_the_page():
    figure = (
        go.Figure(go.Scatter(x=[1], y=[1])).add_annotation(text="mine", font_color="#CF4B62").add_annotation(text="a")
    )
    theme.legible(figure)
    ink = figure.layout.xaxis.tickfont.color
    red, green, blue = (int(ink[i : i + 2], 16) for i in (1, 3, 5))
    replaced = f"fill: rgb({red}, {green}, {blue})"  # by the ink of the theme, whichever the reader changes to
    assert replaced in (ROOT / "assets" / "style.css").read_text(encoding="utf-8")
    assert contrast(ink, "#FFFFFF") >= 4.5 and figure.layout.yaxis.title.font.color == ink
    assert [note.font.color for note in figure.layout.annotations] == ["#CF4B62", ink]


@pytest.mark.parametrize("scale", [theme.SEQUENTIAL, overlays.HEAT])
def test_numbers_stand_out_from_their_cells(scale):
    for place, colour in enumerate(scale):
        assert contrast(theme.ink_on(scale, place / (len(scale) - 1)), colour) >= 4.5


@pytest.mark.parametrize("ground", ["#FFFFFF", "#11181E"])
@pytest.mark.parametrize("scale", [theme.CELLS, theme.CELLS_BOTH_WAYS])
def test_numbers_stand_out_from_cells_that_let_the_ground_through(scale, ground):
    """White from half of the strength on, else the ink of the page; no cell is lighter than a dark page is there."""
    ink = "#18242E" if ground == "#FFFFFF" else "#E3EAEF"
    full = [colour for _place, colour in scale if float(colour.split(",")[3].strip(" )")) >= 0.85]
    assert len(full) >= 2
    for _place, colour in scale:
        red, green, blue, alpha = (float(part) for part in colour.removeprefix("rgba(").rstrip(")").split(","))
        under = [int(ground[i : i + 2], 16) for i in (1, 3, 5)]
        mixed = [round(alpha * a + (1 - alpha) * b) for a, b in zip((red, green, blue), under, strict=True)]
        cell = "#{:02X}{:02X}{:02X}".format(*mixed)
        assert contrast("#FFFFFF" if colour in full else ink, cell) >= 4.3, colour


def test_colours_are_fixed_by_order_and_shared_by_baselines():
    assert theme.colour_of_input(["a", "b"])["b"] == theme.colour_of_input(["a", "b", "c"])["b"]
    assert theme.method_colours(["a", "gated"], ["a", "b"])["a"] == theme.colour_of_input(["a", "b"])["a"]
    assert len({*theme.class_colours([str(i) for i in range(10)]).values()}) == 10


@pytest.mark.parametrize(("ink", "ground"), [("#18242E", "#F6F6F6"), ("#E3EAEF", "#1A2026")])
@pytest.mark.parametrize("colour", [overlays.FOR, overlays.AGAINST, theme.ACCENT])
def test_coloured_words_of_a_drawing_stand_out_from_their_card(colour, ink, ground):
    share = int(
        re.search(rf"color-mix\(in srgb,{colour} (\d+)%,currentColor\)", svg.words("a", 0, 0, colour=colour))[1]
    )
    parts = [[int(side[i : i + 2], 16) for i in (1, 3, 5)] for side in (colour, ink)]
    mixed = [round((share * a + (100 - share) * b) / 100) for a, b in zip(*parts, strict=True)]
    assert contrast("#{:02X}{:02X}{:02X}".format(*mixed), ground) >= 4.5
    assert "style" not in svg.words("a", 0, 0), "the ink itself is left alone"


@pytest.mark.parametrize(("ground", "ink"), [("#FFFFFF", "#18242E"), ("#10171D", "#E3EAEF")])
def test_shaded_words_can_be_read(ground, ink):
    values = np.linspace(0, 1, 41)
    places = [Span(place, place + 1) for place in range(len(values))]
    drawn = shaded_text.shaded(
        "x" * len(values), places, values, "", hover_values=np.arange(41.0), ramp=heat.colours(values)
    )
    tints = re.findall(r"background:rgba\(([^)]*)\)", drawn)
    assert len(tints) == len(values)
    for tint in tints:
        *parts, alpha = (float(part) for part in tint.split(","))
        mixed = [
            round(alpha * a + (1 - alpha) * int(ground[i : i + 2], 16)) for a, i in zip(parts, (1, 3, 5), strict=True)
        ]
        assert contrast(ink, "#{:02X}{:02X}{:02X}".format(*mixed)) >= 4.5, tint
