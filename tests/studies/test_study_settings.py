"""Protects what studies share: settings that are changed, and that folds which were not followed are told once."""

from __future__ import annotations

import pytest

from mmcore.studies.study_settings import StudySettings


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (StudySettings(), False),
        (StudySettings(seeds=2).but(plain=False), False),
        (StudySettings(folds=15), False),
        (StudySettings(folds=5), True),
        (StudySettings(folds=3).but(seeds=1), True),
        (StudySettings().but(folds=3), True),
    ],
)
def test_folds_are_told_only_where_a_number_was_given_and_not_followed(settings, expected):
    sentences = settings.folds_not_followed(15, "leave-one-group-out")
    assert len(sentences) == expected
    assert all(sentence.startswith(f"There are 15 folds, not {settings.folds}") for sentence in sentences)
    assert all("(one group left out at a time)" in sentence and "--" not in sentence for sentence in sentences)


def test_settings_that_are_changed_keep_the_others():
    changed = StudySettings(folds=3, fusion_options={"gated": {}}).but(seeds=1)
    assert (changed.folds, changed.seeds, dict(changed.fusion_options)) == (3, 1, {"gated": {}})
