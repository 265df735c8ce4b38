"""Protects the sentence about a case: the prediction with its range, and what it rests on, in plain words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.base.values import Case
from mmcore.explain.shapley import ShapleyValues
from mmcore.explain.what_if import WhatIfAnswer
from mmcore.studies import case_answer as module
from mmcore.studies.case_answer import CaseAnswer, InputEffect, case_answer
from mmcore.training.tasks import Task

LABS, NOTE = (
    InputEffect("labs", 0.3, 0.01, 0.62, flips=False),
    InputEffect("note", 0.1, 0.01, 0.8, flips=False),
)
ANSWER = CaseAnswer(1, 0.92, 0.89, 0.94, (LABS, NOTE), (), 5, ("no_disease", "disease"), "disease")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {},
            "“disease”: 92% likely; the 5 models averaged here say 89% to 94%. The largest part of this comes from ",
        ),
        (
            {"effects": (replace(LABS, flips=True), NOTE)},
            "The answer rests on labs: without this input, it would change.",
        ),
        ({"effects": (replace(LABS, flips=True), replace(NOTE, flips=True))}, "without labs or note, it would"),
        ({"effects": (replace(LABS, adds=-0.3), NOTE)}, "The strongest input, labs, counts against this answer"),
        (
            {"effects": (replace(LABS, adds=float("nan"), without=0.99), replace(NOTE, adds=float("nan")))},
            "The answer depends most on labs; without it the probability would be 99%.",
        ),
        (
            {"effects": (replace(LABS, adds=0.01, without=0.9), replace(NOTE, adds=0.0, without=0.92))},
            "No input alone changes the answer much.",
        ),
        ({"effects": (replace(LABS, adds=0.01), replace(NOTE, adds=0.0))}, "but with a probability of 62%."),
        (
            {"effects": (replace(LABS, without=0.92), NOTE)},
            "labs has the largest fair share in this answer, and yet the answer would be the same if labs alone were",
        ),
        ({"effects": (LABS,)}, "The answer rests on labs alone."),
        ({"low": 0.4}, "The models disagree: “disease” at 92% on average; the 5 models averaged here say 40% to 94%."),
        ({"models": 1}, "“disease”: 92% likely. The largest part"),
        ({"low": 0.918, "high": 0.922}, "“disease”: 92% likely. The largest part"),
        (
            {
                "classes": (),
                "target": "age",
                "score": 63.2,
                "low": 8.25,
                "high": 70.0,
                "effects": (replace(LABS, adds=3.0, without=61.0),) * 2,
            },
            "Predicted age: 63.2; the 5 models averaged here say 8.2 to 70.0. The answer depends most on labs; "
            "without it the answer would be 61.0.",
        ),
        ({"classes": (), "target": "age", "score": 63.2, "models": 1}, "Predicted age: 63.2. The answer depends most"),
        ({"called": (), "models": 1}, "The model predicts no label. The likeliest is “disease”: 92%. "),
        (
            {"called": (), "models": 1, "effects": (replace(LABS, adds=-0.3), NOTE)},
            "92%. The answer depends most on labs; without it the probability would be 62%.",
        ),
        (
            {"called": ("no_disease",), "models": 1, "effects": (replace(LABS, adds=-0.3), NOTE)},
            "The likeliest label is “disease”: 92%. The answer depends most on labs; without",
        ),
        ({"called": ("disease",), "effects": (replace(LABS, adds=-0.3), NOTE)}, "labs, counts against this answer"),
        ({"over_time": True, "models": 1}, "The probability of the event by disease is 92%. The answer depends most"),
        (
            {"over_time": True, "effects": (replace(LABS, without=0.9), NOTE)},
            "Of the inputs, labs has the largest fair share in this answer; taking note away would change it most, "
            "to 80%.",
        ),
    ],
)
def test_the_sentence(changed, words):
    assert words in replace(ANSWER, **changed).sentence()


def test_points_of_a_probability_and_amounts_of_a_number():
    assert (ANSWER.amount(0.123), ANSWER.change(-0.123)) == ("12%", "−12")
    assert ANSWER.change(-0.002) == ANSWER.change(0.002) == "0", "a rounded nothing has no sign"
    number = replace(ANSWER, classes=(), score=10.0)
    assert (number.amount(12.345), number.change(-0.123)) == ("12.3", "−0.12")


class Panel:
    task = Task(name="binary", classes=("well", "ill"))

    def __len__(self) -> int:
        return 3


class Session:
    """Two inputs; without `labs` the other class is predicted."""

    inputs, reading, panel, case = ("labs", "note", "film"), np.zeros(1), Panel(), Case("p1", {})

    def ask(self, changes) -> WhatIfAnswer:
        p = 0.3 if "labs" in changes else 0.7
        both = np.array([1 - p, p])
        return WhatIfAnswer(both, both * 0, both - 0.1, both + 0.1, chosen=int(p > 0.5), missing=("film",))

    @property
    def start(self) -> WhatIfAnswer:
        return self.ask({})


def test_effects_of_the_inputs_that_are_there_strongest_first(monkeypatch):
    shares = ShapleyValues(
        {"labs": 0.25, "note": -0.05}, {"labs": 0.0, "note": 0.0}, 0.5, 0.7, 0.0, True, 1, "probability"
    )
    monkeypatch.setattr(module, "shapley", lambda reading, of: [shares])
    answer = case_answer(Session(), ("well", "ill"), "state")
    assert [(e.input, e.flips, round(e.without, 2)) for e in answer.effects] == [
        ("labs", True, 0.3),
        ("note", False, 0.7),
    ]
    assert (answer.label, round(answer.low, 2), answer.models, answer.missing) == ("ill", 0.6, 3, ("film",))
