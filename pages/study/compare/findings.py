"""What figures of the closer look show, in a sentence each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.capitals import capitalised
from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.evaluation import Confusion, lower_is_better, metric_label
from mmcore.figures.comparison import method_name
from mmcore.studies.costing import time_in_words


def most_mistaken(method: str, table: Confusion) -> str:
    """The class that the method takes for another in the largest share of its cases."""
    of = np.maximum(table.counts.sum(1, keepdims=True), 1e-12)
    mistaken = table.counts / of * (1 - np.eye(len(table.classes)))
    true, other = np.unravel_index(mistaken.argmax(), mistaken.shape)
    if not mistaken[true, other]:
        return _("{method} is right on every case.").format(method=capitalised(method_name(method)))
    return _(
        "{method} takes {share:.0%} of the cases of “{true}” for “{other}”: none of its mistakes is likelier."
    ).format(
        method=capitalised(method_name(method)),
        true=table.classes[true],
        other=table.classes[other],
        share=mistaken[true, other],
    )


def usual_error(method: str, error: float, target: str) -> str:
    """How far off the predictions of a number are. error: absolute, the mean over the cases, in the target's unit."""
    return _("{method} is off by {error} on average ({target}).").format(
        method=capitalised(method_name(method)), error=written(error), target=target
    )


def what_the_best_costs(table: pd.DataFrame, metric: str) -> str:
    """How long the best method took to train, and the slowest; columns `method`, `mean` and `seconds`, a row each."""
    best = table.loc[table["mean"].idxmin() if lower_is_better(metric) else table["mean"].idxmax()]
    slowest = table.loc[table["seconds"].idxmax()]
    words = {
        "best": capitalised(method_name(best["method"])),
        "metric": metric_label(metric),
        "score": written(best["mean"]),
        "time": time_in_words(best["seconds"]),
    }
    if slowest["method"] == best["method"]:
        return _("{best} does best ({metric} {score}), trained in {time}.").format(**words)
    return _("{best} does best ({metric} {score}), trained in {time}; the slowest, {slowest}, took {longest}.").format(
        **words, slowest=method_name(slowest["method"]), longest=time_in_words(slowest["seconds"])
    )
