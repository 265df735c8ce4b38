"""Protects the report on Compare: made on a press, from the runs shown, in three forms."""

from __future__ import annotations

from mmcore import studies
from mmcore.training import TrainingSpec
from tests.pages.opened import COMPARE, finish, folder, open_page, press, words

__all__ = ["folder"]


def test_the_report_is_made_on_a_press_and_offered_in_three_forms(folder):
    settings = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8, components=8))
    studies.compare(studies.open(folder), ("ecg", "vitals", "gated"), None, settings)
    app = open_page(COMPARE, cohort=folder)
    assert "Take it home" in words(app) and not [b for b in app.get("download_button") if "Slides" in str(b.proto)]
    app = finish(press(app, "Prepare the report"))
    assert not app.error
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"Web page", "PDF", "Slides"} <= set(labels)
