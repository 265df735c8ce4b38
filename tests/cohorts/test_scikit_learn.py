"""Protects the real built-in cohorts: every number as published, columns in the input they come from, source said."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from mmcore.base.errors import BadInput
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.samples import samples
from mmcore.cohorts.writing import write_cohort


def test_breast_cancer_is_the_published_one():
    cohort, source = open_cohort("breast_cancer"), load_breast_cancer()
    assert len(cohort) == 569 and list(cohort.inputs) == ["mean", "spread", "worst"]
    assert all(len(spec.columns) == 10 for spec in cohort.inputs.values())
    assert cohort.schema.classes == ("benign", "malignant") and not cohort.schema.synthetic
    malignant = source.target == list(source.target_names).index("malignant")
    assert np.array_equal(cohort.target == 1, malignant)
    columns = [name for spec in cohort.inputs.values() for name in spec.columns]
    order = [list(source.feature_names).index(name) for name in columns]
    assert np.allclose(cohort.table[columns].to_numpy(float), source.data[:, order])


def test_diabetes_is_the_published_one_in_its_own_units():
    cohort, source = open_cohort("diabetes_progression"), load_diabetes(scaled=False)
    assert len(cohort) == 442 and list(cohort.inputs) == ["patient", "body", "serum"]
    assert cohort.schema.task == "regression" and np.allclose(cohort.target, source.target)
    columns = [name for spec in cohort.inputs.values() for name in spec.columns]
    assert np.allclose(cohort.table[columns].astype(float).to_numpy(), source.data)


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes_progression"])
class TestBoth:
    def test_says_where_it_comes_from(self, name):
        schema = open_cohort(name).schema
        assert schema.licence and schema.citation and schema.description and not open_cohort(name).problems

    def test_some_of_the_cases_are_drawn_by_the_seed(self, name):
        some = open_cohort(name, cases=50, seed=3)
        assert len(some) == 50 and some.ids == open_cohort(name, cases=50, seed=3).ids
        assert (
            some.ids != open_cohort(name, cases=50, seed=4).ids and some.key != open_cohort(name, cases=50, seed=4).key
        )

    def test_more_cases_than_there_are_is_refused(self, name):
        with pytest.raises(BadInput, match="has"):
            open_cohort(name, cases=1000)

    def test_written_to_a_folder_it_opens_as_it_was(self, name, tmp_path):
        cohort = open_cohort(name, cases=40)
        write_cohort(cohort, tmp_path / "out")
        again = open_cohort(tmp_path / "out", Roles())
        assert list(again.inputs) == list(cohort.inputs) and again.schema.classes == cohort.schema.classes
        assert np.allclose(again.target, cohort.target) and again.ids == cohort.ids


def test_cohorts_of_people_are_told_from_those_of_a_program():
    assert samples.real("breast_cancer") and samples.real("diabetes_progression")
    assert not samples.real("heart") and not samples.real("nowhere")
