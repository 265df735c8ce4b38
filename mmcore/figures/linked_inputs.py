"""The inputs of a case beside each other, as data for a view in which pointing at one token shades the others.

N tokens of an input. The view itself is a small script (`assets/parts/linked.js`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import Box, Column, Image, InputSpec, Kind, Place, Row, Seconds, Segment, Signal, Span, Value
from mmcore.figures import overlays
from mmcore.figures.weights_on_input import cell_with_unit

_POINTS = 600  # of a trace
_DIGITS = 4


def panel(
    spec: InputSpec,
    value: Value,
    places: Sequence[Place],
    weights: np.ndarray,
    *,
    colour: str,
    channel: int = 0,
    tokens: np.ndarray | None = None,
) -> dict | None:
    """One input: its value, where its tokens lie, and their own weights [N]; None where tokens have no place in it.

    tokens: [N] how many tokens each place stands for (1), so that a word of many pieces is not shaded for its length.
    """
    builders: dict[Kind, tuple[Callable[..., dict], type]] = {
        Kind.IMAGE: (_image, Box),
        Kind.TEXT: (_text, Span),
        Kind.SIGNAL: (_signal, Seconds),
        Kind.TABLE: (_table, Column),
    }
    build, sort = builders[spec.kind]
    if not places or not all(isinstance(place, sort) for place in places):
        return None
    shared = {"name": spec.name, "kind": str(spec.kind), "colour": colour, "weights": _short(weights)}
    shared["tokens"] = [1] * len(places) if tokens is None else [max(1, int(count)) for count in tokens]
    return shared | build(spec, value, places, channel)


def view(panels: Sequence[dict], links: Mapping[tuple[str, str], np.ndarray], *, opacity: float = 0.8) -> dict:
    """Everything the script needs. links: (to, from) -> [N_to, N_from], rows summing to 1."""
    names = {item["name"] for item in panels}
    return {
        "panels": list(panels),
        "links": {f"{to}\0{source}": _short(w) for (to, source), w in links.items() if {to, source} <= names},
        "opacity": opacity,
        "words": {
            "own": _("weight within this input"),
            "from": _("what it attends to here"),
            "none": _("no link"),
            "even": _("an even share or less"),
            "most": _("{top:.1f} even shares"),  # filled in by the script, as it changes with what is pointed at
            "looks": _("looks most at"),
            "save": _("Save picture"),
            "file": "linked_inputs.png",
            "hint": _(
                "Point at a word, a region, a stretch or a column to see what it attends to in the other inputs. "
                "Click to hold it; with the keyboard: Tab, arrow keys, Enter."
            ),
        },
    }


def frame(panels: Sequence[dict], links: Mapping[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """The numbers of the view: a row for each token that looks and each token of another input that it looks at."""
    labels = {item["name"]: item["labels"] for item in panels}
    parts = []
    for (to, source), weights in links.items():
        if {to, source} <= labels.keys() and to != source:
            attending, keys = np.indices(np.shape(weights))
            facts = {"input": to, "token": attending.ravel() + 1, "label": np.take(labels[to], attending.ravel())}
            facts |= {"looks_at": source, "its_token": keys.ravel() + 1}
            facts |= {"its_label": np.take(labels[source], keys.ravel()), "share": np.ravel(weights)}
            parts.append(pd.DataFrame(facts))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _image(spec: InputSpec, value: Image, places: Sequence[Box], channel: int) -> dict:
    return {
        "picture": overlays.picture(overlays.crisp(value)),
        "places": [[round(edge, _DIGITS) for edge in (p.top, p.left, p.bottom, p.right)] for p in places],
        "labels": [
            _("{down:.0%} down, {across:.0%} across").format(down=(p.top + p.bottom) / 2, across=(p.left + p.right) / 2)
            for p in places
        ],
    }


def _text(spec: InputSpec, value: str, places: Sequence[Span], channel: int) -> dict:
    # JavaScript counts UTF-16 units, Python characters: an emoji would move everything behind it.
    text = str(value)
    at = np.concatenate([[0], np.cumsum([len(sign.encode("utf-16-le")) // 2 for sign in text])])
    return {
        "text": text,
        "places": [[int(at[p.start]), int(at[p.end])] for p in places],
        "labels": [f"“{text[p.start : p.end].strip()}”" for p in places],
    }


def _signal(spec: InputSpec, value: Signal, places: Sequence[Seconds], channel: int) -> dict:
    times, samples = overlays.trace(value, channel, _POINTS)
    low, high = float(samples.min()), float(samples.max())
    heights = 0.94 - 0.88 * (samples - low) / (high - low or 1.0)
    across = times / value.duration
    ticks = [f"{value.duration * share:.3g} {value.time_unit}" for share in (0, 0.25, 0.5, 0.75, 1)]
    return {
        "path": "M" + "L".join(f"{x:.4f},{y:.4f}" for x, y in zip(across, heights, strict=True)),
        "places": [[round(p.start / value.duration, _DIGITS), round(p.end / value.duration, _DIGITS)] for p in places],
        "labels": [
            p.name if isinstance(p, Segment) else f"{p.start:.3g}–{p.end:.3g} {value.time_unit}" for p in places
        ],
        "ticks": ticks,
    }


def _table(spec: InputSpec, value: Row, places: Sequence[Column], channel: int) -> dict:
    units = {column.name: column.unit for column in spec.table}
    return {
        "places": [[p.name, cell_with_unit(value.get(p.name), units.get(p.name, ""))] for p in places],
        "labels": [p.name for p in places],
    }


def _short(weights: np.ndarray) -> list:
    return np.round(np.asarray(weights, float), _DIGITS).tolist()
