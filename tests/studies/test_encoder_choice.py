"""Protects the encoders that a new user gets: another one where the usual one cannot be used."""

import pandas as pd
import pytest

from mmcore import studies
from mmcore.base.modules import Broken
from mmcore.cohorts import Roles
from mmcore.encoders import DEFAULTS, encoders


@pytest.fixture
def cohort(tmp_path):
    table = pd.DataFrame({"id": [f"p{i}" for i in range(12)], "age": range(50, 62), "ill": ["yes", "no"] * 6})
    table.to_csv(tmp_path / "cases.csv", index=False)
    return studies.open(tmp_path, Roles(target="ill", inputs={"life": "table:age"}))


@pytest.mark.parametrize("listed", ["columns", "column_tokens"], ids=["by its name", "by its file"])
def test_a_broken_default_gives_way_to_another(cohort, monkeypatch, listed):
    default = encoders[DEFAULTS["table"]]
    broken = {listed: Broken(default.__module__, "It was bent.")}
    monkeypatch.setattr(encoders, "_contents", (frozenset({f"{default.__module__}.{default.__qualname__}"}), broken))
    chosen = studies.default_encoders(cohort)["life"].name
    assert chosen in encoders and chosen != default.name
