"""Protects: a table in JSON opens in each of its usual layouts, and JSON that is none is said to be none."""

import json

import pandas as pd
import pytest

from mmcore.base.errors import BadInput
from mmcore.cohorts import open_cohort

RECORDS = [
    {"id": f"c{i:02}", "age": 30 + i * 7 % 31, "crp": 1.5 + i % 5, "label": ("well", "sick")[i % 2]} for i in range(24)
]
COLUMNS = {name: {str(i): record[name] for i, record in enumerate(RECORDS)} for name in RECORDS[0]}
LAYOUTS = {
    "records.json": json.dumps(RECORDS),
    "lines.jsonl": "\n".join(map(json.dumps, RECORDS)),
    "by_id.json": json.dumps({record["id"]: {**record, "id": record["id"]} for record in RECORDS}),
    "wrapped.json": json.dumps({"version": 1, "cases": RECORDS}),
    "columns.json": json.dumps(COLUMNS),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_table(tmp_path, name):
    (tmp_path / name).write_text(LAYOUTS[name])
    for source in (tmp_path / name, tmp_path):
        cohort = open_cohort(source)
        assert cohort.ids == [record["id"] for record in RECORDS]
        assert cohort.inputs["table"].columns == ("age", "crp") and cohort.schema.classes == ("well", "sick")


def test_a_table_goes_before_json_beside_it(tmp_path):
    (tmp_path / "annotations.json").write_text(LAYOUTS["records.json"])
    pd.DataFrame(RECORDS).head(12).to_csv(tmp_path / "cases.csv", index=False)
    assert len(open_cohort(tmp_path)) == 12


@pytest.mark.parametrize("text", ["{}", "[1, 2]", "{", '{"a": 1}', "[" * 5000])
def test_json_without_records_is_no_table(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadInput, match="no list of records"):
        open_cohort(tmp_path / "a.json")
