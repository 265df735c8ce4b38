"""How encoders use the machine: weights are loaded once, and each thread computes on one core."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, update_wrapper
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Loaded = TypeVar("Loaded")
Which = ParamSpec("Which")


class once(Generic[Which, Loaded]):
    """Decorator: the first call loads, later calls and threads that came meanwhile get the same object.

    Of a function with arguments the last few results are kept; `forget` drops them.
    """

    def __init__(self, load: Callable[Which, Loaded]) -> None:
        self._lock, self._remembered = threading.Lock(), lru_cache(maxsize=4)(load)
        update_wrapper(self, load)

    def __call__(self, *args: Which.args, **kwargs: Which.kwargs) -> Loaded:
        remembered: Callable[..., Any] = self._remembered  # its stub wants arguments that it cannot know to be hashable
        with self._lock:
            return remembered(*args, **kwargs)

    def forget(self) -> None:
        """Drop what was loaded."""
        self._remembered.cache_clear()


@contextmanager
def one_core() -> Iterator[None]:
    """While it lasts, tensor operations of this thread use one core; a decorator, too.

    Encoders run case beside case instead. Operations this small, spread over cores that others use too, wait for one
    another at the end of each: measured with ten other jobs on two cores, 5 to 20 times longer than on one core.
    """
    with _controller().limit(limits=1, user_api="openmp"):
        yield


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    import torch  # noqa: F401 its thread pool must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
