"""One scale of heat for all inputs of a view, and its legend.

Weights are told in even shares: 1 is what every token of an input would weigh if all weighed the same, 2 twice that.
Up to an even share nothing is coloured; the deepest colour stands for the most that any input of the view has. Values
with signs (what speaks for and against) are told the same way: 1 is the mean size of the values of an input, so that
an input of many small values is as easy to read as one of a few large ones. N tokens.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.settings import _
from mmcore.figures import overlays, svg, theme

LEAST = 2.0  # even shares that the deepest heat stands for at least: maps without a peak stay pale
COLOURS = overlays.HEAT
_CLEAR = 0.12  # how much is seen of the colour of an even share or less


@dataclass(frozen=True)
class HeatScale:
    """top: even shares of the deepest heat. unit: what values with signs are counted in; "" for shares."""

    top: float
    unit: str = ""

    def shades(self, values: np.ndarray) -> np.ndarray:
        """[N] even shares as 0..1; values with signs as -1..1."""
        if self.unit:
            return np.clip(signed_shares(values) / self.top, -1, 1)
        return np.clip((np.asarray(values, float) - 1) / (self.top - 1), 0, 1)


def even_shares(weights: np.ndarray, tokens: np.ndarray | None = None) -> np.ndarray:
    """Shares [N] that sum to 1 as multiples of an even share. tokens: [N] how many tokens each stands for (1)."""
    weights = np.asarray(weights, float)
    size = np.ones(len(weights)) if tokens is None else np.asarray(tokens, float)
    return weights * size.sum() / np.maximum(size, 1)


def signed_shares(values: np.ndarray) -> np.ndarray:
    """Values with signs [N] as multiples of their mean size; all 0 where there is none."""
    values = np.asarray(values, float)
    mean = float(np.abs(values).mean()) if len(values) else 0.0
    return values / mean if mean > 0 else np.zeros(len(values))


def scale_of(values: Iterable[np.ndarray], unit: str = "") -> HeatScale:
    """The scale that all these share: even shares of every input drawn, or values with signs in `unit`."""
    shares = (np.abs(signed_shares(each)) if unit else np.asarray(each, float) for each in values)
    most = max((float(np.nanmax(each, initial=0)) for each in shares), default=0.0)
    return HeatScale(max(most, LEAST), unit)


def legend(scale: HeatScale, toward: str = "", shaded: bool = True) -> str:
    """HTML: the colours and what they stand for. toward: what values with signs speak for. shaded: whether any of these
    is drawn in shades; bars tell their values by their length, in one colour for each side."""
    if scale.unit:
        ends = _("against {toward}"), _("for {toward}")
        left, right = (words.format(toward=toward) for words in ends)
        against, pro = overlays.AGAINST, overlays.FOR
        clear = f"{theme.faded(against, 0.05)} 50%,{theme.faded(pro, 0.05)} 50%"
        if not shaded:
            clear = f"{against} 50%,{pro} 50%"
        ramp = f"linear-gradient(90deg,{against},{clear},{pro})"
        if shaded:
            left, right = (
                _("{words}: {top:.1f} even shares").format(words=words, top=scale.top) for words in (left, right)
            )
    else:
        ramp = f"linear-gradient(90deg,{theme.faded(COLOURS[0], 0.05)},{','.join(COLOURS[1:])})"
        left, right = _("an even share or less"), _("{top:.1f} even shares").format(top=scale.top)
    bar = svg.tag("span", style=f"display:inline-block;width:9rem;height:.7rem;border-radius:.35rem;background:{ramp}")
    words = [svg.tag("span", html.escape(text)) for text in (left, right)]
    style = "display:flex;gap:.6rem;align-items:center;flex-wrap:wrap;font-size:.86rem;opacity:.9"
    return svg.tag("div", words[0], bar, words[1], style=style)


def fills(shades: Sequence[float] | np.ndarray) -> list[str]:
    """Each shade 0..1 as a colour of the heat that is clear at 0, on a light ground and on a dark one."""
    clear = [min(1.0, _CLEAR + 4 * float(shade)) for shade in shades]
    return [theme.faded(code, round(alpha, 3)) for code, alpha in zip(colours(shades), clear, strict=True)]


def scale_of_fills() -> list[list[object]]:
    """The same as a colour scale of Plotly."""
    steps = np.linspace(0, 1, 17)
    return [[float(step), fill] for step, fill in zip(steps, fills(steps), strict=True)]


def colours(shades: Sequence[float] | np.ndarray) -> list[str]:
    """Each shade 0..1 as a colour of the heat."""
    return [
        "#" + "".join(f"{round(float(part)):02X}" for part in rgb)
        for rgb in overlays.ramp(np.asarray(shades, float), COLOURS)
    ]
