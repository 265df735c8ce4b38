"""`segment`: where a finding lies in an image, and whether the other inputs help to find it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from mmcore import report, studies
from mmcore.base.settings import _
from mmcore.cli.arguments import encoders_of
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, folds_in_words, put, put_problems, table, title_of
from mmcore.evaluation import Difference, Interval
from mmcore.jobs import engine


def run(arguments: argparse.Namespace) -> Shown:
    cohort = opened(arguments)
    with Bar(arguments.json) as progress:
        study = engine.run(
            studies.segmentation,
            cohort,
            encoders_of(arguments),
            input=arguments.image,
            finding=arguments.finding,
            others=arguments.others,
            folds=arguments.folds,
            seeds=arguments.seeds,
            split=arguments.split,
            plain=arguments.plain,
            progress=progress,
            label=_("segment"),
        )
    return study.document, show


def show(document: Document) -> None:
    put(document["text"])
    division = _("{folds}, seeds: {seeds}, split: {split}, {cases} cases").format(
        **{**document, "folds": folds_in_words(document)}
    )
    rows = table(
        title_of(document, division),
        _("method"),
        _("inputs"),
        _("Dice [95%]"),
        _("pointing [95%]"),
        _("unmarked if absent [95%]"),
        _("Dice of all cases [95%]"),
        _("share"),
        _("seconds"),
    )
    for row in [*document["methods"], *document["plain"]]:
        metrics = [_scored(row["metrics"][name]) for name in ("dice", "pointing", "clean", "overall")]
        share = report.number(row["network_share"]) if row in document["methods"] else ""
        seconds = report.number(row["seconds"], 1) + ("*" if document["cached"] else "")
        rows.add_row(row["method"], " + ".join(row["inputs"]), *metrics, share, seconds)
    put(rows)
    put("\n".join(_notes(document)))
    put_problems(document)


def _scored(mean: Mapping[str, Any]) -> str:
    return report.interval(Interval.read({**mean, "seed_sd": None}))


def _notes(document: Document) -> list[str]:
    notes = [
        _("{method} against {against}, {metric}: {gap} {sign}").format(
            method=row["method"], against=row["against"], metric=row["metric"],
            gap=report.difference(Difference.read(row)), sign=report.sign(Difference.read(row)),
        )
        for row in document["differences"]
    ]  # fmt: skip
    return [
        *notes,
        _(
            "Finding: {finding}, present in {with_finding} of {cases} cases; Dice and pointing are measured on "
            "these. In “Dice of all cases”, a case without the finding counts 1 if nothing is marked in it, "
            "else 0. Grid: {grid} x {grid} cells, which limits Dice to {reachable:.3f}."
        ).format(**document),
        _(
            "alone: the image only; together: with the other inputs (FiLM); shuffled: with the other inputs of "
            "other cases; share: the network's share in the answer (the rest comes from simple models of each "
            "cell)."
        ),
        *([_("* read from the cache; the seconds are those that training took.")] if document["cached"] else []),
    ]
