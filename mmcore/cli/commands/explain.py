"""`explain`: whether attention is right, by evidence, attribution, deletion and insertion."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from mmcore import report, studies
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.cli import beforehand
from mmcore.cli.arguments import encoders_of, settings_of
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, folds_in_words, put, put_problems, table, title_of
from mmcore.explain.explanation_summary import STANDS_IN
from mmcore.jobs import engine


def run(arguments: argparse.Namespace) -> Shown:
    cohort, encoders = opened(arguments), encoders_of(arguments)
    beforehand.warn(cohort, encoders)
    with Bar(arguments.json) as progress:
        explanation = engine.run(
            studies.explain,
            cohort,
            arguments.fusion,
            encoders,
            settings_of(arguments),
            cases=arguments.cases,
            progress=progress,
            label=_("explain"),
        )
    return explanation.document(), show


def show(document: Document) -> None:
    division = counted(
        document["cases"],
        "{folds}, seeds: {seeds}, split: {split}, {count} case examined",
        "{folds}, seeds: {seeds}, split: {split}, {count} cases examined",
        folds=folds_in_words(document),
        **{name: document[name] for name in ("seeds", "split")},
    )
    title = title_of(document, division)
    if document["evidence"]:
        put(_pointing(document, title))
    put(_areas(document, "" if document["evidence"] else title))
    put("\n".join(_notes(document)))
    for row in document["methods"]:
        put(f"- {row['verdict']}")
    put_problems(document)


def _pointing(document: Mapping[str, Any], title: str) -> Table:
    """Pointing game: every explanation, input by input."""
    inputs = list(dict.fromkeys(name for row in document["methods"] for name in row["pointing"] or {}))
    rows = table(
        title, _("method"), _("explanation"), *(_("{input}: hit [95%] (chance)").format(input=name) for name in inputs)
    )
    for row in document["methods"]:
        for by, tests in row["explanations"].items():
            if tests["pointing"]:
                rows.add_row(row["method"], by, *(_hit(tests["pointing"].get(name)) for name in inputs))
    return rows


def _areas(document: Mapping[str, Any], title: str) -> Table:
    """Deletion and insertion of every explanation, and how attention agrees with it."""
    rows = table(
        title,
        _("method"),
        _("explanation"),
        _("deletion [95%]"),
        _("against random"),
        _("against even"),
        _("insertion [95%]"),
        _("against random"),
        _("against even"),
        _("agrees with attention"),
    )
    for row in document["methods"]:
        for by, tests in row["explanations"].items():
            if "deletion" not in tests:
                continue
            rows.add_row(
                row["method"],
                by,
                _interval(tests["deletion"]),
                _gap(tests.get("deletion_vs_random"), lower=True),
                _gap(tests.get("deletion_vs_even"), lower=True),
                _interval(tests["insertion"]),
                _gap(tests.get("insertion_vs_random"), lower=False),
                _gap(tests.get("insertion_vs_even"), lower=False),
                report.number(row["agreement"].get(by), 2) if by in row["agreement"] else "",
            )
    return rows


def _notes(document: Mapping[str, Any]) -> list[str]:
    notes = [
        _(
            "Deletion, insertion: area under the curve of the model's support for its prediction (of a "
            "class, its probability) while tokens are taken away (smaller is better) or brought back "
            "(larger is better), the most important first."
        ),
        _(
            "Even: the same weight for every input, shared evenly by its tokens, as attention that tells nothing "
            "would give. Attributions can tell what counts against a prediction, and take it away last; attention "
            "cannot."
        ),
        _(
            "▲ better than chance, than a random order, or than the same weight for every input; ▼ worse; "
            "≈ no clear difference (95% interval)."
        ),
    ]
    unexplained = {row["method"]: row["explanations"][STANDS_IN].get("gap") for row in document["methods"]}
    notes.append(
        _("Share of the score that integrated gradients leave unexplained (median): {gaps}.").format(
            gaps=list_of(f"{name} {gap:.1%}" for name, gap in unexplained.items() if gap is not None)
        )
    )
    everywhere = dict.fromkeys(name for row in document["methods"] for name in row["everywhere"])
    if everywhere:
        notes.append(
            _("Pointing is not tested in {inputs}: every token there covers evidence.").format(
                inputs=list_of(everywhere)
            )
        )
    return notes


def _hit(pointing: Mapping[str, float] | None) -> str:
    if pointing is None:
        return ""
    mark = "▲" if pointing["above_low"] > 0 else "▼" if pointing["above_high"] < 0 else "≈"
    return f"{_interval({**pointing, 'mean': pointing['hit']})} ({pointing['chance']:.2f}) {mark}"


def _interval(value: Mapping[str, float]) -> str:
    return f"{report.number(value['mean'], 2)} [{report.number(value['low'], 2)}, {report.number(value['high'], 2)}]"


def _gap(value: Mapping[str, float] | None, *, lower: bool) -> str:
    if value is None or not math.isfinite(value["mean"]):
        return ""
    better, worse = (value["high"] < 0, value["low"] > 0) if lower else (value["low"] > 0, value["high"] < 0)
    return f"{value['mean']:+.2f} " + ("▲" if better else "▼" if worse else "≈")
