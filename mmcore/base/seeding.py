"""Fresh weights: drawn from torch's global generator, which all threads share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_drawing = threading.RLock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """What is drawn meanwhile is the same for the same seed: who else seeds waits, or both would draw other numbers."""
    with _drawing, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
