"""The channels shown of a layer are those that tell parts of the image apart."""

import numpy as np

from mmcore.inspect.layer_channels import strength, strongest


def test_a_loud_channel_that_is_even_comes_after_one_that_differs():
    maps = np.stack([np.full((4, 4), 100.0), np.eye(4), 3 * np.eye(4)])
    assert strongest(maps, 2).tolist() == [2, 1] and strength(maps)[0] == 0
    assert strongest(maps, 10).tolist() == [2, 1, 0]
