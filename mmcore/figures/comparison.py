"""Methods side by side in words and numbers: their names, the axis of a metric, every metric as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _
from mmcore.evaluation import Interval, lower_is_better, metric_label


def method_name(method: str) -> str:
    """A method as a reader sees it: `cross_attention` -> `cross attention`."""
    return method.replace("_", " ")


def metric_axis(metric: str) -> str:
    """Name of a metric and which way is better, for an axis."""
    better = _("lower is better") if lower_is_better(metric) else _("higher is better")
    return f"{metric_label(metric)} ({better})"


def metrics_table(
    rows: Sequence[tuple[str, Mapping[str, Interval], int, float]],
    parts: Sequence[tuple[float | None, float]] = (),
    *,
    intervals: bool = True,
) -> pd.DataFrame:
    """Every metric of every method as text, `mean [low, high]` or the mean alone, with parameters and seconds; rows
    (method, metrics, parameters, seconds). Where there is no interval, the mean stands alone. parts: of each, the score
    of its networks alone and their share in the answer, or nothing."""
    listed = []
    for i, (method, metrics, parameters, seconds) in enumerate(rows):
        cells = {metric_label(name): _cell(interval, intervals) for name, interval in metrics.items()}
        own = {_("Network alone"): parts[i][0], _("Share"): parts[i][1]} if parts else {}
        facts = {_("Parameters"): parameters, _("Seconds"): round(seconds, 2)}
        listed.append({_("Method"): method_name(method), **cells, **own, **facts})
    return pd.DataFrame(listed)


def _cell(interval: Interval, whole: bool) -> str:
    return with_ends(interval.mean, interval.low, interval.high) if whole else written(interval.mean)


def metrics_data(rows: Sequence[tuple[str, Mapping[str, Interval], int, float]]) -> pd.DataFrame:
    """The same as numbers, one row a method and metric, for download."""
    return pd.DataFrame(
        [
            {
                "method": method,
                "metric": name,
                "mean": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "seed_sd": interval.seed_sd,
                "parameters": parameters,
                "seconds": seconds,
            }
            for method, metrics, parameters, seconds in rows
            for name, interval in metrics.items()
        ]
    )
