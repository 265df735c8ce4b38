"""Protects "More cases?" on Compare: trained on a press, the finding in a sentence before the picture."""

from __future__ import annotations

from mmcore import studies
from mmcore.training import TrainingSpec
from tests.pages.opened import COMPARE, finish, folder, open_page, press, words

__all__ = ["folder"]


def test_a_small_cohort_is_told_why_there_is_no_curve_or_shown_one(folder):
    settings = studies.StudySettings(
        folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8, components=8), plain=False
    )
    studies.compare(studies.open(folder), ("vitals", "gated"), None, settings)
    app = open_page(COMPARE, cohort=folder, look="growth")
    assert "from a fifth to the whole" in words(app)
    app = finish(press(app, "Train on parts of the cohort"))
    text = words(app)
    assert "More cases" in text and ("twice as many" in text or "too small for a learning curve" in text)
