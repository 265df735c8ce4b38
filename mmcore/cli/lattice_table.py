"""Every subset of the inputs as tables: what each set reaches, and what each input adds to the others."""

from __future__ import annotations

from rich.table import Table

from mmcore import report
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.cli.output import Document, put, table
from mmcore.evaluation import Interval, gap_digits, lower_is_better, metric_label


def show_lattice(document: Document) -> None:
    """document: of `studies.Lattice`."""
    put(_subsets(document))
    put(_shares(document))
    put(
        _(
            "adds: average gain over all sets of the other inputs (Shapley value), more is better; alone: gain "
            "over no input; last: gain over all the others."
        )
    )


def _subsets(document: Document) -> Table:
    metric = document["metric"]
    costed = any(row["cost"] is not None for row in document["subsets"])
    title = _("{fusion} of every set of inputs, {cases} cases").format(**document)
    rows = table(title, _("inputs"), f"{metric_label(metric)} [95%]", *([_("cost")] if costed else []), _("run"))
    sign = 1 if lower_is_better(metric) else -1
    for row in sorted(document["subsets"], key=lambda row: sign * row["mean"]):
        cost = [report.number(row["cost"], 2)] if costed else []
        rows.add_row(" + ".join(row["inputs"]), report.interval(Interval.read(row)), *cost, row["run"][:8])
    return rows


def _shares(document: Document) -> Table:
    costed = any(row["cost"] is not None for row in document["shapley"])
    more = [_("cost"), _("gain per unit of cost")] if costed else []
    rows = table(_("what each input adds"), _("input"), _("adds [95%]"), _("share"), _("alone"), _("last"), *more)
    for row in sorted(document["shapley"], key=lambda row: -row["mean"]):
        digits = gap_digits(
            document["metric"], *(row[name] for name in ("mean", "low", "high") if row[name] is not None)
        )
        numbers = [signed(row["alone"], digits), signed(row["last"], digits)]
        numbers += [report.number(row["cost"], 2), report.number(row["per_cost"], 4)] if costed else []
        adds = f"{signed(row['mean'], digits)} [{signed(row['low'], digits)}, {signed(row['high'], digits)}]"
        share = f"{row['share']:.0%}" if row["share"] is not None and row["share"] == row["share"] else "–"
        rows.add_row(row["input"], adds, share, *numbers)
    return rows
