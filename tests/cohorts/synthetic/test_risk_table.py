"""Protects the tables of synthetic cohorts: risk of spread 1, gaps count as unknown, evidence of what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import EitherOr, Quantity, draw_table, normal_nodes

COLUMNS = (
    Quantity("age", "years", 60, 10, (20, 100), weight=0.6),
    EitherOr("smoker", ("no", "yes"), 0.3, weight=0.8),
    Quantity("bmi", "kg/m²", 26, 4, (15, 50), 1),
)


@pytest.fixture(scope="module")
def table():
    return draw_table(COLUMNS, 0.1, Draws(range(3000), 0, topic=1, count=12))


def test_risk_has_a_spread_of_one_whatever_the_weights(table):
    assert table.risk.std() == pytest.approx(1, abs=0.05) and abs(table.risk.mean()) < 0.05
    assert list(table.parts) == ["age", "smoker"], "a column without weight bears on nothing"


def test_gaps_are_unknown_and_only_numbers_have_them(table):
    assert 0.07 < table.cells.age.isna().mean() < 0.13 and table.cells.smoker.notna().all()
    shown, unsure = table.shown(np.arange(3000) % 2 == 0)
    assert (unsure[1::2] == 1).all() and (shown[1::2] == 0).all(), "without the table all of it is unknown"
    whole = np.flatnonzero(table.measured.all(axis=1))[::2]
    assert np.allclose(shown[whole[whole % 2 == 0]], table.risk[whole[whole % 2 == 0]])
    assert unsure[0::2].max() == pytest.approx(0.6) and unsure[0::2].min() == 0


def test_evidence_names_measured_columns_that_matter(table):
    for row, signs in enumerate(table.evidence(2.0, 0.5)):
        for sign in signs:
            assert abs(sign.effect) >= 0.5 and table.measured[sign.places[0].name].iloc[row]


def test_nodes_average_as_the_normal_variable_does():
    values, weights = normal_nodes(2.0)
    assert weights.sum() == pytest.approx(1) and weights @ values**2 == pytest.approx(4)
