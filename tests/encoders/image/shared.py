"""What the tests of image encoders share."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import InputSpec, Kind

SPEC = InputSpec(name="x", kind=Kind.IMAGE, columns=("x",))
RANDOM = np.random.default_rng(0)
PHOTO = RANDOM.integers(0, 255, (90, 130, 3), dtype=np.uint8)
GREY = RANDOM.integers(0, 255, (50, 40), dtype=np.uint8)
