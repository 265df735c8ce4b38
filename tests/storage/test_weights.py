"""Protects downloads of weights: once, whole or not at all, checked, resumed, and never a menu that hangs."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mmcore.base.errors import Cancelled, Unavailable
from mmcore.base.settings import room
from mmcore.storage import hosts, weights

CONTENT = bytes(range(256)) * 12_000  # 3 MB: several chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()
URL = "https://weights.example/models/net.pth"


class Host(BaseHTTPRequestHandler):
    """Serves CONTENT at /models/net.pth, cut short while `cut` is set; keeps a log of what it was asked."""

    def do_HEAD(self):
        self.server.log.append("HEAD")
        self.server.awake.wait(5)
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        requested = self.headers.get("Range", "")
        self.server.log.append(requested or "GET")
        if self.path != "/models/net.pth":
            self.send_error(404)
            return
        start = int(requested.removeprefix("bytes=").rstrip("-")) if requested and self.server.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        self.wfile.write(CONTENT[start : self.server.cut or None])

    def log_message(self, *_rest):
        """Say nothing on stderr."""


@pytest.fixture
def host(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.log, server.cut, server.ranges, server.awake = [], 0, True, threading.Event()
    server.awake.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    monkeypatch.setenv("MMCORE_MIRROR", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setattr(hosts, "_probes", {})
    yield server
    server.shutdown()
    server.server_close()


def left() -> set[str]:
    return {path.name for path in room("weights").iterdir() if path.suffix not in (".lock", ".sha256")}


def test_downloads_once_and_says_how_far_it_is(host):
    steps = []
    path = weights.fetched(URL, "net.pth", sha256=DIGEST[:8], progress=steps.append)
    assert path.read_bytes() == CONTENT and path == room("weights") / "net.pth" and left() == {"net.pth"}
    assert steps[0].done == 0 and steps[-1].done == steps[-1].total == len(CONTENT) and len(steps) > 3
    assert weights.fetched(URL, "net.pth") == path and host.log == ["GET"]


def test_threads_that_ask_at_once_share_one_download(host):
    result = []
    threads = [threading.Thread(target=lambda: result.append(weights.fetched(URL, "net.pth"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(result) == 4 and len({*result}) == 1 and host.log == ["GET"]


@pytest.mark.parametrize("digest", ["", DIGEST])
def test_a_download_cut_short_leaves_no_file_of_that_name(host, digest):
    host.cut = 2_000_000
    with pytest.raises(Unavailable, match=r"net.pth.*127.0.0.1") as error:
        weights.fetched(URL, "net.pth", sha256=digest)
    assert str(room("weights") / "net.pth") in error.value.hint
    assert "net.pth" not in left() and (digest or not left())
    host.cut = 0
    assert weights.fetched(URL, "net.pth", sha256=digest).read_bytes() == CONTENT
    assert host.log[1] == ("bytes=2000000-" if digest else "GET"), "goes on where it stopped if that can be checked"
    assert left() == {"net.pth"}


def test_goes_on_with_a_host_that_sends_files_whole(host):
    host.ranges = False
    room("weights").joinpath(".net.pth.part").write_bytes(b"x" * 1000)
    assert weights.fetched(URL, "net.pth", sha256=DIGEST).read_bytes() == CONTENT


def test_stopping_a_download_leaves_nothing(host):
    def stop(step):
        if step.done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        weights.fetched(URL, "net.pth", progress=stop)
    assert not left()


def test_a_wrong_file_is_not_kept(host):
    with pytest.raises(Unavailable, match=rf"SHA-256 begins with {DIGEST[:8]}, not with 0badc0de"):
        weights.fetched(URL, "net.pth", sha256="0badc0de")
    assert not left()


def test_a_file_the_host_does_not_have(host):
    with pytest.raises(Unavailable, match="404"):
        weights.fetched("https://weights.example/other.pth", "other.pth")
    assert not left()


def test_a_folder_may_stand_in_for_the_host(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "net.pth").write_bytes(CONTENT)
    monkeypatch.setenv("MMCORE_MIRROR", str(tmp_path))
    monkeypatch.delenv("MMCORE_OFFLINE")
    assert weights.obstacle(URL, "net.pth") is None
    assert "cannot be reached" in weights.obstacle(URL.replace("net", "other"), "other.pth")
    assert weights.fetched(URL, "net.pth", sha256=DIGEST).read_bytes() == CONTENT


def test_offline_says_why_and_where_to_put_the_file(host, monkeypatch):
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    where = str(room("weights") / "net.pth")
    reason = weights.obstacle(URL, "net.pth")
    assert "MMCORE_OFFLINE" in reason and where in reason
    with pytest.raises(Unavailable, match="MMCORE_OFFLINE") as error:
        weights.fetched(URL, "net.pth")
    assert where in error.value.hint and not host.log, "nobody is asked"
    room("weights").joinpath("net.pth").write_bytes(b"put here by hand")
    assert weights.obstacle(URL, "net.pth") is None
    assert weights.fetched(URL, "net.pth").read_bytes() == b"put here by hand"


def test_a_host_is_asked_once_and_remembered(host):
    assert weights.obstacle(URL, "net.pth") is None and weights.obstacle(URL, "other.pth") is None
    assert host.log == ["HEAD"]


def test_a_host_that_keeps_silent_does_not_hold_up_a_menu(host, monkeypatch):
    monkeypatch.setattr(hosts, "_GLANCE", 0.05)
    host.awake.clear()
    assert "cannot be reached" in weights.obstacle(URL, "net.pth")
    probe = next(iter(hosts._probes.values()))
    monkeypatch.setattr(hosts, "_GLANCE", 5.0)
    host.awake.set()
    probe.over.wait(5)
    assert probe.reachable == (weights.obstacle(URL, "net.pth") is None), "what it says later counts from then on"
    assert host.log == ["HEAD"]


def test_a_host_that_is_not_there(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.server_close()
    monkeypatch.setenv("MMCORE_MIRROR", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setattr(hosts, "_probes", {})
    assert str(room("weights") / "net.pth") in weights.obstacle(URL, "net.pth")
    with pytest.raises(Unavailable, match="cannot be downloaded"):
        weights.fetched(URL, "net.pth")


def test_what_nobody_can_check_is_not_fetched_over_plain_http(monkeypatch):
    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setenv("MMCORE_MIRROR", "http://mirror.example:8000/pub")
    with pytest.raises(Unavailable, match=r"without a checksum.*mirror.example") as error:
        weights.fetched(URL, "net.pth")
    assert "https://" in error.value.hint and not left()
    assert "without a checksum" in weights.obstacle(URL, "net.pth")


@pytest.mark.parametrize(
    "address", ["https://mirror.example", "http://localhost:8", "http://127.0.0.9", "http://[::1]:8"]
)
def test_encrypted_or_this_machine_is_fine(address, monkeypatch):
    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setenv("MMCORE_MIRROR", address)
    monkeypatch.setattr(weights, "answers", lambda _url: True)
    assert weights.obstacle(URL, "net.pth") is None


def test_with_a_digest_any_mirror_will_do(monkeypatch):
    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setenv("MMCORE_MIRROR", "http://mirror.example")
    monkeypatch.setattr(weights, "answers", lambda _url: True)
    assert weights.obstacle(URL, "net.pth", sha256=DIGEST[:8]) is None


def test_weights_that_were_damaged_since_are_noticed(host, monkeypatch):
    path = weights.fetched(URL, "net.pth", sha256=DIGEST[:8])
    path.write_bytes(CONTENT[:-1] + b"?")
    assert weights.fetched(URL, "net.pth", sha256=DIGEST[:8]).read_bytes() == CONTENT
    path.write_bytes(CONTENT[:-1] + b"?")
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    with pytest.raises(Unavailable, match="damaged") as error:
        weights.fetched(URL, "net.pth", sha256=DIGEST[:8])
    assert str(path) in error.value.hint


def test_weights_without_a_published_digest_stay_what_they_first_were(host):
    path = weights.fetched(URL, "net.pth")
    path.write_bytes(CONTENT[:-1] + b"?")
    assert weights.fetched(URL, "net.pth").read_bytes() == CONTENT
