"""The road from a cohort to a report as a person walks it, step by step: what the journeys have in common."""

from __future__ import annotations

import io
import re
from pathlib import Path

BARS = "path"  # of marks


def train(visitor, method: str) -> None:
    """On Train: choose a method, train it in two folds with one seed, and watch it finish."""
    page = visitor.page
    pick(visitor, "Method", re.compile(method, re.IGNORECASE))
    page.get_by_text("Custom", exact=True).click()
    page.get_by_role("spinbutton", name="Folds").fill("2")
    page.get_by_role("spinbutton", name="Seeds").fill("1")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(re.compile("Trained in|trained before")).wait_for(timeout=600_000)
    visitor.settle()


def compare(visitor) -> None:
    """On Compare: run what is missing, and watch it finish."""
    page = visitor.page
    page.get_by_role("button", name=re.compile("Run \\d+ methods")).click()
    page.get_by_text("Comparing now").wait_for()
    page.get_by_text("Comparing now").wait_for(state="detached", timeout=600_000)
    visitor.settle()


def pick(visitor, label: str, option: str | re.Pattern[str]) -> None:
    """Choose an option of a select box; a list that a rerun closes is opened again."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeout

    page = visitor.page
    for attempt in range(4):
        box = page.get_by_role("combobox", name=label)
        box.scroll_into_view_if_needed()
        visitor.settle()
        box.click()
        try:
            page.get_by_role("option", name=option).first.click(timeout=10_000)
            visitor.settle()
            return
        except PlaywrightTimeout:
            if attempt == 3:
                raise
            page.keyboard.press("Escape")


def select_row(page, number: int) -> None:
    """Click the row of a table; its cells are drawn on a canvas, so the place is counted in pixels."""
    table = page.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 * number + 17)


def open_row(visitor) -> None:
    """The first row opens its case. From the top of the page, as a table that is scrolled to from below hides its
    first row under the header; a table that is drawn anew meanwhile loses the click, which is then made again."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeout

    for attempt in range(4):
        visitor.page.locator("h1").first.scroll_into_view_if_needed()
        select_row(visitor.page, 0)
        try:
            visitor.page.wait_for_url("**/case?*", timeout=15_000)
            visitor.settle()
            return
        except PlaywrightTimeout:
            if attempt == 3:
                raise


def tour(visitor, other) -> None:
    """Five steps over pages that are filled; the link of the last opens it in a second browser; then it is finished."""
    page = visitor.page
    visitor.go("?cohort=heart")
    page.get_by_role("button", name="Take the tour").click()
    for step, address in enumerate(("case", "", "attention", "what_if", "compare"), 1):
        page.get_by_text(f"Tour, step {step} of 5").wait_for()
        page.wait_for_url(re.compile(rf"/{address}\?.*tour={step}\b"))
        visitor.settle()
        assert not page.get_by_text("No model is trained").count(), f"step {step} has something to show"
        if step < 5:
            page.get_by_role("button", name=re.compile("^.*Next: ")).click()
    other.page.goto(page.url)
    other.settle()
    assert other.page.get_by_text("Tour, step 5 of 5").count()
    page.get_by_role("button", name="Finish the tour").click()
    page.get_by_text("Tour, step 5 of 5").wait_for(state="detached")
    assert "tour=" not in page.url
    visitor.settle()


def brush(visitor, cohort: str, chart: int, least: int) -> None:
    """On Cohort: a drag over a chart selects in every other chart, in the table, in the sidebar and in the address.

    chart: the number of the chart of an evenly spread column. least: how many charts there are at least.
    """
    page = visitor.page
    visitor.go(f"cohort?cohort={cohort}")
    page.locator("[data-testid='stVegaLiteChart'] svg").wait_for()
    page.get_by_text("Map by").wait_for()
    charts = page.locator("[data-testid='stVegaLiteChart'] path.background").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width > 100 && box.height > 100)"
    )
    before = [_coloured(page, number) for number in range(len(charts))]
    assert len(charts) >= least and all(before)
    x, y = charts[chart]["x"] + 0.35 * charts[chart]["width"], charts[chart]["y"] + charts[chart]["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.1 * charts[chart]["width"], y, steps=4)
    page.mouse.move(x + 0.3 * charts[chart]["width"], y, steps=4)
    page.mouse.up()
    page.get_by_text("cases are selected").wait_for()
    visitor.settle()
    after = [_coloured(page, number) for number in range(len(charts))]
    assert all(0 < now < earlier for now, earlier in zip(after, before, strict=True)), "each chart shows the selection"
    counts = re.search(r"(\d+) of (\d+) cases are selected", page.locator("body").inner_text())
    count, every = int(counts.group(1)), int(counts.group(2))
    assert 0 < count < every and page.get_by_text(f"{count} of the {count} selected cases").count(), "the table follows"
    assert page.locator('[data-testid="stSidebar"]').get_by_text(f"{count} cases selected").count()
    assert "selected=" in page.url
    visitor.open("Case")
    assert "selected=" in page.url and page.get_by_text(f"{count} cases selected").count(), "other pages keep it"


def _coloured(page, chart: int) -> float:
    """What is coloured in one of the linked charts, as the area of its upper marks in pixels."""
    marks = page.locator(f"[data-testid='stVegaLiteChart'] .concat_{chart}_layer_1_marks {BARS}")
    boxes = marks.evaluate_all("paths => paths.map(path => path.getBoundingClientRect())")
    return sum(box["width"] * box["height"] for box in boxes)


def open_a_wrong_case(visitor, cohort: str, part: str) -> None:
    """On Where it fails: a part of the cohort becomes the selection, and a row of its wrong cases opens."""
    page = visitor.page
    visitor.go(f"failures?cohort={cohort}")
    page.locator("[data-testid='stVegaLiteChart'] svg").first.wait_for()
    pick(visitor, "Select the cases of a part", part)
    page.get_by_text(re.compile("among the \\d+ selected")).wait_for()
    visitor.settle()
    open_row(visitor)
    page.locator('[data-testid="stSidebar"]').get_by_role("button", name="Clear").click()
    page.wait_for_url(re.compile("^((?!selected=).)*$"))
    visitor.settle()


def change(visitor, other, cohort: str, case: str, word: tuple[str, str], column: str, value: str) -> None:
    """On What if: a word and a value are changed; the link shows a second browser the same case and answer.

    word: what is written, and what takes its place.
    """
    page = visitor.page
    visitor.go(f"what_if?cohort={cohort}&case={case}")
    assert page.get_by_text("Nothing is changed yet").count()
    note = page.get_by_role("textbox", name="Write in it")
    written = re.sub(*word, note.input_value(), flags=re.IGNORECASE)
    assert written != note.input_value()
    note.fill(written)
    note.press("Control+Enter")
    page.get_by_text("Answered in").wait_for()
    visitor.settle()
    cell = page.get_by_role("spinbutton", name=re.compile(f"^{column}"))
    cell.fill(value)
    cell.press("Enter")
    page.locator('[data-testid="stMain"]').get_by_text(re.compile("^was ")).wait_for()
    visitor.settle()
    finding = page.locator(".st-key-what-if-answer strong").first.inner_text()
    other.page.goto(page.url)
    other.settle()
    other.page.get_by_text("Answered in").wait_for()
    assert other.page.get_by_role("textbox", name="Write in it").input_value() == written
    assert float(other.page.get_by_role("spinbutton", name=re.compile(f"^{column}")).input_value()) == float(value)
    assert other.page.locator(".st-key-what-if-answer strong").first.inner_text() == finding
    other.page.get_by_role("button", name="Undo all changes").click()
    other.page.get_by_text("Nothing is changed yet").wait_for()
    other.settle()


def take_home(visitor, cohort: str, folder: Path) -> dict[str, Path]:
    """On Compare: the report is prepared, and each of its three files is downloaded and opens. Gives them by suffix."""
    page = visitor.page
    visitor.go(f"compare?cohort={cohort}")
    page.get_by_role("button", name="Prepare the report").click()
    files = {}
    for name, suffix in {"Web page": ".html", "PDF": ".pdf", "Slides": ".pptx"}.items():
        with page.expect_download() as saved:
            page.get_by_role("button", name=name).click()
        assert saved.value.suggested_filename.endswith(suffix)
        files[suffix] = folder / f"report{suffix}"
        saved.value.save_as(files[suffix])
    visitor.settle()
    text = files[".html"].read_text(encoding="utf-8")
    assert "Not for clinical use" in text and "The comparison" in text and text.rstrip().endswith("</html>")
    assert files[".pdf"].read_bytes().startswith(b"%PDF")
    from pptx import Presentation

    assert len(Presentation(io.BytesIO(files[".pptx"].read_bytes())).slides) > 8
    return files
