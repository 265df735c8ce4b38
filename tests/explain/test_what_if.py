"""What if: only what changed is encoded again, and answers are those of a changed case."""

from collections import Counter

import numpy as np
import pytest

from mmcore import explain, studies
from mmcore.base.errors import BadInput, NotFound
from mmcore.base.values import Case


def test_the_start_is_what_attend_says(planted, session):
    cohort, run, _pain = planted
    seen = studies.attend(run, cohort, session.case)
    assert np.allclose(session.start.probabilities, seen.probabilities, atol=1e-5)
    assert np.allclose(session.start.spread, seen.spread, atol=1e-5)
    assert (session.start.low <= session.start.probabilities + 1e-9).all() and session.start.missing == ()


def test_an_edit_is_the_answer_to_the_edited_case_and_encodes_it_alone(planted, session):
    encoded, encoders = Counter(), session.encoders
    for name, encoder in encoders.items():
        prepare = encoder.prepare
        encoder.prepare = lambda values, name=name, prepare=prepare: encoded.update([name]) or prepare(values)
    row = {**session.case.values["drug"], "dose": 3.0}
    answer = session.ask({"drug": row})
    assert encoded == {"drug": 1}
    fresh = explain.attend(
        planted[1].fitted,
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


def test_one_case_is_attributed_on_its_own_places(planted, session):
    cohort, run, _pain = planted
    result, shares = studies.attribute(run, cohort, session.case, ("integrated_gradients", "occlusion"))
    seen = studies.attend(run, cohort, session.case)
    for attribution in result.values():
        assert {name: len(values) for name, values in attribution.values.items()} == {
            n: len(p) for n, p in seen.places.items()
        }
        strongest = seen.places["note"][int(attribution.values["note"].argmax())]
        assert session.case.values["note"][strongest.start : strongest.end] == "pain"
    assert set(shares.values) == {"note", "drug"} and abs(shares.delta) < 1e-4


def test_mistakes_are_told(session):
    with pytest.raises(NotFound, match="note"):
        session.ask({"notes": "x"})
    with pytest.raises(BadInput):
        session.ask({"drug": {"dose": "much"}})
