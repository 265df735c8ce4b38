"""Is the attention right? Attention and attributions of finished runs put to the test, method by method."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.loading import one_core
from mmcore.explain.attention import network_share
from mmcore.explain.explanation_summary import summarise, verdict
from mmcore.explain.tests.scores import EVERYWHERE, CaseScores, GroundTruth, score_explanations
from mmcore.fusion import fusions
from mmcore.runs import Run
from mmcore.storage.results_cache import cached, read
from mmcore.studies.encoder_choice import Choices, usable_inputs
from mmcore.studies.method_choice import default_methods, hidden_methods
from mmcore.studies.planning import planned
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.training import require_same_data, train

VERSION = 3  # raise it when the numbers change: older results are then computed anew
_SEED = 0  # of the choice of cases and of random orders
_SECONDS = {"vectors": 0.1, "tokens": 0.3}  # of testing a case, by what its fusion reads


@dataclass(frozen=True, eq=False)
class Explanation:
    """Tests of explanations, one row a method, in the order asked for.

    rows: see `document`. by_method: the runs. cases: ids of those that were looked at.
    """

    cohort: Cohort
    by_method: dict[str, Run]
    rows: list[dict[str, Any]]
    cases: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def row(self, method: str) -> dict[str, Any]:
        return next(row for row in self.rows if row["method"] == method)

    def document(self) -> dict[str, Any]:
        """What `explain --json` prints.

        Each method: pointing (input -> hit, low, high, chance, cases, above with its interval, and `by`, the
        explanation that points), null where no evidence is known; agreement (attribution -> rank correlation with
        attention, over tokens or, where only inputs are weighed, over inputs); deletion, insertion (areas, of the
        explanation `by`), random_deletion, random_insertion. Further: attention ("tokens", "inputs" or null),
        explanations (every explanation: pointing, deletion, insertion with intervals, their difference to random
        orders and to "even" weights, mean curves, and gap, the share of the score it leaves unexplained), shapley
        (mean size by input), faithful (better than random), better_than_even (than every input with the same weight),
        deletion_vs_attribution (attention less integrated gradients), points (inputs hit above chance), everywhere
        (inputs whose evidence lies under every token), network_share (of the answer; attention is the network's alone),
        verdict, seconds, cached.
        """
        spec = next(iter(self.by_method.values())).spec
        return {
            "cohort": self.cohort.name,
            "synthetic": self.cohort.schema.synthetic,
            "task": spec.task,
            "folds": spec.folds,
            "seeds": spec.seeds,
            "split": spec.split,
            "cases": len(self.cases),
            "evidence": any(row["pointing"] for row in self.rows),
            "methods": self.rows,
            "problems": [*self.cohort.problems, *hidden_methods(self.cohort), *self.problems],
        }


def explain(
    cohort: Cohort,
    methods: Sequence[str] | None = None,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    cases: int = 100,
    progress: Progress = silent,
) -> Explanation:
    """Train (or read) every method, and test its explanations on up to `cases` cases, each out of fold.

    methods: fusions or names of inputs; by default every fusion of the default comparison. Results are kept by run.
    Raises BadInput, NotFound or Unavailable for whatever stands in the way of one of them, before any work.
    """
    cohort.require_target()
    if cases < 1:
        raise BadInput(_("{cases} cases cannot be examined.").format(cases=cases), _("Ask for 1 case or more."))
    specs = planned(cohort, methods or _fusing(cohort), encoders, settings)
    by_method: dict[str, Run] = {}
    rows: list[dict[str, Any]] = []
    looked: list[str] = []
    for i, (method, spec) in enumerate(specs.items()):
        by_method[method] = train(cohort, spec, progress)
        row = explain_run(by_method[method], cohort, cases=cases, progress=progress)
        rows.append(row)
        looked = [*looked, *(id for id in row["ids"] if id not in set(looked))]
        progress(Step(method, i + 1, len(specs)))
    first = next(iter(specs.values()))
    return Explanation(cohort, by_method, rows, looked, settings.folds_not_followed(first.folds, first.split))


def explain_run(run: Run, cohort: Cohort, *, cases: int = 100, progress: Progress = silent) -> dict[str, Any]:
    """One row of `Explanation.document` for a finished run of this cohort; kept by the run's key and `cases`.

    Raises BadInput if the run was trained on other data.
    """
    require_same_data(run, cohort)
    row, was_cached = cached("explanations", _decides(run, cases), lambda: _row(run, cohort, cases, progress))
    return _in_words(run, row, was_cached)


def explained(run: Run, cases: int = 100) -> dict[str, Any] | None:
    """What `explain_run` gives if it was made before, else None."""
    earlier = read("explanations", _decides(run, cases))
    return None if earlier is None else _in_words(run, earlier.document, was_cached=True)


def _in_words(run: Run, row: Mapping[str, Any], was_cached: bool) -> dict[str, Any]:
    """The row with its verdict: numbers last, words are those of the language that is spoken now."""
    return {**row, "method": run.method, "verdict": verdict(run.method, row), "cached": was_cached}


def testing_seconds(runs: Iterable[Run], cases: int = 100) -> float:
    """Seconds that `explain_run` takes for these runs, about, by what it took on two cores; 0 for what is kept."""
    waiting = [run for run in runs if read("explanations", _decides(run, cases)) is None]
    return sum(_SECONDS[fusions[run.spec.fusion].reads] * min(cases, run.cases) for run in waiting)


def _decides(run: Run, cases: int) -> list[Any]:
    return ["explain", VERSION, run.key, cases, _SEED, EVERYWHERE]


def _row(run: Run, cohort: Cohort, cases: int, progress: Progress) -> dict[str, Any]:
    started = time.perf_counter()
    rows = chosen_cases(run, cases)
    scores = _scores(run, cohort, rows, progress)
    groups = None if cohort.groups is None else [str(cohort.groups[row]) for row in rows]
    row = {"method": run.method, "run": run.key} | summarise(scores, groups, run.spec.inputs)
    row["network_share"] = network_share(run.fitted)
    return row | {
        "ids": [cohort.ids[i] for i in rows],
        "replicates": len(run.fitted.replicates),
        "seconds": time.perf_counter() - started,
    }


def chosen_cases(run: Run, cases: int) -> np.ndarray:
    """Rows of the cases that are looked at: the same for all runs of a cohort that test the same cases."""
    tested = np.flatnonzero(run.fold_of >= 0)
    if not len(tested):
        raise BadInput(_("Run {key} tested no case of the cohort.").format(key=run.key[:8]), _("Train it again."))
    chosen = np.random.default_rng(_SEED).permutation(tested)[:cases]
    return np.sort(chosen)


def _fusing(cohort: Cohort) -> list[str]:
    """Fusions of the default comparison; of a cohort with one input, that input alone."""
    inputs = usable_inputs(cohort)
    return [method for method in default_methods(cohort) if method not in inputs] or inputs


@one_core()
def _scores(run: Run, cohort: Cohort, rows: np.ndarray, progress: Progress) -> list[CaseScores]:
    fitted, spec = run.fitted, run.spec
    encoders = spec.make_encoders()
    encoded = {name: features.encode(cohort, name, encoders[name], progress=progress) for name in spec.inputs}
    images = [name for name in spec.inputs if spec.input_specs[name].kind is Kind.IMAGE]
    label = _("Testing the explanations of {method}").format(method=run.method.replace("_", " "))
    by_row: dict[int, CaseScores] = {}
    for fold in np.unique(run.fold_of[rows]):
        own = rows[run.fold_of[rows] == fold]
        panel = fitted.panel([i for i, (f, _seed) in enumerate(fitted.replicates) if f == fold])
        for start in range(0, len(own), 10):
            part = own[start : start + 10]
            progress(Step(label, len(by_row), len(rows)))
            reading = panel.read({name: encoded[name].tokens(part) for name in spec.inputs})
            truths = [ground_truth(cohort, encoders, cohort.ids[row]) for row in part]
            scores = score_explanations(reading, truths, images=images, seed=_SEED + int(part[0]))
            by_row |= dict(zip(part.tolist(), scores, strict=True))
    progress(Step(label, len(rows), len(rows)))
    return [by_row[int(row)] for row in rows]


def ground_truth(cohort: Cohort, encoders: Mapping[str, Encoder], id: str) -> GroundTruth:
    """Places and evidence of a case; nothing of a real one, whose evidence nobody knows and whose files stay unread."""
    if not cohort.schema.synthetic:
        return GroundTruth()
    case = cohort.case(id)
    evidence = {name: signs for name, signs in (case.evidence or {}).items() if name in encoders and signs}
    places = {name: encoders[name].places(case.values[name]) for name in evidence if name in case.values}
    return GroundTruth(places, evidence)
