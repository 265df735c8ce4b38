"""How encoders use the machine: weights are loaded once, and each thread computes on one core."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

Loaded = TypeVar("Loaded")
Which = ParamSpec("Which")


def once(load: Callable[Which, Loaded]) -> Callable[Which, Loaded]:
    """Decorator: the first call loads, later calls and threads that came meanwhile get the same object.

    Of a function with arguments the last few results are kept; `forget` drops them.
    """
    lock, remembered = threading.Lock(), lru_cache(maxsize=4)(load)

    @wraps(load)
    def loaded(*args: Which.args, **kwargs: Which.kwargs) -> Loaded:
        with lock:
            return remembered(*args, **kwargs)

    loaded.forget = remembered.cache_clear
    return loaded


def one_core() -> AbstractContextManager:
    """While it lasts, tensor operations of this thread use one core.

    Encoders run case beside case instead. Operations this small, spread over cores that others use too, wait for one
    another at the end of each: measured with ten other jobs on two cores, 5 to 20 times longer than on one core.
    """
    return _controller().limit(limits=1, user_api="openmp")


@lru_cache(maxsize=1)
def _controller():
    import torch  # noqa: F401  (its thread pool must be there to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
