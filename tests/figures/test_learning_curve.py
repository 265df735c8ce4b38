"""Learning curves over cohort size: measured and carried on are told apart, and points of equal cases do not hide."""

from __future__ import annotations

import numpy as np

from mmcore.evaluation.learning_curve import fit_learning_curve
from mmcore.figures import learning_curve
from mmcore.figures.learning_curve import Fit, Measured

SIZES = np.array([100, 200, 400])
GRID = np.array([50.0, 300.0, 500.0, 2000.0])
FIT = Fit(GRID, np.array([0.6, 0.7, 0.75, 0.8]), np.full(4, 0.5), np.full(4, 0.9))
METHODS = {
    "gated": Measured(SIZES, np.array([0.6, 0.7, 0.72]), np.full(3, 0.5), np.full(3, 0.8), FIT),
    "labs": Measured(SIZES, np.array([0.6, 0.65, 0.66]), np.full(3, 0.5), np.full(3, 0.8)),
}
TINTS = {"gated": "#16858F", "labs": "#7C60B8"}


def test_the_fit_is_whole_up_to_the_cohort_and_broken_beyond_without_a_gap():
    figure = learning_curve.learning_curve(METHODS, "auroc", TINTS, cases=400)
    whole, broken = (t for t in figure.data if t.mode == "lines" and t.fill is None)
    assert whole.line.dash == "solid" and broken.line.dash == "dash"
    assert whole.x[-1] == broken.x[0] == 400 and whole.y[-1] == broken.y[0] and 0.7 < whole.y[-1] < 0.75
    assert broken.x[-1] == 2000 and sum(t.fill == "toself" for t in figure.data) == 1


def test_points_of_equal_cases_stand_beside_each_other_with_marks_of_their_own():
    points = [t for t in learning_curve.learning_curve(METHODS, "auroc", TINTS, cases=400).data if t.name in METHODS]
    first, second = points
    assert list(first.y) == [0.6, 0.7, 0.72] and list(first.customdata) == [100, 200, 400]
    assert first.marker.symbol != second.marker.symbol and (np.asarray(first.x) < np.asarray(second.x)).all()
    assert np.allclose(first.error_y.arrayminus, first.y - 0.5) and np.allclose(first.error_y.array, 0.8 - first.y)


def test_the_cohort_of_today_and_the_cases_needed_are_named():
    figure = learning_curve.learning_curve(METHODS, "auroc", TINTS, cases=400, needed=1000)
    words = [note.text for note in figure.layout.annotations]
    assert words[:2] == ["400 cases today", "about 600 more would show a difference"]
    assert words[2:] == ["gated", "labs"], "every line is named where it ends"
    assert [shape.x0 for shape in figure.layout.shapes] == [400, 1000]
    assert figure.layout.xaxis.range[1] > np.log10(2000)


def test_a_fitted_curve_goes_through_its_scores_and_its_band_opens_towards_the_limits():
    scores = 0.9 - 2.0 * SIZES**-0.5
    curve = fit_learning_curve("auroc", SIZES, scores)
    measured = Measured.of(curve)
    fit = measured.fit
    assert np.allclose(np.interp(SIZES, fit.cases, fit.mean), scores, atol=0.01) and fit.cases.max() == 1600
    width = fit.high - fit.low
    assert np.allclose(width[fit.cases < 400], width[0]) and (np.diff(width[fit.cases > 400]) > 0).all()
    assert width[-1] < curve.limit_high - curve.limit_low + 2 * curve.error
    assert np.isnan(measured.low).all() and list(Measured.of(curve, [0, 0, 0], [1, 1, 1]).high) == [1, 1, 1]


def test_ticks_are_round_numbers_and_names_at_the_lines_need_no_legend():
    figure = learning_curve.learning_curve({"gated": METHODS["gated"]}, "auroc", TINTS, cases=400)
    assert list(figure.layout.xaxis.ticktext) == ["50", "100", "200", "500", "1,000", "2,000"]
    assert figure.layout.showlegend is False


def test_the_alternative_text_tells_first_and_last():
    text = learning_curve.alt_text(METHODS, "auroc")
    assert "gated from 0.600 on 100 to 0.720 on 400 cases" in text and "AUROC" in text
