"""What a study of places came to: answers case by case, scores, a document, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.cohorts import Cohort
from mmcore.cohorts.lesions import Lesions
from mmcore.evaluation import Difference
from mmcore.segmentation import MaskScores, compared, scores_of
from mmcore.segmentation.grid_cells import coverage, on_image
from mmcore.segmentation.mask_scores import mean_of, pixel_dice
from mmcore.segmentation.settling import NOTHING

ALONE, TOGETHER, SHUFFLED = "alone", "together", "shuffled"
_SMALLEST = 0.005  # a difference of Dice below this is none, however certain; it is +0.00 where two decimals are shown


@dataclass(frozen=True, eq=False)
class SegmentationStudy:
    """What was found of the n cases in `lesions`.

    others: input -> name of its encoder, of the inputs that condition the network. located: by method (alone, together,
    shuffled, and plain baselines as plain:NAME, plain:NAME:together), probabilities [n, G] with the threshold and the
    network's share of each fold, [n] as its cases have them. seconds: by method, when it was worked out.
    """

    cohort: Cohort
    lesions: Lesions
    encoder: str
    others: Mapping[str, str]
    folds: int
    split: str
    seeds: int
    located: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
    seconds: Mapping[str, float]
    cached: bool = False
    problems: Sequence[str] = ()

    @cached_property
    def scores(self) -> dict[str, MaskScores]:
        """By method."""
        return {name: scores_of(own[0], own[1], self.lesions.masks) for name, own in self.located.items()}

    @cached_property
    def groups(self) -> np.ndarray | None:
        """[n]"""
        return None if self.cohort.groups is None else self.cohort.groups[self.lesions.rows]

    def position(self, id: str) -> int | None:
        """Where a case stands among the n, None for one that is not among them."""
        at = np.flatnonzero(self.lesions.rows == self.cohort.position(id))
        return int(at[0]) if len(at) else None

    def marked(self, name: str, at: int) -> np.ndarray:
        """[H, W] bool: what a method marked in the image of a case, by its number among the n."""
        probabilities, thresholds, _shares = self.located[name]
        height, width = self.lesions.masks[at].shape
        return on_image(probabilities[at], (height, width)) > thresholds[at]

    @cached_property
    def document(self) -> dict[str, Any]:
        """What `segment --json` prints."""
        return document_of(self)

    def in_words(self) -> str:
        """Whether the other inputs help to find it."""
        return finding_in_words(self.document)


def document_of(study: SegmentationStudy) -> dict[str, Any]:
    """What `segment --json` prints."""
    lesions, scores = study.lesions, study.scores
    methods = [name for name in scores if not name.startswith("plain:")]
    together = TOGETHER in methods
    pairs = [(TOGETHER, ALONE), (TOGETHER, SHUFFLED), (SHUFFLED, ALONE)] if together else []
    side = round(next(iter(study.located.values()))[0].shape[1] ** 0.5)
    document = {
        "cohort": study.cohort.name,
        "synthetic": study.cohort.schema.synthetic,
        "input": lesions.input,
        "finding": lesions.finding,
        "findings": list(lesions.findings),
        "cases": len(lesions.rows),
        "with_finding": int(lesions.there.sum()),
        "left_out": len(study.cohort) - len(lesions.rows),
        "folds": study.folds,
        "seeds": study.seeds,
        "split": study.split,
        "grid": side,
        "reachable": _reachable(study, side),
        "encoder": study.encoder,
        "others": dict(study.others),
        "methods": [_row(study, name) for name in methods],
        "plain": [_row(study, name) for name in scores if name.startswith("plain:")],
        "differences": [
            _difference(study, *pair, metric) for pair in pairs for metric in ("dice", "pointing", "overall")
        ],
        "cached": study.cached,
        "problems": [*study.cohort.problems, *study.problems],
    }
    return document | {"text": finding_in_words(document)}


def _row(study: SegmentationStudy, name: str) -> dict[str, Any]:
    scores, (_probabilities, thresholds, shares) = study.scores[name], study.located[name]
    metrics = {name: getattr(scores, name) for name in ("dice", "pointing", "clean", "overall")}
    marked = thresholds[thresholds < NOTHING]
    own = name.removeprefix("plain:")
    inputs = [study.lesions.input, *(study.others if own.endswith((TOGETHER, SHUFFLED)) else ())]
    return {
        "method": own,
        "inputs": inputs,
        "metrics": {metric: mean_of(values, study.groups).document() for metric, values in metrics.items()},
        "threshold": float(np.mean(marked)) if len(marked) else NOTHING,
        "network_share": float(np.mean(shares)),
        "seconds": study.seconds[name],
    }


def _difference(study: SegmentationStudy, method: str, against: str, metric: str) -> dict[str, Any]:
    values, baseline = (getattr(study.scores[name], metric) for name in (method, against))
    gap = compared(metric, values, baseline, study.groups, study.folds)
    return {"method": method, "against": against, **gap.document()}


def _reachable(study: SegmentationStudy, side: int) -> float:
    """Mean Dice of the true share of each cell, drawn as the answers are: a grid this coarse allows no more."""
    masks = [mask for mask in study.lesions.masks if mask.any()]
    drawn = [on_image(coverage(mask, side), (mask.shape[0], mask.shape[1])) > 0.5 for mask in masks]
    return float(np.mean([pixel_dice(marked, mask) for marked, mask in zip(drawn, masks, strict=True)]))


def finding_in_words(document: dict[str, Any]) -> str:
    """Whether the other inputs help to find it, in a sentence."""
    alone = document["methods"][0]["metrics"]["dice"]["mean"]
    words = {"finding": document["finding"], "others": list_of(document["others"]), "alone": f"{alone:.2f}"}
    gaps = [row for row in document["differences"] if (row["method"], row["against"]) == (TOGETHER, ALONE)]
    gap = next((Difference.read(row) for row in gaps if row["metric"] == "dice"), None)
    if gap is None:
        return _("The image alone marks '{finding}' with a Dice of {alone}.").format(**words)
    words |= {"together": f"{document['methods'][1]['metrics']['dice']['mean']:.2f}"}
    ends = (gap.difference, gap.low, gap.high)
    places = 2 if all(abs(end) >= _SMALLEST or not np.isfinite(end) for end in ends) else 3
    words |= {name: signed(end, places) for name, end in zip(("difference", "low", "high"), ends, strict=True)}
    certain = gap.low > 0 or gap.high < 0
    if (certain and abs(gap.difference) < _SMALLEST) or -_SMALLEST < gap.low <= gap.high < _SMALLEST:
        sentence = _(
            "'{finding}' is located equally well with and without {others}: Dice {together} together, {alone} by "
            "the image alone ({difference}, 95% interval {low} to {high})."
        )
    elif gap.low > 0:
        sentence = _(
            "Together with {others}, '{finding}' is located better: Dice {together} instead of {alone} "
            "({difference}, 95% interval {low} to {high})."
        )
    elif gap.high < 0:
        sentence = _(
            "Together with {others}, '{finding}' is located less well: Dice {together} instead of "
            "{alone} ({difference}, 95% interval {low} to {high})."
        )
    else:
        sentence = _(
            "Whether '{finding}' is located better together with {others} is not settled: Dice "
            "{together}, by the image alone {alone} ({difference}, 95% interval {low} to {high})."
        )
    return sentence.format(**words)
