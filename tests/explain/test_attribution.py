"""Attributions are the same from several threads, leave the model as it was, and know their names."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from mmcore.base.errors import NotFound
from mmcore.explain.attribution import attribute


def test_threads_get_the_same_numbers_and_no_weight_gets_a_gradient(trained, read):
    reading = read(trained("cross_attention"))
    with ThreadPoolExecutor(4) as pool:
        each = list(pool.map(lambda _: attribute(reading, ["integrated_gradients", "input_x_gradient"]), range(4)))
    for name in ("integrated_gradients", "input_x_gradient"):
        for other in each[1:]:
            for a, b in zip(each[0][name], other[name], strict=True):
                assert all(np.array_equal(a.values[n], b.values[n]) for n in a.values)
    for pipeline in reading.panel.pipelines:
        assert all(p.grad is None and not p.requires_grad for p in pipeline.parameters())
    assert torch.is_grad_enabled()


def test_unknown_names_get_the_nearest_one(trained, read):
    with pytest.raises(NotFound, match="integrated_gradients"):
        attribute(read(trained("concat")), ["integrated_gradient"])
