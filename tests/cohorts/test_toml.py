"""Protects: whatever cohort.toml holds, opening it gives a sentence that says what is wrong."""

from __future__ import annotations

import pytest

from mmcore.base.errors import BadInput
from mmcore.cohorts.toml import read_toml


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('classes = ["a", "b", "a"]', "'a' is listed twice"),
        ('[inputs.x]\nkind = "table"\ncolumns = ["age", "age"]', "'age' is listed twice"),
        ('[inputs.x]\nkind = "table"\ncolumns = ["c"]\ncategories = { c = ["y", "y"] }', "'y' is listed twice"),
        ('[inputs.x]\nkind = "signal"\ncolumns = ["c"]\nrate_hz = 1' + "0" * 400, "rate_hz"),
        ('[inputs.x]\nkind = "signal"\ncolumns = ["c"]\nrate_hz = inf', "rate_hz"),
        ("name = 1" + "0" * 10_000, "cannot be read"),
        ("name = " + "[" * 5000 + "]" * 5000, "cannot be read|not understood"),
    ],
    ids=["classes", "columns", "categories", "rate", "infinite", "integer", "nested"],
)
def test_what_cannot_be_is_told(tmp_path, content, message):
    (tmp_path / "cohort.toml").write_text(content)
    with pytest.raises(BadInput, match=message) as error:
        read_toml(tmp_path / "cohort.toml")
    assert error.value.hint and len(str(error.value)) < 1500
