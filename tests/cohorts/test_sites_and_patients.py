"""Protects: a place is no patient, a patient's own number is the id, and files that are called otherwise open."""

import numpy as np
import pandas as pd
import pytest

from mmcore import cohorts
from mmcore.base.errors import BadInput
from mmcore.cohorts.auditing import audit
from mmcore.cohorts.identical_cases import rows_differ

CASES = 40


def table(**more):
    rng = np.random.default_rng(3)
    facts = {"age": rng.integers(20, 80, CASES), "sbp": rng.normal(120, 10, CASES).round(2)}
    return pd.DataFrame({**more, **facts, "label": np.arange(CASES) % 2})


def opened(folder, frame, name="t.csv", sep=","):
    frame.to_csv(folder / name, index=False, sep=sep)
    return cohorts.open_cohort(folder / name)


@pytest.mark.parametrize(("places", "person", "group"), [(2, False, None), (4, True, None), (4, False, "hospital")])
def test_a_place_is_the_group_only_where_nothing_names_patients(tmp_path, places, person, group):
    more = {"patient_id": [f"P{i}" for i in range(CASES)]} if person else {}
    cohort = opened(tmp_path, table(**more, hospital=[f"h{i % places}" for i in range(CASES)]))
    assert cohort.schema.group == group
    assert any("hospital" in problem and "site" in problem for problem in cohort.problems)


def test_a_patients_number_that_never_repeats_is_the_id(tmp_path):
    frame = table(patient=np.arange(CASES) + 100, mrn=np.arange(CASES) + 77_000)
    assert opened(tmp_path, frame).ids[0] == "100"
    assert opened(tmp_path, frame.drop(columns="patient")).ids[0] == "1", "numbers of a hospital's records are kept out"


def test_many_missing_files_are_one_sentence(tmp_path):
    (tmp_path / "img").mkdir()
    np.save(tmp_path / "img" / "0.npy", np.ones(50))
    cohort = opened(tmp_path, table(ecg=[f"img/{i}.npy" for i in range(CASES)]))
    sentences = [problem for problem in cohort.problems if "not exist" in problem]
    assert len(sentences) == 1
    assert "39 of 40" in sentences[0]


def test_equal_rows_of_few_columns_are_copies_where_chance_makes_none(tmp_path):
    frame = table(id=[f"a{i}" for i in range(CASES)])
    twice = pd.concat([frame, frame.assign(id=[f"b{i}" for i in range(CASES)])])
    assert "duplicates" in {finding.check for finding in audit(opened(tmp_path, twice))}
    assert not rows_differ(pd.DataFrame({"sex": [0, 1] * 20, "age": [20, 30, 40, 50] * 10}))


def test_tables_that_are_called_text_and_arrays_open_by_their_own_path(tmp_path):
    assert len(opened(tmp_path, table(), "t.txt", "\t")) == CASES
    assert len(cohorts.open_cohort(tmp_path)) == CASES
    rng = np.random.default_rng(0)
    signals = rng.normal(size=(CASES, 1, 64))
    np.savez(tmp_path / "c.npz", ecg=signals, y=np.arange(CASES) % 2)
    assert list(cohorts.open_cohort(tmp_path / "c.npz").inputs) == ["ecg"]
    apart = tmp_path / "apart"
    apart.mkdir()
    np.save(apart / "ecg.npy", signals)
    np.save(apart / "y.npy", np.arange(CASES) % 2)
    assert len(cohorts.open_cohort(apart / "ecg.npy")) == CASES
    np.savez(tmp_path / "d.npz", ecg=signals)
    with pytest.raises(BadInput, match="no array of labels"):
        cohorts.open_cohort(tmp_path / "d.npz")
    (tmp_path / "note.txt").write_text("First, there was pain.\nThen none.\nThen, again, some.\n")
    with pytest.raises(BadInput, match="not a table"):
        cohorts.open_cohort(tmp_path / "note.txt")


def test_a_place_that_is_no_group_is_no_input_by_itself(tmp_path):
    """Who wants it as one says so."""
    rows = "\n".join(f"{40 + 7 * i % 31},{'AB'[i % 2]},{i // 3 % 2}" for i in range(24))
    (tmp_path / "cases.csv").write_text(f"age,site,label\n{rows}\n")
    cohort = cohorts.open_cohort(tmp_path)
    assert cohort.schema.group is None and cohort.inputs["table"].columns == ("age",)
    assert "names sites" in cohort.schema.ignored["site"] and "'site' names sites" in " ".join(cohort.problems)
    given = cohorts.open_cohort(tmp_path, cohorts.Roles(inputs={"all": "table:age,site"}))
    assert given.inputs["all"].columns == ("age", "site")
