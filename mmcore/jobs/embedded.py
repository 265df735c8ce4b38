"""Dask inside this process: no ports, no further processes."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Dask takes half a second to import, which only work needs
    from distributed import Client


# Dask looks at itself a hundred times a second, which every other thread of this process would pay for.
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.work-stealing": False,  # there is one worker
}


def start() -> Client:
    """A client whose scheduler and worker live in this process."""
    import dask
    from distributed import Client, Scheduler, SpecCluster, Worker

    class Portless:
        """A server reached in memory only: Dask would otherwise open a port for its status pages."""

        def start_http_server(self, *args: object, **options: object) -> None:
            return None

    quiet_scheduler = type("EmbeddedScheduler", (Portless, Scheduler), {})
    quiet_worker = type("EmbeddedWorker", (Portless, Worker), {})
    # memory_limit 0: the limit would count the whole process, and pause the work when pages hold much.
    at_once = max(2, (os.cpu_count() or 2) // 2)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(_QUIET):
        inside = SpecCluster(
            scheduler={"cls": quiet_scheduler, "options": {"protocol": "inproc://", "dashboard": False}},
            workers={
                0: {"cls": quiet_worker, "options": {"protocol": "inproc://", "nthreads": at_once, "memory_limit": 0}}
            },
            silence_logs=logging.CRITICAL,
        )
        return Client(inside, set_as_default=False)
