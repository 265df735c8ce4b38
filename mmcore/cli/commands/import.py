"""`import`: somebody's own files as a plain folder, with what every column was taken for."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from mmcore.base.settings import _, counted
from mmcore.cli.cohort_arguments import roles_of
from mmcore.cli.output import Bar, Document, Shown, put, put_folder, put_problems, table
from mmcore.cohorts.importing import imported, propose

_ROWS = 10  # cells that could not be used and are shown to a person
_COLUMNS = 60


def run(arguments: argparse.Namespace) -> Shown:
    proposal = propose(arguments.cohort, roles_of(arguments), arguments.table)
    with Bar(arguments.json) as progress:
        cohort = imported(proposal, arguments.out, arguments.name, progress)
    return {
        "name": cohort.name,
        "folder": str(arguments.out),
        "cases": len(cohort),
        "task": cohort.schema.task,
        "target": cohort.schema.target,
        "positive": cohort.positive,
        "group": cohort.schema.group,
        "inputs": {
            name: {"kind": spec.kind, "columns": list(spec.columns), "missing": int((~cohort.present(name)).sum())}
            for name, spec in cohort.inputs.items()
        },
        "columns": [asdict(column) for column in proposal.columns],
        "left_out": {column.name: column.reason for column in proposal.columns if column.role == "left out"},
        "rows": [asdict(row) for row in proposal.rows],
        "more_rows": proposal.more_rows,
        "asked": [asdict(question) for question in proposal.questions],
        "problems": list(dict.fromkeys([*proposal.problems, *cohort.problems])),
    }, show


def show(document: Document) -> None:
    put_folder(document)
    rows = table("", _("column"), _("role"), _("input"), _("kind"), _("unit"), _("missing"), _("why"))
    for column in document["columns"][:_COLUMNS]:
        facts = ("name", "role", "input", "kind", "unit", "missing", "reason")
        rows.add_row(*(str(column[fact]) for fact in facts))
    put(rows)
    if len(document["columns"]) > _COLUMNS:
        put(
            counted(
                len(document["columns"]) - _COLUMNS,
                "and {count} more column; --json has them all",
                "and {count} more columns; --json has them all",
            )
        )
    for row in document["rows"][:_ROWS]:
        put(_("row {row} ({id}), {column}: '{cell}': {problem}").format(**row))
    more = len(document["rows"]) - _ROWS + document["more_rows"]
    if more > 0:
        put(
            counted(
                more,
                "and {count} more cell",
                "and {count} more cells",
            )
        )
    for question in document["asked"]:
        put(question["question"] + " " + _("Give it as --rate {name}=HZ.").format(name=question["name"]))
    put_problems(document)
