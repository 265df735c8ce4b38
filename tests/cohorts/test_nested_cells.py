"""Protects: Parquet of data hubs is read with its class names, lists of numbers as recordings, fields as columns."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort

N = 24
LABELS = np.arange(N) % 2


def written(folder, columns, features):
    table = pa.table({**columns, "label": columns.get("label", LABELS)})
    metadata = {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), folder / "train.parquet")
    return folder


def test_numbers_of_classes_take_the_names_that_the_file_gives_them(tmp_path):
    feature = {"label": {"names": ["benign", "malignant"], "_type": "ClassLabel"}}
    labels = np.where(np.arange(N) % 8 == 0, -1, LABELS)
    cohort = open_cohort(written(tmp_path, {"age": np.arange(N) * 7 % 30, "label": labels}, feature))
    assert cohort.schema.classes == ("benign", "malignant") and cohort.positive == "malignant"
    assert cohort.labelled.sum() == N - 3  # -1 stands for no class
    assert any("'label'" in problem and "benign, malignant" in problem for problem in cohort.problems)


def test_lists_of_numbers_are_recordings(tmp_path):
    single = [np.sin(np.arange(100 + i)).tolist() for i in range(N)]
    several = [np.ones((3, 50)).tolist() for _ in range(N)]
    cohort = open_cohort(written(tmp_path, {"ppg": single, "ecg": several}, {}))
    assert {name: spec.kind for name, spec in cohort.inputs.items()} == {"ppg": Kind.SIGNAL, "ecg": Kind.SIGNAL}
    assert cohort.value(cohort.ids[4], "ppg").samples.shape == (1, 104)
    assert cohort.value(cohort.ids[4], "ecg").samples.shape == (3, 50)
    assert sum("read as recordings" in problem for problem in cohort.problems) == 2


def test_fields_and_short_lists_are_columns(tmp_path):
    rng = np.random.default_rng(0)
    meta = [{"age": int(20 + i * 7 % 50), "sex": "fm"[i // 2 % 2]} for i in range(N)]
    code = [rng.normal(size=3).tolist() for _ in range(N)]
    cohort = open_cohort(written(tmp_path, {"meta": meta, "code": code}, {}))
    assert cohort.inputs["table"].columns == ("meta.age", "meta.sex", "code.1", "code.2", "code.3")


def test_classes_in_lists_are_several_labels(tmp_path):
    feature = {"label": {"feature": {"names": ["edema", "effusion"], "_type": "ClassLabel"}, "_type": "Sequence"}}
    labels = [[0, 1] if i % 3 == 0 else [1] if i % 3 == 1 else [0] for i in range(N * 2)]
    cohort = open_cohort(written(tmp_path, {"age": np.arange(N * 2) * 7 % 30, "label": labels}, feature))
    assert cohort.schema.task == "multilabel" and set(cohort.schema.classes) == {"edema", "effusion"}


def test_other_metadata_changes_nothing(tmp_path):
    pd.DataFrame({"age": np.arange(N) * 7 % 30, "label": LABELS}).to_parquet(tmp_path / "cases.parquet")
    assert open_cohort(tmp_path).schema.classes == ("0", "1")


def test_fields_within_fields_are_columns_too(tmp_path):
    rows = [
        {"id": f"c{i}", "lab": {"crp": {"value": 3.5 + i % 7, "unit": "mg/L"}}, "label": ["ill", "well"][i % 2]}
        for i in range(20)
    ]
    (tmp_path / "cases.json").write_text(json.dumps(rows))
    cohort = open_cohort(tmp_path)
    assert cohort.inputs["table"].columns == ("lab.crp.value",) and len(cohort.inputs) == 1
