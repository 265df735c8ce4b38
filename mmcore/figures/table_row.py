"""A row of values, each on the range the cohort has of it."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmcore.base.number_text import cell_text, number_text
from mmcore.base.settings import _
from mmcore.base.values import Column, ColumnSpec, Evidence, InputSpec, Row
from mmcore.cohorts.names import class_name
from mmcore.figures import svg, theme
from mmcore.figures.bins import bin_edges
from mmcore.figures.case import effect_colour

Cell = float | str | None  # of a table
_RARE = 0.95  # of the cohort that lies on one side of a value that is unusual
WIDE = 992  # pixels at most
_BINS, _FEW = 32, 6  # a number with so few values is a code: the share that has it says more than a rank


def frame(row: Row, cohort: pd.DataFrame, spec: InputSpec) -> pd.DataFrame:
    """Per column: value, unit, share of the cohort below it (numbers) or with it (categories, codes), quartiles."""
    lines = []
    for column in spec.table:
        value, cohort_values = row.get(column.name), _column(cohort, column)
        line = {
            "column": column.name,
            "value": value,
            "unit": column.unit,
            "share": _share(value, cohort_values, column),
        }
        if column.type == "number" and len(cohort_values):
            line |= dict(zip(("q25", "median", "q75"), np.percentile(cohort_values, [25, 50, 75]), strict=True))
        lines.append(line)
    return pd.DataFrame(lines)


def unusual(row: Row, cohort: pd.DataFrame, spec: InputSpec) -> list[str]:
    """Numbers that lie above or below nearly all of the cohort's, the farthest first: "bmi (above 97% of cases)"."""
    rare = []
    for column in spec.table:
        value, cohort_values = row.get(column.name), _column(cohort, column)
        if column.type != "number" or value is None or value != value or _is_code(cohort_values):
            continue
        below, above = float(np.mean(cohort_values < float(value))), float(np.mean(cohort_values > float(value)))
        if max(below, above) >= _RARE:
            rare.append((max(below, above), f"{column.name} ({_ranked(below, above)})"))
    return [words for _share, words in sorted(rare, key=lambda pair: -pair[0])]


def ranges(row: Row, cohort: pd.DataFrame, spec: InputSpec, *, colour: str, evidence: Sequence[Evidence] = ()) -> str:
    """HTML: a line a column, with the value and, behind its mark, how often each value occurs in the cohort."""
    proof = {place.name: item for item in evidence for place in item.places if isinstance(place, Column)}
    lines = "".join(
        _line(row.get(column.name), _column(cohort, column), column, colour, proof.get(column.name))
        for column in spec.table
    )
    columns = "grid-template-columns:minmax(5rem,auto) minmax(max-content,auto) minmax(4.5rem,1fr) auto"
    return svg.tag("div", lines, style=f"display:grid;max-width:{WIDE}px;align-items:stretch;{columns}")


def _column(cohort: pd.DataFrame, column: ColumnSpec) -> np.ndarray:
    cells = cohort[column.name] if column.name in cohort else pd.Series(dtype=float)
    if column.type == "number":
        cells = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
        return cells[np.isfinite(cells)]
    return np.array([name for name in map(class_name, cells) if name is not None], dtype=object)


def _is_missing(value: Cell) -> bool:
    return value is None or value != value


def _is_code(cohort_values: np.ndarray) -> bool:
    return len(set(cohort_values.tolist())) <= _FEW


def _share(value: Cell, cohort_values: np.ndarray, column: ColumnSpec) -> float | None:
    if value is None or value != value or not len(cohort_values):
        return None
    if column.type != "number":
        return float(np.mean(cohort_values == str(value)))
    return float(
        np.mean(cohort_values == float(value)) if _is_code(cohort_values) else np.mean(cohort_values < float(value))
    )


def _line(value: Cell, cohort_values: np.ndarray, column: ColumnSpec, colour: str, proof: Evidence | None) -> str:
    """Four cells of the grid: name, value, drawing, words."""
    gone, faint = _is_missing(value), {"style": "opacity:.65;font-size:.82rem;white-space:nowrap"}
    name = svg.tag("span", html.escape(column.name), style="opacity:.75")
    if proof:
        hint = f"{proof.name} ({proof.effect:+.2f})"
        name += svg.tag("span", "●", title=hint, style=f"color:{effect_colour(proof.effect)}")
    shown = svg.tag("b", html.escape(cell_text(value)), style="font-size:1.05rem;font-variant-numeric:tabular-nums")
    unit = svg.tag("span", html.escape(column.unit), **faint) if column.unit and not gone else ""
    draw = _histogram if column.type == "number" else _bar
    words = svg.tag("span", _standing(value, cohort_values, column), **faint)
    cells = (name, shown + unit, draw(value, cohort_values, column, colour), words)
    styles = ("", "white-space:nowrap", "", "justify-content:flex-end;padding-right:0")
    return "".join(svg.tag("div", cell, style=_CELL + style) for cell, style in zip(cells, styles, strict=True))


_CELL = (
    "display:flex;align-items:center;gap:.3rem;min-height:2.9rem;padding:.4rem 1rem .4rem 0;"
    "border-top:1px solid rgba(128,144,158,.18);"
)


def _ranked(below: float, above: float) -> str:
    """Where a value stands, by the shares of the cohort below and above it; of all only where it is of all."""
    share = max(below, above)
    words = _("above {p:.0%} of cases") if below >= above else _("below {p:.0%} of cases")
    return words.format(p=share if share == 1 else min(share, 0.99))


def _standing(value: Cell, cohort_values: np.ndarray, column: ColumnSpec) -> str:
    """Where the value stands among those of the cohort, in words."""
    if _is_missing(value):
        return _("missing")
    share = _share(value, cohort_values, column)
    if share is None:
        return ""
    if column.type != "number" or _is_code(cohort_values):
        return _("{p:.0%} of cases").format(p=share)
    return _ranked(share, float(np.mean(cohort_values > float(value or 0))))


def _histogram(value: Cell, cohort_values: np.ndarray, column: ColumnSpec, colour: str) -> str:
    if not len(cohort_values):
        return ""
    low, high = (float(x) for x in np.percentile(cohort_values, [0.5, 99.5], method="nearest"))
    hint = _("{low} to {high}").format(low=number_text(low), high=number_text(high))
    edges = bin_edges(cohort_values, low, high, _BINS)
    low, high = float(edges[0]), float(edges[-1])
    counts = np.histogram(np.clip(cohort_values, low, high), edges)[0]
    bar = "flex:1;background:currentColor;opacity:.2;border-radius:1px 1px 0 0"
    bars = [svg.tag("span", style=f"{bar};height:{max(h, 0.04 * (h > 0)):.0%}") for h in counts / max(counts.max(), 1)]
    inside = svg.tag("div", *bars, style="display:flex;align-items:flex-end;gap:1px;height:100%")
    if value is not None and value == value:
        at = float(np.clip((float(value) - low) / (high - low), 0, 1))
        place = f"position:absolute;left:calc({at:.2%} - 1.5px);top:-2px;bottom:-2px;width:3px;border-radius:2px"
        inside += svg.tag("span", style=f"{place};background:{colour}")
    return svg.tag(
        "div", inside, role="img", aria_label=hint, title=hint, style="position:relative;width:100%;height:1.9rem"
    )


def _bar(value: Cell, cohort_values: np.ndarray, column: ColumnSpec, colour: str) -> str:
    """Shares of the categories side by side; the case's own is filled. A name stands only where there is room for all
    of it: behind an empty first column it would begin a second line, of which nothing is seen."""
    look = "border-radius:3px;min-width:0;height:1.3rem;font-size:.74rem;line-height:1.3rem;overflow:hidden"
    look += ";display:flex;flex-wrap:wrap;white-space:nowrap"
    strut = svg.tag("span", style="width:.35rem;height:1.3rem")
    pieces = []
    for name in column.categories:
        share = float(np.mean(cohort_values == name)) if len(cohort_values) else 0.0
        own = not _is_missing(value) and str(value) == name
        ink = theme.ink_on((colour, colour), 0.0)
        fill = f"background:{colour};color:{ink}" if own else "background:rgba(128,144,158,.2)"
        words = svg.tag("span", html.escape(name), style="padding-right:.25rem")
        style = f"{look};flex:{max(share, 0.04):.3f} 1 0;{fill}"
        pieces.append(svg.tag("div", strut, words, title=f"{name}: {share:.0%}", style=style))
    return svg.tag("div", *pieces, style="display:flex;gap:2px;width:100%")
