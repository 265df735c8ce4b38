"""What if: only what changed is encoded again, answers are those of a changed case, and the planted flip is found."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from mmcore import explain, studies
from mmcore.base.errors import BadInput, NotFound
from mmcore.base.values import Case, Column, Span
from mmcore.cohorts import Roles
from mmcore.explain.counterfactual import counterfactuals
from mmcore.training import TrainingSpec

CASES = 90


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A cohort in which the word "pain" and a high dose decide, and a run that has learnt it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MMCORE_HOME", str(tmp_path_factory.mktemp("home")))
    folder, chance = tmp_path_factory.mktemp("cohort"), np.random.default_rng(0)
    pain, dose = chance.random(CASES) < 0.5, chance.normal(size=CASES)
    notes = [f"The man walks. He has {'pain ' if p else ''}now. All else is fine." for p in pain]
    table = {
        "id": [f"p{i}" for i in range(CASES)],
        "note": notes,
        "dose": dose,
        "age": chance.normal(60, 5, CASES),
        "sex": chance.choice(["f", "m"], CASES),
        "ill": np.where(4 * pain + 0.2 * dose > 2, "yes", "no"),
    }
    pd.DataFrame(table).to_csv(folder / "cases.csv", index=False)
    roles = Roles(target="ill", positive="yes", inputs={"note": "text:note", "drug": "table:dose,age,sex"})
    cohort = studies.open(folder, roles)
    spec = studies.plan(
        cohort,
        "mlp",
        {"note": "glove_6b_50d"},
        studies.StudySettings(folds=3, seeds=2, training=TrainingSpec(epochs=25, learning_rate=5e-3, components=8)),
    )
    yield cohort, studies.train(cohort, spec), pain
    patch.undo()


@pytest.fixture
def session(trained):
    """A sure case of "yes" with pain and a low dose."""
    cohort, run, pain = trained
    ids = [id for id, p in zip(cohort.ids, pain, strict=True) if p and cohort.value(id, "drug")["dose"] < 0]
    return studies.what_if(run, cohort, cohort.case(ids[0]))


def test_the_start_is_what_attend_says(trained, session):
    cohort, run, _pain = trained
    seen = studies.attend(run, cohort, session.case)
    assert np.allclose(session.start.probabilities, seen.probabilities, atol=1e-5)
    assert np.allclose(session.start.spread, seen.spread, atol=1e-5)
    assert (session.start.low <= session.start.probabilities + 1e-9).all() and session.start.missing == ()


def test_an_edit_is_the_answer_to_the_edited_case_and_encodes_it_alone(trained, session):
    encoded, encoders = Counter(), session.encoders
    for name, encoder in encoders.items():
        prepare = encoder.prepare
        encoder.prepare = lambda values, name=name, prepare=prepare: encoded.update([name]) or prepare(values)
    row = {**session.case.values["drug"], "dose": 3.0}
    answer = session.ask({"drug": row})
    assert encoded == {"drug": 1}
    fresh = explain.attend(
        trained[1].fitted,
        encoders,
        Case("x", {**session.case.values, "drug": row}),
        replicates=session.panel.replicates,
    )
    assert np.allclose(answer.probabilities, fresh.probabilities, atol=1e-5)
    before = Counter(encoded)
    session.ask({"drug": row})
    session.ask({"note": None})
    assert encoded == before  # known by its content; nothing is encoded for what is taken away


def test_an_input_taken_away_is_missing(session):
    answer = session.ask({"note": None})
    assert answer.missing == ("note",)
    assert session.ask({}).missing == () and np.allclose(session.ask({}).probabilities, session.start.probabilities)


def test_several_values_at_once_are_those_one_by_one(session):
    notes = ["He has peace.", session.case.values["note"], None, "pain"]
    together = session.ask_each("note", notes)
    for note, answer in zip(notes, together, strict=True):
        assert np.allclose(answer.probabilities, session.ask({"note": note}).probabilities, atol=1e-5)
    assert session.ask_each("note", []) == []


def test_the_planted_word_flips_the_prediction(trained, session):
    cohort = trained[0]
    found = counterfactuals(session, studies.alternatives(cohort))
    words = [one for one in found if one.kind == "word"]
    assert session.case.values["note"][words[0].place.start : words[0].place.end] == "pain"
    assert words[0].flips and words[0].effect < 0
    first = [one.flips for one in found]
    assert first == sorted(first, reverse=True)
    sentences = [one for one in found if one.kind == "sentence"]
    assert sentences[0].flips and sentences[0].value == "The man walks. All else is fine."
    assert {one.kind for one in found} == {"remove", "word", "sentence", "set"}
    for one in found[:3]:
        changed = {one.input: one.value}
        assert np.allclose(session.ask(changed).probabilities, one.answer.probabilities, atol=1e-5)


def test_columns_are_set_to_what_the_cohort_holds(trained, session):
    options = studies.alternatives(trained[0])["drug"]
    assert options["sex"] == ["f", "m"] and len(options["dose"]) == 5 and options["dose"] == sorted(options["dose"])
    tried = [one for one in counterfactuals(session, {"drug": options}) if one.kind == "set"]
    assert Column("age") in {one.place for one in tried} and any(one.value["sex"] is None for one in tried)
    assert set(studies.spreads(trained[0], "drug")) == {"dose", "age"}


def test_one_case_is_attributed_on_its_own_places(trained, session):
    cohort, run, _pain = trained
    found, shares = studies.attribute(run, cohort, session.case, ("integrated_gradients", "occlusion"))
    seen = studies.attend(run, cohort, session.case)
    for one in found.values():
        assert {name: len(values) for name, values in one.values.items()} == {n: len(p) for n, p in seen.places.items()}
        strongest = seen.places["note"][int(one.values["note"].argmax())]
        assert session.case.values["note"][strongest.start : strongest.end] == "pain"
    assert set(shares.values) == {"note", "drug"} and abs(shares.delta) < 1e-4


def test_mistakes_are_told(session):
    with pytest.raises(NotFound, match="note"):
        session.ask({"notes": "x"})
    with pytest.raises(BadInput):
        session.ask({"drug": {"dose": "much"}})


def test_places_of_changes_lie_in_the_text(session):
    text = session.case.values["note"]
    for one in counterfactuals(session):
        if isinstance(one.place, Span):
            assert text[one.place.start : one.place.end].strip()
