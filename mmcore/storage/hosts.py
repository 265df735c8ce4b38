"""Whether a host can be reached, asked in a thread so that a menu need not wait for one that keeps silent."""

from __future__ import annotations

import threading
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, url2pathname, urlopen

_GLANCE = 1.0  # seconds a menu waits to learn whether a host answers
_REMEMBERED = {True: 600.0, False: 60.0}  # seconds such an answer holds


def answers(url: str) -> bool:
    """Whether the host of this address can be reached (for file:, whether the file is there).

    Asked in a thread and remembered for some minutes; while the answer is awaited, at most a second, the host counts as
    silent.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path)).is_file()
    with _guard:
        probe = _probes.get(parts.netloc)
        if probe is None or probe.stale():
            probe = _probes[parts.netloc] = _Probe(url)
    probe.over.wait(max(0.0, probe.started + _GLANCE - time.monotonic()))
    return probe.reachable


class _Probe:
    """One question to a host."""

    def __init__(self, url: str) -> None:
        self.url, self.started, self.reachable, self.over = url, time.monotonic(), False, threading.Event()
        threading.Thread(target=self._ask, name="probe", daemon=True).start()

    def _ask(self) -> None:
        try:
            with urlopen(Request(self.url, method="HEAD"), timeout=5 * _GLANCE):
                self.reachable = True
        except HTTPError:
            self.reachable = True  # somebody is there, whatever was said
        except (OSError, HTTPException, ValueError):
            self.reachable = False
        finally:
            self.over.set()

    def stale(self) -> bool:
        return self.over.is_set() and time.monotonic() - self.started > _REMEMBERED[self.reachable]


_guard = threading.Lock()
_probes: dict[str, _Probe] = {}
