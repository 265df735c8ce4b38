"""Protects the places of telling phrases in generated notes."""

from __future__ import annotations

import numpy as np

from mmcore.cohorts.synthetic.sentences import Picker, compose


def test_compose_tracks_spans():
    note, spans = compose([("Seen today.", ""), ("[Dyspnoea] and [oedema].", "failure")])
    assert note == "Seen today. Dyspnoea and oedema."
    assert [note[span.start : span.end] for span in spans["failure"]] == ["Dyspnoea", "oedema"]


def test_each_number_picks_a_text_in_turn():
    pick = Picker(np.array([0.0, 0.99, 0.5]))
    assert [pick("abcd") for _ in range(3)] == ["a", "d", "c"]
