"""A report of a comparison, as a file for people who were not there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mmcore import report
from mmcore.base.errors import BadInput, unknown
from mmcore.base.score_digits import written
from mmcore.base.settings import _, write_whole
from mmcore.base.survival_times import times_of, unit_of
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing import AuditFinding
from mmcore.evaluation import Answer, Difference, Verdict, metric_label
from mmcore.evaluation.risk_thirds import by_third
from mmcore.explain.what_if import WhatIfAnswer
from mmcore.report.contents import report_of
from mmcore.report.document import Document
from mmcore.report.drawings import PredictedCurve
from mmcore.report.html import write_html
from mmcore.report.pdf import write_pdf
from mmcore.report.slides import write_slides
from mmcore.report.worked_case import WorkedCase
from mmcore.runs import Run
from mmcore.studies.case_answer import case_answer
from mmcore.studies.comparison import Comparison, best_of
from mmcore.studies.explaining import explained
from mmcore.studies.one_case import what_if
from mmcore.studies.prediction import learnt_from
from mmcore.studies.segmentation import segmentations_before

WRITERS: dict[str, Callable[[Document], bytes]] = {".html": write_html, ".pdf": write_pdf, ".pptx": write_slides}


def report_document(comparison: Comparison, findings: Sequence[AuditFinding], case: str | None = None) -> Document:
    """What the report of a comparison says; see `report.contents`.

    case: id of the one case to show; no single case is in it unless it is asked for. Raises NotFound for an id that is
    not one of the cohort.
    """
    fusing = {name: run for name, run in comparison.by_method.items() if not run.spec.single_input}
    tested = {name: row for name, run in fusing.items() if (row := explained(run)) is not None}
    return report_of(
        comparison.cohort,
        comparison.document(),
        comparison.by_method,
        findings,
        _answer(comparison),
        tested,
        None if case is None else _worked(comparison, case),
        [study.document for study in segmentations_before(comparison.cohort)],
    )


def _worked(comparison: Comparison, id: str) -> WorkedCase:
    """What the best method says of a case of the cohort."""
    case, run = comparison.cohort.case(id), comparison.by_method[comparison.best]
    session = what_if(run, comparison.cohort, case)
    answer = case_answer(session, run.spec.classes, run.spec.target or "")
    return WorkedCase(
        case,
        run.method,
        answer.sentence(),
        {effect.input: answer.change(effect.adds) for effect in answer.effects if math.isfinite(effect.adds)},
        {effect.input: answer.amount(effect.without) for effect in answer.effects},
        _over_time(run, comparison.cohort, id, session.start) if run.spec.task == "survival" else None,
        bool(answer.classes),
        bool(learnt_from(run, comparison.cohort.select([id]))[0]),
    )


def _over_time(run: Run, cohort: Cohort, id: str, start: WhatIfAnswer) -> PredictedCurve:
    """The curve of one case, beside what was seen in the thirds of the run's cases by predicted risk."""
    cases, target = run.out_of_fold, float(cohort.target[cohort.position(id)])
    names = (_("low risk"), _("middle"), _("high risk"))
    return PredictedCurve(
        times_of(run.spec.classes), start.probabilities, start.low, start.high, unit_of(run.spec.classes),
        dict(zip(names, by_third(cases.target, cases.outputs), strict=True)),
        (abs(target), target > 0) if math.isfinite(target) and target else None,
    )  # fmt: skip


def report_bytes(document: Document, suffix: str) -> bytes:
    """The report as a file of this kind. Raises NotFound for a suffix other than .html, .pdf and .pptx."""
    if suffix.lower() not in WRITERS:
        raise unknown(_("kind of report"), suffix, list(WRITERS))
    return WRITERS[suffix.lower()](document)


def check_report_path(path: str | Path) -> Path:
    """The path, if a report can be written there. Raises BadInput or NotFound before any work is done."""
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise unknown(_("kind of report"), path.suffix or path.name, list(WRITERS))
    if not path.parent.is_dir():
        raise BadInput(_("There is no folder {folder}.").format(folder=path.parent), _("Make it first."))
    return path


def write_report(
    comparison: Comparison, findings: Sequence[AuditFinding], path: str | Path, case: str | None = None
) -> Path:
    """Write the report; the suffix says which kind. case: see `report_document`. Raises BadInput or NotFound."""
    path = check_report_path(path)
    write_whole(path, report_bytes(report_document(comparison, findings, case), path.suffix))
    return path


def _answer(comparison: Comparison) -> list[str]:
    """What the comparison comes to, in sentences: first whether fusion helps, then what it rests on."""
    document = comparison.document()
    verdict = document.get("verdict") or {}
    gaps = {
        name: gap
        for name, gap in comparison.differences.items()
        if gap is not None and not comparison.by_method[name].spec.single_input
    }
    answer = []
    if gaps and comparison.best_single:
        answer += [_helps(comparison, gaps), report.standing(gaps, comparison.best_single)]
    answer += [report.plain_ahead(document["plain_lead"])] if document["plain_lead"] else []
    need = [str(verdict["text"])] if verdict.get("text") else []
    if verdict.get("needs_fusion") == Answer.NO and gaps:  # it settles what the first sentence would call open
        return [*need, *answer[1:]]
    answer += need
    return answer or [_("One method was trained; there is nothing to compare it with yet.")]


def _helps(comparison: Comparison, gaps: Mapping[str, Difference]) -> str:
    """The best fusion against the best input alone."""
    best = best_of({name: comparison.by_method[name] for name in gaps}, comparison.metric)
    single = comparison.best_single or ""
    words = {
        Verdict.BETTER: _("Together the inputs tell more: {metric} {best} with {method}, {single} with {input} alone."),
        Verdict.WORSE: _("Together the inputs tell less: {metric} {best} with {method}, {single} with {input} alone."),
    }.get(
        report.judge(gaps[best]),
        _("Whether the inputs tell more together is open: {metric} {best} with {method}, {single} with {input} alone."),
    )
    scores = {name: comparison.by_method[name].metrics[comparison.metric].mean for name in (best, single)}
    return words.format(
        metric=metric_label(comparison.metric),
        best=_short(scores[best]),
        method=best.replace("_", " "),
        single=_short(scores[single]),
        input=single,
    )


def _short(score: float) -> str:
    """Two digits after the point of a share, and what suits the size of anything larger."""
    return f"{score:.2f}" if abs(score) <= 1 else written(score)
