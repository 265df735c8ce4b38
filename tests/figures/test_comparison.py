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


def test_what_has_no_interval_stands_alone():
    nan = float("nan")
    rows = [("late", {"auroc": Interval(0.8, nan, nan, nan), "ece": Interval(nan, nan, nan, nan)}, 1, 1.0)]
    shown = comparison.metrics_table(rows)
    assert shown["AUROC"][0] == "0.800" and shown["Calibration error"][0] == "–"
    sure = [("late", {"auroc": Interval(0.8, 0.7, 0.9, nan)}, 1, 1.0)]
    assert comparison.metrics_table(sure, intervals=False)["AUROC"][0] == "0.800"
    assert list(shown)[-2:] == ["Parameters", "Seconds"], "metrics first"


def test_a_methods_own_part_stands_before_its_weights():
    rows = [("gated", {"auroc": Interval(0.8, 0.7, 0.9, 0.01)}, 10, 1.0)]
    shown = comparison.metrics_table(rows, [(0.75, 0.4)])
    assert list(shown)[-4:] == ["Network alone", "Share", "Parameters", "Seconds"]
    assert shown["Network alone"][0] == 0.75 and shown["Share"][0] == 0.4
