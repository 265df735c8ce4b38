"""The pointing game counts hits and chance rightly, and only evidence that moves the target."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, Evidence, Seconds, Span, Whole
from mmcore.explain.tests.pointing import overlaps, point, pointing

GRID = [Box(r / 2, c / 2, (r + 1) / 2, (c + 1) / 2) for r in range(2) for c in range(2)]


def film():
    mask = np.zeros((10, 10), bool)
    mask[6:8, 1:3] = True  # inside the lower left quarter
    return Evidence("shadow", (Box(0, 0, 1, 1),), 1.0, mask)


def test_on_an_image_the_mask_decides_and_chance_is_the_share_of_cells():
    assert [overlaps(place, film()) for place in GRID] == [False, False, True, False]
    assert point(np.array([0.1, 0.2, -0.9, 0.3]), GRID, [film()]) == (1.0, 0.25)
    assert point(np.array([0.9, 0.2, 0.3, 0.3]), GRID, [film()]) == (0.0, 0.25)


def test_neighbouring_cells_do_not_touch():
    mask = np.zeros((7, 7), bool)
    mask[3, 3] = True
    cells = [Box(r / 7, c / 7, (r + 1) / 7, (c + 1) / 7) for r in range(7) for c in range(7)]
    assert sum(overlaps(cell, Evidence("dot", (Box(0, 0, 1, 1),), 1.0, mask)) for cell in cells) == 1


def test_one_token_is_picked_so_a_long_one_has_no_greater_chance():
    places = [Span(0, 2), Span(3, 11)]
    output = [Evidence("pain", (Span(5, 9),), 0.7)]
    assert point(np.array([1.0, 0.0]), places, output) == (0.0, 0.5)
    assert point(np.array([0.0, 1.0]), places, output) == (1.0, 0.5)
    stretches = [Seconds(0, 1), Seconds(1, 4), Seconds(4, 5)]
    hit, chance = point(np.array([1, 1, 1]), stretches, [Evidence("beat", (Seconds(2, 3),), 1.0)])
    assert hit == chance == pytest.approx(1 / 3), "a map that says nothing is at chance, whatever its tokens last"
    assert point(np.array([2, 1]), [Column("a"), Column("b")], [Evidence("b", (Column("b"),), -1.0)]) == (0.0, 0.5)


def test_a_flat_map_hits_as_often_as_a_random_token():
    assert point(np.ones(4), GRID, [film()]) == (0.25, 0.25)


def test_evidence_without_effect_or_everywhere_says_nothing():
    idle = Evidence("shadow", (Box(0, 0, 1, 1),), 0.0, film().mask)
    assert point(np.ones(4), GRID, [idle]) is None and point(np.ones(4), GRID, []) is None
    assert point(np.ones(4), GRID, [Evidence("all", (Box(0, 0, 1, 1),), 1.0)]) is None
    assert point(np.ones(1), [Whole()], [film()]) is None


def test_cases_are_summed_up_with_an_interval():
    result = pointing([(1.0, 0.25)] * 30 + [(0.0, 0.25)] * 10)
    assert (result.hit, result.chance, result.cases) == (0.75, 0.25, 40)
    assert result.low < 0.75 < result.high and result.above == pytest.approx(0.5) and result.above_low > 0.3
    assert pointing([]) is None
    chance = np.random.default_rng(0)
    luck = pointing([(float(chance.random() < 0.3), 0.3) for _ in range(300)])
    assert luck.above_low < 0 < luck.above_high


def test_groups_are_drawn_together():
    hits = [(float(i // 20), 0.5) for i in range(40)]  # two patients: one always hit, one never
    assert pointing(hits, ["p"] * 20 + ["q"] * 20).low == 0 and pointing(hits).low > 0.2
