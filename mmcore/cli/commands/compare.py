"""`compare`: fusion methods and single inputs on the same folds, side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from mmcore import report, studies
from mmcore.base.settings import _
from mmcore.cli import beforehand
from mmcore.cli.arguments import budget_of, costs_of, encoders_of, settings_of, several_encoders
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.lattice_table import show_lattice
from mmcore.cli.output import Bar, Document, Shown, folds_in_words, put, put_problems, table, title_of
from mmcore.cli.tuning_table import tuned_table
from mmcore.evaluation import Caution, Difference, Interval, metric_label
from mmcore.jobs import engine


def run(arguments: argparse.Namespace) -> Shown:
    cohort, encoders = opened(arguments), encoders_of(arguments)
    settings = settings_of(
        arguments,
        augmentations=several_encoders(arguments.augment, "--augment"),
        plain=arguments.plain,
    )
    costs, tune = costs_of(arguments), budget_of(arguments)
    specs = studies.planned(cohort, arguments.fusion, encoders, settings)
    beforehand.warn(cohort, encoders)
    beforehand.announce(cohort, specs)
    with Bar(arguments.json) as progress:
        comparison = engine.run(
            studies.compare_planned,
            cohort,
            specs,
            settings,
            tune=tune,
            progress=progress,
            label=_("compare"),
        )
        document = comparison.document()
        if arguments.lattice or costs:
            lattice = engine.run(
                studies.lattice, cohort, encoders, settings, costs=costs, progress=progress, label=_("every subset")
            )
            document["lattice"] = lattice.document()
    return document, show


def show(document: Document) -> None:
    for sentence in _first(document):
        put(sentence)
    put(_methods(document))
    if document["methods"][0]["tuning"]:
        put(tuned_table(document))
    if "labels" in document["methods"][0]:
        put(_labels(document))
    put("\n".join(_notes(document)))
    if "lattice" in document:
        show_lattice(document["lattice"])
    put_problems(document)


def _first(document: Document) -> list[str]:
    """What a reader has to know before the table."""
    verdict, lead = document["verdict"]["text"], document["plain_lead"]
    if lead is None:
        return [verdict]
    return [report.plain_ahead(lead), verdict]


def _methods(document: Document) -> Table:
    """Methods, and the plain baselines below them."""
    metric = document["metric"]
    named = {"multilabel": ("auprc", "f1"), "survival": ("uno_c", "ibs", "ibs_gain")}
    shown = named.get(document["task"], ("accuracy", "ece", "mae", "r2"))
    others = [m for m in shown if m in document["methods"][0]["metrics"]]
    division = _("{folds}, seeds: {seeds}, split: {split}, {cases} cases").format(
        **{**document, "folds": folds_in_words(document)}
    )
    paired = any(row["vs_best_single"] for row in document["methods"])
    against = [_("against {name}").format(name=document["best_single"]), _("more cases")] if paired else []
    rows = table(
        title_of(document, division),
        _("method"),
        f"{metric_label(metric)} [95%]",
        *against,
        *(m.upper() if m == "ece" else metric_label(m) for m in others),
        _("network alone"),
        _("share"),
        _("parameters"),
        _("seconds"),
        _("run"),
    )
    for row in document["methods"]:
        gap = Difference.read(row["vs_best_single"]) if row["vs_best_single"] else None
        needed = (row["vs_best_single"] or {}).get("more_cases")
        more = f"{needed:,}" if needed else ""
        gaps = [f"{report.difference(gap)} {report.sign(gap)}".strip(), more] if against else []
        seconds = report.number(row["fit_seconds"], 1) + ("*" if row["cached"] else "")
        values = [report.number(row["metrics"][m]["mean"]) for m in others]
        mean = report.interval(Interval.read(row["metrics"][metric]))
        parts = (_alone(row, metric), report.number(row["network_share"]))
        rows.add_row(row["method"], mean, *gaps, *values, *parts, f"{row['parameters']:,}", seconds, row["run"][:8])
    for row in document["plain"]:
        seconds = report.number(row["fit_seconds"], 1) + ("*" if row["cached"] else "")
        values = [report.number(row["metrics"][m]["mean"]) for m in others]
        mean = report.interval(Interval.read(row["metrics"][metric]))
        rows.add_row(row["label"], mean, *("" for _column in against), *values, "", "", "", seconds, "")
    return rows


def _labels(document: Document) -> Table:
    """The compared metric of each label by itself, by method."""
    methods, metric = document["methods"], document["metric"]
    title = _("{metric} of each label").format(metric=metric_label(metric))
    rows = table(title, _("label"), *(row["method"] for row in methods))
    for name in document["classes"]:
        rows.add_row(name, *(report.interval(Interval.read(row["labels"][name][metric])) for row in methods))
    return rows


def _alone(row: Mapping[str, Any], metric: str) -> str:
    """The score of a method's networks without its linear part."""
    return report.number(row["network_alone"][metric]) if row["network_alone"] else ""


def _notes(document: Document) -> list[str]:
    metric = document["metric"]
    notes = []
    fusing = [row for row in document["methods"] if row["vs_best_single"] and row["inputs"] != [row["method"]]]
    if fusing:
        gaps = {row["method"]: Difference.read(row["vs_best_single"]) for row in fusing}
        notes += [report.standing(gaps, document["best_single"]), report.leading(gaps)]
    if any(row["vs_best_single"] for row in document["methods"]):
        notes.append(
            _(
                "▲ better, ▼ worse (the 95% interval of the difference excludes zero), ≈ no clear difference. "
                "The intervals hold for all methods together and allow for the choice of the best input. More "
                "cases: about how many would settle the question, if the true difference were the one seen."
            )
        )
    first = document["methods"][0]["metrics"][metric]
    notes += [why for why in [report.no_interval(Caution(first.get("note") or ""), metric)] if why]
    if document["ceiling"]:
        best = report.number(document["ceiling"][metric])
        notes.append(
            _("Best possible {metric} (from the true probabilities): {best}.").format(
                metric=metric_label(metric), best=best
            )
        )
    if any(row["network_share"] < 1 for row in document["methods"]):
        notes.append(
            _(
                "network alone: the score without the simple model of each input that the method is "
                "averaged with; share: the network's share in the answer."
            )
        )
    if any(row["cached"] for row in document["methods"]):
        notes.append(_("* read from the cache; the seconds are those that training took."))
    return notes
