"""`export`: weights, spec and model card of a run as a folder."""

from __future__ import annotations

import argparse

from mmcore import studies
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cli.arguments import run_of
from mmcore.cli.output import Document, Shown, put


def run(arguments: argparse.Namespace) -> Shown:
    finished = run_of(arguments.run)
    folder = studies.export(finished, arguments.folder)
    return {"run": finished.key, "folder": str(folder), "files": sorted(path.name for path in folder.iterdir())}, show


def show(document: Document) -> None:
    put(
        _("Run {run} is in {folder}: {names}").format(
            run=document["run"][:8], folder=document["folder"], names=list_of(document["files"])
        )
    )
