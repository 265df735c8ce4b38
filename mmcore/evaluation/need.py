"""Does this cohort need fusion at all: two tests of admission, and what each input adds to the others.

After MulTaBench (2026): do the inputs together beat each of them alone, and the plain average of single-input models;
and is there interaction, more than adding up what each says. Everything is read off predictions for cases that the
models had not seen; every difference is told with an interval that holds for all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from mmcore.evaluation.intervals import Caution, Difference, obstacle
from mmcore.evaluation.jackknife import LeftOut, stacked
from mmcore.evaluation.metrics import Scale, lower_is_better, metrics, primary_of
from mmcore.evaluation.verdicts import Gaps, counted_need, more_needed, shared_scores
from mmcore.training.tasks import Task

MARGIN = 0.02  # of a share; of errors, as a part of them: a gain below it is none
_TOGETHER, _AVERAGE, _ADDING = "together", "average", "adding"


class Answer(StrEnum):
    """To a question of the form: is it better by more than nothing?"""

    YES = "yes"
    NO = "no"
    UNSETTLED = "unsettled"


class FusionFinding(StrEnum):
    """What the numbers say of the cohort."""

    ONE_INPUT_SUFFICES = "one_input_suffices"
    AVERAGE_SUFFICES = "average_suffices"  # several inputs help, and averaging their models does as well as fusing them
    ADDING_SUFFICES = "adding_suffices"  # fusing helps, and one additive model does as well
    INTERACTION = "interaction"  # inputs tell more together than adding up what each tells
    FUSION = "fusion"  # fusing helps; whether by interaction is not settled
    FUSING_ADDS_NOTHING = "fusing_adds_nothing"  # to the average; whether several inputs help is not settled
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Question:
    """One comparison and what its interval says: YES, it is better; NO, by less than the margin if at all.

    more_cases, more_groups: about how many more would settle it, were the difference the one seen; None where it is
    settled, or no number would do.
    """

    answer: Answer
    difference: Difference
    more_cases: int | None = None
    more_groups: int | None = None


@dataclass(frozen=True)
class FusionNeed:
    """needs_fusion: whether fused inputs beat each alone and the average of single-input models.

    several_inputs: the best of fusion, average and additive model against the best input. beyond_one: fusion against
    the best input. beyond_average, beyond_adding: fusion against the average, and against the additive model.
    margin: in the metric, what counts as a gain. cases: that all models predicted.
    """

    needs_fusion: Answer
    finding: FusionFinding
    metric: str
    best_input: str
    several_inputs: Question
    beyond_one: Question
    beyond_average: Question
    beyond_adding: Question | None
    margin: float
    cases: int
    note: Caution = Caution.NOTHING

    def document(self) -> dict[str, Any]:
        return asdict(self)


def need_of_fusion(
    task: Task | str,
    target: np.ndarray,
    single: Mapping[str, np.ndarray],
    average: np.ndarray,
    fusion: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    additive: np.ndarray | None = None,
    metric: str | None = None,
    folds: int | None = None,
    margin: float | None = None,
) -> FusionNeed:
    """Whether this cohort needs fusion, from predictions [S, N, K] for cases their models had not seen.

    single: input -> predictions of its own model. average: of the mean of these models. fusion: of the method that
    reads all inputs. additive: of a model of all inputs that only adds up what each says. target [N]; groups [N] or
    None. folds: of the cross-validation (see `scores`). Raises BadInput if no case was predicted by all.
    """
    name = metric or primary_of(task if isinstance(task, str) else task.name)
    models = {("input", key): values for key, values in single.items()}
    models |= {("all", _TOGETHER): fusion, ("all", _AVERAGE): average}
    if additive is not None:
        models[("all", _ADDING)] = additive
    scores, cases = shared_scores(task, target, {" ".join(key): v for key, v in models.items()}, groups, metric)
    sign = -1.0 if lower_is_better(name) else 1.0
    by_model = dict(zip(models, scores, strict=True))
    inputs = [key for key in models if key[0] == "input"]
    best = max(inputs, key=lambda key: np.nan_to_num(sign * by_model[key].value[0], nan=-np.inf))
    size = _margin(name, by_model[best]) if margin is None else margin
    questions = _Questions.of(name, by_model, inputs, sign, size, folds, cases)
    several = questions.any_of([key for key in models if key[0] == "all"], inputs)
    beyond_one = questions.against(("all", _TOGETHER), inputs)
    beyond_average = questions.against(("all", _TOGETHER), [("all", _AVERAGE)])
    adding = None if additive is None else questions.against(("all", _TOGETHER), [("all", _ADDING)])
    needs, finding = _concluded(several, beyond_one, beyond_average, adding)
    answers = several, beyond_one, beyond_average, adding
    return FusionNeed(needs, finding, name, best[1], *answers, size, cases, questions.note)


def _concluded(
    several: Question, beyond_one: Question, beyond_average: Question, adding: Question | None
) -> tuple[Answer, FusionFinding]:
    answers = {beyond_one.answer, beyond_average.answer}
    if answers == {Answer.YES}:
        kinds = {Answer.YES: FusionFinding.INTERACTION, Answer.NO: FusionFinding.ADDING_SUFFICES}
        return Answer.YES, kinds.get(adding.answer if adding else Answer.UNSETTLED, FusionFinding.FUSION)
    if Answer.NO in answers or several.answer is Answer.NO:
        why = {Answer.YES: FusionFinding.AVERAGE_SUFFICES, Answer.NO: FusionFinding.ONE_INPUT_SUFFICES}
        return Answer.NO, why.get(several.answer, FusionFinding.FUSING_ADDS_NOTHING)
    return Answer.UNSETTLED, FusionFinding.UNSETTLED


def _margin(metric: str, score: LeftOut) -> float:
    """What counts as a gain: absolute for shares, a part of the best error for errors."""
    return MARGIN if metrics[metric].scale is not Scale.ERROR else MARGIN * float(score.value[0])


Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class _Questions:
    """All pairs that any question needs, with one width for all."""

    metric: str
    gaps: Gaps | None
    margin: float
    sign: float
    note: Caution
    score: LeftOut
    cases: int

    @classmethod
    def of(
        cls, metric: str, scores: Mapping[Key, LeftOut], inputs: list[Key], sign: float, margin: float,
        folds: int | None, cases: int,
    ) -> _Questions:  # fmt: skip
        score = next(iter(scores.values()))
        why = next((note for note in (obstacle(metric, score) for score in scores.values()) if note), Caution.NOTHING)
        if why:
            return cls(metric, None, margin, sign, why, score, cases)
        together = ("all", _TOGETHER)
        shared = [key for key in scores if key not in inputs]
        pairs = [(key, other) for key in shared for other in inputs]
        pairs += [(together, key) for key in shared if key != together]
        names = [" ".join(key) for key in scores]
        named = [(" ".join(first), " ".join(second)) for first, second in pairs]
        gaps = Gaps.of(stacked(list(scores.values())), named, names, sign, folds)
        return cls(metric, gaps, margin, sign, why, score, cases)

    def _bounds(self, first: Key, others: Sequence[Key]) -> tuple[float, ...]:
        """Difference to the best of the others, its interval, its bound from above alone, and its standard error."""
        gaps = self.gaps
        if gaps is None:
            return (float("nan"),) * 5
        wanted = {(" ".join(first), " ".join(other)) for other in others}
        mine = np.array([pair in wanted for pair in gaps.pairs])
        value, error = gaps.value[mine], gaps.error[mine]
        low, high = (value - gaps.width * error).min(), (value + gaps.width * error).min()
        above = (value + gaps.one_sided * error).min()
        return float(value.min()), float(low), float(high), float(above), float(error[value.argmin()])

    def against(self, first: Key, others: Sequence[Key]) -> Question:
        """Is the first better than the best of the others?"""
        return self._question(*self._bounds(first, others))

    def any_of(self, firsts: Sequence[Key], others: Sequence[Key]) -> Question:
        """Is the best of the first better than the best of the others?"""
        bounds = np.array([self._bounds(first, others) for first in firsts])
        return self._question(*(float(x) for x in bounds.max(0)))

    def _question(self, value: float, low: float, high: float, above: float, error: float) -> Question:
        lower, upper = sorted((self.sign * low, self.sign * high))
        gap = Difference(self.metric, self.sign * value, lower, upper, simultaneous=True, note=self.note)
        answer = Answer.YES if low > 0 else Answer.NO if above < self.margin else Answer.UNSETTLED
        if answer is not Answer.UNSETTLED or self.gaps is None:
            return Question(answer, gap)
        better = more_needed(max(value, 0.0), error, self.gaps.width)
        no_better = more_needed(max(self.margin - value, 0.0), error, self.gaps.one_sided)
        shares = [share for share in (better, no_better) if share is not None]
        return Question(answer, gap, *counted_need(min(shares, default=None), self.cases, self.score))
