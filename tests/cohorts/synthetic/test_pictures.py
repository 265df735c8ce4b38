"""Protects the drawing of pictures in blocks: every case once, in its place, and boxes around masks."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Box, Evidence
from mmcore.cohorts.synthetic.pictures import as_bytes, centres, draw_in_blocks, once, sign_on


def test_blocks_come_back_in_order():
    def draw(rows, cases):
        assert list(range(rows.start, rows.stop)) == list(cases)
        return np.array(cases)[:, None, None], [(Evidence(str(case), ()),) for case in cases]

    pictures, signs = draw_in_blocks(draw, range(97))
    assert pictures.ravel().tolist() == list(range(97)) and [s[0].name for s in signs] == [str(i) for i in range(97)]


def test_the_box_holds_the_mask():
    mask = np.zeros((10, 10), bool)
    mask[2:4, 5:9] = True
    assert sign_on(mask, "spot", 1.5).places == (Box(0.2, 0.5, 0.4, 0.9),)


def test_shapes_meet_pictures():
    assert (once(np.arange(3)) * centres(8)).shape == (3, 1, 8) and centres(8).sum() == 0
    assert as_bytes(np.array([-1, 0.5, 2])).tolist() == [0, 128, 255]
