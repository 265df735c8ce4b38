"""`predict`: apply a finished run to a cohort."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from mmcore import report, studies
from mmcore.base.name_lists import first_of, list_of
from mmcore.base.settings import _, counted
from mmcore.cli.arguments import run_of
from mmcore.cli.output import Bar, Document, Shown, put, put_problems, table
from mmcore.studies.prediction import unanswered

_SHOWN = 20  # predictions shown to a person; --json has them all


def run(arguments: argparse.Namespace) -> Shown:
    finished = run_of(arguments.run)
    cohort = studies.open_for(finished, arguments.cohort)
    with Bar(arguments.json) as progress:
        predictions = studies.predict(finished, cohort, progress, contributions=arguments.contributions)
    return {
        "run": finished.key,
        "method": finished.method,
        "task": finished.spec.task,
        "cohort": cohort.name,
        "predictions": [prediction.document() for prediction in predictions],
        "problems": [*cohort.problems, *unanswered(finished, predictions)],
    }, show


def show(document: Document) -> None:
    predictions = document["predictions"]
    explained = any(row["contributions"] is not None for row in predictions)
    rows = table(
        _("run {run}").format(run=document["run"][:8]),
        _("case"),
        _("prediction"),
        _("probabilities"),
        _("weights"),
        _("missing"),
        *([_("adds"), _("without it")] if explained else []),
    )
    for row in predictions[:_SHOWN]:
        prediction = row["prediction"] if isinstance(row["prediction"], str) else report.number(row["prediction"])
        rows.add_row(
            row["id"],
            prediction,
            _shares(row["probabilities"]),
            _shares(row["weights"] or {}),
            list_of(row["missing"]),
            *([_adds(row["contributions"]), _without(row["without"])] if explained else []),
        )
    put(rows)
    if len(predictions) > _SHOWN:
        put(_("and {count} more; --json has them all").format(count=len(predictions) - _SHOWN))
    if any(row["out_of_fold"] for row in predictions):
        put(
            counted(
                sum(row["out_of_fold"] for row in predictions),
                "The run was tested on {count} of these cases, which is answered by models that had not seen it.",
                "The run was tested on {count} of these cases, which are answered by models that had not seen them.",
            )
        )
    if any(row["learnt_from"] for row in predictions):
        put(
            counted(
                sum(row["learnt_from"] for row in predictions),
                "The models may have learnt from {count} of these cases: its answer looks better than one to a new "
                "case.",
                "The models may have learnt from {count} of these cases: their answers look better than those to new "
                "cases.",
            )
        )
    put_problems(document)


def _shares(values: Mapping[str, float]) -> str:
    largest = sorted(values.items(), key=lambda pair: -pair[1])
    return first_of([f"{name} {value:.2f}" for name, value in largest], 4)


def _adds(values: Mapping[str, float]) -> str:
    return list_of(f"{name} {value:+.2f}" for name, value in sorted(values.items(), key=lambda pair: -abs(pair[1])))


def _without(answers: Mapping[str, Mapping[str, Any]]) -> str:
    """What would be predicted without each input."""
    parts = []
    for name, answer in answers.items():
        prediction, likely = answer["prediction"], answer["probabilities"]
        value = f"{prediction} {likely[prediction]:.2f}" if prediction in likely else report.number(prediction)
        parts.append(f"{name}: {value}")
    return list_of(parts)
