"""A sentence that begins with a name begins with a capital, however the name is written elsewhere."""

from __future__ import annotations

import pytest

from mmcore.base.capitals import capitalised


@pytest.mark.parametrize(
    ("written_small", "expected"),
    [
        ("cross attention is ahead.", "Cross attention is ahead."),
        ("**mlp is wrong** on 3 cases", "**MLP is wrong** on 3 cases"),
        ("ecg tells most.", "ECG tells most."),
        ("mlp 最好。", "MLP 最好。"),
        ("Late is ahead.", "Late is ahead."),
        ("pH tells most.", "pH tells most."),
        ("lab_values tells most.", "lab_values tells most."),
        ("“a” is unknown", "“a” is unknown"),
        ("", ""),
    ],
)
def test_only_a_small_word_at_the_start_is_changed(written_small, expected):
    assert capitalised(written_small) == expected
