"""Maps keep distances' directions, survive missing rows and constant data, and say when they cannot be drawn."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.inspect import projection


def test_principal_finds_the_long_axis_and_leaves_missing_rows_out():
    rng = np.random.default_rng(0)
    long, short = rng.normal(0, 5, 60), rng.normal(0, 0.1, 60)
    values = np.stack([long, short, np.zeros(60)], 1)
    valid = np.ones(60, bool)
    valid[3] = False
    result = projection.principal(values, valid)
    assert np.isnan(result.points[3]).all() and not np.isnan(result.points[valid]).any()
    assert abs(np.corrcoef(result.points[valid, 0], long[valid])[0, 1]) > 0.999
    assert result.explained[0] > 0.99


def test_principal_is_the_same_twice_and_for_mirrored_solvers():
    values = np.random.default_rng(1).normal(size=(30, 8))
    assert np.array_equal(projection.principal(values).points, projection.principal(values.copy()).points)


def test_principal_of_constant_or_narrow_data_is_zero_not_nan():
    assert not projection.principal(np.ones((5, 4))).points.any()
    narrow = projection.principal(np.arange(5.0)[:, None], count=2)
    assert narrow.points.shape == (5, 2) and not narrow.points[:, 1].any()


def test_scaling_lets_small_units_count():
    rng = np.random.default_rng(2)
    values = np.stack([rng.normal(0, 1000, 80), rng.normal(0, 1, 80)], 1)
    assert projection.principal(values).explained[0] > 0.99
    assert projection.principal(values, scale=True).explained[0] < 0.7


def test_principal_says_when_there_is_nothing_to_map():
    with pytest.raises(BadInput, match="at least two"):
        projection.principal(np.ones((3, 2)), np.array([True, False, False]))


def test_colours_lie_in_the_unit_cube_for_any_count():
    for count in (1, 2, 49):
        rgb = projection.colours(np.random.default_rng(count).normal(size=(count, 16)))
        assert rgb.shape == (count, 3) and rgb.min() >= 0 and rgb.max() <= 1


def test_cosine_against_the_definition_and_zero_tokens():
    tokens = np.array([[1.0, 0], [0, 2], [3, 3], [0, 0]])
    plain = projection.cosine(tokens, centre=False)
    assert plain[0, 1] == pytest.approx(0) and plain[0, 2] == pytest.approx(2**-0.5) and plain[0, 3] == 0
    assert np.allclose(np.diag(projection.cosine(tokens)), 1) and np.isfinite(projection.cosine(tokens)).all()


def test_distinct_is_zero_for_a_token_like_the_mean():
    tokens = np.array([[1.0, 1], [1, 1], [1, 1], [1, -1]])
    far = projection.distinct(tokens)
    assert far.argmax() == 3 and far.min() >= 0


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_maps_of_neighbourhoods_keep_groups_together_and_are_seeded(name):
    rng = np.random.default_rng(0)
    group = np.arange(40) % 2
    values = rng.normal(size=(40, 12)) + 6 * np.where(group[:, None], 1, -1) * (np.arange(12) < 6)
    valid = np.ones(40, bool)
    valid[5] = False
    place = getattr(projection, name)
    result = place(values, valid).points
    assert np.isnan(result[5]).all() and np.isfinite(result[valid]).all()
    distance = np.linalg.norm(result[valid][:, None] - result[valid][None], axis=2) + 1e9 * np.eye(39)
    assert (group[valid][distance.argmin(1)] == group[valid]).mean() > 0.95
    assert np.allclose(place(values, valid).points, result, equal_nan=True)


def test_maps_of_neighbourhoods_need_a_few_cases_and_take_constant_ones():
    with pytest.raises(BadInput, match="at least 5"):
        projection.tsne(np.ones((4, 3)))
    assert np.isfinite(projection.tsne(np.random.default_rng(0).normal(size=(6, 3))).points).all()
    assert np.isfinite(projection.tsne(np.ones((8, 3))).points).all()
