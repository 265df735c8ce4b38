"""Decision curves show every method against acting on all and on none, each told apart without its colour."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.figures import decision_curve
from mmcore.figures.decision_curve import NetBenefit

AT = np.linspace(0.05, 0.75, 15)
PREVALENCE = 0.3
ALL = PREVALENCE - (1 - PREVALENCE) * AT / (1 - AT)
WITH = NetBenefit(np.full(15, 0.2), np.full(15, 0.15), np.full(15, 0.25))
WITHOUT = NetBenefit(np.full(15, 0.1))
TINTS = {"gated": "#16858F", "labs": "#7C60B8"}


def curve(**more):
    return decision_curve.decision_curve(AT, {"gated": WITH, "labs": WITHOUT}, ALL, TINTS, **more)


def test_both_strategies_without_a_model_are_drawn_beside_the_methods():
    named = {trace.name: trace for trace in curve().data if trace.name}
    assert np.allclose(named["act on every case"].y, ALL) and not np.any(named["act on none"].y)
    assert set(named["gated"].y) == {0.2} and set(named["labs"].y) == {0.1}
    assert len({trace.line.dash for trace in named.values() if trace.line.color != "#8593A0"}) == 2
    assert sum(trace.fill == "toself" for trace in curve().data) == 1, "a band only where there is an interval"


def test_the_axis_is_not_pressed_flat_by_acting_on_every_case():
    low, high = curve().layout.yaxis.range
    assert ALL.min() < low < 0 and high > ALL.max()


def test_a_bar_marks_where_the_first_method_is_better():
    better = (AT > 0.2) & (AT < 0.5)
    bar = next(trace for trace in curve(better=better).data if trace.name and "95%" in trace.name)
    assert np.array_equal(np.isfinite(np.asarray(bar.y, float)), better) and bar.name == "gated above labs, 95%"
    assert not any("95%" in (trace.name or "") for trace in curve(better=np.zeros(15, bool)).data)


def test_the_axis_says_what_the_threshold_decides():
    assert curve(act="order a CT").layout.xaxis.title.text == "probability from which one would order a CT"
    assert curve().layout.xaxis.title.text == "probability from which one acts"


@pytest.mark.parametrize(("level", "words"), [(0.5, "of use from 5% to 75%"), (-0.1, "of no use")])
def test_the_alternative_text_says_where_a_method_is_of_use(level, words):
    assert words in decision_curve.alt_text(AT, {"gated": NetBenefit(np.full(15, level))}, ALL)
