"""One browser tab of a visitor, who waits for what each step brings about and remembers everything that went wrong."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SHOTS = Path(os.environ.get("FUSIONSCOPE_SCREENSHOTS", Path(__file__).parent / "screenshots"))
THOROUGH = "FUSIONSCOPE_SCREENSHOTS" in os.environ  # whole pages in both themes take a third of the journeys' time
TRIES = 5  # of a gesture on a canvas or in a list: a page that is drawn anew meanwhile can bring it to nothing
POLL = 80  # milliseconds between two looks at a page that may be at work
CALM = 3  # looks in a row that find nothing at work: what is written is sent a moment later
PATIENCE = 9  # seconds at rest after which a run that was asked for and never came holds up nobody
AT_REST = """app => app.getAttribute("data-test-script-state") === "notRunning"
  && !app.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')"""
SHORT = 200  # bytes: what says that a script has ended is tiny, figures need not be parsed


class Script:
    """What the browser asked the server to run and has not seen the end of.

    The mark of the page for a running script comes only with the server's first message; on a busy machine a page looks
    at rest long before.
    """

    def __init__(self) -> None:
        self.pending: set[str] = set()  # "whole" and "part": fragments of a page run by themselves

    def follow(self, socket) -> None:
        self.pending.clear()  # a page that is loaded anew has a socket of its own
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, payload: bytes | str) -> None:
        if isinstance(payload, bytes):
            message = BackMsg.FromString(payload)
            if message.WhichOneof("type") == "rerun_script":
                self.pending.add("part" if message.rerun_script.fragment_id else "whole")

    def _received(self, payload: bytes | str) -> None:
        if not isinstance(payload, bytes) or len(payload) > SHORT:
            return
        message = ForwardMsg.FromString(payload)
        if (
            message.WhichOneof("type") != "script_finished"
            or message.script_finished == message.FINISHED_EARLY_FOR_RERUN
        ):
            return
        self.pending.discard("part")
        if message.script_finished != message.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
            self.pending.clear()


class Visitor:
    """Goes through the pages, one action after the other, and fails on whatever looks wrong to a person."""

    def __init__(self, page, address: str) -> None:
        self.page, self.address, self.wrong = page, address, []
        self.script = Script()
        page.on("websocket", self.script.follow)
        page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("response", lambda r: self.wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    def go(self, path: str) -> None:
        """Open a path of this server, or a whole address."""
        self.page.goto(path if "://" in path else f"{self.address}/{path}")
        self.settle()

    def in_a_new_tab(self) -> Visitor:
        """The same person in a tab of its own, which takes the place of this one."""
        other = Visitor(self.page.context.new_page(), self.address)
        self.page.close()
        return other

    def settle(self, timeout: float = 150) -> None:
        """Wait until the script has run to its end and nothing is stale, then look for trouble."""
        self.page.wait_for_selector('[data-testid="stMain"] h1', timeout=timeout * 1000)
        app = self.page.locator('[data-testid="stApp"]')
        start = quiet_since = time.monotonic()
        calm = 0
        while calm < CALM and time.monotonic() - quiet_since < PATIENCE:
            if time.monotonic() - start > timeout:
                pytest.fail("the page did not come to rest")
            at_rest = app.evaluate(AT_REST)
            if not at_rest:
                quiet_since = time.monotonic()
            calm = calm + 1 if at_rest and not self.script.pending else 0
            self.page.wait_for_timeout(POLL)
        self.check()

    def check(self) -> None:
        for exception in self.page.locator('[data-testid="stException"]').all():
            self.wrong.append("exception: " + exception.inner_text())
        if self.page.get_by_text("Page not found").count():
            self.wrong.append("page not found")
        assert not self.wrong, "\n".join(self.wrong)

    def sees(self, text: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Wait until a text stands on the page."""
        self.page.get_by_text(text, exact=exact).first.wait_for(state="attached")

    def open(self, link: str) -> None:
        """Go to another page by its link in the navigation, as a person would."""
        self.page.locator('[data-testid="stSidebarNav"]').get_by_role("link", name=link, exact=True).click()
        self.page.wait_for_url(f"**/{'' if link == 'Overview' else link.lower()}*")
        self.settle()

    def again(self, gesture: Callable[[], None]) -> None:
        """Make a gesture, and make it again where what it waits for did not come."""
        for attempt in range(TRIES):
            self.settle()
            try:
                return gesture()
            except PlaywrightError:
                if attempt == TRIES - 1:
                    raise
                self.page.keyboard.press("Escape")

    def choose(self, label: str | re.Pattern[str], option: str | re.Pattern[str]) -> None:
        """Choose from a list, which closes where the page is drawn anew or scrolls."""
        page = self.page
        entry = page.get_by_role("option", name=option, exact=isinstance(option, str))

        def gesture() -> None:
            if not entry.count():
                box = page.get_by_role("combobox", name=label, exact=isinstance(label, str))
                box.scroll_into_view_if_needed(timeout=30_000)
                self.still(box)  # a list that has just opened closes where the page still scrolls under it
                box.click(timeout=30_000)
            entry.click(timeout=10_000)

        self.again(gesture)
        self.settle()

    def fill_number(self, label: str, number: str) -> None:
        box = self.page.get_by_role("spinbutton", name=label)
        box.fill(number)
        box.press("Enter")
        self.settle()

    def open_row(self, number: int) -> None:
        """A click on the box of a row opens its case.

        Rows are drawn on a canvas, so the place is counted in pixels; from the top of the page, as a table that is
        scrolled to from below hides its first row under the header.
        """
        page = self.page

        def gesture() -> None:
            page.locator("h1").first.scroll_into_view_if_needed()
            table = page.locator('[data-testid="stDataFrame"]').first
            table.scroll_into_view_if_needed()
            box = self.still(table)
            page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 * number + 17)
            page.wait_for_url("**/case?*", timeout=20_000)

        self.again(gesture)
        self.settle()

    def still(self, locator) -> dict[str, float]:
        """Where an element is, once it moves no more."""
        locator.wait_for()
        before, now = None, locator.bounding_box()
        while before != now:
            self.page.wait_for_timeout(100)
            before, now = now, locator.bounding_box()
        return now

    def choose_in_cell(self, x: float, y: float, option: str, until: str) -> None:
        """Choose an option in a cell of the first table (x and y in pixels from its corner) and wait for `until`.

        Tables are drawn on a canvas: a click outside the window hits nothing, a cell takes letters only once its menu
        is open, and a table that is drawn anew in between drops its selection. So each step waits for what it does.
        """
        page, menu = self.page, self.page.locator("#portal")

        def gesture() -> None:
            grid = page.locator('[data-testid="stDataFrame"]').first
            grid.scroll_into_view_if_needed()
            box = self.still(grid)
            page.mouse.click(box["x"] + x, box["y"] + y)
            page.keyboard.press("Enter")
            menu.get_by_role("combobox").wait_for(timeout=10_000)
            page.keyboard.type(option)
            menu.get_by_role("option", name=option, exact=True).wait_for(timeout=10_000)
            page.keyboard.press("Enter")
            page.get_by_text(until).wait_for(timeout=30_000)

        self.again(gesture)

    def train(self, method: str | None = None) -> None:
        """On Train: choose a method, train it in two folds with one seed, and watch it finish."""
        if method is not None:
            self.choose("Method", re.compile(method, re.IGNORECASE))
        self.page.get_by_text("Custom", exact=True).click()
        self.fill_number("Folds", "2")
        self.fill_number("Seeds", "1")
        self.press_train()

    def press_train(self) -> None:
        """On Train: train what is chosen, and watch it finish."""
        page = self.page
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_text(re.compile("Trained in|trained before")).first.wait_for(timeout=600_000)
        self.settle()

    def compare(self) -> None:
        """On Compare: run what is chosen and watch it finish."""
        self.page.get_by_role("button", name=re.compile(r"Run \d+ methods")).click()
        self.settle()
        self.page.get_by_text("Comparing now").wait_for(state="detached", timeout=600_000)
        self.settle()

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
        self.page.wait_for_timeout(600)
        self.settle()  # back in the light, a page may run once more
