"""Protects the synthetic cohort: the same for a seed, balanced, a true ceiling, evidence where it says it is."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from mmcore.base.errors import BadInput
from mmcore.base.values import Box, Column, Seconds, Signal, Span
from mmcore.cohorts import samples
from mmcore.cohorts.heart import CLASSES, generate
from mmcore.cohorts.heart.ecg import draw_ecgs
from mmcore.cohorts.heart.labs import draw_labs
from mmcore.cohorts.heart.state import draw_state

INPUTS = ("xray", "note", "ecg", "labs")
CHEST_PAIN = ("chest pain", "no chest pain")


@pytest.fixture(scope="module")
def data():
    return generate(400, seed=0)


@pytest.fixture(scope="module")
def many():
    """Hidden states of many cases: states are cheap, films are not."""
    cases = range(6000)
    _, risk, _, frailty = draw_labs(cases, seed=3)
    return draw_state(cases, 3, risk, frailty)


def auroc_from(columns, target) -> float:
    half = len(target) // 2
    model = LogisticRegression(max_iter=500).fit(columns[:half], target[:half])
    return roc_auc_score(target[half:], model.decision_function(columns[half:]))


def test_shapes_and_types(data):
    assert data.xrays.shape == (400, 128, 128) and data.xrays.dtype == np.uint8
    assert data.ecgs.shape == (400, 3, 1250) and data.ecgs.dtype == np.float32
    assert np.isfinite(data.ecgs).all() and np.abs(data.ecgs).max() < 4
    assert len(data.notes) == len(data.evidence) == len(data.table) == 400
    assert data.ids[0] == "heart-0001" and data.ids[-1] == "heart-0400"


def test_same_seed_same_cases_however_many(data):
    few = generate(45, seed=0)
    assert np.array_equal(few.xrays, data.xrays[:45]) and np.array_equal(few.ecgs, data.ecgs[:45])
    assert few.notes == data.notes[:45] and few.table.equals(data.table[:45])
    assert np.array_equal(few.probability, data.probability[:45]) and np.array_equal(few.target, data.target[:45])
    assert all(np.array_equal(few.present[name], data.present[name][:45]) for name in INPUTS)


def test_another_seed_gives_other_cases(data):
    other = generate(20, seed=1)
    assert other.notes != data.notes[:20] and not np.array_equal(other.xrays, data.xrays[:20])


def test_films_differ_in_exposure_and_use_the_range(data):
    brightness = data.xrays.mean(axis=(1, 2))
    assert brightness.std() > 4 and data.xrays.std(axis=(1, 2)).min() > 25
    assert ((data.xrays == 255).mean(axis=(1, 2)) < 0.35).all(), "a film is burnt out"


@pytest.mark.parametrize("seed", range(5))
def test_balance(seed):
    cases = range(400)
    _, risk, _, frailty = draw_labs(cases, seed)
    assert 0.38 < draw_state(cases, seed, risk, frailty).disease.mean() < 0.54


def test_ceiling_leaves_headroom_and_noise(data, many):
    assert 0.90 < roc_auc_score(many.disease, many.probability) < 0.94
    assert 0.89 < roc_auc_score(data.target, data.probability) < roc_auc_score(data.target, data.state.probability)
    assert abs(many.probability.mean() - many.disease.mean()) < 0.02


def test_st_elevation_alone_says_nothing_but_much_with_chest_pain(many):
    share = many.groupby(["ST_elevation", "chest_pain"]).disease.mean()
    alone = many.groupby("ST_elevation").disease.mean()
    assert abs(alone[True] - alone[False]) < 0.04
    assert share[True, True] - share[False, True] > 0.2  # means disease with chest pain
    assert share[True, False] - share[False, False] < -0.15  # benign without
    assert abs(share[False, True] - share[False, False]) < 0.2  # chest pain alone is weak
    assert many.ischaemia.equals(many.ST_elevation & many.chest_pain)


def test_no_input_alone_comes_near_all_together(many):
    findings = {
        "xray": ["cardiothoracic_ratio", "pleural_effusion", "congestion"],
        "note": ["chest_pain", "enlarged_heart", "family_history", "exertional_leg_pain"],
        "ecg": ["atrial_fibrillation", "T_inversion", "ST_elevation"],
        "labs": ["metabolic_risk"],
    }
    alone = {name: auroc_from(many[names].to_numpy(float), many.disease) for name, names in findings.items()}
    together = auroc_from(many[sorted(set().union(*findings.values()))].to_numpy(float), many.disease)
    assert all(0.62 < auroc < 0.80 for auroc in alone.values()), alone
    assert together - max(alone.values()) > 0.07
    assert roc_auc_score(many.disease, many.probability) - together > 0.02  # what the interaction adds


def test_about_a_tenth_is_missing_but_never_all(data):
    present = np.stack([data.present[name] for name in INPUTS])
    assert ((1 - present.mean(axis=1) > 0.05) & (1 - present.mean(axis=1) < 0.16)).all()
    assert present.any(axis=0).all()
    assert 0.02 < data.labs.isna().to_numpy().mean() < 0.06  # single columns
    assert data.table.drop(columns="disease").isna().all(axis=1).eq(~data.present["labs"]).all()


def test_evidence_only_of_present_inputs(data):
    for row, result in enumerate(data.evidence):
        assert all(data.present[name][row] and signs for name, signs in result.items())


def signs_of(data, input):
    return [(row, sign) for row, result in enumerate(data.evidence) for sign in result.get(input, ())]


def test_every_sort_of_evidence_occurs(data):
    film = {"enlarged heart", "pleural effusion", "congestion"}
    note = {"breathlessness", "family history", "exertional leg pain", *CHEST_PAIN}
    ecg = {"atrial fibrillation", "ST elevation", "T inversion"}
    labs = {"age", "systolic pressure", "LDL", "HbA1c", "smoking"}
    for name, expected in zip(INPUTS, (film, note, ecg, labs), strict=True):
        assert {sign.name for _, sign in signs_of(data, name)} == expected


def test_film_evidence_fits_the_film(data):
    for _, sign in signs_of(data, "xray"):
        (box,) = sign.places
        assert isinstance(box, Box) and 0 <= box.top < box.bottom <= 1 and 0 <= box.left < box.right <= 1
        assert sign.mask.shape == (128, 128) and sign.mask.dtype == bool and 30 < sign.mask.sum() < 8000
        rows, columns = np.nonzero(sign.mask)
        assert rows.min() == round(box.top * 128) and columns.max() + 1 == round(box.right * 128)


def test_heart_mask_is_as_wide_as_the_ratio_says(data):
    widths = {row: np.ptp(np.nonzero(s.mask)[1]) for row, s in signs_of(data, "xray") if s.name == "enlarged heart"}
    ratio = data.state.cardiothoracic_ratio[list(widths)]
    assert np.corrcoef(list(widths.values()), ratio)[0, 1] > 0.5
    assert data.state.cardiothoracic_ratio[data.state.enlarged_heart].min() > 0.5


def test_effusion_whitens_the_film_where_its_mask_is(data):
    for row, sign in signs_of(data, "xray"):
        if sign.name == "pleural effusion":
            film = data.xrays[row].astype(float)
            lung = film[25:75][:, [35, 36, 37, 90, 91, 92]]
            assert film[sign.mask].mean() > lung.mean() + 25


def test_note_spans_hold_the_phrases_they_name(data):
    words = {
        "chest pain": ("chest pain",),
        "no chest pain": ("no chest pain", "denies", "free of"),
        "breathlessness": ("breath", "pnoea", "ankles", "swelling", "swollen", "gasping"),
        "family history": ("father", "mother", "brother", "uncles"),
        "exertional leg pain": ("calf", "claudication"),
    }
    for row, sign in signs_of(data, "note"):
        for span in sign.places:
            assert isinstance(span, Span)
            phrase = data.notes[row][span.start : span.end]
            assert phrase and phrase == phrase.strip() and any(word in phrase.lower() for word in words[sign.name])


def test_notes_are_short_and_carry_no_marks(data):
    for note in data.notes:
        assert 2 <= note.count(". ") + 1 <= 6 and "[" not in note and note.endswith(".")
    assert len(set(data.notes)) > 380


def test_chest_pain_is_evidence_only_with_st_elevation(data):
    text = {
        name: {row for row, sign in signs_of(data, "note") if sign.name == name}
        for name in ("chest pain", "no chest pain")
    }
    assert data.state.ischaemia[list(text["chest pain"])].all()
    assert data.state.early_repolarisation[list(text["no chest pain"])].all()


def test_st_elevation_counts_for_or_against(data):
    effects = {row: sign.effect for row, sign in signs_of(data, "ecg") if sign.name == "ST elevation"}
    assert all((effect > 1) if data.state.chest_pain[row] else (effect < -1) for row, effect in effects.items())


def test_ecg_evidence_lies_inside_the_recording(data):
    for _, sign in signs_of(data, "ecg"):
        assert sign.places and all(isinstance(place, Seconds) for place in sign.places)
        assert all(0 <= place.start < place.end <= 10 for place in sign.places)


def test_st_segments_stand_above_the_baseline(data):
    raised = data.state.ST_elevation & ~data.state.T_inversion & ~data.state.atrial_fibrillation
    for row, sign in signs_of(data, "ecg"):
        if sign.name == "ST elevation" and raised[row]:
            lead = data.ecgs[row, 1]
            inside = np.concatenate([lead[int(p.start * 125) : int(p.end * 125)] for p in sign.places])
            assert inside.mean() > np.median(lead) + 0.1


def test_fibrillation_is_irregular_and_has_no_p_wave():
    cases = range(60)
    _, risk, _, frailty = draw_labs(cases, seed=5)
    state = draw_state(cases, 5, risk, frailty)
    ecgs, _ = draw_ecgs(state, cases, seed=5)
    spread = []
    for lead in ecgs[:, 1]:
        tall = lead > 0.6 * lead.max()
        peaks = np.flatnonzero(tall[1:] & ~tall[:-1]) / 125
        gaps = np.diff(peaks[np.append(True, np.diff(peaks) > 0.25)])
        spread.append(gaps.std() / gaps.mean())
    fibrillates = state.atrial_fibrillation.to_numpy()
    assert np.median(np.array(spread)[fibrillates]) > 0.12 > 0.06 > np.median(np.array(spread)[~fibrillates])


def test_labs_evidence_names_columns_that_are_there(data):
    for row, sign in signs_of(data, "labs"):
        (column,) = sign.places
        assert isinstance(column, Column) and data.table[column.name].notna().iloc[row] and abs(sign.effect) >= 0.3


def test_built_cohort_says_it_is_synthetic_and_knows_its_ceiling(data):
    cohort = samples["heart"](cases=60, seed=0)
    assert cohort.schema.synthetic and "ynthetic" in cohort.schema.title and cohort.schema.licence.startswith("CC0")
    assert tuple(cohort.inputs) == INPUTS and cohort.schema.classes == CLASSES and cohort.schema.task == "binary"
    assert np.allclose(cohort.ceiling_probability, data.probability[:60])
    assert np.array_equal(cohort.target, data.target[:60].astype(int))
    for name in INPUTS:
        assert np.array_equal(cohort.present(name), data.present[name][:60])
    case = cohort.case(next(id for row, id in enumerate(data.ids) if all(data.present[name][row] for name in INPUTS)))
    assert isinstance(case.values["ecg"], Signal) and case.values["ecg"].rate_hz == 125
    assert set(case.values["labs"]) == set(cohort.inputs["labs"].columns) and case.evidence is not None
    assert cohort.key == samples["heart"](cases=60, seed=0).key != samples["heart"](cases=60, seed=1).key


@pytest.mark.parametrize(("cases", "seed"), [(0, 0), (-3, 0), (10, -1)])
def test_impossible_requests_are_refused(cases, seed):
    with pytest.raises(BadInput, match="Cannot draw"):
        generate(cases, seed)


def test_one_case_is_enough():
    assert generate(1, seed=9).xrays.shape == (1, 128, 128)
