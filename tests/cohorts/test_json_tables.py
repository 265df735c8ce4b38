"""Protects: a table in JSON opens in each of its usual layouts, and JSON that is none is said to be none."""

import json

import pandas as pd
import pytest
from PIL import Image

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


def test_pictures_that_no_record_names_are_counted(tmp_path):
    for i in range(24):
        (tmp_path / "films").mkdir(exist_ok=True)
        Image.new("L", (8, 8), i).save(tmp_path / "films" / f"{i:02}.png")
    records = [{**record, "film": f"films/{i:02}.png"} for i, record in enumerate(RECORDS[:12])]
    (tmp_path / "cases.json").write_text(json.dumps(records))
    assert "12 files, such as films/12.png, lie beside those of the table" in " ".join(open_cohort(tmp_path).problems)
