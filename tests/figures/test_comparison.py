"""The tables of all metrics hold every number of every method."""

from mmcore.evaluation import Interval
from mmcore.figures import comparison


def test_tables_hold_every_metric():
    rows = [
        (
            "cross_attention",
            {"auroc": Interval(0.8, 0.7, 0.9, 0.01), "ece": Interval(0.1, 0.05, 0.2, float("nan"))},
            100,
            1.234,
        )
    ]
    shown = comparison.metrics_table(rows)
    assert shown["AUROC"][0] == "0.800 [0.700, 0.900]" and shown["Method"][0] == "cross attention"
    assert len(comparison.metrics_data(rows)) == 2
