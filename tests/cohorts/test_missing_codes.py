"""Protects numbers that mean "not measured": they are named at opening and by the audit; measurements are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import open_cohort
from mmcore.cohorts.auditing import audit
from mmcore.cohorts.missing_codes import code_sentences, missing_codes

CASES = 120


def measured() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = {
        "age": rng.integers(18, 100, CASES), "stage": rng.integers(0, 5, CASES), "score": rng.integers(0, 10, CASES),
        "crp": np.exp(rng.normal(2, 1, CASES)).round(1), "z": rng.normal(size=CASES),
        "platelets": rng.integers(100, 1100, CASES), "spo2": rng.integers(85, 100, CASES),
        "change": rng.integers(-9, 10, CASES), "trend": rng.choice([-1, 0, 1], CASES),
    }  # fmt: skip
    return pd.DataFrame(columns).astype(float)


def test_measurements_hold_no_codes():
    assert missing_codes(measured()) == []


@pytest.mark.parametrize(
    ("column", "code", "times"),
    [("stage", 9, 5), ("age", -9, 3), ("age", 999, 1), ("crp", 9999, 2), ("z", -999, 1), ("spo2", -1, 4)],
)
def test_a_code_is_named_with_how_often_it_stands(column, code, times):
    frame = measured()
    frame.loc[: times - 1, column] = code
    (code_there,) = missing_codes(frame)
    assert (code_there.column, code_there.code, int(code_there.cells.sum())) == (column, code, times)


def test_two_codes_do_not_hide_one_another():
    frame = measured()
    frame.loc[:4, "age"], frame.loc[5:9, "age"] = -9, -99
    assert {code.code for code in missing_codes(frame)} == {-9, -99}


def test_what_is_not_told_one_by_one_is_counted_by_code_and_not_by_column():
    frame = pd.concat([measured()["age"].rename(f"age {number}") for number in range(6)], axis=1)
    frame.iloc[:5], frame.iloc[5:10] = -9, -99
    assert code_sentences(frame)[-1] == "There are 2 more such numbers."


def test_it_is_told_at_opening_and_by_the_audit(tmp_path):
    frame = measured().assign(label=[0, 1] * (CASES // 2))
    frame.loc[:6, "spo2"] = 999
    frame.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert any("7 cells hold 999" in problem for problem in cohort.problems)
    checks = ("codes_for_missing", "impossible_values")
    (finding,) = [finding for finding in audit(cohort) if finding.check in checks]
    assert finding.check == "impossible_values" and len(finding.cases) == 7, "told once: no oxygen saturation is 999"
