"""`encode`: fill the feature cache for a cohort."""

from __future__ import annotations

import argparse

from mmcore import report, studies
from mmcore.base.settings import _
from mmcore.cli import beforehand
from mmcore.cli.arguments import encoders_of
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, put, put_problems, table


def run(arguments: argparse.Namespace) -> Shown:
    cohort, encoders = opened(arguments), encoders_of(arguments)
    beforehand.warn(cohort, encoders)
    with Bar(arguments.json) as progress:
        encoded = studies.encode(cohort, encoders, progress)
    rows = {
        name: {
            "encoder": features.encoder,
            "dims": features.dims,
            "tokens": int(features.counts.max(initial=0)),
            "cases": int((features.counts > 0).sum()),
            "computed": features.computed,
            "seconds": features.seconds,
            "failed": dict(features.failed),
        }
        for name, features in encoded.items()
    }
    failed = [
        f"{name} {id}: {reason}"
        for name, features in encoded.items()
        for id, reason in features.failed.items()
        if id not in cohort.unreadable(name)  # those are among the cohort's problems
    ]
    document = {"name": cohort.name, "cases": len(cohort), "inputs": rows, "problems": [*cohort.problems, *failed]}
    return document, show


def show(document: Document) -> None:
    rows = table("", _("input"), _("encoder"), _("width"), _("tokens"), _("cases"), _("computed now"), _("seconds"))
    for name, row in document["inputs"].items():
        rows.add_row(
            name,
            row["encoder"],
            str(row["dims"]),
            str(row["tokens"]),
            str(row["cases"]),
            str(row["computed"]),
            report.number(row["seconds"], 1),
        )
    put(rows)
    put_problems(document)
