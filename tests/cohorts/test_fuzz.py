"""Protects: whatever a table or cohort.toml holds, opening gives a cohort or a clear error, and toml reads back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmcore.base.errors import MMError
from mmcore.cohorts import folds_of, open_cohort
from mmcore.cohorts.toml import CohortFile, InputEntry, read_toml, write_toml
from mmcore.readers.signals import MAX_RATE

FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
CELL = st.one_of(
    st.sampled_from(["", "NaN", "1", "0", "-3.5", "1e400", "inf", "yes", "no", "a.png", "/", "..", "2020-01-02", "?"]),
    st.integers(-5, 5).map(str),
    TEXT,
)
HEADER = st.sampled_from(
    ["id", "label", "target", "group", "x", "age", "note", "patient_id", "Unnamed: 0", "", "ü", "a b"]
)


def opened(path: Path) -> None:
    """Opens, is asked for everything, and fails with nothing but an MMError that says what to do."""
    try:
        cohort = open_cohort(path)
        assert len(cohort.key) == 32 and len(cohort.target) == len(cohort) == len(cohort.ids)
        for id in cohort.ids[:5]:
            cohort.case(id)
        folds_of(cohort, folds=2)
    except MMError as error:
        assert error.message and error.hint


@FUZZ
@given(header=st.lists(HEADER, min_size=1, max_size=6), data=st.data())
def test_any_table(tmp_path, header, data):
    size = data.draw(st.integers(0, 25))
    row = st.lists(CELL, min_size=len(header), max_size=len(header))
    out = io.StringIO()
    csv.writer(out).writerows([header, *data.draw(st.lists(row, min_size=size, max_size=size))])
    (tmp_path / "cases.csv").write_text(out.getvalue(), encoding="utf-8")
    opened(tmp_path)


@FUZZ
@given(data=st.binary(max_size=300))
def test_any_bytes(tmp_path, data):
    for name in ("a.csv", "a.parquet"):
        (tmp_path / name).write_bytes(data)
        opened(tmp_path / name)


@FUZZ
@given(
    text=st.one_of(TEXT, st.sampled_from(["inputs = 3", "[inputs]\nx = 1", "classes = 'a'", "name = 3", "id = 'x'"]))
)
def test_any_toml(tmp_path, text):
    (tmp_path / "cases.csv").write_text("id,label,x\n" + "\n".join(f"{i},{i % 2},{i * 3 % 7}" for i in range(12)))
    (tmp_path / "cohort.toml").write_text(text, encoding="utf-8")
    opened(tmp_path)


@FUZZ
@given(
    title=TEXT,
    name=TEXT,
    classes=st.lists(TEXT, max_size=3, unique=True).map(tuple),
    unit=TEXT,
    units=st.dictionaries(TEXT, TEXT, max_size=3),
    rate=st.one_of(st.none(), st.floats(0.001, MAX_RATE)),
)
def test_toml_reads_back(tmp_path, title, name, classes, unit, units, rate):
    entry = InputEntry(kind="signal", columns=(name or "x",), rate_hz=rate, unit=unit, units=units)
    written = CohortFile(title=title, classes=classes, synthetic=True, inputs={name: entry})
    write_toml(written, tmp_path / "cohort.toml")
    assert read_toml(tmp_path / "cohort.toml") == written
