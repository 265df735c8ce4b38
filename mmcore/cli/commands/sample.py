"""`sample`: a built-in cohort as a plain folder."""

from __future__ import annotations

import argparse

from mmcore.cli.output import Shown, put_folder
from mmcore.cohorts import open_cohort, write_sample
from mmcore.cohorts.samples import named_in


def run(arguments: argparse.Namespace) -> Shown:
    name = named_in(arguments.name, arguments.language)
    folder = write_sample(name, arguments.out, arguments.cases, arguments.seed)
    cohort = open_cohort(folder)
    return {
        "name": name,
        "language": arguments.language,
        "folder": str(folder),
        "cases": len(cohort),
        "seed": arguments.seed,
        "synthetic": cohort.schema.synthetic,
    }, put_folder
