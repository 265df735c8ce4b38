"""Protects previews in tables: pictures and lines small enough to send, nothing where nothing can be shown."""

import numpy as np

from mmcore.base.values import Signal
from mmcore.figures import case_previews


class Cohort:
    """As much of a cohort as previews ask for."""

    values = {
        "a": np.zeros((2000, 1000), np.uint8),
        "b": Signal(np.sin(np.arange(24000, dtype=np.float32)).reshape(2, 12000), 500.0),
        "c": None,
    }

    def value(self, id, input):
        return self.values[id]


def test_images_are_pictures_and_signals_lines():
    image, line, missing = case_previews.previews(Cohort(), "any", ["a", "b", "c"])
    assert image.startswith("data:image/png;base64,") and len(image) < 20_000
    assert 40 < len(line) <= 80 and max(line) > 0.9 and min(line) < -0.9
    assert missing is None
