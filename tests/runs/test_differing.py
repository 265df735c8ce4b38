"""Protects the list of settings in which runs differ: all of those, and none that they share."""

from __future__ import annotations

from mmcore.base import languages
from mmcore.runs import differing_settings
from mmcore.training import TrainingSpec
from tests.runs.test_runs import spec


def test_runs_that_share_all_settings_differ_in_none():
    assert differing_settings([spec(), spec(cohort="other name", fusion="late")]) == [{}, {}]


def test_what_differs_is_named_with_the_value_of_each():
    rows = differing_settings([spec(), spec(seeds=3, training=TrainingSpec(epochs=7, learning_rate=0.01))])
    assert rows == [
        {"seeds": "5", "epochs": "20", "learning rate": "0.001"},
        {"seeds": "3", "epochs": "7", "learning rate": "0.01"},
    ]


def test_options_of_another_method_are_no_difference_but_those_of_the_same_are():
    four, eight = ({"fusion": "gated", "fusion_options": {"heads": count}} for count in (4, 8))
    assert differing_settings([spec(**four), spec()]) == [{}, {}]
    assert differing_settings([spec(**four), spec(**eight)]) == [
        {"option heads (gated)": "4"},
        {"option heads (gated)": "8"},
    ]


def test_without_copies_an_augmentation_does_nothing():
    varied = {"augmentations": {"labs": ({"name": "noise"},)}}
    assert differing_settings([spec(**varied), spec()]) == [{}, {}]
    rows = differing_settings([spec(**varied, copies=2), spec()])
    assert "augmentation of labs" in rows[0] and rows[0]["copies"] == "2" and rows[1] == {"copies": "0"}


def test_names_and_yes_are_in_the_readers_language(monkeypatch):
    monkeypatch.setattr(languages, "language", lambda: "zh")
    tuned = {"training_by_fold": (TrainingSpec(),) * 5}
    rows = differing_settings([spec(**tuned), spec(seeds=3)])
    assert [list(row.values()) for row in rows] == [["5", "是"], ["3", "否"]]
    assert "seeds" not in rows[0] and "tuned for each fold" not in rows[0]
