"""How well an encoder tells the target apart, as a result: scores with intervals, and the row of one encoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmcore.evaluation.intervals import Difference, Interval, interval_of, paired
from mmcore.evaluation.jackknife import LeftOut


@dataclass(frozen=True, eq=False)
class EncoderScore:
    """A metric with its 95% interval. left_out: what `paired` compares. scored: [N] bool, which cases it is of.

    folds: of the cross-validation it comes from.
    """

    metric: str
    interval: Interval
    left_out: LeftOut
    scored: np.ndarray
    folds: int | None = None

    @classmethod
    def of(cls, metric: str, left_out: LeftOut, scored: np.ndarray, folds: int | None = None) -> EncoderScore:
        """From the metric of the scored cases with each unit left out in turn."""
        return cls(metric, interval_of(metric, left_out, folds), left_out, scored, folds)

    @property
    def cases(self) -> int:
        return int(self.scored.sum())

    def against(self, other: EncoderScore) -> Difference | None:
        """This minus the other one, paired; None where they were not scored on the same cases."""
        if not np.array_equal(self.scored, other.scored):
            return None
        return paired(self.metric, self.left_out, other.left_out, self.folds)

    def document(self) -> dict[str, float | str]:
        interval = self.interval
        return {"metric": self.metric, "mean": interval.mean, "low": interval.low, "high": interval.high}


@dataclass(frozen=True, eq=False)
class Row:
    """What one encoder comes to on one input.

    tokens: the most a case has. seconds_per_case: of encoding alone, on one core, measured on `timed` cases. cases,
    missing: labelled cases scored, and those left out for lack of the input. knn, probe: None, with the `reason`, where
    nothing can be scored before training. trains_in_run: scored is what goes into the learnt part, not what leaves it.
    vs_best: by "knn" and "probe", the difference to the best encoder of the same input; None for that one itself.
    """

    input: str
    encoder: str
    label: str
    options: dict[str, Any]
    dims: int
    tokens: int
    seconds_per_case: float | None
    timed: int
    cases: int
    missing: int
    failed: int
    trains_in_run: bool
    fits_on_fold: bool
    knn: EncoderScore | None
    probe: EncoderScore | None
    reason: str | None = None
    vs_best: dict[str, Difference | None] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """A row of `features --json`."""
        plain = ("input", "encoder", "options", "dims", "tokens", "seconds_per_case")
        facts = ("cases", "missing", "failed", "reason")
        return {
            **{name: getattr(self, name) for name in plain},
            "timed_cases": self.timed,
            "knn": None if self.knn is None else self.knn.document(),
            "probe": None if self.probe is None else self.probe.document(),
            **{name: getattr(self, name) for name in facts},
            "learns": self.trains_in_run,
            "fits": self.fits_on_fold,
            "vs_best": {name: None if gap is None else gap.document() for name, gap in self.vs_best.items()},
        }
