"""How answers met the truth, in the picture that fits the task: probabilities, times to an event, or numbers."""

from __future__ import annotations

import numpy as np

from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.base.survival_times import times_of, unit_of
from mmcore.evaluation import calibration, calibration_check_of
from mmcore.evaluation.kaplan_meier import kaplan_meier
from mmcore.evaluation.risk_thirds import by_third
from mmcore.report import drawings
from mmcore.report.document import Section
from mmcore.runs import Run


def outcomes(run: Run | None) -> list[Section]:
    """The section of a run; none where its cases are not here (an exported run)."""
    if run is None or run.target is None or run.outputs is None:
        return []
    make = {"survival": _thirds, "regression": _values}.get(run.spec.task, _calibrated)
    return [make(run, run.method.replace("_", " "))]


def _calibrated(run: Run, method: str) -> Section:
    cases = run.out_of_fold
    picture = drawings.calibration(calibration(run.spec.task, cases.target, cases.outputs, cases.groups))
    check = calibration_check_of(run.spec.task, cases.target, cases.outputs, cases.groups)
    answer = (
        _("As far as these cases can tell, yes: they lie {distance:.3f} off on average, and chance alone can put those "
          "of a perfect model up to {chance:.3f} off.")
        if check.distance <= check.if_perfect_high
        else _("Not as they are: they lie {distance:.3f} off on average, and chance alone would put those of a perfect "
               "model at most {chance:.3f} off.")
    ).format(distance=check.distance, chance=check.if_perfect_high)  # fmt: skip
    line = _(
        "The chart shows how often what was predicted came true, by the probability that {method} gave. On the "
        "dashed line, the two agree; the bars are 95% intervals."
    ).format(method=method)
    return Section(_("Can the probabilities be believed?"), (answer, line), None, picture)


def _thirds(run: Run, method: str) -> Section:
    """Curves of Kaplan and Meier by third of the predicted risk, and of all cases."""
    cases, horizons, unit = run.out_of_fold, times_of(run.spec.classes), unit_of(run.spec.classes)
    low, middle, high = by_third(cases.target, cases.outputs)
    last = float(horizons[-1])
    groups = {_("low risk"): low, _("middle"): middle, _("high risk"): high, _("all"): kaplan_meier(cases.target)}
    first = _(
        "Of the third that {method} gives the highest risk, {high:.0%} had the event by {last}; of the "
        "third with the lowest, {low:.0%}."
    ).format(
        method=method,
        high=float(1 - high.at(horizons)[-1]),
        low=float(1 - low.at(horizons)[-1]),
        last=f"{last:g} {unit}".strip(),
    )
    how = _(
        "Every case was ranked by models that never saw it. Shares by Kaplan and Meier, with pointwise 95% "
        "bands that treat cases as independent."
    )
    return Section(_("What happened to the cases called at risk?"), (first, how), None,
                   drawings.without_event(groups, unit, last))  # fmt: skip


def _values(run: Run, method: str) -> Section:
    cases = run.out_of_fold
    predicted = cases.outputs.mean(0)[:, 0]
    there = np.isfinite(cases.target) & np.isfinite(predicted)
    truth, predicted = cases.target[there], predicted[there]
    target = str(run.spec.target or _("value")).replace("_", " ")
    line = _(
        "Half of the answers of {method} are off by less than {usual}, nine in ten by less than {far} "
        "({target}). On the dashed line the answer is exact; every case was answered by models that never saw "
        "it."
    ).format(
        method=method,
        usual=number_text(float(np.median(np.abs(predicted - truth))), 3),
        far=number_text(float(np.quantile(np.abs(predicted - truth), 0.9)), 3),
        target=target,
    )
    picture = drawings.predicted_values(truth, predicted, target)
    return Section(_("How far are the answers from the truth?"), (line,), None, picture)
