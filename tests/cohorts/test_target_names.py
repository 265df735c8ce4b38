"""Protects: a column called as outcomes are is the target, in several languages, unless more than one is."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts.target_names import named_outcome


def table(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: [float(i % (2 + k % 2)) for i in range(20)] for k, column in enumerate(columns)})


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        (["sex", "HeartDisease"], "HeartDisease"),
        (["sex", "heart_disease", "stroke"], "stroke"),
        (["readmit_30d", "sex"], "readmit_30d"),
        (["Sexe", "Décès"], "Décès"),
        (["性别", "是否死亡"], "是否死亡"),
        (["性別", "培養結果"], "培養結果"),
        (["heart_disease", "sex"], None),
        (["age_at_diagnosis", "sex"], None),
        (["death", "readmitted"], None),
        (["sex", "smoker"], None),
    ],
)
def test_the_outcome(columns, outcome):
    assert named_outcome(table(*columns), set()) == outcome


def test_what_measures_is_no_outcome_of_this_kind():
    assert named_outcome(pd.DataFrame({"x": range(40), "mortality": [i / 7 for i in range(40)]}), set()) is None
