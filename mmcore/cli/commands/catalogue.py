"""`catalogue`: public data sets, and one of them as a cohort folder."""

from __future__ import annotations

import argparse

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.catalogue import get, public_cohorts
from mmcore.cli.output import Bar, Document, Shown, note, put, put_problems


def run(arguments: argparse.Namespace) -> Shown:
    if arguments.action == "list":
        entries = [
            {"name": name, "title": e.title, "inputs": e.inputs, "task": e.task, "megabytes": e.megabytes,
             "licence": e.licence, "citation": e.citation, "home": e.home}
            for name, e in public_cohorts.items()
        ]  # fmt: skip
        return {"catalogue": entries}, show_list
    if not arguments.name or not arguments.out:
        raise BadInput(_("Say which data set to get, and where to put it."), _("Write: catalogue get NAME --out DIR."))
    entry = public_cohorts[arguments.name]
    note(_("{title}: licence {licence}. Please cite {citation}.").format(
        title=entry.title, licence=entry.licence, citation=entry.citation))  # fmt: skip
    with Bar(arguments.json) as progress:
        folder, remarks = get(arguments.name, arguments.out, progress)
    return {"name": arguments.name, "folder": str(folder), "licence": entry.licence, "problems": remarks}, show


def show_list(document: Document) -> None:
    for entry in document["catalogue"]:
        put(f"[bold]{entry['name']}[/bold]  {entry['title']} · {entry['licence']} · {entry['megabytes']:,} MB")
        put(f"  {entry['inputs']}; {entry['task']}")
        put(f"  {entry['citation']} · {entry['home']}")


def show(document: Document) -> None:
    put(_("Written to {folder}.").format(folder=document["folder"]))
    put_problems(document)
