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
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("FUSIONSCOPE_SCREENSHOTS", Path(__file__).parent / "screenshots"))
THOROUGH = "FUSIONSCOPE_SCREENSHOTS" in os.environ  # whole pages in both themes take a third of the journeys' time
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
        env={**os.environ, "MMCORE_HOME": str(home), "MMCORE_PREPARE": "0"},
        stdout=log,
        stderr=log,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).read()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("the server did not start: " + (home / "server.log").read_text(encoding="utf-8")[-2000:])
        yield address
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[str]:
    """A server nobody has talked to yet."""
    with serve(tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must have a browser: install chromium")
        pytest.skip("no Chromium here; install it or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One browser tab that remembers everything that went wrong in it."""

    def __init__(self, page, address: str) -> None:
        self.page, self.address, self.wrong = page, address, []
        page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("response", lambda r: self.wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self, timeout: float = 90) -> None:
        """Wait until the script has run to its end and nothing is stale, then look for trouble."""
        self.page.wait_for_selector('[data-testid="stMain"] h1', timeout=timeout * 1000)
        end, calm = time.monotonic() + timeout, 0
        while calm < 3:
            if time.monotonic() > end:
                pytest.fail("the page did not come to rest")
            busy = self.page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")
            skeletons = self.page.locator('[data-testid="stSkeleton"], [data-testid="stSpinner"]').count()
            calm = calm + 1 if busy == "notRunning" and not skeletons else 0
            self.page.wait_for_timeout(150)
        self.check()

    def check(self) -> None:
        for exception in self.page.locator('[data-testid="stException"]').all():
            self.wrong.append("exception: " + exception.inner_text())
        if self.page.get_by_text("Page not found").count():
            self.wrong.append("page not found")
        assert not self.wrong, "\n".join(self.wrong)

    def open(self, link: str) -> None:
        """Go to another page by its link in the navigation, as a person would."""
        self.page.locator('[data-testid="stSidebarNav"]').get_by_role("link", name=link, exact=True).click()
        self.page.wait_for_url(f"**/{'' if link == 'Overview' else link.lower()}*")
        self.page.wait_for_timeout(300)
        self.settle()

    def choose_in_cell(self, x: float, y: float, option: str, until: str) -> None:
        """Choose an option in a cell of the first table (x and y in pixels from its corner) and wait for `until`.

        Tables are drawn on a canvas: a click outside the window hits nothing, a cell takes letters once its menu is
        open, and a table that is drawn anew in between drops its selection. So each step waits for what it does, and
        the gesture is made again where it came to nothing.
        """
        from playwright.sync_api import TimeoutError as PlaywrightTimeout

        page, menu = self.page, self.page.locator("#portal")
        for attempt in range(4):
            grid = page.locator('[data-testid="stDataFrame"]').first
            grid.scroll_into_view_if_needed()
            self.settle()
            box = grid.bounding_box()
            page.mouse.click(box["x"] + x, box["y"] + y)
            page.keyboard.press("Enter")
            try:
                menu.get_by_role("combobox").wait_for(timeout=10_000)
                page.keyboard.type(option)
                menu.get_by_role("option", name=option, exact=True).wait_for(timeout=10_000)
                page.keyboard.press("Enter")
                page.get_by_text(until).wait_for(timeout=30_000)
                return
            except PlaywrightTimeout:
                if attempt == 3:
                    raise
                page.keyboard.press("Escape")

    def shoot(self, name: str) -> None:
        """A screenshot of what is seen; in light and dark and as tall as the page where somebody wants to look."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        if not THOROUGH:
            self.page.screenshot(path=SHOTS / f"{name}.png")
            return
        width = self.page.viewport_size["width"]
        inner = self.page.locator('[data-testid="stMainBlockContainer"]').bounding_box()
        self.page.set_viewport_size({"width": width, "height": int(min(max(inner["height"] + 40, 800), 5000))})
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.wait_for_timeout(600)
            self.settle()
            self.page.screenshot(path=SHOTS / f"{name}_{scheme}_{width}.png")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture
def visit(chromium) -> Iterator[Callable[..., Visitor]]:
    """visit(address, width=1280) -> Visitor, in a browser profile of its own."""
    contexts = []

    def start(address: str, width: int = 1280) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme="light")
        context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
        contexts.append(context)
        return Visitor(context.new_page(), address)

    yield start
    for context in contexts:
        context.close()
