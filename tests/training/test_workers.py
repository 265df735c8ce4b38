"""Protects that replicates and folds which run side by side do not make threads of libraries wait for each other."""

from __future__ import annotations

import numpy as np
import torch
from threadpoolctl import threadpool_info

from mmcore.training.workers import one_thread_each


def threads() -> list[int]:
    """Of torch, and of every library of linear algebra."""
    np.linalg.svd(np.eye(3))
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    return [torch.get_num_threads(), *blas]


def test_everything_computes_in_the_thread_that_asks_until_the_last_has_left():
    before = threads()
    with one_thread_each():
        with one_thread_each():
            assert set(threads()) == {1}
        assert set(threads()) == {1}
    assert threads() == before and len(before) > 1
