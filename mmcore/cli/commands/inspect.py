"""`inspect`: what a cohort holds."""

from __future__ import annotations

import argparse

from mmcore.base.name_lists import first_of, list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import InputSpec, Kind
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Document, Shown, put, put_problems, table
from mmcore.cohorts import Cohort
from mmcore.cohorts.importing.open_questions import LOOKED, some_values
from mmcore.cohorts.lesions import outlined_findings

_COLUMNS = 12  # columns of an input that are named one by one


def run(arguments: argparse.Namespace) -> Shown:
    cohort = opened(arguments)
    _open_some(cohort)
    schema, headers, masks = cohort.schema, cohort.headers, outlined_findings(cohort)
    counts = {name: int(rows.sum()) for name, rows in cohort.class_members.items()}
    return {
        "name": cohort.name,
        "title": schema.title,
        "synthetic": schema.synthetic,
        "cases": len(cohort),
        "labelled": int(cohort.labelled.sum()) if schema.task else 0,
        "task": schema.task,
        "target": schema.target,
        "positive": cohort.positive,
        "classes": counts,
        "group": schema.group,
        "split": schema.split,
        "groups": None if cohort.groups is None else len(set(cohort.groups.tolist())),
        "inputs": {
            name: {
                "kind": spec.kind,
                "columns": list(spec.columns),
                "missing": int((~cohort.present(name)).sum()),
                "missing_in_columns": _missing_in_columns(cohort, spec),
                "rate_hz": spec.rate_hz,
            }
            for name, spec in cohort.inputs.items()
        },
        "masks": {input: list(names) for input, names in masks.items()},
        "ignored": dict(schema.ignored),
        "left_out": dict(schema.ignored),
        "licence": schema.licence,
        "citation": schema.citation,
        "identifying_headers": headers,
        "problems": cohort.problems,
    }, show


def _missing_in_columns(cohort: Cohort, spec: InputSpec) -> dict[str, int]:
    """Columns of a table input that are empty in some cases, and in how many."""
    if spec.kind is not Kind.TABLE or not {*spec.columns} <= {*cohort.table.columns}:
        return {}
    empty = cohort.table[list(spec.columns)].isna().sum()
    return {str(column): int(count) for column, count in empty[empty > 0].items()}


def _open_some(cohort: Cohort) -> None:
    """Read a few files of every input, so that the cohort's problems tell of those that cannot be read."""
    for name, spec in cohort.inputs.items():
        if spec.kind not in (Kind.TABLE, Kind.SIGNAL) and not cohort.schema.synthetic:
            some_values(cohort, name)  # of recordings as many were read already, to ask for their rate


def _divided(task: str, members: dict[str, int]) -> str:
    """How many cases each class or label has; of a time to an event, in how many it was seen."""
    counts = list_of(f"{name} ({count})" for name, count in members.items())
    if task == "survival":
        return counts
    if task == "multilabel":
        return counted(len(members), "{count} label: {labels}", "{count} labels: {labels}", labels=counts)
    return counted(len(members), "{count} class: {classes}", "{count} classes: {classes}", classes=counts)


def show(document: Document) -> None:
    title = document["title"] or document["name"]
    unnamed = document["synthetic"] and _("synthetic") not in title
    put(f"[bold]{title}[/bold]" + (f" ({_('synthetic')})" if unnamed else ""))
    facts = [
        counted(
            document["cases"],
            "{count} case, {labelled} with a target",
            "{count} cases, {labelled} with a target",
            labelled=document["labelled"],
        )
    ]
    if document["task"]:
        facts.append(_("task: {task}, target: {target}").format(**document))
    else:
        facts.append(_("no target: name the column to predict (--target COLUMN)"))
    if document["classes"]:
        facts.append(_divided(document["task"], document["classes"]))
    if document["positive"]:
        facts.append(_("positive class: {positive}").format(**document))
    if document["group"]:
        facts.append(_("group: {group} ({groups})").format(**document))
    if document["split"]:
        facts.append(_("split: given by column {split}").format(**document))
    facts.append(_("licence: {licence}").format(licence=document["licence"] or _("not stated")))
    if document["masks"]:
        listed = (f"{input}: {', '.join(names)}" for input, names in document["masks"].items())
        facts.append(_("masks: {masks}").format(masks="; ".join(listed)))
    put("\n".join(facts))
    rows = table("", _("input"), _("kind"), _("columns"), _("missing"))
    for name, row in document["inputs"].items():
        rows.add_row(name, row["kind"], first_of(row["columns"], _COLUMNS), str(row["missing"]))
    put(rows)
    for name, row in document["inputs"].items():
        if lacking := sorted(row["missing_in_columns"].items(), key=lambda item: -item[1]):
            counts = first_of([f"{column} ({count})" for column, count in lacking], _COLUMNS)
            put(_("Empty cells in '{input}': {columns}.").format(input=name, columns=counts))
    if not document["synthetic"] and any(row["kind"] != Kind.TABLE for row in document["inputs"].values()):
        put(_("Up to {count} files of each input were opened; `audit` opens all.").format(count=LOOKED))
    if document["ignored"]:
        put(_("Left out: ") + "; ".join(f"{column} ({why})" for column, why in document["ignored"].items()))
    put_problems(document)
