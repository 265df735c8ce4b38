"""Protects: of two classes the sensible one is positive, whatever the language, and can be chosen."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts.target import target_of


@pytest.mark.parametrize(
    "negative, positive",
    [
        ("-1", "1"), ("0", "1"), ("1", "2"), ("N", "Y"), ("CN", "AD"), ("HC", "PD"), ("正常", "异常"), ("阴性", "阳性"),
        ("无复发", "复发"), ("对照", "病例"), ("control", "sepsis"), ("Healthy", "Parkinson"), ("negative", "COVID"),
        ("Neg.", "Pos."), ("absence", "presence"), ("sinus rhythm", "AFIB"), ("NSR", "AF"), ("no event", "event"),
        ("alive", "dead"), ("benign", "malignant"), ("nein", "ja"), ("No finding", "Effusion"),
        ("unaffected", "affected"), ("uninfected", "infected"), ("NonDemented", "Demented"), ("NR", "R"), ("B", "M"),
        ("sain", "malade"), ("нет", "да"), ("term", "preterm"), ("good", "poor"), ("-", "+"), ("<50%", ">50%"),
        ("euploid", "aneuploid"), ("未", "已"), ("sMCI", "pMCI"), ("placebo", "drug"), ("inactive", "active"),
    ],
)  # fmt: skip
def test_the_positive_class(negative, positive):
    for cells in ([negative] * 4 + [positive] * 9, [negative] * 9 + [positive] * 4):
        column = pd.Series(cells, name="y")
        assert target_of(column).classes == (negative, positive)


def test_the_positive_class_can_be_named():
    column = pd.Series(["healthy", "Sick"] * 9, name="y")
    assert target_of(column, positive="healthy").classes == ("Sick", "healthy")
    assert target_of(column, positive="sick").classes == ("healthy", "Sick")


def test_words_that_say_nothing_leave_it_to_the_rarer():
    assert target_of(pd.Series(["left"] * 9 + ["right"] * 4, name="y")).classes == ("left", "right")
