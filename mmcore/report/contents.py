"""What a report of a comparison says, section by section: the answer first, then cohort, audit, methods, limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing import AuditFinding
from mmcore.evaluation import Difference, Interval, calibration, metric_label
from mmcore.report import drawings
from mmcore.report.document import Document, Picture, Section, Table
from mmcore.report.numbers import difference, interval, number
from mmcore.report.subgroups import subgroups
from mmcore.report.table_one import table_one
from mmcore.runs import Run

MOST_FINDINGS = 12


def report_of(
    cohort: Cohort,
    compared: Mapping[str, Any],
    runs: Mapping[str, Run],
    findings: Sequence[AuditFinding],
    answer: Sequence[str],
) -> Document:
    """The report of a comparison.

    compared: the document that `compare --json` prints. runs: by method. findings: of the audit. answer: what the
    comparison comes to, in sentences. No single case is shown.
    """
    best = _best(compared)
    warning = _("Not for clinical use. A research comparison: it must not inform decisions about patients.")
    if cohort.schema.synthetic:
        warning += " " + _("The cases are synthetic: these numbers say nothing about real patients.")
    sections = [
        *_cohort(cohort),
        _audit(findings),
        _comparison(compared),
        _metrics(compared),
        *_labels(compared),
        *_calibrated(runs.get(best)),
        *_parts(cohort, runs.get(best), best),
        _methods(compared, runs),
        _limits(compared, cohort),
        _reproduce(compared, runs),
    ]
    return Document(
        _("{title}: what does fusion buy?").format(title=cohort.schema.title or cohort.name),
        tuple(answer),
        warning,
        tuple(sections),
        _("Made by Fusionscope on {date}.").format(date=f"{datetime.now(UTC):%Y-%m-%d}"),
    )


def _best(compared: Mapping[str, Any]) -> str:
    """The method with the best score of the compared metric."""
    lower = compared["better"] == "lower"

    def rank(row: Mapping[str, Any]) -> float:
        mean = row["metrics"][compared["metric"]]["mean"]
        return math.inf if mean is None or not math.isfinite(mean) else mean if lower else -mean

    return str(min(compared["methods"], key=rank)["method"])


def _cohort(cohort: Cohort) -> list[Section]:
    schema = cohort.schema
    lines = [schema.description] if schema.description else []
    lines.append(
        _("{cases} with a known target ({target}) of {all}.").format(
            cases=counted(int(cohort.labelled.sum()), _("{count} case"), _("{count} cases")),
            target=schema.target,
            all=len(cohort),
        )
    )
    if schema.classes:
        counts = [f"{name} {int(cohort.has_class(i).sum())}" for i, name in enumerate(schema.classes)]
        several = schema.task == "multilabel"
        sentence = (
            _("Labels, several of which may be true of a case: {counts}.") if several else _("Classes: {counts}.")
        )
        lines.append(sentence.format(counts=", ".join(counts)))
    if schema.task == "binary":
        lines.append(_("Positive class: {name}.").format(name=schema.classes[1]))
    if schema.group:
        lines.append(_("Cases are grouped by {column}; folds never part a group.").format(column=schema.group))
    source = "; ".join(part.rstrip(".") for part in (schema.licence, schema.citation) if part)
    lines.append(_("Licence and source: {source}.").format(source=source or _("not stated")))
    shares = {name: float((~cohort.present(name)).mean()) for name in cohort.inputs}
    kinds = ", ".join(f"{name} ({spec.kind})" for name, spec in cohort.inputs.items())
    lines.append(_("Inputs: {inputs}.").format(inputs=kinds))
    absent = drawings.missing(shares) if any(shares.values()) else None
    lead = _("Some cases lack an input; the models answer without it.") if absent else _("No case lacks an input.")
    sections = [Section(_("The cohort"), tuple(lines)), Section(_("What is missing"), (lead,), None, absent)]
    table = table_one(cohort)
    return [*sections, Section(_("Who is in it"), (), table)] if table else sections


def _audit(findings: Sequence[AuditFinding]) -> Section:
    if not findings:
        return Section(
            _("What could mislead"), (_("The audit found nothing that would mislead a study of this cohort."),)
        )
    rows = tuple((str(f.severity), f.summary, f.advice) for f in findings[:MOST_FINDINGS])
    high = sum(f.severity == "high" for f in findings)
    lead = (
        counted(
            high,
            _("{count} finding can make the scores worthless."),
            _("{count} findings can make the scores worthless."),
        )
        if high
        else _("Nothing that makes the scores worthless; {count} things to know.").format(count=len(findings))
    )
    return Section(_("What could mislead"), (lead,), Table((_("severity"), _("finding"), _("what to do")), rows))


def _rows(compared: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """(name, kind, metrics) of every method and plain baseline."""
    rows = [
        (row["method"], "single" if len(row["inputs"]) == 1 else "fusion", row["metrics"])
        for row in compared["methods"]
    ]
    plain = [
        (f"{row['method']} ({', '.join(row['inputs'])})", "plain", row["metrics"]) for row in compared.get("plain", [])
    ]
    return rows + plain


def _comparison(compared: Mapping[str, Any]) -> Section:
    metric = compared["metric"]
    scores = []
    for name, kind, metrics in _rows(compared):
        score = {key: math.nan if value is None else value for key, value in metrics[metric].items()}
        scores.append(drawings.MethodScore(name, score["mean"], score["low"], score["high"], kind))
    ceiling = (compared.get("ceiling") or {}).get(metric)
    lines = [
        _(
            "{metric} out of fold with 95% intervals; {better} is better. Every case was predicted by models that had "
            "not seen it."
        ).format(
            metric=metric_label(metric), better=_("lower") if compared["better"] == "lower" else _("higher")
        )
    ]  # fmt: skip
    lines.append(_("Circles: fusions. Squares: one input alone. Open diamonds: plain scikit-learn on the same folds."))
    return Section(_("The comparison"), tuple(lines), None, drawings.intervals(scores, metric_label(metric), ceiling))


def _metrics(compared: Mapping[str, Any]) -> Section:
    names = list(compared["methods"][0]["metrics"])[:6]
    against = _("against {method}").format(method=compared["best_single"]) if compared.get("best_single") else ""
    rows = []
    for row in compared["methods"]:
        gap = row["vs_best_single"]
        against_best = "" if gap is None else difference(Difference.read(gap))
        rows.append(
            (
                row["method"],
                *(number(row["metrics"][name]["mean"]) for name in names),
                *([against_best] if against else []),
            )
        )
    for row in compared.get("plain", []):
        cells = [number(row["metrics"].get(name, {}).get("mean")) for name in names]
        rows.append((f"{row['method']} ({', '.join(row['inputs'])})", *cells, *([""] if against else [])))
    best = _best(compared)
    marked = frozenset(i for i, row in enumerate(compared["methods"]) if row["method"] == best)
    heads = (_("method"), *(metric_label(name) for name in names), *([against] if against else []))
    note = _("Bold: the best score of the compared metric; chosen on these very cases, it is a little flattered.")
    return Section(_("All numbers"), (), Table(heads, tuple(rows), note, marked))


def _labels(compared: Mapping[str, Any]) -> list[Section]:
    """Each of several labels by itself, by the best method."""
    row = next((row for row in compared["methods"] if row["method"] == _best(compared)), compared["methods"][0])
    if "labels" not in row:
        return []
    names = list(next(iter(row["labels"].values())))
    rows = tuple(
        (label, *(interval(Interval.read(scores[name])) for name in names)) for label, scores in row["labels"].items()
    )
    line = _(
        "{method}, out of fold, with 95% intervals. A label is called at a threshold chosen inside the training fold."
    )
    heads = (_("label"), *(metric_label(name) for name in names))
    return [Section(_("Each label by itself"), (line.format(method=row["method"]),), Table(heads, rows))]


def _calibrated(run: Run | None) -> list[Section]:
    if run is None or run.spec.task == "regression" or run.target is None or run.outputs is None:
        return []
    picture: Picture = drawings.calibration(calibration(run.spec.task, run.target, run.outputs, run.groups))
    line = _(
        "{method}: of the cases to which it gave a probability, so many came true. On the dashed line, it can be taken "
        "at its word."
    ).format(method=run.method)
    return [Section(_("Can its probabilities be believed?"), (line,), None, picture)]


def _parts(cohort: Cohort, run: Run | None, best: str) -> list[Section]:
    table = subgroups(cohort, run) if run is not None else None
    return [Section(_("{method} in parts of the cohort").format(method=best), (), table)] if table else []


def _methods(compared: Mapping[str, Any], runs: Mapping[str, Run]) -> Section:
    from mmcore.base.registry import label
    from mmcore.fusion import fusions

    rows = []
    for method, run in runs.items():
        fusion = fusions[run.spec.fusion]
        alone = len(run.spec.inputs) == 1
        what = _("this input alone") if alone else label(fusion)
        rows.append((method, what, "" if alone else fusion.citation, f"{run.parameters:,}"))
    encoders = {name: choice.name for run in runs.values() for name, choice in run.spec.encoders.items()}
    line = _("Encoders: {encoders}. {folds} folds × {seeds} seeds, divided {split}.").format(
        encoders=", ".join(f"{name}: {encoder}" for name, encoder in encoders.items()),
        folds=compared["folds"],
        seeds=compared["seeds"],
        split=compared["split"],
    )
    return Section(_("Methods"), (line,), Table((_("method"), _("what"), _("source"), _("weights")), tuple(rows)))


def _limits(compared: Mapping[str, Any], cohort: Cohort) -> Section:
    lines = [
        _("Intervals speak of other cases from the same source, not of another hospital."),
        _("Encoders are general ones unless their name says otherwise; they were not made for this question."),
        _("Attention shows what a model weighed, not why it decided."),
    ]
    if compared["cases"] < 1000:
        lines.insert(0, _("{cases} cases are few: small differences cannot be told.").format(cases=compared["cases"]))
    lines += list(cohort.problems[:5])
    return Section(_("Limits"), tuple(lines))


def _reproduce(compared: Mapping[str, Any], runs: Mapping[str, Run]) -> Section:
    versions = next(iter(runs.values())).versions if runs else {}
    command = "mmcore compare COHORT --folds {folds} --seeds {seeds} --split {split}".format_map(compared)
    lines = (
        _("Command: {command}").format(command=command),
        _("Versions: {versions}.").format(
            versions=", ".join(f"{name} {version}" for name, version in versions.items())
        ),
    )
    rows = tuple((method, run.key) for method, run in runs.items())
    return Section(_("How to get the same numbers"), lines, Table((_("method"), _("run")), rows))
