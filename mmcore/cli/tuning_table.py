"""The table of what tuning chose."""

from __future__ import annotations

from rich.table import Table

from mmcore import report
from mmcore.base.settings import _
from mmcore.cli.output import Document, table


def tuned_table(document: Document) -> Table:
    """What was chosen for every fold of every method of a comparison."""
    names = list(dict.fromkeys(name for row in document["methods"] for name in row["tuning"]["space"]))
    rows = table(
        _("Settings chosen inside the training part of each fold"),
        _("method"),
        _("fold"),
        *(name.replace("_", " ") for name in names),
        _("loss"),
        _("loss, untuned"),
        _("trials"),
    )
    for row in document["methods"]:
        for own in row["tuning"]["folds"]:
            chosen = [f"{own['chosen'][name]:g}" if name in own["chosen"] else "" for name in names]
            losses = [report.number(own["loss"]), report.number(own["loss_as_given"])]
            rows.add_row(row["method"], str(own["fold"]), *chosen, *losses, str(row["tuning"]["trials"]))
    return rows
