"""A cohort at a glance: balance of the target, and which inputs are missing together."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import svg, theme

_PATTERNS = 8  # of missing inputs that are drawn


def target_names(cohort: Cohort) -> np.ndarray | None:
    """[N] class names ("unlabelled" where unknown); None unless there are classes."""
    if cohort.schema.task in (None, "regression"):
        return None
    names = np.array([*cohort.schema.classes, _("unlabelled")], dtype=object)
    return names[cohort.target]


def balance_table(cohort: Cohort) -> pd.DataFrame:
    """Columns class, cases, share, in the order of the classes."""
    names = target_names(cohort)
    counts = pd.Series(names, dtype=object).value_counts()
    order = [name for name in (*cohort.schema.classes, _("unlabelled")) if name in counts]
    return pd.DataFrame(
        {"class": order, "cases": [int(counts[n]) for n in order], "share": [counts[n] / len(cohort) for n in order]}
    )


def balance(cohort: Cohort) -> go.Figure:
    """Cases a class as bars; a histogram of a number."""
    if cohort.schema.task == "regression":
        figure = go.Figure(go.Histogram(x=cohort.target[cohort.labelled], nbinsx=30, marker_color=theme.ACCENT))
        figure.update_xaxes(title=cohort.schema.target)
        figure.update_yaxes(title=_("cases"))
        return theme.style(figure, height=240, legend=False)
    table, colours = balance_table(cohort), theme.class_colours(cohort.schema.classes)
    figure = go.Figure(
        go.Bar(
            y=table["class"],
            x=table["cases"],
            orientation="h",
            marker_color=[colours.get(name, theme.GREY) for name in table["class"]],
            text=[f"{cases}  ({share:.0%})" for cases, share in zip(table["cases"], table["share"], strict=True)],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", type="category", ticksuffix="  ", showgrid=False)
    figure.update_xaxes(title=_("cases"), range=[0, float(table["cases"].max()) * 1.28], zeroline=False)
    return theme.style(figure, height=84 + 34 * len(table), legend=False)


def facts(cohort: Cohort) -> list[tuple[str, str]]:
    """What else to know of the target: (what, how many) in words."""
    lines = [(_("labelled"), f"{int(cohort.labelled.sum()):,} / {len(cohort):,}")]
    if cohort.groups is not None:
        lines.append((_("groups ({column})").format(column=cohort.schema.group), f"{len({*cohort.groups}):,}"))
    lines.append((_("all inputs there"), f"{int(presence(cohort).all(axis=1).sum()):,} / {len(cohort):,}"))
    if cohort.schema.ignored:
        lines.append((_("columns left out"), str(len(cohort.schema.ignored))))
    return lines


def presence(cohort: Cohort) -> pd.DataFrame:
    """Index = id, one bool column an input: True where it is there."""
    return pd.DataFrame({input: cohort.present(input) for input in cohort.inputs}, index=cohort.ids)


def missing_table(cohort: Cohort) -> pd.DataFrame:
    """Patterns of present inputs with the number of cases that have each, most frequent first."""
    return presence(cohort).value_counts().rename("cases").reset_index()


def few_patterns(cohort: Cohort) -> bool:
    """Whether the figure of patterns is so low that there is room below it."""
    return len(missing_table(cohort)) <= 4


def patterns_note(cohort: Cohort) -> str:
    """How to read the figure of missing inputs, and what of it is not drawn."""
    note, count = _("filled: there, ring: missing; bars: cases"), len(missing_table(cohort))
    if count > _PATTERNS:
        note += _("; the {shown} commonest of {count} patterns").format(shown=_PATTERNS, count=count)
    return note


def missing(cohort: Cohort) -> go.Figure:
    """Which inputs are missing together: a row a pattern (filled: there, ring: missing) with its number of cases."""
    table, inputs, colours = (
        missing_table(cohort).head(_PATTERNS),
        list(cohort.inputs),
        theme.colour_of_input(list(cohort.inputs)),
    )
    rows = list(range(len(table)))
    figure = make_subplots(1, 2, shared_yaxes=True, column_widths=[0.62, 0.38], horizontal_spacing=0.03)
    for i, input in enumerate(inputs):
        there = table[input].to_numpy()
        figure.add_scatter(
            x=[i] * len(rows),
            y=rows,
            mode="markers",
            row=1,
            col=1,
            name=input,
            hovertemplate=f"{input}: %{{customdata}}<extra></extra>",
            customdata=[_("there") if t else _("missing") for t in there],
            marker={
                "size": 13,
                "color": [colours[input] if t else "rgba(0,0,0,0)" for t in there],
                "line": {"width": 2, "color": [colours[input] if t else theme.faded(theme.GREY, 0.6) for t in there]},
            },
        )
    complete = table[inputs].all(axis=1)
    figure.add_bar(
        x=table["cases"],
        y=rows,
        orientation="h",
        row=1,
        col=2,
        text=table["cases"],
        textposition="outside",
        cliponaxis=False,
        marker_color=[theme.ACCENT if c else theme.faded(theme.GREY, 0.65) for c in complete],
        hovertemplate=_("%{x} cases") + "<extra></extra>",
    )
    figure.update_xaxes(
        tickvals=list(range(len(inputs))),
        ticktext=[_short(name) for name in inputs],
        side="top",
        tickangle=0,
        showgrid=False,
        zeroline=False,
        range=[-0.6, len(inputs) - 0.4],
        row=1,
        col=1,
    )
    figure.update_xaxes(visible=False, range=[0, float(table["cases"].max()) * 1.22], row=1, col=2)
    figure.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.6])
    theme.style(figure, height=60 + 32 * len(rows), legend=False)
    return figure.update_layout(margin_t=28)


def _short(name: str) -> str:
    return name if len(name) <= 9 else name[:8] + "…"


def unit_of(cohort: Cohort, column: str) -> str:
    """Unit of a column of a table input, else what sort of column it is."""
    spec_of_column = {c.name: c for spec in cohort.inputs.values() for c in spec.table}[column]
    return spec_of_column.unit or (_("category") if spec_of_column.type == "category" else _("number"))


def missing_share(cohort: Cohort) -> float:
    """Share of all inputs of all cases that are missing."""
    return float(1 - presence(cohort).to_numpy().mean()) if len(cohort) and cohort.inputs else 0.0


def class_legend(classes: Sequence[str]) -> str:
    """HTML: a dot in its colour before the name of each class."""
    entry, dot = "display:inline-flex;align-items:center;gap:.4rem", "width:.7rem;height:.7rem;border-radius:50%"
    entries = [
        svg.tag("span", svg.tag("span", style=f"{dot};background:{colour}"), html.escape(str(name)), style=entry)
        for name, colour in theme.class_colours(classes).items()
    ]
    return svg.tag("div", *entries, style="display:flex;gap:1.2rem;flex-wrap:wrap;font-size:.9rem")
