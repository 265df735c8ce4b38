"""A real server and a real Chromium: every journey fails on an exception, a console error or a page not found."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
CASES = 60  # of a built-in cohort, of 400: the first of them, which is all that journeys look at
COLD_LINK = "case?cohort=heart&case=heart-0007"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@contextmanager
def serve(home: Path) -> Iterator[str]:
    """The app on a free port, with its own home folder; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (home / "server.log").open("w", encoding="utf-8")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    process = subprocess.Popen(
        [*command, "--server.fileWatcherType=none"],
        cwd=ROOT,
        env={**os.environ, "MMCORE_HOME": str(home), "MMCORE_PREPARE": "0", "MMCORE_SAMPLE_CASES": str(CASES)},
        stdout=log,
        stderr=log,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(3000):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the server did not start: " + (home / "server.log").read_text(encoding="utf-8")[-2000:])
        yield address
    finally:
        process.terminate()
        process.wait(120)
        log.close()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must have a browser: install chromium")
        pytest.skip("no Chromium here; install it or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=600_000)
        yield browser
        browser.close()


@contextmanager
def visitor_of(chromium, address: str, width: int = 1280) -> Iterator[Visitor]:
    """A visitor in a browser profile of its own."""
    from tests.browser.visitor import Visitor

    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme="light")
    context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    try:
        yield Visitor(context.new_page(), address)
    finally:
        context.close()


@pytest.fixture(scope="session")
def server(chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of all journeys. The first that it is ever asked for is a link to a page deep in the app."""
    with serve(tmp_path_factory.mktemp("served")) as address:
        with visitor_of(chromium, address) as first:
            first.go(COLD_LINK)
            assert COLD_LINK.partition("&")[2] in first.page.url, "a server that never saw a page loses a link's case"
        yield address


@pytest.fixture
def visit(chromium) -> Iterator[Callable[..., Visitor]]:
    """visit(address, width=1280) -> Visitor, in a browser profile of its own."""
    with ExitStack() as visitors:
        yield lambda address, width=1280: visitors.enter_context(visitor_of(chromium, address, width))
