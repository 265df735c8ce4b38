"""Protects alignment against closed forms: what is cut keeps its total, what fits stays as it is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import Box, Seconds, Span, Whole
from mmcore.encoders.alignment import on_grid, on_time, windows


def tokens(count: int, width: int = 3) -> np.ndarray:
    return np.random.default_rng(count).standard_normal((count, width)).astype(np.float32)


def tiling(edges) -> list[Seconds]:
    return [Seconds(a, b) for a, b in pairwise(edges)]


def grid(rows: int, columns: int) -> list[Box]:
    return [Box(r / rows, c / columns, (r + 1) / rows, (c + 1) / columns) for r in range(rows) for c in range(columns)]


def test_equal_windows_change_nothing():
    edges = np.array([0.0, 1.0, 1.5, 4.0])
    result, covered = on_time(tokens(3), tiling(edges), edges)
    np.testing.assert_allclose(result, tokens(3), rtol=1e-6)
    assert covered.all() and result.dtype == np.float32


def test_totals_are_kept_over_any_windows():
    edges = np.array([0.0, 0.7, 1.9, 2.0, 5.0])
    output = tokens(4)
    whole = (np.diff(edges)[:, None] * output).sum(0)
    for cuts in ([0, 5], [0, 1, 2, 3, 4, 5], [0, 0.35, 4.9, 5]):
        result, covered = on_time(output, tiling(edges), np.array(cuts, float))
        assert covered.all()
        np.testing.assert_allclose((np.diff(cuts)[:, None] * result).sum(0), whole, rtol=1e-5, atol=1e-6)


def test_a_window_is_the_mean_of_what_overlaps_it_weighted_by_how_long():
    result, covered = on_time(
        np.array([[1.0], [4.0]]), [Seconds(0, 2), Seconds(2, 3)], np.array([[1.0, 3.0], [2.5, 9.0], [4, 5]])
    )
    np.testing.assert_allclose(result[:, 0], [2.5, 4.0, 0.0])
    assert covered.tolist() == [True, True, False]


def test_tokens_that_overlap_share_a_window():
    result, _covered = on_time(np.array([[0.0], [1.0]]), [Seconds(0, 2), Seconds(1, 3)], np.array([0.0, 1.0, 2.0, 3.0]))
    np.testing.assert_allclose(result[:, 0], [0, 0.5, 1])


def test_whole_counts_everywhere_and_an_instant_where_it_is():
    result, covered = on_time(np.array([[7.0]]), [Whole()], np.array([0.0, 1.0, 2.0]))
    assert result[:, 0].tolist() == [7, 7] and covered.all()
    result, covered = on_time(np.array([[7.0]]), [Seconds(1.5, 1.5)], np.array([0.0, 1.0, 2.0]))
    assert covered.tolist() == [False, True] and result[1, 0] == 7


def test_windows_of_length_and_hop():
    assert windows(10, 2.5).tolist() == [[0, 2.5], [2.5, 5], [5, 7.5], [7.5, 10]]
    assert windows(5, 2, 1).tolist() == [[0, 2], [1, 3], [2, 4], [3, 5]]
    assert windows(5, 2).tolist() == [[0, 2], [2, 4], [4, 5]], "the last one ends with the signal"
    assert windows(1, 3).tolist() == [[0, 1]]
    assert len(windows(0.3, 0.1)) == 3, "rounding adds no empty window"
    for wrong in ((0, 1, 1), (1, 0, 1), (1, 1, -1)):
        with pytest.raises(BadInput):
            windows(*wrong)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (7, 7), (5, 4)])
def test_area_keeps_totals_on_any_grid(shape):
    output = tokens(12)
    result = on_grid(output, grid(3, 4), *shape)
    assert result.shape == (*shape, 3)
    np.testing.assert_allclose(result.mean((0, 1)), output.mean(0), rtol=1e-4, atol=1e-6)


def test_the_same_grid_changes_nothing_and_a_finer_one_repeats():
    output = tokens(6)
    np.testing.assert_allclose(on_grid(output, grid(2, 3), 2, 3).reshape(6, -1), output, rtol=1e-5)
    fine = on_grid(output, grid(2, 3), 4, 6)
    np.testing.assert_allclose(fine[::2, ::2].reshape(6, -1), output, rtol=1e-5)
    np.testing.assert_allclose(fine[1::2, 1::2].reshape(6, -1), output, rtol=1e-5)


def test_the_order_of_boxes_does_not_matter_and_whole_covers_all():
    output, boxes = tokens(6), grid(2, 3)
    np.testing.assert_allclose(
        on_grid(output[::-1], boxes[::-1], 4, 4), on_grid(output, boxes, 4, 4), rtol=1e-5, atol=1e-6
    )
    assert (on_grid(np.ones((1, 2)), [Whole()], 2, 2) == 1).all()


def test_places_of_another_sort_are_a_sentence():
    with pytest.raises(BadInput, match="no place in time"):
        on_time(tokens(1), [Span(0, 3)], np.array([0.0, 1.0]))
    with pytest.raises(BadInput, match="no place in an image"):
        on_grid(tokens(1), [Seconds(0, 3)], 2, 2)
    with pytest.raises(BadInput, match="no cells"):
        on_grid(tokens(1), [Whole()], 0, 2)
