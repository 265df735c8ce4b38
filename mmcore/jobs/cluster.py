"""The workers of a Dask cluster, for work that is shared out among them while somebody waits for all of it."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from mmcore.base import settings
from mmcore.base.errors import Unavailable
from mmcore.base.settings import _

if TYPE_CHECKING:
    from distributed import Client

Shared = TypeVar("Shared")
Piece = TypeVar("Piece")
Result = TypeVar("Result")

_AHEAD = 2  # pieces under way for every thread of a worker
_lock = threading.Lock()
_clients: dict[str, Client] = {}  # by scheduler address


def connect(address: str) -> Client:
    """A new client of the scheduler at this address. Raises Unavailable if none answers."""
    from distributed import Client

    try:
        return Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unavailable(
            _("No Dask scheduler answers at {address}.").format(address=address),
            _("Start a scheduler there, or unset MMCORE_SCHEDULER to work in this process."),
        ) from error


def spread(
    function: Callable[[Shared, Piece], Result], shared: Shared, pieces: Iterable[Piece]
) -> Generator[Result, None, None] | None:
    """function(shared, piece) of every piece, in the order in which they are done; None where there is no cluster.

    There is one where this code runs on a worker of it, or MMCORE_SCHEDULER names it. `shared` travels to each worker
    once, a bounded number of pieces is under way; close the iterator to stop early. Raises what the function raises,
    or Unavailable if the scheduler does not answer.
    """
    open_client = _client_here() or _client_named()
    return None if open_client is None else _spread(open_client, function, shared, pieces)


def _spread(
    open_client: Callable[[], AbstractContextManager[Client]], function: Callable, shared: Any, pieces: Iterable
) -> Generator[Any, None, None]:
    from distributed import as_completed

    pieces = iter(pieces)
    with open_client() as client:
        (held,) = client.scatter([shared], broadcast=True)
        threads = max(1, sum(client.nthreads().values()))
        running = {
            client.submit(function, held, piece, pure=False) for piece in itertools.islice(pieces, _AHEAD * threads)
        }
        done = as_completed(running, loop=client.loop)
        try:
            for future in done:
                running.discard(future)
                yield future.result()
                for piece in itertools.islice(pieces, 1):
                    another = client.submit(function, held, piece, pure=False)
                    running.add(another)
                    done.add(another)
        finally:
            client.cancel(list(running))


def _client_here() -> Callable[[], AbstractContextManager[Client]] | None:
    """Of the worker this thread belongs to; None for a worker that lives in the memory of one process only."""
    if "distributed" not in sys.modules:  # nor is this a worker then
        return None
    from distributed import get_worker, worker_client

    try:
        worker = get_worker()
    except ValueError:
        return None
    return None if worker.address.startswith("inproc://") else worker_client


def _client_named() -> Callable[[], AbstractContextManager[Client]] | None:
    address = settings.scheduler()
    if address is None:
        return None
    with _lock:
        if address not in _clients or _clients[address].status != "running":
            _clients[address] = connect(address)
        client = _clients[address]
    return (lambda: nullcontext(client)) if client.nthreads() else None
