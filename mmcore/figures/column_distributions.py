"""How one column of a cohort is spread by class: drawings (SVG in currentColor) so light that a page can show many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

import numpy as np
import pandas as pd

from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import svg, theme
from mmcore.figures.bins import bin_edges
from mmcore.figures.cohort import category_columns, target_names

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 290, 158, 38, 6, 8, 26
_DIGIT, _LONGEST = 7, 20  # pixels of a digit; letters of a name at the left, at most
_BINS, _CODES, _CATEGORIES, _OVERLAID = 18, 6, 8, 3  # more classes than the last hide each other: boxes instead
_FAINT = {"stroke": "currentColor", "stroke_opacity": 0.12}

Groups = Mapping[str, pd.Series]  # class -> known cells


def spread(cohort: Cohort, column: str) -> str:
    """Each class as a share of its own cases: outlines for numbers, bars for categories, boxes for many classes."""
    names, cells, classes = target_names(cohort), cohort.table[column], tuple(cohort.class_members)
    everyone = {_("all cases"): np.ones(len(cohort), bool)}
    rows = everyone if names is None else {name: names == name for name in classes}
    colours = {name: theme.class_colours(classes).get(name, theme.ACCENT) for name in rows}
    groups = {name: cells[keep].dropna() for name, keep in rows.items()}
    numeric = _numeric(cohort, column)
    if numeric and len(groups) > _OVERLAID:
        parts, high = _boxes(groups, colours)
    else:
        parts, high = _outlines(groups, cells.dropna(), colours) if numeric else _bars(groups, cells.dropna(), colours)
    return svg.drawing(parts, _WIDE, high, alt_text(cohort, column))


def alt_text(cohort: Cohort, column: str) -> str:
    """What `spread` shows, for those who cannot see it."""
    words = _("Distribution of {column} by class") if cohort.class_members else _("Distribution of {column}")
    return words.format(column=column)


def drawable(cohort: Cohort) -> Sequence[str]:
    """Columns of the table inputs that hold anything to draw."""
    columns = (column.name for spec in cohort.inputs.values() for column in spec.table)
    return [name for name in columns if name in cohort.table and cohort.table[name].nunique() > 1]


def boxed(cohort: Cohort, columns: Sequence[str]) -> bool:
    """Whether any of the columns is drawn as boxes."""
    return len(cohort.class_members) > _OVERLAID and any(_numeric(cohort, name) for name in columns)


def _numeric(cohort: Cohort, column: str) -> bool:
    cells = cohort.table[column]
    if column in category_columns(cohort):  # numbers of wards, say, are no amounts
        return False
    return pd.api.types.is_numeric_dtype(cells) and cells.nunique() > _CODES


def _label(text: str, x: float, y: float, anchor: str = "middle") -> str:
    return svg.words(text, x, y, 12, opacity=0.75, anchor=anchor)


def _height(share: float, top: float) -> float:
    return _HIGH - _BOTTOM - share / top * (_HIGH - _TOP - _BOTTOM)


def _across(at: float, low: float, high: float, left: float = _LEFT) -> float:
    return left + (at - low) / (high - low) * (_WIDE - left - _RIGHT)


def _shares(top: float) -> str:
    """Horizontal lines with their share, at round steps."""
    step = next((s for s in (0.02, 0.05, 0.1, 0.2, 0.25) if top / s <= 4), 0.5)
    levels = [(share, _height(share, top)) for share in np.arange(0, top + 1e-9, step)]
    return "".join(
        svg.line(_LEFT, y, _WIDE - _RIGHT, y, **_FAINT) + _label(f"{s:.0%}", _LEFT - 6, y + 4, "end") for s, y in levels
    )


def _ticks(low: float, high: float, y: float, left: float = _LEFT) -> str:
    raw = (high - low) * (_WIDE - _LEFT) / (6 * (_WIDE - left))
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw * 0.999)
    ticks = np.arange(np.ceil(low / step) * step, high + step * 1e-6, step) + 0.0  # no -0
    words = [f"{at:.6g}" for at in ticks]
    places = [  # none is cut at the right end
        min(_across(at, low, high, left), _WIDE - _DIGIT * len(text) / 2) for at, text in zip(ticks, words, strict=True)
    ]
    return "".join(_label(text, x, y) for text, x in zip(words, places, strict=True))


def _names(labels: Sequence[str]) -> tuple[list[str], float]:
    """Names at the left, the longest of them cut, and the pixel where what they name begins."""
    short = [svg.cut(label.strip(), _LONGEST) for label in labels]
    wide = [len(name) + sum(east_asian_width(letter) in "WF" for letter in name) for name in short]
    return short, min(_WIDE / 2, 12 + 6.2 * max(wide, default=0))


def _outlines(groups: Groups, cells: pd.Series, colours: Mapping[str, str]) -> tuple[str, float]:
    edges = bin_edges(cells.to_numpy(float), float(cells.min()), float(cells.max()), _BINS)
    low, high = float(edges[0]), float(edges[-1])
    shares = {name: np.histogram(values, edges)[0] / max(len(values), 1) for name, values in groups.items()}
    top = 1.05 * max(0.04, *(float(share.max()) for share in shares.values()))
    parts = [_shares(top), _ticks(low, high, _HIGH - _BOTTOM + 18)]
    for name, share in shares.items():
        steps = zip(np.repeat(edges, 2), [0, *np.repeat(share, 2), 0], strict=True)
        points = " ".join(f"{_across(at, low, high):.1f},{_height(s, top):.1f}" for at, s in steps)
        hint = svg.title(_("{name}: median {median}").format(name=name, median=number_text(groups[name].median())))
        look = {"fill": colours[name], "fill_opacity": 0.2, "stroke": colours[name], "stroke_width": 2}
        parts.append(svg.tag("polygon", hint, points=points, **look))
    return "".join(parts), _HIGH


def _bars(groups: Groups, cells: pd.Series, colours: Mapping[str, str]) -> tuple[str, float]:
    """Upright bars; lying ones where names are too long to stand below and would be cut to what others begin with.
    What is rare stands together in the last one."""
    counts = cells.value_counts()
    often = sorted(counts.index[:_CATEGORIES], key=lambda cell: (isinstance(cell, str), cell))
    shares = {n: [float((v == cell).mean()) if len(v) else 0.0 for cell in often] for n, v in groups.items()}
    labels = [cell if isinstance(cell, str) else f"{cell:g}" for cell in often]
    if len(counts) > len(often):
        labels.append(_("others"))
        for name, values in groups.items():
            shares[name].append(float((~values.isin(often)).mean()) if len(values) else 0.0)
    top = 1.05 * max(0.04, *(max(share, default=0.0) for share in shares.values()))
    slot = (_WIDE - _LEFT - _RIGHT) / max(len(labels), 1)
    if any(len(label) > max(3, int(slot / 6.5)) for label in labels):
        return _lying(shares, labels, top, colours)
    wide, parts = min(36.0, 0.74 * slot / len(groups)), [_shares(top)]
    for i, label in enumerate(labels):
        middle = _LEFT + (i + 0.5) * slot
        parts.append(_label(label, middle, _HIGH - _BOTTOM + 18))
        for j, (name, share) in enumerate(shares.items()):
            x, y = middle + (j - len(groups) / 2) * wide, _height(share[i], top)
            hint = svg.title(f"{name}, {label}: {share[i]:.0%}")
            parts.append(svg.rect(x + 1, y, wide - 2, max(0.0, _height(0, top) - y), hint, rx=2, fill=colours[name]))
    return "".join(parts), _HIGH


def _lying(
    shares: Mapping[str, Sequence[float]], labels: Sequence[str], top: float, colours: Mapping[str, str]
) -> tuple[str, float]:
    """A row a category, in it a bar a class; drawing and its height. top: share at the right end."""
    thick = max(4.0, min(12.0, 0.76 * (_HIGH - _TOP - _BOTTOM) / max(len(labels), 1) / len(shares)))
    row = max(thick * len(shares) + 4, 15.0)
    bottom, parts = max(_TOP + row * len(labels), float(_HIGH - _BOTTOM)), []
    names, left = _names(labels)
    step = next((s for s in (0.02, 0.05, 0.1, 0.2, 0.25) if top / s <= 4), 0.5)
    for share in np.arange(0, top + 1e-9, step):
        x = _across(share, 0, top, left)
        parts += [svg.line(x, _TOP, x, bottom, **_FAINT), _label(f"{share:.0%}", min(x, _WIDE - 14), bottom + 18)]
    for i, label in enumerate(labels):
        middle = _TOP + (i + 0.5) * (bottom - _TOP) / len(labels)
        parts.append(_label(names[i], left - 6, middle + 4, "end"))
        for j, (name, share) in enumerate(shares.items()):
            y, hint = middle + (j - len(shares) / 2) * thick, svg.title(f"{name}, {label}: {share[i]:.0%}")
            wide = _across(share[i], 0, top, left) - left
            parts.append(svg.rect(left, y + 0.5, wide, thick - 1, hint, rx=2, fill=colours[name]))
    return "".join(parts), bottom + _BOTTOM


def _boxes(groups: Groups, colours: Mapping[str, str]) -> tuple[str, float]:
    """Boxes from the first to the third quartile, lines from the 5th to the 95th percentile; drawing and its height."""
    quantiles_of = {name: np.percentile(values, [5, 25, 50, 75, 95]) for name, values in groups.items() if len(values)}
    low, high = min(q[0] for q in quantiles_of.values()), max(q[4] for q in quantiles_of.values())
    low, high = (low, high) if high > low else (low - 1, high + 1)
    parts, row = [], 18
    names, left = _names(list(quantiles_of))
    for i, (name, quantiles) in enumerate(quantiles_of.items()):
        y, (p5, q1, median, q3, p95) = _TOP + i * row, (_across(q, low, high, left) for q in quantiles)
        hint = svg.title(_("{name}: median {median}").format(name=name, median=number_text(quantiles[2])))
        parts.append(_label(names[i], left - 6, y + 11, "end"))
        parts.append(svg.line(p5, y + 7, p95, y + 7, stroke=colours[name], stroke_width=1.5))
        parts.append(svg.rect(q1, y + 1, max(q3 - q1, 1.0), 12, hint, rx=3, fill=colours[name], fill_opacity=0.75))
        parts.append(svg.line(median, y + 1, median, y + 13, stroke="#fff", stroke_width=2))
    bottom = _TOP + len(quantiles_of) * row
    return "".join(parts) + _ticks(low, high, bottom + 14, left), bottom + 22
