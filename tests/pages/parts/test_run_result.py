"""How the result of a run is put into words: settings that were searched for are short enough to be read."""

from __future__ import annotations

from types import SimpleNamespace

from mmcore.studies.setting_search import SPACE
from mmcore.training import TrainingSpec
from pages.parts.run_result import searched


def test_settings_of_the_folds_are_ranges_of_two_digits_with_whole_numbers_whole():
    first, second = (TrainingSpec(learning_rate=rate, epochs=150) for rate in (0.001, 0.0061123))
    words = searched(SimpleNamespace(spec=SimpleNamespace(training_by_fold=(first, second))))
    assert "learning rate 0.001\u00a0–\u00a00.0061" in words and words.endswith("epochs 150")
    assert words.count(", ") == len(SPACE) - 1
