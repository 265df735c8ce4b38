"""Methods side by side: the same cases, folds, seeds and resamples for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from mmcore import evaluation
from mmcore.base.progress import Phases, Progress, Step, part_of, silent
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.evaluation import ComparedMethods, Difference, MethodVerdict, lower_is_better
from mmcore.evaluation.label_scores import scores_by_label
from mmcore.runs import Run, RunSpec
from mmcore.studies.encoder_checks import suspicions
from mmcore.studies.encoder_choice import Choices
from mmcore.studies.expected_time import amounts_of_work
from mmcore.studies.method_choice import hidden_methods
from mmcore.studies.method_parts import method_parts
from mmcore.studies.need import FusionVerdict, fusion_verdict
from mmcore.studies.plain_results import PlainResult, best_plain, plain_baselines, without_features
from mmcore.studies.planning import planned, task_of_cohort
from mmcore.studies.setting_search import Budget
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.training import train
from mmcore.studies.tuning import Tuned, tuned, undecided

_TUNING = 0.8  # of a method's work, where its settings are searched


@dataclass(frozen=True, eq=False)
class Lead:
    """A plain baseline that scores better than the best method, and how it stands to that method.

    The interval holds for all baselines and methods together, and for the choice of the best of each.
    """

    baseline: PlainResult
    method: str
    standing: MethodVerdict

    @property
    def difference(self) -> Difference:
        gap = self.standing.difference
        return gap if gap is not None else Difference("", float("nan"), float("nan"), float("nan"))

    def document(self) -> dict[str, Any]:
        return {
            "method": self.baseline.method,
            "label": self.baseline.label,
            "inputs": list(self.baseline.inputs),
            "over": self.method,
            **standing_document(self.standing),
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """Runs of one cohort by method, in the order asked for.

    metric: the one methods are compared by. compared: each method against the best single input among them, if any,
    with intervals that hold for all methods together. verdict: whether the cohort needs fusion. ceiling: metrics of the
    true probabilities (synthetic cohorts), else None. plain: baselines of scikit-learn on the same features and folds,
    where they were asked for. tuned: by method, how its settings were chosen, where they were.
    """

    cohort: Cohort
    by_method: dict[str, Run]
    metric: str
    compared: ComparedMethods
    verdict: FusionVerdict
    ceiling: dict[str, float] | None
    plain: list[PlainResult] = field(default_factory=list)
    tuned: Mapping[str, Tuned] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def runs(self) -> list[Run]:
        return list(self.by_method.values())

    @property
    def best_single(self) -> str | None:
        """The single-input baseline that does best, if there is any among the methods."""
        return self.compared.reference

    @property
    def differences(self) -> dict[str, Difference | None]:
        """Method -> its difference to that baseline, None for the baseline itself or where there is none."""
        return {method: row.difference for method, row in self.compared.by_method.items()}

    @property
    def best(self) -> str:
        """The method with the best mean of `metric`."""
        return best_of(self.by_method, self.metric)

    @property
    def plain_lead(self) -> Lead | None:
        """How far the best plain baseline is ahead of the best method; None where it is not."""
        baseline = best_plain(self.plain, self.metric)
        if baseline is None:
            return None
        goodness, best = evaluation.better(self.metric), self.by_method[self.best]
        if not goodness(baseline.metrics[self.metric].mean) > goodness(best.metrics[self.metric].mean):
            return None
        return Lead(baseline, self.best, self.plain_compared.by_method[baseline.label])

    @cached_property
    def plain_compared(self) -> ComparedMethods:
        """Every plain baseline, by its label, against the best method, with intervals that hold for all together."""
        return plain_against_methods(self.by_method, self.plain, self.metric)

    def document(self) -> dict[str, Any]:
        """What `compare --json` prints."""
        spec, lead = self.runs[0].spec, self.plain_lead
        return {
            "cohort": self.cohort.name,
            "synthetic": self.cohort.schema.synthetic,
            "cases": self.runs[0].cases,
            "task": spec.task,
            "classes": list(spec.classes),
            "folds": spec.folds,
            "seeds": spec.seeds,
            "split": spec.split,
            "metric": self.metric,
            "better": "lower" if lower_is_better(self.metric) else "higher",
            "best_single": self.best_single,
            "ceiling": self.ceiling,
            "verdict": self.verdict.document(),
            "methods": [self._row(method, run) for method, run in self.by_method.items()],
            "plain": [self._plain_row(baseline) for baseline in self.plain],
            "plain_lead": None if lead is None else lead.document(),
            "problems": self.problems,
        }

    def _row(self, method: str, run: Run) -> dict[str, Any]:
        standing = self.compared.by_method[method]
        return {
            "method": method,
            "run": run.key,
            "inputs": list(run.spec.inputs),
            "encoders": {name: choice.name for name, choice in run.spec.encoders.items()},
            "metrics": {name: interval.document() for name, interval in run.metrics.items()},
            "parameters": run.parameters,
            "fit_seconds": run.seconds,
            "cached": run.cached,
            "tuning": self.tuned[method].document() if method in self.tuned else None,
            "vs_best_single": None if standing.difference is None else standing_document(standing),
            **method_parts(run),
            **labels_document(run),
        }

    def _plain_row(self, baseline: PlainResult) -> dict[str, Any]:
        standing = self.plain_compared.by_method[baseline.label]
        return {**baseline.document(), "vs_best_method": standing_document(standing)}


def labels_document(run: Run) -> dict[str, Any]:
    """{"labels": {LABEL: {METRIC: interval}}} of a task with several labels, else nothing."""
    if run.spec.task != "multilabel":
        return {}
    cases, spec = run.out_of_fold, run.spec
    rows = scores_by_label(cases.target, cases.outputs, spec.classes, cases.groups, folds=spec.folds)
    return {"labels": {name: {m: interval.document() for m, interval in row.items()} for name, row in rows.items()}}


def standing_document(row: MethodVerdict) -> dict[str, Any]:
    """A difference with its verdict and what would settle it; only the verdict where there is no difference."""
    more = {"verdict": row.verdict, "more_cases": row.more_cases, "more_groups": row.more_groups}
    return {**(row.difference.document() if row.difference else {}), **more}


def plain_against_methods(
    by_method: Mapping[str, Run], baselines: Sequence[PlainResult], metric: str
) -> ComparedMethods:
    """Every plain baseline, by its label, against the best of finished runs of the same cases and folds."""
    first = next(iter(by_method.values()))
    outputs = {method: run.out_of_fold.outputs for method, run in by_method.items()}
    plain = {baseline.label: baseline.outputs for baseline in baselines}
    return evaluation.compare_methods(
        first.spec.task,
        first.out_of_fold.target,
        {**outputs, **plain},
        first.groups,
        single_inputs=list(outputs),
        metric=metric,
        folds=first.spec.folds,
        judged=list(plain),
    )


def compare(
    cohort: Cohort,
    methods: Sequence[str] | None = None,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    tune: Budget | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Train (or read) every method on the same folds and seeds.

    methods: names of inputs or fusions; by default every input alone and the standard fusions. Signs that an encoder
    does not suit the cohort are among the problems. Raises before any work for whatever stands in the way of one of
    them (see `plan`).
    """
    specs = planned(cohort, methods, encoders, settings)
    return compare_planned(cohort, specs, settings, tune=tune, progress=progress)


def compare_planned(
    cohort: Cohort,
    specs: Mapping[str, RunSpec],
    settings: StudySettings = DEFAULTS,
    *,
    tune: Budget | None = None,
    progress: Progress = silent,
) -> Comparison:
    """The comparison of runs that were planned already, by method (see `planned`).

    settings: those they were planned with. tune: what every method may spend on choosing its training settings, fold by
    fold.
    """
    by_method, parts = {}, len(specs) + settings.plain
    weights = amounts_of_work(cohort, specs.values(), plain=settings.plain, tuned=tune is not None)
    choices: dict[str, Tuned] = {}
    for i, (method, spec) in enumerate(specs.items()):
        phases = Phases(part_of(progress, method, i, parts, {"method": method}, weights))
        if tune is not None:
            choices[method] = tuned(cohort, spec, tune, progress=phases.next(_TUNING))
            spec = choices[method].spec
        by_method[method] = train(cohort, spec, phases.next())
        progress(Step(method, i + 1, parts, whole=sum(weights[: i + 1]) / sum(weights)))
    baselines: list[PlainResult] = []
    first = next(iter(specs.values()))
    problems = [*settings.folds_not_followed(first.folds, first.split), *suspicions(cohort, specs.values())]
    if settings.plain:
        name = _("plain baselines")
        watched = part_of(progress, name, len(specs), parts, weights=weights)
        baselines = plain_baselines(cohort, specs.values(), progress=watched)
        problems += without_features(cohort, specs.values())
        progress(Step(name, parts, parts))
    comparison = comparison_of(cohort, by_method, baselines)
    return replace(comparison, tuned=choices, problems=[*comparison.problems, *problems, *undecided(choices)])


def comparison_of(cohort: Cohort, by_method: Mapping[str, Run], plain: Sequence[PlainResult] = ()) -> Comparison:
    """Finished runs of one cohort, all divided alike, side by side; plain: baselines of the same folds."""
    first = next(iter(by_method.values()))
    spec = first.spec
    compared = evaluation.compare_methods(
        spec.task,
        first.out_of_fold.target,
        {method: run.out_of_fold.outputs for method, run in by_method.items()},
        first.groups,
        single_inputs=[method for method, run in by_method.items() if run.spec.single_input],
        folds=spec.folds,
    )
    return Comparison(
        cohort=cohort,
        by_method=dict(by_method),
        metric=spec.metric,
        compared=compared,
        verdict=fusion_verdict(cohort, by_method),
        ceiling=evaluation.ceiling(task_of_cohort(cohort), cohort.target, cohort.ceiling_probability),
        plain=list(plain),
        problems=[*cohort.problems, *hidden_methods(cohort), *_not_recalibrated(by_method)],
    )


def _not_recalibrated(by_method: Mapping[str, Run]) -> list[str]:
    """Where recalibration was asked for and could not be done."""
    sentences = []
    for method, run in by_method.items():
        folds = [] if run.spec.training.recalibrate == "no" else run.fitted.recalibrations
        if left := sum(each is None for each in folds):
            sentences.append(
                counted(
                    len(folds),
                    "{method}: probabilities were not recalibrated in {left} of {count} fold, because there was "
                    "nothing to correct or no training case to set aside for it.",
                    "{method}: probabilities were not recalibrated in {left} of {count} folds, because there was "
                    "nothing to correct or no training case to set aside for it.",
                    method=method,
                    left=left,
                )
            )
    return sentences


def best_of(by_method: Mapping[str, Run], metric: str) -> str:
    """The method with the best mean; the earlier one of equals, and one that is defined before one that is not."""
    key = evaluation.better(metric)

    def rank(method: str) -> float:
        value = key(by_method[method].metrics[metric].mean)
        return value if value == value else float("-inf")

    return max(by_method, key=rank)
