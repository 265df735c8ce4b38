"""Columns of tables, as the checks look at them."""

from __future__ import annotations

import re

import pandas as pd

from mmcore.base.values import Kind
from mmcore.cohorts.base import Cohort

# With what a case was recorded, where, when and by whom.
RECORDED = re.compile(
    r"(site|hospital|centre|center|clinic|ward|device|scanner|machine|manufactur|vendor|model|nurse|technician|operator"
    r"|reader|view|projection|position|protocol|source|dataset|batch|date|year|time|机构|医院|设备|科室)",
    re.IGNORECASE,
)


def numbers_of_tables(cohort: Cohort) -> pd.DataFrame:
    """The numeric columns of table inputs, one row a case."""
    specs = [spec for spec in cohort.inputs.values() if spec.kind is Kind.TABLE]
    names = [column.name for spec in specs for column in spec.table if column.type == "number"]
    table = cohort.table[names]
    if len(table.select_dtypes("float64").columns) == len(table.columns):
        return table
    return table.apply(pd.to_numeric, errors="coerce").astype(float)
