"""One look for all figures: a fixed colour per input, class and method, that reads on light and on dark ground."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

ACCENT = "#16858F"
GREY = "#8593A0"  # of what is there for comparison only
FAINT = "rgba(128, 144, 158, 0.22)"  # grid lines, backgrounds of bars
QUIET_INK = "#55626D"  # of ticks and notes; the style sheet of the app turns it into the ink of the theme
GOOD, WARN, BAD = "#2B9483", "#C58A1C", "#CF4B62"
INPUT_COLOURS = ("#3F74C9", "#C58A1C", "#CF4B62", "#7C60B8", "#2B9483", "#B0653A", "#5C7F2E", "#A3558F")
TWO_CLASSES = ("#7A92AB", "#DD6B3D")  # the second is the positive class
CLASS_COLOURS = (
    "#4E79A7",
    "#E08A3C",
    "#C4526A",
    "#5FA8A3",
    "#5E9A50",
    "#C9A227",
    "#9A6FA8",
    "#D68A98",
    "#8F6B56",
    "#8A949C",
)
METHOD_COLOURS = (
    "#16858F",
    "#A0522D",
    "#4B9A5B",
    "#C2579B",
    "#8A6A2F",
    "#2E9BC6",
    "#6B7686",
    "#7D5BA6",
    "#D08B2C",
    "#5C8A2F",
    "#B5485D",
    "#3E6FB0",
    "#2F7F68",
    "#B86F9B",
    "#8C7B1E",
    "#5F6FBF",
    "#C06A3D",
    "#48909B",
    "#A88BD0",
    "#D4926F",
    "#C05B86",
    "#7A9A4F",
)
# Marks of lines and points beside their colour, for whoever does not see colours apart.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "triangle-down", "hexagon", "x")
DASHES = ("solid", "dash", "dashdot", "14px,4px", "dot", "longdashdot")  # each fits into the sample of a legend
SEQUENTIAL = ("#E6F3F4", "#9DD1D5", "#4BA5AD", "#127680", "#03383F")
# The same for heat without numbers in it: what is near nothing lets the ground through, which may be dark.
SEQUENTIAL_OPEN = ("rgba(22, 133, 143, 0.04)", "rgba(22, 133, 143, 0.95)")
DIVERGING_OPEN = (
    "#3D74CC",
    "rgba(90, 140, 215, 0.6)",
    "rgba(128, 144, 158, 0.1)",
    "rgba(224, 130, 90, 0.6)",
    "#CC5C30",
)
# Points of a measure, from low to high: each reads on light and on dark ground.
MARKS = ("#C58A1C", "#2B9483", "#3F74C9", "#7C60B8")
DIVERGING = ("#2C5FAE", "#7FA4DB", "#EDEBE8", "#E09373", "#B04A25")
# Cells with numbers in them, on light and on dark ground: the least lets the ground through. No shade in between, on
# which neither ink reads: from half of the scale on cells are full, and their numbers white.
CELLS = (
    (0.0, "rgba(14, 102, 112, 0.04)"),
    (0.5, "rgba(14, 102, 112, 0.42)"),
    (0.5, "rgba(14, 102, 112, 0.85)"),
    (1.0, "rgba(14, 102, 112, 1)"),
)
CELLS_BOTH_WAYS = (
    (0.0, "rgba(44, 95, 174, 1)"),
    (0.25, "rgba(44, 95, 174, 0.9)"),
    (0.25, "rgba(44, 95, 174, 0.42)"),
    (0.5, "rgba(128, 144, 158, 0.06)"),
    (0.75, "rgba(176, 74, 37, 0.42)"),
    (0.75, "rgba(176, 74, 37, 0.9)"),
    (1.0, "rgba(176, 74, 37, 1)"),
)


def _in_turn(names: Sequence[str], colours: Sequence[str]) -> dict[str, str]:
    return {name: colours[i % len(colours)] for i, name in enumerate(names)}


def colour_of_input(inputs: Iterable[str]) -> dict[str, str]:
    """Input name -> colour, by the order in which the cohort lists its inputs."""
    return _in_turn(list(inputs), INPUT_COLOURS)


def class_colours(classes: Iterable[str]) -> dict[str, str]:
    """Class name -> colour; of two classes the second (positive) is the warm one."""
    classes = list(classes)
    return _in_turn(classes, TWO_CLASSES if len(classes) <= 2 else CLASS_COLOURS)


def method_colours(methods: Iterable[str], inputs: Iterable[str]) -> dict[str, str]:
    """Method -> colour: a single-input baseline wears its input's colour, fusion methods have their own."""
    of_input = colour_of_input(inputs)
    return _in_turn([m for m in methods if m not in of_input], METHOD_COLOURS) | {
        m: of_input[m] for m in methods if m in of_input
    }


def symbol(number: int) -> str:
    """The mark of the nth line or method of a figure."""
    return SYMBOLS[number % len(SYMBOLS)]


def dash(number: int) -> str:
    """How the nth line of a figure is broken."""
    return DASHES[number % len(DASHES)]


def faded(colour: str, alpha: float) -> str:
    """A hex colour made see-through: "#3F74C9", 0.2 -> "rgba(63, 116, 201, 0.2)"."""
    red, green, blue = (int(colour.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def ink_on(scale: Sequence[str], share: float) -> str:
    """Black or white, whichever reads better on this place of a colour scale (0 to 1)."""
    place = min(max(share, 0.0), 1.0) * (len(scale) - 1)
    low = min(int(place), len(scale) - 2)
    ends = [[int(code.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in scale[low : low + 2]]
    mixed = [a + (b - a) * (place - low) for a, b in zip(*ends, strict=True)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mixed]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"


def written(
    x: Sequence[Any] | np.ndarray,
    y: Sequence[Any] | np.ndarray,
    text: Sequence[Sequence[str]] | np.ndarray,
    strength: np.ndarray,
    scale: Sequence[str] = (),
    size: int = 12,
) -> go.Scatter:
    """Words in the cells of a heatmap, in the ink that reads there: text [Y, X], strength [Y, X] from 0 to 1.

    scale: of cells that hide the ground; without one, the cells are those of `CELLS` or `CELLS_BOTH_WAYS`.
    """
    cells = [(x[j], y[i], text[i][j], float(strength[i][j])) for i in range(len(y)) for j in range(len(x))]

    def ink(share: float) -> str:
        return ink_on(scale, share) if scale else "#FFFFFF" if share >= 0.5 else QUIET_INK

    return go.Scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        text=[cell[2] for cell in cells],
        mode="text",
        textfont={"size": size, "color": [ink(cell[3]) for cell in cells]},
        hoverinfo="skip",
        showlegend=False,
    )


def band(x: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str, alpha: float = 0.16) -> go.Scatter:
    """The ground between two curves [N] over x [N], such as an interval; no pointer, no place in a legend."""
    x, low, high = np.asarray(x), np.asarray(low), np.asarray(high)
    return go.Scatter(
        x=[*x, *x[::-1]],
        y=[*high, *low[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=faded(colour, alpha),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def interval(low: float, high: float, y: float | str, colour: str, opacity: float = 0.55) -> go.Scatter:
    """The line of an interval at the height y, to lie under its point."""
    return go.Scatter(
        x=[low, high],
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": 3},
        opacity=opacity,
        hoverinfo="skip",
        showlegend=False,
    )


def legible(figure: go.Figure) -> go.Figure:
    """Ticks, titles of axes and words in a figure in an ink that reads on the page. Returns the same figure.

    The reader may change the theme while the figure stands there, and nothing draws it anew: so the ink is one that the
    style sheet knows by its colour and replaces by that of the page (assets/style.css).
    """
    figure.update_layout(font_color=QUIET_INK, legend_font_color=QUIET_INK)
    figure.update_xaxes(tickfont_color=QUIET_INK, title_font_color=QUIET_INK)
    figure.update_yaxes(tickfont_color=QUIET_INK, title_font_color=QUIET_INK)
    for note in figure.layout.annotations:
        if note.font.color is None:
            note.font.color = QUIET_INK
    return figure


def template(dark: bool = False) -> go.layout.Template:
    """Plotly template of the house, for figures drawn outside the app (the app's theme takes over inside it)."""
    ink = "#E3EAEF" if dark else "#18242E"
    axis = {
        "gridcolor": FAINT,
        "linecolor": FAINT,
        "zerolinecolor": FAINT,
        "automargin": True,
        "title": {"standoff": 8},
    }
    return go.layout.Template(
        layout={
            "font": {"family": "Source Sans 3, Source Sans Pro, Segoe UI, sans-serif", "size": 13, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(INPUT_COLOURS),
            "colorscale": {"sequential": list(SEQUENTIAL), "diverging": list(DIVERGING)},
            "xaxis": axis,
            "yaxis": axis,
        }
    )


def style(figure: go.Figure, *, height: int | None = None, legend: bool = True) -> go.Figure:
    """Common layout: tight margins, quiet legend above the plot, house template. Returns the same figure."""
    figure.update_layout(
        template=template(),
        margin={"l": 8, "r": 8, "t": 28 if legend else 8, "b": 8},
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "title": {"text": ""},
            "bgcolor": "rgba(0,0,0,0)",
        },  # clear, as a corner of it may lie over the plot
        hoverlabel={"namelength": -1},
        bargap=0.25,
    )
    if height:
        figure.update_layout(height=height)
    return figure


def input_head(name: str, note: str, colour: str) -> str:
    """HTML: the name of an input behind a bar in its colour."""
    bar = f"width:4px;height:1.25rem;border-radius:2px;background:{colour}"
    return (
        f'<div style="display:flex;align-items:center;gap:.6rem"><span style="{bar}"></span>'
        f'<span style="font-weight:650;font-size:1.05rem">{html.escape(name)}</span>'
        f'<span style="opacity:.78;font-size:.9rem">{html.escape(note)}</span></div>'
    )
