"""Protects what is missing in some groups only: it tells the group, and is named."""

from __future__ import annotations

import numpy as np

from mmcore.cohorts.auditing import audit
from tests.cohorts.auditing.made import CASES, clean, cohort_of


def test_a_column_that_one_site_lacks_is_named():
    table, _values = clean()
    table["site"] = np.where(np.arange(CASES) < 60, "north", "south")
    assert "missing_by_group" not in {finding.check for finding in audit(cohort_of(table, {}, group="site"))}
    table.loc[table.index[:55], "pressure"] = np.nan
    finding = next(f for f in audit(cohort_of(table, {}, group="site")) if f.check == "missing_by_group")
    assert finding.numbers["share_missing"] == {"pressure": {"north": 55 / 60, "south": 0.0}}
