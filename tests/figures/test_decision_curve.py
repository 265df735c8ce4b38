"""Decision curves show every method against acting on all and on none, each told apart without its colour."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.evaluation.net_benefit import DecisionCurve
from mmcore.figures import decision_curve

AT = np.linspace(0.05, 0.95, 19)
ALL = 0.3 - 0.7 * AT / (1 - AT)
NOTHING = np.full(19, np.nan)


def curve(level: float, half: float = np.nan) -> DecisionCurve:
    value = np.where(AT < 0.7, level, 0.0)
    return DecisionCurve(AT, value, value - half, value + half, ALL)


BOTH = {"gated": curve(0.2, 0.05), "labs": curve(0.1)}
TINTS = {"gated": "#16858F", "labs": "#7C60B8"}


def drawn(**more):
    return decision_curve.decision_curve(BOTH, TINTS, **more)


def test_both_strategies_without_a_model_are_drawn_beside_the_methods():
    named = {trace.name: trace for trace in drawn().data if trace.name}
    assert np.allclose(named["act on every case"].y, ALL) and not np.any(named["act on none"].y)
    assert max(named["gated"].y) == 0.2 and max(named["labs"].y) == 0.1
    assert named["gated"].line.dash != named["labs"].line.dash
    assert sum(trace.fill == "toself" for trace in drawn().data) == 1, "a band only where there is an interval"


def test_the_axes_show_where_methods_are_of_use_and_are_not_pressed_flat():
    low, high = drawn().layout.yaxis.range
    assert ALL.min() < low < 0 and high > ALL.max()
    wide = decision_curve.decision_curve({"gated": curve(0.2, 0.3)}, TINTS).layout.yaxis.range
    assert wide[1] > 0.5, "a band is not cut off"
    assert drawn().layout.xaxis.range == pytest.approx((0.05, 0.7), abs=0.051)


def test_a_bar_marks_where_the_first_method_is_better():
    low = np.where((AT > 0.2) & (AT < 0.5), 0.01, -0.01)
    gain = DecisionCurve(AT, low + 0.02, low, low + 0.04, ALL)
    bar = next(trace for trace in drawn(gain=gain).data if trace.name and "95%" in trace.name)
    assert (
        np.array_equal(np.isfinite(np.asarray(bar.y, float)), low > 0) and bar.name == "gated above labs (95% interval)"
    )
    for unsettled in (DecisionCurve(AT, low, low - 1, low + 1, ALL), DecisionCurve(AT, low, NOTHING, NOTHING, ALL)):
        assert not any("95%" in (trace.name or "") for trace in drawn(gain=unsettled).data)


def test_the_axis_says_what_the_threshold_decides():
    assert drawn(act="order a CT").layout.xaxis.title.text == "probability from which you would order a CT"
    assert drawn().layout.xaxis.title.text == "probability from which you would act"


def test_methods_of_no_use_can_be_drawn_and_the_alternative_text_says_so():
    useless = {"late": curve(-0.1)}
    assert decision_curve.decision_curve(useless, {}).layout.xaxis.range[1] == pytest.approx(0.95)
    assert decision_curve.alt_text(useless).endswith("late is useful at no threshold.")
    assert "gated is useful between 15% and 65%" in decision_curve.alt_text(BOTH)
