"""Tokens of images lie where they belong, the chosen one is marked, and a click finds the nearest."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Box, Whole
from mmcore.figures import image_tokens
from mmcore.inspect import projection

GRID = [Box(i / 3, j / 3, (i + 1) / 3, (j + 1) / 3) for i in range(3) for j in range(3)]

IMAGE = np.arange(60 * 40, dtype=np.uint8).reshape(60, 40)

TOKENS = np.random.default_rng(0).normal(size=(9, 16))


@pytest.mark.parametrize(
    "image", [IMAGE, np.stack([IMAGE] * 3, 2), np.zeros((8, 8), np.uint8), np.zeros((1500, 900), np.uint8)]
)
def test_image_keeps_its_proportions_and_carries_the_layers(image):
    figure = image_tokens.patch_heat(image, GRID, projection.norms(TOKENS), name="norm")
    assert figure.layout.yaxis.scaleratio == pytest.approx(image.shape[0] / image.shape[1])
    assert [trace.type for trace in figure.data] == ["image", "image", "heatmap"]
    assert np.allclose(figure.data[2].z, projection.norms(TOKENS).reshape(3, 3)), (
        "hover tells the number, not the shade"
    )
    assert [trace.type for trace in image_tokens.patch_colours(image, GRID, projection.colours(TOKENS)).data] == [
        "image",
        "image",
    ]


def test_the_chosen_patch_is_outlined():
    figure = image_tokens.patch_similarity(IMAGE, GRID, projection.cosine(TOKENS), 5)
    outline = figure.layout.shapes[0]
    assert (outline.x0, outline.y0) == (GRID[5].left, GRID[5].top)


def test_an_encoder_that_says_one_thing_leaves_the_image_bare():
    assert len(image_tokens.patch_heat(IMAGE, [Whole()], np.ones(1), name="norm").data) == 1


def test_a_click_anywhere_finds_the_nearest_patch_and_no_layer_catches_it():
    figure = image_tokens.clickable(
        image_tokens.patch_heat(IMAGE, GRID, projection.norms(TOKENS), name="length"),
        GRID,
        np.arange(9.0),
        name="length",
    )
    points = figure.data[-1]
    assert list(points.customdata) == list(range(9)) and (points.x[0], points.y[0]) == pytest.approx((1 / 6, 1 / 6))
    assert figure.layout.hoverdistance == -1 and "heatmap" not in {trace.type for trace in figure.data}
    assert points.marker.opacity == points.unselected.marker.opacity == 0


def test_feature_maps_are_named_by_their_channel_and_keep_the_image_s_proportions():
    maps = np.random.default_rng(0).random((3, 7, 7)).astype(np.float32)
    for over in (False, True):
        drawn = image_tokens.channels(IMAGE, maps, [4, 20, 7], np.array([0.3, 0.2, 0.1]), over=over)
        assert drawn.count("<img") == 3 and "channel 20" in drawn and 'alt="channel 4: spread 0.3"' in drawn
    assert image_tokens.channels(IMAGE, np.zeros((1, 1, 1), np.float32), [0], np.zeros(1)).count("<img") == 1
