"""What weights and links say, in a sentence a reader can check against the picture below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Box, Column, Place, Seconds, Segment, Span

_EVEN = 0.15  # of an even share: inputs whose weights differ by less count about the same
_STRONG = 2.0  # times an even share: a link that is worth naming


def weights_in_words(weights: Mapping[str, float]) -> str:
    """Which input is weighed most, where one is. weights: shares of the inputs that are there."""
    if len(weights) < 2:
        return ""
    order = sorted(weights, key=lambda name: -weights[name])
    first, last = order[0], order[-1]
    apart, even = weights[first] - weights[order[1]], 1 / len(weights)
    if weights[first] - weights[last] < _EVEN * even:
        return _("The method weighs all inputs about the same: {low:.0%} to {high:.0%} each.").format(
            low=weights[last], high=weights[first]
        )
    if apart < _EVEN * even:
        return _(
            "The method weighs {first} and {second} most, with {high:.0%} and {next:.0%}, and {last} least, "
            "with {low:.0%}."
        ).format(
            first=first, second=order[1], last=last, high=weights[first], next=weights[order[1]], low=weights[last]
        )
    return _("The method weighs {first} most, with {high:.0%}, and {last} least, with {low:.0%}.").format(
        first=first, last=last, high=weights[first], low=weights[last]
    )


def most_weighed(weights: Mapping[str, float]) -> str | None:
    """The input that is weighed clearly more than any other; None where there is none."""
    order = sorted(weights, key=lambda name: -weights[name])
    if len(order) < 2 or weights[order[0]] - weights[order[1]] < _EVEN / len(order):
        return None
    return order[0]


def strongest_link(
    links: Mapping[tuple[str, str], np.ndarray],
    places: Mapping[str, Sequence[Place]],
    texts: Mapping[str, str],
    tokens: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> str:
    """The link that stands out most among those from a place of one input to a place of another, in a sentence.

    links: (to, from) -> [N_to, N_from], rows summing to 1. texts: the texts among the inputs. tokens: of an input the
    [N] tokens that each place is made of (1): a word of four pieces is no stronger for being looked at four times.
    """
    best: tuple[float, str, str, int, int] | None = None
    for (to, source), shares in links.items():
        if not shares.size or shares.shape[1] < 2:
            continue
        size = np.asarray(tokens.get(source, np.ones(shares.shape[1])), float)
        ratios = shares * size.sum() / size
        row, column = np.unravel_index(int(np.argmax(ratios)), shares.shape)
        times = float(ratios[row, column])
        if best is None or times > best[0]:
            best = (times, to, source, int(row), int(column))
    if best is None or best[0] < _STRONG:
        return _("No link stands out: each place looks about evenly at all of the other inputs.")
    times, to, source, at, toward = best
    return _(
        "The strongest link: {here} looks at {there}, {times:.0f} times as much as if it looked at all of that input "
        "evenly."
    ).format(
        here=place_in_words(to, places[to][at], texts.get(to, "")),
        there=place_in_words(source, places[source][toward], texts.get(source, "")),
        times=times,
    )


def place_in_words(input: str, place: Place, text: str = "") -> str:
    """A place of an input as people point at it."""
    if isinstance(place, Span):
        return _("“{word}” in {input}").format(word=text[place.start : place.end].strip() or "…", input=input)
    if isinstance(place, Column):
        return _("{column} in {input}").format(column=place.name, input=input)
    if isinstance(place, Segment):
        return _("{segment} of {input}").format(segment=place.name, input=input)
    if isinstance(place, Seconds):
        return _("{start:.1f} to {end:.1f} s of {input}").format(start=place.start, end=place.end, input=input)
    if isinstance(place, Box):
        return _("the {where} of {input}").format(where=_third(place), input=input)
    return input


def strongest_segments(places: Sequence[Place], values: np.ndarray, most: int = 3) -> list[tuple[str, float]]:
    """The named segments with the largest values by size, strongest first; none where the places have no names."""
    named = [
        (place.name, float(value)) for place, value in zip(places, values, strict=True) if isinstance(place, Segment)
    ]
    return sorted(named, key=lambda pair: -abs(pair[1]))[:most]


def _third(box: Box) -> str:
    """Which ninth of an image the middle of a box lies in, as it is seen on the screen."""
    names = (
        (_("upper left"), _("top"), _("upper right")),
        (_("left side"), _("middle"), _("right side")),
        (_("lower left"), _("bottom"), _("lower right")),
    )
    down, across = (box.top + box.bottom) / 2, (box.left + box.right) / 2
    return names[min(2, int(3 * down))][min(2, int(3 * across))]
