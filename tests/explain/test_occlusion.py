"""Occlusion is what the score loses when tokens are taken away."""

import numpy as np

from mmcore.explain.attribution import attribute
from mmcore.explain.occlusion import Occlusion


def test_occlusion_is_the_difference_the_token_makes(trained, read):
    reading = read(trained("cross_attention"))
    result = attribute(reading, ["occlusion"])["occlusion"]
    keep = {name: mask[:, None].copy() for name, mask in reading.masks.items()}
    keep["film"][:, :, 1] = False
    chosen = reading.chosen()
    whole = reading.panel.score(reading.answer()[0], chosen)
    lost = (whole - reading.panel.score(reading.under(keep)[:, :, 0], chosen)).mean(0)
    assert np.allclose([own.values["film"][1] for own in result], lost.numpy(), atol=1e-5)


def test_a_window_shares_its_loss_among_its_tokens(trained, read):
    reading = read(trained("concat"))
    single, whole = Occlusion()(reading), Occlusion(window=5)(reading)
    for own, other in zip(single, whole, strict=True):
        assert np.ptp(other.values["film"]) < 1e-6  # one window over all five tokens
        assert len(own.values["film"]) == 5
