"""Chunks of replicates carried out side by side, one thread per core, watched by the calling thread."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from mmcore.base.errors import Cancelled
from mmcore.base.progress import Progress, Step
from mmcore.base.settings import _
from mmcore.training.loop import Trained
from mmcore.training.replicates import Replicate

_TOGETHER = 64  # replicates in one computation, at most
_BYTES = 256 * 2**20  # that one computation on a CPU may take: a few replicates are quicker together, many need memory
_guard, _users, _before = threading.Lock(), 0, 1
_limits: threadpool_limits | None = None


def hands() -> tuple[torch.device, int]:
    """Where training computes, and how many chunks side by side."""
    if torch.cuda.is_available():
        return torch.device("cuda"), 1
    return torch.device("cpu"), max(torch.get_num_threads(), _before if _users else 1)


class Workers:
    """Carries out chunks on the cores at hand (or on the one GPU); the calling thread reports for all of them."""

    def __init__(self, title: str, epochs: int, progress: Progress) -> None:
        self.title, self.epochs, self.progress = title, epochs, progress
        self.device, self.count = hands()
        self.news: queue.Queue = queue.Queue()
        self.stop = threading.Event()
        self.latest: dict[int, dict] = {}

    def at_once(self, replicates: int, mode: str, work: int) -> int:
        """Replicates at work at the same time, if there is memory enough. work: bytes that one of them takes."""
        together = min(_TOGETHER, max(1, _BYTES // max(work, 1))) if self.device.type == "cpu" else _TOGETHER
        return min(replicates, self.count * (1 if mode == "one_by_one" else together))

    def divide(self, replicates: Sequence[Replicate], mode: str, at_once: int) -> list[list[Replicate]]:
        """Chunks to be computed as one each; from now on so many are that `at_once` replicates are at work."""
        self.count = min(self.count, at_once)
        if mode == "one_by_one":
            return [[replicate] for replicate in replicates]
        whole = at_once >= len(replicates)
        together = -(-at_once // self.count) if whole else at_once // self.count
        rounds = -(-len(replicates) // (self.count * min(_TOGETHER, together)))  # as many chunks for every core
        parts = min(len(replicates), self.count * rounds)
        return [[replicates[i] for i in part] for part in np.array_split(np.arange(len(replicates)), parts)]

    def map(
        self, work: Callable[[list[Replicate], Callable], Trained], chunks: Sequence[list[Replicate]]
    ) -> list[Trained]:
        """work(chunk, report) for every chunk, in order. Raises what work or progress raises, once all stopped."""
        self.sizes, self.done = [len(chunk) for chunk in chunks], [0] * len(chunks)
        with one_thread_each(), ThreadPoolExecutor(self.count, thread_name_prefix="train") as pool:
            futures = [pool.submit(self._work, work, number, chunk) for number, chunk in enumerate(chunks)]
            try:
                while not all(future.done() for future in futures):
                    self._pass_on(futures)
            except BaseException:
                self.stop.set()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=self.stop.is_set())
            return [future.result() for future in futures]

    def _work(self, work: Callable, number: int, chunk: list[Replicate]) -> Trained:
        def report(epoch: int, live: dict) -> None:
            if self.stop.is_set():
                raise Cancelled(_("Training was stopped."))
            self.news.put((number, epoch, live))

        try:
            report(0, {})
            return work(chunk, report)
        finally:
            self.news.put((number, self.epochs, None))

    def _pass_on(self, futures: Sequence) -> None:
        """Pass on what the workers say; the first failure stops them all."""
        for future in futures:
            if future.done() and not future.cancelled() and future.exception():
                raise future.exception()
        with contextlib.suppress(queue.Empty):
            number, epoch, live = self.news.get(timeout=0.2)
            self.done[number] = epoch
            if live:
                self.latest[number] = live
            elif live is None and number in self.latest:
                self.latest[number] = {**self.latest[number], "done_replicates": self.sizes[number], "over": True}
            if live:
                self.progress(Step(self.title, sum(self.done), self.epochs * len(self.sizes), self._live(live)))

    def _live(self, last: dict) -> dict[str, object]:
        """Means over the chunks that are running."""
        running = [live for live in self.latest.values() if "over" not in live] or [last]
        live: dict[str, object] = {"epoch": last["epoch"]}
        for name in ("train_loss", "valid_loss", "valid_metric"):
            values = [other[name] for other in running if other[name] is not None]
            live[name] = float(np.mean(values)) if values else None
        return {**live, "done_replicates": sum(other["done_replicates"] for other in self.latest.values())}


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """Inside, torch and linear algebra compute in the thread that asks: steps are too small to be shared among threads.

    On a busy machine threads waiting for each other cost a hundred times the work itself. Libraries of linear algebra
    know one number of threads for the whole process, so the last to leave gives it back.
    """
    global _users, _before, _limits
    with _guard:
        if _users == 0:
            _before, _limits = torch.get_num_threads(), threadpool_limits(1, user_api="blas")
            torch.set_num_threads(1)
        _users += 1
    try:
        yield
    finally:
        with _guard:
            _users -= 1
            if _users == 0 and _limits is not None:
                torch.set_num_threads(_before)
                _limits.restore_original_limits()
