"""The end of a session: what it held, and the addresses of its pictures, go when its time is over; files that were
dropped to be imported, a day later.

Streamlit keeps a session whose browser went away for a while (`server.disconnectedSessionTTL`), so that it can come
back. Past that time it drops the session only when another browser goes away, which on a quiet server may be never.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from streamlit import runtime

from pages.frame import uploads

_EVERY = 20.0  # seconds
_started = threading.Event()


def watch() -> None:
    """Look every few seconds, from now on, whether sessions are over; once for each process."""
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_watch, name="session-end", daemon=True).start()


def _watch() -> None:
    while True:
        uploads.sweep()
        time.sleep(_EVERY)
        if runtime.exists():
            look(runtime.get_instance())


def look(server: Any) -> None:
    """Have the server drop the sessions that are over; nothing while it is still starting, as the next look follows."""
    with suppress(RuntimeError):
        # sessions belong to the thread of the server, and so does their store
        server._get_async_objs().eventloop.call_soon_threadsafe(drop_ended, server)


def drop_ended(server: Any) -> None:
    """Shut down the sessions of this runtime whose time is over, and delete what only they used."""
    store = server._session_mgr._session_storage._cache
    over = [store._data[id] for id, until in store._expirations.items() if until <= store._timer()]
    len(store)  # drops them
    for info in over:
        info.session.shutdown()
    if over:
        for _turn in range(2):  # a file to be downloaded is marked in the first turn
            server.media_file_mgr.remove_orphaned_files()
