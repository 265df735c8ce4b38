"""What a report of a comparison says, section by section: the answer first, then cohort, audit, methods, limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mmcore.base.capitals import capitalised
from mmcore.base.kind_names import kind_name
from mmcore.base.name_lists import all_of, list_of
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort, keeps_groups
from mmcore.cohorts.auditing import AuditFinding, Severity
from mmcore.evaluation import Difference, Interval, metric_label
from mmcore.report import drawings, method_sections
from mmcore.report.attention_tests import attention
from mmcore.report.document import Document, Section, Table
from mmcore.report.nameless import nameless
from mmcore.report.numbers import difference, interval, number
from mmcore.report.outcome_sections import outcomes
from mmcore.report.segmentation_sections import located
from mmcore.report.subgroups import subgroups
from mmcore.report.table_one import table_one
from mmcore.report.worked_case import WorkedCase, worked_case
from mmcore.runs import Run
from mmcore.training import plain_models

MOST_FINDINGS = 12


def report_of(
    cohort: Cohort,
    compared: Mapping[str, Any],
    runs: Mapping[str, Run],
    findings: Sequence[AuditFinding],
    answer: Sequence[str],
    tested: Mapping[str, Mapping[str, Any]],
    worked: WorkedCase | None = None,
    places: Sequence[Mapping[str, Any]] = (),
) -> Document:
    """The report of a comparison.

    compared: the document that `compare --json` prints. runs: by method. findings: of the audit. answer: what the
    comparison comes to, in sentences. tested: what tests of explanations gave, by method. worked: the one case to show;
    without it no single case is shown. places: documents that `segment --json` prints, of findings located before.
    """
    best = _best(compared)
    warning = _("Not for clinical use. A research comparison: it must not inform decisions about patients.")
    if cohort.schema.synthetic:
        warning += " " + _("The cases are synthetic: these numbers say nothing about real patients.")
    sections = [
        _comparison(compared),
        _metrics(compared),
        *_labels(compared),
        *outcomes(runs.get(best)),
        *_parts(cohort, runs.get(best), best),
        attention(tested),
        *located(places),
        *(worked_case(worked, cohort.inputs) if worked else ()),
        *_cohort(cohort, str(compared["split"])),
        _audit(findings, cohort),
        method_sections.limits(compared, cohort),
        *method_sections.methods(runs),
        method_sections.settings(compared, runs),
        method_sections.reproduce(compared, runs),
    ]
    return Document(
        _("{title}: does fusion help?").format(title=cohort.schema.title or cohort.name),
        tuple(answer),
        warning,
        tuple(sections),
        _("Made by Fusionscope on {date}.").format(date=f"{datetime.now(UTC):%Y-%m-%d}"),
        _question(cohort),
    )


def _best(compared: Mapping[str, Any]) -> str:
    """The method with the best score of the compared metric."""
    lower = compared["better"] == "lower"

    def rank(row: Mapping[str, Any]) -> float:
        mean = row["metrics"][compared["metric"]]["mean"]
        return math.inf if mean is None or not math.isfinite(mean) else mean if lower else -mean

    return str(min(compared["methods"], key=rank)["method"])


def _question(cohort: Cohort) -> str:
    """What was asked."""
    names = [*cohort.inputs]
    target = str(cohort.schema.target).replace("_", " ")
    asks = _("Can {target} be predicted from {inputs}?").format(target=target, inputs=all_of(names))
    fusing = _("Do they tell more together than the best of them alone, and how sure is that?")
    return f"{asks} {fusing}" if names[1:] else asks


def _cohort(cohort: Cohort, split: str) -> list[Section]:
    schema = cohort.schema
    lines = [schema.description] if schema.description else []
    labelled = int(cohort.labelled.sum())
    sentence = (
        _("{cases}, all with a known true value ({target}).")
        if labelled == len(cohort)
        else _("{cases}, {labelled} of them with a known true value ({target}).")
    )
    cases = counted(len(cohort), "{count} case", "{count} cases")
    lines.append(sentence.format(cases=cases, labelled=f"{labelled:,}", target=schema.target))
    if schema.classes:
        counts = [f"{name} {int(rows.sum())}" for name, rows in cohort.class_members.items()]
        several = schema.task == "multilabel"
        sentence = (
            _("Labels, several of which may be true of a case: {counts}.") if several else _("Classes: {counts}.")
        )
        lines.append(sentence.format(counts=list_of(counts)))
    if schema.task == "binary":
        lines.append(_("Probabilities are those of {name}.").format(name=schema.classes[1]))
    if schema.group and keeps_groups(split):
        lines.append(
            _("Cases of the same {column} stay together: none is tested by a model trained on another of them.").format(
                column=schema.group
            )
        )
    elif schema.group and split == "random":
        lines.append(
            _(
                "Cases of the same {column} were divided at random: some may be tested by a model trained on another "
                "of them."
            ).format(column=schema.group)
        )
    source = "; ".join(part.rstrip(".。") for part in (schema.licence, schema.citation) if part)
    lines.append(_("Licence and source: {source}.").format(source=source or _("not stated")))
    shares = {name: float((~cohort.present(name)).mean()) for name in cohort.inputs}
    kinds = list_of(f"{name} ({kind_name(spec.kind)})" for name, spec in cohort.inputs.items())
    lines.append(_("Inputs: {inputs}.").format(inputs=kinds))
    absent = drawings.missing(shares) if any(shares.values()) else None
    lead = _("Some cases lack an input; the models answer without it.") if absent else _("No case lacks an input.")
    sections = [Section(_("The cohort"), tuple(lines)), Section(_("What is missing"), (lead,), None, absent)]
    table = table_one(cohort)
    return [*sections, Section(_("Who is in it"), (), table)] if table else sections


def _audit(findings: Sequence[AuditFinding], cohort: Cohort) -> Section:
    if not findings:
        return Section(
            _("What could mislead"), (_("The audit found nothing that would mislead a study of this cohort."),)
        )
    rows = tuple((_how_grave(f), nameless(f.summary, cohort), f.advice) for f in findings[:MOST_FINDINGS])
    grave, doubtful = (
        sum(f.severity is severity and not f.already_out for f in findings)
        for severity in (Severity.HIGH, Severity.MEDIUM)
    )
    lead = (
        counted(
            grave,
            "{count} finding can make the scores worthless.",
            "{count} findings can make the scores worthless.",
        )
        if grave
        else counted(
            doubtful,
            "{count} finding can make the scores look better or worse than they are.",
            "{count} findings can make the scores look better or worse than they are.",
        )
        if doubtful
        else counted(
            len(findings),
            "Nothing makes the scores worthless; there is {count} thing to know.",
            "Nothing makes the scores worthless; there are {count} things to know.",
        )
    )
    note = ""
    if len(findings) > MOST_FINDINGS:
        note = _("The first {shown} of {count}.").format(shown=MOST_FINDINGS, count=len(findings))
    heads = (_("severity"), _("what was found"), _("what to do"))
    return Section(_("What could mislead"), (lead,), Table(heads, rows, note))


def _how_grave(finding: AuditFinding) -> str:
    """What a finding does to the scores, in the words of the audit page."""
    if finding.already_out:
        return _("scores would be worthless if it were used")
    return {
        Severity.HIGH: _("scores may be worthless"),
        Severity.MEDIUM: _("scores may be wrong"),
        Severity.LOW: _("good to know"),
    }[finding.severity]


def name_of(method: str) -> str:
    """A method as a reader sees it: `cross_attention` -> `cross attention`."""
    return method.replace("_", " ")


def _plain_name(row: Mapping[str, Any], every: int, task: str) -> str:
    """A baseline by what it is for this task; one that reads a part of the inputs says which."""
    title, _citation = plain_models.about(row["method"], task)
    return title if len(row["inputs"]) == every else f"{title}: {' + '.join(row['inputs'])}"


def _comparison(compared: Mapping[str, Any]) -> Section:
    metric = compared["metric"]
    every = max(len(row["inputs"]) for row in compared["methods"])
    rows = [
        (name_of(row["method"]), "single" if len(row["inputs"]) == 1 else "fusion", row["metrics"])
        for row in compared["methods"]
    ]
    baselines = compared.get("plain", [])
    joint = [row for row in baselines if len(row["inputs"]) == every]
    rows += [(_plain_name(row, every, compared["task"]), "plain", row["metrics"]) for row in joint]
    scores = []
    for name, kind, metrics in rows:
        score = {key: math.nan if value is None else value for key, value in metrics[metric].items()}
        scores.append(drawings.MethodScore(name, score["mean"], score["low"], score["high"], kind))
    ceiling = (compared.get("ceiling") or {}).get(metric)
    lines = [
        _(
            "{metric}, {better} is better; the lines are 95% intervals. Each case was judged by models that "
            "had not seen it."
        ).format(metric=metric_label(metric), better=_("lower") if compared["better"] == "lower" else _("higher"))
    ]
    marks = _("Circles: fusion. Squares: one input alone.")
    if joint:
        marks += " " + _("Open diamonds: plain baselines (textbook methods) on all inputs, tested on the same folds.")
    if ceiling is not None:
        marks += " " + _("Best possible: no method can be expected to do better with these inputs.")
    picture = drawings.intervals(scores, metric_label(metric), ceiling)
    return Section(_("The comparison"), (*lines, marks), None, picture)


def _metrics(compared: Mapping[str, Any]) -> Section:
    names = list(compared["methods"][0]["metrics"])[:6]
    every = max(len(row["inputs"]) for row in compared["methods"])
    single = compared.get("best_single")
    against = (
        _("{metric} against {method} alone").format(metric=metric_label(compared["metric"]), method=name_of(single))
        if single
        else ""
    )
    rows = []
    for row in compared["methods"]:
        gap = row["vs_best_single"]
        against_best = "" if gap is None else difference(Difference.read(gap))
        rows.append(
            (
                name_of(row["method"]),
                *(number(row["metrics"][name]["mean"]) for name in names),
                *([against_best] if against else []),
            )
        )
    for row in compared.get("plain", []):
        cells = [number(row["metrics"].get(name, {}).get("mean")) for name in names]
        rows.append((_plain_name(row, every, compared["task"]), *cells, *([""] if against else [])))
    best = _best(compared)
    marked = frozenset(i for i, row in enumerate(compared["methods"]) if row["method"] == best)
    heads = (_("method"), *(metric_label(name) for name in names), *([against] if against else []))
    note = _(
        "Bold: the best score of the compared metric. It was chosen on these very cases, so it is slightly too good."
    )
    if any(len(row["inputs"]) < every for row in compared.get("plain", [])):
        note += " " + _("A plain baseline reads all inputs unless its inputs are named.")
    return Section(_("Scores"), (), Table(heads, tuple(rows), note, marked))


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
        "{method} on cases it was not trained on, with 95% intervals. A label counts as predicted when "
        "its probability reaches a threshold, which was chosen on the training cases."
    )
    heads = (_("label"), *(metric_label(name) for name in names))
    return [
        Section(
            _("Each label by itself"), (capitalised(line.format(method=name_of(row["method"]))),), Table(heads, rows)
        )
    ]


def _parts(cohort: Cohort, run: Run | None, best: str) -> list[Section]:
    table = subgroups(cohort, run) if run is not None else None
    heading = capitalised(_("{method} in parts of the cohort").format(method=name_of(best)))
    return [Section(heading, (), table)] if table else []
