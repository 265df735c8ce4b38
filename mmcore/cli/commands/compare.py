"""`compare`: fusion methods and single inputs on the same folds, side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from mmcore import report, studies
from mmcore.base.settings import _
from mmcore.cli import beforehand
from mmcore.cli.arguments import encoders_of, opened, settings_of, several_encoders
from mmcore.cli.output import Bar, Document, Shown, put, put_problems, table, title_of
from mmcore.evaluation import Difference, Interval, lower_is_better, metric_label
from mmcore.jobs import engine


def run(arguments: argparse.Namespace) -> Shown:
    cohort, encoders = opened(arguments), encoders_of(arguments)
    settings = settings_of(
        arguments, augmentations=several_encoders(arguments.augment, "--augment"), plain=arguments.plain
    )
    specs = studies.planned(cohort, arguments.fusion, encoders, settings)
    beforehand.warn(cohort, encoders)
    beforehand.announce(cohort, specs)
    with Bar(arguments.json) as progress:
        comparison = engine.run(
            studies.compare_planned, cohort, specs, plain=settings.plain, progress=progress, label=_("compare")
        )
    return comparison.document(), show


def show(document: Document) -> None:
    for sentence in _first(document):
        put(sentence)
    put(_methods(document))
    put("\n".join(_notes(document)))
    put_problems(document)


def _first(document: Document) -> list[str]:
    """What a reader has to know before the table."""
    verdict, lead = document["verdict"]["text"], document["plain_lead"]
    if lead is None:
        return [verdict]
    gap = Difference.read(lead)
    return [
        _("A plain baseline is ahead: {baseline} over {method}, {metric} {difference} ({verdict}).").format(
            baseline=lead["label"],
            method=lead["over"],
            metric=metric_label(lead["metric"]),
            difference=report.difference(gap),
            verdict=report.verdict(gap) or _("no interval"),
        ),
        verdict,
    ]


def _methods(document: Document) -> Table:
    """Methods, and the plain baselines below them."""
    metric = document["metric"]
    others = [m for m in ("accuracy", "ece", "mae", "r2") if m in document["methods"][0]["metrics"]]
    division = _("{folds} folds, seeds: {seeds}, split: {split}, {cases} cases").format(**document)
    paired = any(row["vs_best_single"] for row in document["methods"])
    against = [_("against {name}").format(name=document["best_single"])] if paired else []
    rows = table(
        title_of(document, division),
        _("method"),
        f"{metric_label(metric)} [95%]",
        *against,
        *(m.upper() if m == "ece" else metric_label(m) for m in others),
        _("weights"),
        _("seconds"),
        _("run"),
    )
    for row in document["methods"]:
        gap = Difference.read(row["vs_best_single"]) if row["vs_best_single"] else None
        gaps = [f"{report.difference(gap)} {report.sign(gap)}".strip()] if against else []
        seconds = report.number(row["fit_seconds"], 1) + ("*" if row["cached"] else "")
        values = [report.number(row["metrics"][m]["mean"]) for m in others]
        mean = report.interval(Interval.read(row["metrics"][metric]))
        rows.add_row(row["method"], mean, *gaps, *values, f"{row['parameters']:,}", seconds, row["run"][:8])
    for row in document["plain"]:
        seconds = report.number(row["fit_seconds"], 1) + ("*" if row["cached"] else "")
        values = [report.number(row["metrics"][m]["mean"]) for m in others]
        mean = report.interval(Interval.read(row["metrics"][metric]))
        rows.add_row(row["label"], mean, *("" for _column in against), *values, "", seconds, "")
    return rows


def _notes(document: Document) -> list[str]:
    metric = document["metric"]
    notes = []
    fusing = [row for row in document["methods"] if row["vs_best_single"] and row["inputs"] != [row["method"]]]
    if fusing:
        gaps = {row["method"]: Difference.read(row["vs_best_single"]) for row in fusing}
        notes += [report.standing(gaps, document["best_single"]), report.leading(gaps), *_more_cases(fusing)]
    if any(row["vs_best_single"] for row in document["methods"]):
        notes.append(
            _(
                "▲ better, ▼ worse, ≈ no clear difference: whether the 95% interval of the difference excludes zero. "
                "The intervals hold for all methods together, and for the choice of the best input."
            )
        )
    if document["ceiling"]:
        best = report.number(document["ceiling"][metric])
        notes.append(
            _("Best reachable {metric} (by the true probabilities): {best}.").format(
                metric=metric_label(metric), best=best
            )
        )
    if any(row["cached"] for row in document["methods"]):
        notes.append(_("* from the cache; the seconds are those it took to train."))
    return notes


def _more_cases(fusing: Sequence[Mapping[str, Any]]) -> list[str]:
    """How many more cases would settle what is in front; nothing where it is settled, or no number would do."""
    gaps = {row["method"]: row["vs_best_single"] for row in fusing}
    low = any(lower_is_better(gap["metric"]) for gap in gaps.values())
    first = (min if low else max)(gaps, key=lambda method: gaps[method]["difference"])
    count = gaps[first]["more_cases"]
    if not count:
        return []
    return [_("To settle it for {method}, about {count} more cases would be needed.").format(method=first, count=count)]
