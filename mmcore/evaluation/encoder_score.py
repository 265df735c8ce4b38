"""How well an encoder tells the target apart, as a result: scores with intervals, and the row of one encoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmcore.evaluation.intervals import Difference, Interval, paired


@dataclass(frozen=True, eq=False)
class Score:
    """A metric with its 95% interval over cases. drawn [1 + resamples]: what `paired` compares. scored: [N] bool."""

    metric: str
    interval: Interval
    drawn: np.ndarray
    scored: np.ndarray

    @classmethod
    def of(cls, metric: str, drawn: np.ndarray, scored: np.ndarray) -> Score:
        """From what `draw` gave for the scored cases."""
        defined = drawn[1:][np.isfinite(drawn[1:])]
        low, high = np.percentile(defined, [2.5, 97.5]) if len(defined) else (np.nan, np.nan)
        return cls(metric, Interval(float(drawn[0]), float(low), float(high), float("nan")), drawn, scored)

    @property
    def cases(self) -> int:
        return int(self.scored.sum())

    def against(self, other: Score) -> Difference | None:
        """This minus the other one, paired; None where they were not scored on the same cases."""
        return paired(self.metric, self.drawn, other.drawn) if np.array_equal(self.scored, other.scored) else None

    def document(self) -> dict[str, float | str]:
        found = self.interval
        return {"metric": self.metric, "mean": found.mean, "low": found.low, "high": found.high}


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
    knn: Score | None
    probe: Score | None
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
