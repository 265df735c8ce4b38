"""`features`: how well each encoder's features separate the target."""

from __future__ import annotations

import argparse
from typing import Any

from rich.table import Table

from mmcore import report, studies
from mmcore.base.settings import _
from mmcore.cli.arguments import divided, several_encoders
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, folds_in_words, put, put_problems, table, title_of
from mmcore.evaluation import Difference, Interval, metric_label
from mmcore.jobs import engine


def run(arguments: argparse.Namespace) -> Shown:
    cohort = opened(arguments)
    with Bar(arguments.json) as progress:
        study = engine.run(
            studies.features,
            cohort,
            several_encoders(arguments.encoder, "--encoder"),
            studies.StudySettings(**divided(arguments)),
            progress=progress,
            label=_("features"),
        )
    return study.document(), show


def show(document: Document) -> None:
    metric = metric_label(document["metric"])
    division = _("{folds}, split: {split}, {cases} cases").format(**{**document, "folds": folds_in_words(document)})
    rows = table(
        title_of(document, division),
        _("input"),
        _("encoder"),
        _("width"),
        _("tokens"),
        _("ms per case"),
        _("cases"),
        _("{metric} from similar cases [95%]").format(metric=metric),
        _("{metric} of a linear model [95%]").format(metric=metric),
        _("against the best"),
    )
    for row in document["encoders"]:
        seconds = row["seconds_per_case"]
        gap = Difference.read(row["vs_best"]["probe"]) if row["vs_best"].get("probe") else None
        scores = [_scored(row[kind]) for kind in ("knn", "probe")] if row["probe"] else [row["reason"], ""]
        rows.add_row(
            row["input"],
            row["encoder"] + (" †" if row["learns"] else ""),
            str(row["dims"]),
            str(row["tokens"]),
            report.number(None if seconds is None else 1000 * seconds, 1),
            str(row["cases"]),
            *scores,
            f"{report.difference(gap)} {report.sign(gap)}".strip(),
        )
    put(rows)
    put("\n".join(_notes(document, metric)))
    if document["agreement"]:
        put(_agreement(document["agreement"]))
    put_problems(document)


def _notes(document: Document, metric: str) -> list[str]:
    chance = report.number(document["chance"])
    notes = [_("{metric} if every case gets the same answer: {chance}.").format(metric=metric, chance=chance)]
    if any(row["vs_best"].get("probe") for row in document["encoders"]):
        notes.append(
            _("Against the best linear model of the same input: ▼ worse, ≈ no clear difference (95% interval, paired).")
        )
    if any(row["learns"] for row in document["encoders"]):
        notes.append(
            _("† part of this encoder learns during training; the scores are for the numbers that enter that part.")
        )
    notes += [_("{input}: {encoder} is left out. {reason}").format(**left) for left in document["left_out"]]
    return notes


def _agreement(agreement: dict[str, Any]) -> Table:
    """Similarity of every two encoders."""
    rows = table(_("How similarly encoders arrange the cases (debiased linear CKA; 1: the same, 0: unrelated)"), "")
    for number in range(1, len(agreement["labels"]) + 1):
        rows.add_column(str(number))
    for number, (label, values) in enumerate(zip(agreement["labels"], agreement["cka"], strict=True), 1):
        rows.add_row(f"{number} {label}", *(_similarity(value) for value in values))
    return rows


def _similarity(value: float | None) -> str:
    return report.number(value if value is None or abs(value) >= 0.005 else 0.0, 2)


def _scored(value: dict[str, Any] | None) -> str:
    return "" if value is None else report.interval(Interval(value["mean"], value["low"], value["high"], float("nan")))
