"""Protects histograms of gradients: directions and places, on drawn and on real images."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.encoders import make
from tests.encoders.image.shared import SPEC


def test_hog_tells_directions_and_places():
    encoder = make("hog", SPEC, cells=4, waves=1)
    image = np.full((32, 32), 40, np.uint8)
    image[:, 16:] = 200  # an upright edge in the middle: brightness changes across
    tokens = encoder.prepare([image, image.T.copy(), 255 - image]).values
    upright, lying, negative = tokens.reshape(3, 4, 4, 4, 9)
    edge = upright[:, 1:3].sum((0, 1, 2))
    assert edge.argmax() in (0, 8) and edge[[0, 8]].sum() > 0.9 * edge.sum()
    assert lying[1:3].sum((0, 1, 2)).argmax() == 4
    assert not upright[:, 0].any() and not upright[:, 3].any(), "nothing where nothing is"
    torch.testing.assert_close(negative.sum((2, 3)) > 0, upright.sum((2, 3)) > 0)


def test_hog_outlives_averaging():
    """Averaged over cells, only waves tell an edge on the left from one on the right."""
    left = np.full((64, 64), 40, np.uint8)
    left[:, 16:] = 200
    right = np.full((64, 64), 40, np.uint8)
    right[:, 48:] = 200

    def apart(waves: int) -> float:
        a, b = make("hog", SPEC, waves=waves).prepare([left, right]).values.mean(1)
        return float((a - b).norm() / a.norm())

    assert apart(1) < 0.05 and apart(4) > 0.5


@pytest.mark.slow
def test_hog_reads_real_digits(shared_data):
    """Digits of writers never seen, by a linear head on the averaged tokens; on pixels it reaches 0.88."""
    import pandas as pd
    from PIL import Image
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    cases = pd.read_csv(shared_data / "digits_image_audio" / "cases.csv")[::3]
    images = [np.array(Image.open(shared_data / "digits_image_audio" / path).convert("L")) for path in cases["image"]]
    vectors, target = make("hog", SPEC).prepare(images).values.mean(1).numpy(), cases["label"].to_numpy()
    last = cases["group"].isin(cases["group"].unique()[-2:]).to_numpy()
    head = make_pipeline(StandardScaler(), RidgeClassifier(300.0)).fit(vectors[~last], target[~last])
    assert head.score(vectors[last], target[last]) > 0.95
