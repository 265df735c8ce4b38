"""Protects changes of a case as data: a link brings back the very same changed case, and odd links are refused."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import Case, Signal
from mmcore.encoders.signal import delineation, wave_network
from mmcore.encoders.signal.delineation import BeatWaves, Delineation, Wave
from mmcore.explain.case_edits import InputEdits, SegmentEdit, as_text, changed_values, edited, from_text, text_edits


@pytest.fixture
def case() -> Case:
    film = np.arange(400, dtype=np.uint8).reshape(20, 20)
    wave = Signal(np.arange(200, dtype=np.float32)[None], 100.0, ("I",), "mV")
    return Case("a", {"film": film, "note": "Chest pain. No fever.", "ecg": wave, "labs": {"age": 50.0, "sex": "f"}})


EDITS = {
    "film": InputEdits(erase=(0.0, 0.0, 0.5, 0.5)),
    "note": InputEdits(text=((0, 5, "Back"),)),
    "ecg": InputEdits(flatten=(0.5, 1.0), shift=0.1),
    "labs": InputEdits(set={"age": 70.0, "sex": None}),
}


def changed(case: Case, edits) -> dict:
    return changed_values(case, edits, lambda id, input: case.values[input], lambda input: {})


def test_a_link_brings_back_the_same_changed_case(case):
    text = as_text(EDITS)
    assert from_text(text) == EDITS and len(text) < 200
    first, again = changed(case, EDITS), changed(case, from_text(text))
    assert first["note"] == again["note"] == "Back pain. No fever."
    assert first["labs"] == {"age": 70.0, "sex": None} == again["labs"]
    assert (first["film"] == again["film"]).all() and first["film"][0, 0] == round(case.values["film"].mean())
    assert (first["ecg"].samples == again["ecg"].samples).all()
    assert case.values["note"] == "Chest pain. No fever.", "the case stays as it is"


def test_the_order_in_which_changes_were_made_tells_nothing():
    other = {name: EDITS[name] for name in reversed(EDITS)}
    other["labs"] = InputEdits(set={"sex": None, "age": 70.0})
    assert as_text(other) == as_text(EDITS)


def test_nothing_changed_is_nothing(case):
    assert as_text({"note": InputEdits()}) == "" and from_text("") == {} and changed(case, {}) == {}
    same = {"labs": InputEdits(set={"age": 50.0}), "note": InputEdits(text=((0, 5, "Chest"),))}
    assert "labs" not in changed(case, same), "the same value is no change"


def test_inputs_are_taken_away_or_come_from_another_case(case):
    lacking = Case("b", {"note": "x"})
    edits = {
        "film": InputEdits(donor="a", erase=(0, 0, 1, 1)),
        "note": InputEdits(away=True),
        "ecg": InputEdits(away=True),
    }
    values = changed_values(lacking, edits, lambda id, input: case.values[input], lambda input: {})
    assert values["note"] is None and "ecg" not in values, "what is not there cannot be taken away"
    assert len(np.unique(values["film"])) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Chest pain. No fever.", "Chest pain, fever."),
        ("", "New words"),
        ("a b c", ""),
        ("胸痛三天", "胸痛五天"),
        ("line one\nline two", "line one\n\nline 2"),
    ],
)
def test_text_edits_lead_from_one_text_to_the_other(before, after):
    assert edited(before, InputEdits(text=text_edits(before, after)), {}) == after
    assert text_edits(before, before) == ()


@pytest.mark.parametrize("text", ["{", "[1]", '{"note": {"odd": 1}}', '{"note": {"noise": -1}}', '{"note": 3}'])
def test_a_link_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadInput):
        from_text(text)


def test_a_change_outside_of_the_value_is_refused(case):
    with pytest.raises(BadInput):
        changed(case, {"note": InputEdits(text=((0, 500, ""),))})
    with pytest.raises(BadInput):
        changed(case, {"film": InputEdits(erase=(0.5, 0.5, 0.5, 0.7))})


def test_a_named_segment_of_an_ecg_is_changed_by_a_link(case, monkeypatch):
    beats = (BeatWaves(Wave(0.4, 0.44, 0.5), None, Wave(0.6, 0.7, 0.8)),)
    monkeypatch.setattr(wave_network, "unavailable", lambda: None)
    monkeypatch.setattr(delineation, "_delineate", lambda signal, names: Delineation(beats, (0.44,)))
    edit = {"ecg": InputEdits(wave=SegmentEdit(segment="T", leads=(0,), by=0.2))}
    assert from_text(as_text(edit)) == edit
    moved = changed(case, edit)["ecg"].samples - case.values["ecg"].samples
    assert moved[0, 70] == pytest.approx(0.2, abs=1e-4) and np.abs(moved[0, [10, 59, 81]]).max() == 0
    with pytest.raises(BadInput, match="lacks"):
        changed(case, {"ecg": InputEdits(wave=SegmentEdit(leads=(7,), by=0.2))})
    monkeypatch.setattr(wave_network, "unavailable", lambda: "Install it.")
    with pytest.raises(BadInput, match="Install it"):
        changed(case, edit)
    with pytest.raises(BadInput, match="cannot be read"):
        from_text('{"ecg":{"wave":{"segment":"U"}}}')
