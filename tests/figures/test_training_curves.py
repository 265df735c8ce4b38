"""Learning curves show means over replicates that still train, live and afterwards, and start empty without
complaint."""

import numpy as np
import pandas as pd
import pytest

from mmcore.figures import training_curves


def history(stops: dict[int, int]) -> pd.DataFrame:
    rows = [(r, e, 1.0 / (e + 1) + r, 0.5 + r, 0.7) for r, stop in stops.items() for e in range(stop)]
    return pd.DataFrame(rows, columns=["replicate", "epoch", "train_loss", "valid_loss", "valid_metric"])


def lines(figure) -> dict[tuple[str, str], object]:
    return {(trace.name, trace.yaxis): trace for trace in figure.data if trace.name}


def test_curves_are_means_with_a_band_until_half_have_stopped():
    figure = training_curves.curves(history({0: 10, 1: 10, 2: 4, 3: 4, 4: 10}), metric="AUROC")
    loss = lines(figure)["validation", "y"]
    assert np.isclose(loss.y[0], 2.5) and loss.x[0] == 1 and loss.x[-1] == 10
    assert any(trace.fill == "toself" for trace in figure.data)
    short = training_curves.curves(history({0: 10, 1: 4, 2: 4}))
    assert lines(short)["training", "y"].x[-1] == 4, "the mean of the survivors alone would mislead"
    two = lines(training_curves.curves(history({0: 10, 1: 4})))
    assert two["training", "y"].x[-1] == 4, "one of two is half"


@pytest.mark.parametrize(("models", "whole"), [(3, True), (12, False)])
def test_a_band_of_few_models_reaches_over_all_of_them(models, whole):
    table = history(dict.fromkeys(range(models), 5))
    band = next(trace for trace in training_curves.curves(table).data if trace.fill == "toself")
    ends = table["train_loss"].min(), table["train_loss"].max()
    assert ((min(band.y), max(band.y)) == pytest.approx(ends)) == whole


def test_live_curves_grow_and_start_empty():
    assert len(training_curves.live_curves([]).data) == 0
    records = [
        {"epoch": e, "train_loss": 1.0, "valid_loss": 2.0, "valid_metric": 0.6, "done_replicates": 0} for e in range(3)
    ]
    figure = training_curves.live_curves(records, epochs=40)
    assert len(lines(figure)["training", "y"].x) == 3 and figure.layout.xaxis.range == (0, 40)
    assert len(training_curves.live_curves(records[:1]).data) == 3


def test_records_without_an_epoch_are_passed_over():
    assert len(training_curves.live_curves([{"method": "gated"}, {"epoch": 0, "train_loss": 1.0}]).data) == 1


def test_the_epoch_whose_weights_are_kept_is_marked():
    table = history({0: 6, 1: 6, 2: 6})
    table["valid_loss"] = [
        0.9,
        0.5,
        0.6,
        0.7,
        0.8,
        0.9,
        *[0.9, 0.8, 0.4, 0.7, 0.8, 0.9],
        *[0.9, 0.8, 0.7, 0.3, 0.8, np.nan],
    ]
    assert training_curves.best_epochs(table).tolist() == [1, 2, 3]
    figure = training_curves.curves(table)
    assert {shape.x0 for shape in figure.layout.shapes} == {3.0}, "the median; readers count from 1"
    assert any("epoch used: 3" in (trace.name or "") for trace in figure.data) and figure.layout.showlegend
    assert not training_curves.live_curves([{"epoch": 0, "train_loss": 1.0}]).layout.shapes


def test_a_word_begins_small_within_a_title_and_an_abbreviation_stays():
    titles = [
        training_curves.curves(history({0: 2}), metric=name).layout.annotations[1].text
        for name in ("Accuracy", "AUROC")
    ]
    assert titles == ["validation accuracy", "validation AUROC"]
