"""Numbers of a cohort at a glance: balance of the target, which inputs are there."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import svg, theme


def target_names(cohort: Cohort) -> np.ndarray | None:
    """[N] class names, of several labels the rarest of each case ("unlabelled" where unknown); None unless there are
    classes."""
    if cohort.schema.task in (None, "regression"):
        return None
    names = np.array([*cohort.stratum_names, _("unlabelled")], dtype=object)
    return names[cohort.strata]


def balance_table(cohort: Cohort) -> pd.DataFrame:
    """Columns class, cases, share, in the order of the classes."""
    if cohort.schema.task in ("multilabel", "survival"):
        held = [int(rows.sum()) for rows in cohort.class_members.values()]
        order, shares = list(cohort.class_members), [count / len(cohort) for count in held]
        return pd.DataFrame({"class": order, "cases": held, "share": shares})
    names = target_names(cohort)
    counts = pd.Series(names, dtype=object).value_counts()
    order = [name for name in (*cohort.schema.classes, _("unlabelled")) if name in counts]
    return pd.DataFrame(
        {"class": order, "cases": [int(counts[n]) for n in order], "share": [counts[n] / len(cohort) for n in order]}
    )


def facts(cohort: Cohort) -> list[tuple[str, str]]:
    """What else to know of the target: (what, how many) in words."""
    lines = [(_("labelled"), f"{int(cohort.labelled.sum()):,} / {len(cohort):,}")]
    if cohort.groups is not None:
        lines.append((_("groups ({column})").format(column=cohort.schema.group), f"{len({*cohort.groups}):,}"))
    lines.append((_("all inputs present"), f"{int(presence(cohort).all(axis=1).sum()):,} / {len(cohort):,}"))
    if cohort.schema.ignored:
        lines.append((_("columns left out"), str(len(cohort.schema.ignored))))
    return lines


def presence(cohort: Cohort) -> pd.DataFrame:
    """Index = id, one bool column an input: True where it is there."""
    return pd.DataFrame({input: cohort.present(input) for input in cohort.inputs}, index=cohort.ids)


def unit_of(cohort: Cohort, column: str) -> str:
    """Unit of a column of a table input, else what sort of column it is."""
    spec_of_column = {c.name: c for spec in cohort.inputs.values() for c in spec.table}[column]
    return spec_of_column.unit or (_("category") if spec_of_column.type == "category" else _("number"))


def category_columns(cohort: Cohort) -> set[str]:
    """Columns of table inputs that are read as categories, be their cells numbers."""
    return {c.name for spec in cohort.inputs.values() for c in spec.table if c.type == "category"}


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
