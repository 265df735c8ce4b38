"""Which cases a method gets wrong, is unsure of, or that methods answer differently, out of fold.

Legend: S seeds, N cases, K outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd

from mmcore.base.errors import unknown
from mmcore.base.label_sets import BETWEEN, memberships
from mmcore.base.settings import _
from mmcore.base.survival_times import events, middle, times_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.thresholds import divided

NEAR = 0.2  # between the two most likely classes, below which an answer is called unsure
_LEAST_HAZARD = 1e-6  # below which an event is as unexpected as can be
FAR = 0.9  # quantile of the error beyond which a predicted number is called far off


class Outcome(StrEnum):
    """How a case came out by one method."""

    WRONG = "wrong"  # another class than the true one; of numbers the tenth with the largest errors
    UNSURE = "unsure"  # right, but hardly more likely than another class; of numbers the tenth where seeds differ most
    RIGHT = "right"


def case_outcomes(
    task: str,
    classes: Sequence[str],
    target: np.ndarray,
    outputs: Mapping[str, np.ndarray],
    method: str,
    ids: Sequence[str],
) -> pd.DataFrame:
    """A row for each case (index = id) that has a target and an answer of `method`.

    outputs: method -> [S, N, K] out of fold, NaN where a case was not tested. Columns: outcome; truth and predicted
    (class, labels, or value); probability (of the true class; of labels the mean of what was given to what is true) or
    error (predicted less true); spread (over the methods, of the same); disputed (methods predict different classes; of
    numbers: they differ by more than the usual error); wrong_by, answered_by (methods). Raises NotFound for an unknown
    method.
    """
    if method not in outputs:
        raise unknown(_("method"), method, outputs)
    own = ScoredCases.of(task, target, outputs[method])
    rows, labels = np.flatnonzero(own.rows), own.target
    answers = {name: np.asarray(given, float).mean(0)[rows] for name, given in outputs.items()}
    make = {"regression": _of_numbers, "multilabel": _of_labels, "survival": _of_times}.get(task, _of_classes)
    frame = make(labels, answers, method, own.by_seed, classes)
    return frame.set_index(pd.Index([ids[int(row)] for row in rows], name="id"))


def _of_classes(
    labels: np.ndarray, answers: Mapping[str, np.ndarray], method: str, by_seed: np.ndarray, classes: Sequence[str]
) -> pd.DataFrame:
    count, own = np.arange(len(labels)), answers[method]
    ranked = np.sort(own, 1)
    predicted = own.argmax(1)
    wrong, unsure = predicted != labels, ranked[:, -1] - ranked[:, -2] < NEAR
    given = np.array([answer[count, labels] for answer in answers.values()])  # [methods, n], NaN where not tested
    tested = np.isfinite(given)
    predictions = np.array([np.where(np.isfinite(a).all(1), np.nan_to_num(a).argmax(1), -1) for a in answers.values()])
    names = np.array(list(classes), dtype=object)
    return pd.DataFrame(
        {
            "outcome": np.where(
                wrong, Outcome.WRONG.value, np.where(unsure, Outcome.UNSURE.value, Outcome.RIGHT.value)
            ),
            "truth": names[labels],
            "predicted": names[predicted],
            "probability": own[count, labels],
            "spread": np.nanstd(given, axis=0),
            "disputed": ((predictions != predicted) & (predictions >= 0)).any(0),
            "wrong_by": ((predictions != labels) & (predictions >= 0)).sum(0),
            "answered_by": tested.sum(0),
        }
    )


def _of_labels(
    labels: np.ndarray, answers: Mapping[str, np.ndarray], method: str, by_seed: np.ndarray, classes: Sequence[str]
) -> pd.DataFrame:
    """Right is a case all of whose labels are; unsure where one of them lies near its threshold."""
    held = memberships(labels, len(classes))
    parts = {name: divided(answer, len(classes)) for name, answer in answers.items()}
    own, threshold = parts[method]
    called = {name: probabilities >= at for name, (probabilities, at) in parts.items()}
    tested = {name: np.isfinite(probabilities).all(1) for name, (probabilities, _at) in parts.items()}
    wrong, unsure = (called[method] != held).any(1), (np.abs(own - threshold) < NEAR / 4).any(1)
    given = np.array([np.where(held, p, 1 - p).mean(1) for p, _at in parts.values()])
    others = [(called[name] != called[method]).any(1) & tested[name] for name in parts]
    return pd.DataFrame(
        {
            "outcome": np.where(
                wrong, Outcome.WRONG.value, np.where(unsure, Outcome.UNSURE.value, Outcome.RIGHT.value)
            ),
            "truth": _joined(held, classes),
            "predicted": _joined(called[method], classes),
            "probability": np.where(held, own, 1 - own).mean(1),
            "spread": np.nanstd(given, axis=0),
            "disputed": np.any(others, axis=0),
            "wrong_by": np.sum([(called[name] != held).any(1) & tested[name] for name in parts], axis=0),
            "answered_by": np.sum(list(tested.values()), axis=0),
        }
    )


def _joined(held: np.ndarray, classes: Sequence[str]) -> list[str]:
    return [BETWEEN.join(name for name, there in zip(classes, row, strict=True) if there) or _("none") for row in held]


def _of_times(
    labels: np.ndarray, answers: Mapping[str, np.ndarray], method: str, by_seed: np.ndarray, classes: Sequence[str]
) -> pd.DataFrame:
    """The error is the deviance residual: above 0 the event came sooner than expected, below 0 later or not at all.
    Predicted is the probability of the event by the horizon told."""
    count, at = len(classes), middle(classes)
    errors = {name: _residual(labels, answer[:, :count], times_of(classes)) for name, answer in answers.items()}
    frame = _of_numbers(
        np.zeros(len(labels)),
        {name: own[:, None] for name, own in errors.items()},
        method,
        by_seed[..., at : at + 1],
        classes,
    )
    return frame.assign(truth=np.abs(labels), predicted=answers[method][:, at])


def _residual(target: np.ndarray, probabilities: np.ndarray, horizons: np.ndarray) -> np.ndarray:
    """[n] events (1 or 0) less the hazards predicted up to the end of follow-up, made as large on either side
    (Therneau, Grambsch and Fleming 1990, Biometrika 77): an event less its hazard never exceeds 1, but has no bound
    below. The hazard between two horizons [n, H] rises evenly, and is that of the last beyond."""
    hazard = -np.log1p(-np.clip(probabilities, 0, 1 - 1e-6))
    steps, times = np.append(0.0, horizons), np.minimum(np.abs(target), horizons[-1])
    until = np.array([np.interp(time, steps, np.append(0.0, own)) for time, own in zip(times, hazard, strict=True)])
    seen = events(target) & (np.abs(target) <= horizons[-1])
    gap = seen - until
    part = np.where(seen, np.log(np.maximum(until, _LEAST_HAZARD)), 0.0)
    residual: np.ndarray = np.sign(gap) * np.sqrt(np.maximum(-2 * (gap + part), 0))
    return residual


def _of_numbers(
    labels: np.ndarray, answers: Mapping[str, np.ndarray], method: str, by_seed: np.ndarray, classes: Sequence[str]
) -> pd.DataFrame:
    errors = {name: answer[:, 0] - labels for name, answer in answers.items()}
    own, given = errors[method], np.array(list(errors.values()))
    size = np.abs(own)
    far = size > np.quantile(size, FAR) if len(size) else size > 0
    seeds = by_seed[..., 0].std(0)
    unsure = ~far & (seeds > np.quantile(seeds, FAR) if len(by_seed) > 1 and len(seeds) else False)
    usual = float(np.median(size)) if len(size) else 0.0
    return pd.DataFrame(
        {
            "outcome": np.where(far, Outcome.WRONG.value, np.where(unsure, Outcome.UNSURE.value, Outcome.RIGHT.value)),
            "truth": labels,
            "predicted": own + labels,
            "error": own,
            "spread": np.nanstd(given, axis=0),
            "disputed": np.nanmax(given, 0) - np.nanmin(given, 0) > usual if len(given) > 1 else far & False,
            "wrong_by": (np.abs(np.nan_to_num(given)) > np.quantile(size, FAR)).sum(0)
            if len(size)
            else far.astype(int),
            "answered_by": np.isfinite(given).sum(0),
        }
    )
