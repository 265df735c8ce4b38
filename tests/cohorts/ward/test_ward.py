"""Protects the synthetic cohort `ward`: the same for a seed, true probabilities, treatments that need two inputs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mmcore.base.label_sets import memberships
from mmcore.cohorts import open_cohort, write_cohort
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import draw_table
from mmcore.cohorts.ward import TREATMENTS, generate
from mmcore.cohorts.ward.needs import COLUMNS, draw_needs, probabilities_given_inputs


@pytest.fixture(scope="module")
def many():
    """Hidden state alone of many cases."""
    rows = range(3000)
    labs = draw_table(COLUMNS, 0.04, Draws(rows, 3, topic=54, count=28))
    return labs, *draw_needs(rows, 3, labs)


def test_a_case_is_the_same_however_many_are_drawn():
    few, more = generate(3, seed=5), generate(6, seed=5)
    assert few.notes == more.notes[:3] and (few.vitals == more.vitals[:3]).all()
    assert (few.treatments == more.treatments[:3]).all() and np.allclose(few.probabilities, more.probabilities[:3])


@pytest.mark.parametrize("absent", [(), ("note",), ("vitals", "labs")])
def test_stated_probabilities_come_true(many, absent):
    labs, state, treatments = many
    present = {name: np.full(len(state), name not in absent) for name in ("note", "vitals", "labs")}
    stated, held = probabilities_given_inputs(state, labs, present), memberships(treatments, len(TREATMENTS))
    for k in range(len(TREATMENTS)):
        for part in np.array_split(np.argsort(stated[:, k]), 5):
            expected, spread = stated[part, k].mean(), np.sqrt(stated[part, k].mean() / len(part))
            assert abs(held[part, k].mean() - expected) < 4 * spread


def test_no_input_knows_alone_what_all_know(many):
    labs, state, treatments = many
    held = memberships(treatments, len(TREATMENTS))

    def reached(*inputs: str) -> float:
        present = {name: np.full(len(state), name in inputs) for name in ("note", "vitals", "labs")}
        return float(roc_auc_score(held, probabilities_given_inputs(state, labs, present)))

    whole, singles = reached("note", "vitals", "labs"), [reached(name) for name in ("note", "vitals", "labs")]
    assert 0.85 < whole < 0.95 and max(singles) < whole - 0.1


def test_evidence_lies_in_the_inputs_and_a_folder_holds_the_same(tmp_path):
    cohort = open_cohort("ward", cases=12)
    assert cohort.schema.task == "multilabel" and cohort.schema.synthetic
    for id in cohort.ids:
        case = cohort.case(id)
        for sign in case.evidence.get("note", ()):
            assert all(case.values["note"][place.start : place.end].strip() for place in sign.places)
        assert all(0 <= place.start < place.end <= 86400 for s in case.evidence.get("vitals", ()) for place in s.places)
    again = open_cohort(write_cohort(cohort, tmp_path / "ward"))
    assert (again.target == cohort.target).all() and again.schema.classes == TREATMENTS
    assert np.allclose(again.ceiling_probability, cohort.ceiling_probability)
