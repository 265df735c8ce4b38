"""`sample`: a built-in cohort as a plain folder."""

from __future__ import annotations

import argparse

from mmcore.base.settings import _
from mmcore.cli.output import Document, Shown, put
from mmcore.cohorts import open_cohort, write_sample


def run(arguments: argparse.Namespace) -> Shown:
    folder = write_sample(arguments.name, arguments.out, arguments.cases, arguments.seed)
    cohort = open_cohort(folder)
    return {
        "name": arguments.name,
        "folder": str(folder),
        "cases": len(cohort),
        "seed": arguments.seed,
        "synthetic": cohort.schema.synthetic,
    }, show


def show(document: Document) -> None:
    put(_("{cases} cases of '{name}' are in {folder}.").format(**document))
