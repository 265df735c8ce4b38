"""Protects images cut into patches, and warnings of images of the wrong range."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.encoders import make
from mmcore.encoders.image.pixels import as_images, as_patches
from tests.encoders.image.shared import GREY, SPEC


@pytest.mark.parametrize(("size", "grid"), [((64, 64), (8, 8)), ((30, 47), (4, 5))])
def test_patches_can_be_put_together_again(size, grid):
    images = torch.rand(2, 3, *size)
    patches = as_patches(images, grid)
    assert patches.shape[1] == grid[0] * grid[1]
    torch.testing.assert_close(as_images(patches, grid, size), images)
    assert torch.equal(patches[:, 0].reshape(2, 3, -1)[:, :, 0], images[:, :, 0, 0]), "in reading order"


SMOOTH = np.add.outer(np.arange(96), 1.5 * np.arange(96))


@pytest.mark.parametrize(
    ("what", "image", "words"),
    [
        ("constant", np.full((64, 64), 90), "flat"),
        ("saved in 0..1", (SMOOTH > 100), "from 0 to 1"),
        ("12 bits by 256", SMOOTH * 15 / SMOOTH.max(), "more than 8 bits"),
        ("lower half of 16-bit values", SMOOTH * 12 % 256, "lower 8 bits"),
        ("8 x 8", np.arange(64).reshape(8, 8) * 4, "only 8 x 8"),
    ],
)
def test_warns_of_images_of_the_wrong_range(what, image, words, tiny):
    encoder = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"])
    assert words in encoder.suits(np.asarray(image).astype(np.uint8)), what


def test_does_not_warn_of_real_images(tiny):
    from sklearn.datasets import load_digits, load_sample_image

    encoder = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"])
    text = np.full((64, 64), 255, np.uint8)
    text[10:50:6, 8:40] = 0
    for image in (load_sample_image("flower.jpg"), load_sample_image("china.jpg")[..., 0], GREY, text):
        assert encoder.suits(image) is None
    digit = (load_digits().images[0] * 15).astype(np.uint8)
    assert make("hog", SPEC).suits(digit) is None and make("small_cnn", SPEC).suits(digit) is None
