"""A search over single edits finds the planted word, tries what columns may hold, and tells where it changed what."""

import numpy as np

from mmcore import studies
from mmcore.base.values import Column, Span
from mmcore.explain.counterfactual import counterfactuals


def test_the_planted_word_flips_the_prediction(planted, session):
    cohort = planted[0]
    changes = counterfactuals(session, studies.alternatives(cohort))
    words = [change for change in changes if change.kind == "word"]
    assert session.case.values["note"][words[0].place.start : words[0].place.end] == "pain"
    assert words[0].flips and words[0].effect < 0
    first = [change.flips for change in changes]
    assert first == sorted(first, reverse=True)
    sentences = [change for change in changes if change.kind == "sentence"]
    assert sentences[0].flips and sentences[0].value == "The man walks. All else is fine."
    assert {change.kind for change in changes} == {"remove", "word", "sentence", "set"}
    for change in changes[:3]:
        answer = session.ask({change.input: change.value})
        assert np.allclose(answer.probabilities, change.answer.probabilities, atol=1e-5)


def test_columns_are_set_to_what_the_cohort_holds(planted, session):
    options = studies.alternatives(planted[0])["drug"]
    assert options["sex"] == ["f", "m"] and len(options["dose"]) == 5 and options["dose"] == sorted(options["dose"])
    cohort = planted[0]
    assert {*options["dose"]} <= {cohort.value(id, "drug")["dose"] for id in cohort.ids}, "values that somebody has"
    tried = [change for change in counterfactuals(session, {"drug": options}) if change.kind == "set"]
    assert Column("age") in {change.place for change in tried} and any(change.value["sex"] is None for change in tried)
    assert set(studies.spreads(planted[0], "drug")) == {"dose", "age"}


def test_places_of_changes_lie_in_the_text(session):
    text = session.case.values["note"]
    for change in counterfactuals(session):
        if isinstance(change.place, Span):
            assert text[change.place.start : change.place.end].strip()
