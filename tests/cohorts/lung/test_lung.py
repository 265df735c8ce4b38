"""Protects the synthetic cohort `lung`: the same for a seed, a ceiling right by simulation, masks on nodules."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from mmcore.base.errors import BadInput
from mmcore.base.values import Span
from mmcore.cohorts import open_cohort
from mmcore.cohorts.lung import CLASSES, COLUMNS, generate
from mmcore.cohorts.lung.nodules import draw_patients, probabilities_given_inputs
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import draw_table
from mmcore.cohorts.writing import write_cohort

INPUTS = ("ct", "report", "history")
MANY = 3000


@pytest.fixture(scope="module")
def data():
    return generate(80, seed=0)


@pytest.fixture(scope="module")
def hidden():
    """States of many cases; no slice is drawn."""
    history = draw_table(COLUMNS, 0.04, Draws(range(MANY), 5, topic=26, count=24))
    return draw_patients(range(MANY), 5, history.risk), history


def given(hidden, *inputs):
    return probabilities_given_inputs(*hidden, {name: np.full(MANY, name in inputs) for name in INPUTS})


def test_same_seed_same_cases_however_many(data):
    few = generate(5, seed=0)
    assert np.array_equal(few.slices, data.slices[:5]) and few.reports == data.reports[:5]
    assert np.allclose(few.probabilities, data.probabilities[:5]) and few.state.equals(data.state[:5])
    assert generate(5, seed=1).reports != few.reports


def test_the_classes_are_balanced(hidden):
    shares = np.bincount(hidden[0].target) / MANY
    assert len(CLASSES) == 3 and (shares > 0.25).all() and (shares < 0.42).all()


@pytest.mark.parametrize("inputs", [("ct",), ("report",), ("history",), ("report", "history"), INPUTS])
def test_the_ceiling_is_as_often_right_as_it_says(hidden, inputs):
    probability, target = given(hidden, *inputs), hidden[0].target.to_numpy()
    assert np.allclose(probability.sum(1), 1) and (probability >= 0).all()
    for k in range(3):
        for part in np.array_split(np.argsort(probability[:, k], kind="stable"), 6):
            error = 4 * np.sqrt(probability[part, k].mean() * (1 - probability[part, k].mean()) / len(part)) + 1e-9
            assert (target[part] == k).mean() == pytest.approx(probability[part, k].mean(), abs=error)


def test_every_input_tells_something_and_two_settle_what_neither_does(hidden):
    state, target = hidden[0], hidden[0].target.to_numpy()
    losses = {
        inputs: log_loss(target, given(hidden, *inputs)) for inputs in [(), *((name,) for name in INPUTS), INPUTS]
    }
    assert all(losses[INPUTS] + 0.1 < losses[(name,)] < losses[()] for name in INPUTS)
    assert 0.93 < roc_auc_score(target, given(hidden, *INPUTS), multi_class="ovr") < 0.98
    share = state[state.nodule].groupby(["halo", "infection"]).target.apply(lambda own: (own == 2).mean())
    assert share[True, False] - share[True, True] > 0.35 and abs(share[False, False] - share[False, True]) < 0.15
    alone = state[state.nodule].groupby("halo").target.apply(lambda own: (own == 2).mean())
    assert abs(alone[True] - alone[False]) < 0.07, "a halo by itself says little"


def test_masks_lie_on_nodules_and_only_there(data):
    for row, signs in enumerate(data.signs["ct"]):
        masks = {sign.name: sign.mask for sign in signs}
        assert ("nodule" in masks) == bool(data.state.nodule[row])
        if "nodule" in masks:
            grey, mask = data.slices[row].astype(float), masks["nodule"]
            assert 25 < mask.sum() < 900 and grey[mask].mean() > 95, "brighter than lung"
            assert "calcification" not in masks or grey[masks["calcification"]].mean() > 160


def test_half_of_the_nodules_have_a_scar_in_the_other_lung_that_looks_the_same(data):
    sizes, places = [], []
    for row, signs in enumerate(data.signs["ct"]):
        masks = {sign.name: sign.mask for sign in signs}
        assert data.state.nodule[row] or "old scar" not in masks, "a scar by itself would tell of the class"
        if "old scar" in masks:
            nodule, scar = masks["nodule"], masks["old scar"]
            assert not (nodule & scar).any()
            places.append([np.argwhere(mask)[:, 1].mean() < 64 for mask in (nodule, scar)])
            sizes.append(scar.sum() >= 0.5 * nodule.sum())
    assert 0.3 < len(places) / data.state.nodule.sum() < 0.7 and all(a != b for a, b in places) and all(sizes)


def test_the_report_says_where_the_nodule_lies(data):
    seen = 0
    for row, report in enumerate(data.reports):
        if data.state.nodule[row] and data.state.suspected[row]:
            mask = next(sign.mask for sign in data.signs["ct"][row] if sign.name == "nodule")
            middle = np.argwhere(mask).mean(0) / 128
            assert ("right" in report) == (middle[1] < 0.5), "the patient's right is the picture's left"
            seen += 1
    assert seen > 30


def test_spans_hold_the_phrases_they_name(data):
    for report, signs in zip(data.reports, data.signs["report"], strict=True):
        assert "[" not in report and report.endswith(".")
        for sign in signs:
            assert all(isinstance(span, Span) and len(report[span.start : span.end]) > 7 for span in sign.places)


def test_the_cohort_says_it_is_synthetic_and_survives_a_folder(tmp_path):
    cohort = open_cohort("lung", cases=14)
    assert cohort.schema.synthetic and "ynthetic" in cohort.schema.title and cohort.schema.classes == CLASSES
    assert "none of them is real" in cohort.schema.description and cohort.ceiling_probability.shape == (14, 3)
    write_cohort(cohort, tmp_path / "out")
    back = open_cohort(tmp_path / "out")
    assert not back.problems and list(back.inputs) == list(INPUTS) and (back.target == cohort.target).all()
    assert np.allclose(back.ceiling_probability, cohort.ceiling_probability)
    assert all((back.present(name) == cohort.present(name)).all() for name in INPUTS)
    with pytest.raises(BadInput, match="Cannot draw"):
        generate(0)
