"""Protects the pages on the built-in real cohorts: each shows something of a trained run, and no mistake."""

from __future__ import annotations

import pytest

from mmcore import studies
from mmcore.training import TrainingSpec
from pages.frame import navigation
from tests.pages.opened import ROOT, compared, open_page

SETTINGS = studies.StudySettings(folds=2, seeds=1, plain=False, training=TrainingSpec(epochs=1, width=8))
FRAME = {"title", "markdown", "caption", "flex_container", "main"}  # that a page with nothing on it has, too
PAGES = {
    navigation.name_of(path): str(path.relative_to(ROOT))
    for section, paths in navigation.files().items()
    for path in paths
    if section in ("explore", "fuse", "study")
}


@pytest.mark.parametrize("cohort", ["breast_cancer", "diabetes_progression"])
def test_every_page_shows_a_trained_run(cohort):
    run = compared(cohort, ["concat"], SETTINGS)["concat"]
    for name, page in PAGES.items():
        app = open_page(page, cohort=cohort, case=studies.open(cohort).ids[3], run=run.key[:10])
        assert not [message.value for message in app.error], name
        assert {element.type for element in app.main} - FRAME, f"{name} shows nothing but its frame"
