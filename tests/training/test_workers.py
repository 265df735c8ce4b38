"""Protects that replicates and folds which run side by side do not make threads of libraries wait for each other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info

from mmcore.base.progress import silent
from mmcore.training.replicates import Replicate
from mmcore.training.workers import Workers, one_thread_each


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


@pytest.mark.parametrize(
    ("replicates", "megabytes", "chunks"),
    [(25, 1, [13, 12]), (25, 27, [7, 6, 6, 6]), (25, 300, [1] * 25), (5, 27, [3, 2]), (1, 1, [1])],
)
def test_every_core_gets_as_many_chunks_that_are_no_larger_than_pays(monkeypatch, replicates, megabytes, chunks):
    monkeypatch.setattr("mmcore.training.workers.hands", lambda: (torch.device("cpu"), 2))
    workers, none = Workers("", 1, silent), np.array([], int)
    some = [Replicate(number // 5, number % 5, none, none, none) for number in range(replicates)]
    at_once = workers.at_once(replicates, "together", megabytes * 10**6)
    assert [len(chunk) for chunk in workers.divide(some, "together", at_once)] == chunks
