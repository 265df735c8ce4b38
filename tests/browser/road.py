"""The road from a cohort to a report as a person walks it, step by step: what the journeys have in common."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

BARS = "path"  # of marks
PANELS = """all => all.map(one => one.getBoundingClientRect()).filter(box => box.width > 100 && box.height > 100)
  .map(box => ({x: box.x, y: box.y, width: box.width, height: box.height}))"""


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
    other.go(page.url)
    other.sees("Tour, step 5 of 5")
    page.get_by_role("button", name="Finish the tour").click()
    page.get_by_text("Tour, step 5 of 5").wait_for(state="detached")
    visitor.settle()
    assert "tour=" not in page.url


def brush(visitor, cohort: str, chart: int, least: int) -> None:
    """On Cohort: a drag over a chart selects in every other chart, in the table, in the sidebar and in the address.

    chart: the number of the chart of an evenly spread column. least: how many charts there are at least.
    """
    page = visitor.page
    visitor.go(f"cohort?cohort={cohort}")
    page.locator("[data-testid='stVegaLiteChart'] svg").wait_for()
    page.get_by_text("Map by").wait_for()
    visitor.settle()
    before = [_coloured(page, number) for number in range(len(_panels(visitor)))]
    assert len(before) >= least and all(before)

    def drag() -> None:
        panel = _panels(visitor)[chart]
        x, y = panel["x"] + 0.35 * panel["width"], panel["y"] + panel["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 0.1 * panel["width"], y, steps=4)
        page.mouse.move(x + 0.3 * panel["width"], y, steps=4)
        page.mouse.up()
        page.get_by_text("cases are selected").wait_for(timeout=20_000)

    visitor.again(drag)
    visitor.settle()
    end = time.monotonic() + 60
    while not _shown(after := [_coloured(page, number) for number in range(len(before))], before):
        assert time.monotonic() < end, f"each chart shows the selection: {after} of {before}"
        page.wait_for_timeout(200)
    counts = re.search(r"(\d+) of (\d+) cases are selected", page.locator("body").inner_text())
    count, every = int(counts.group(1)), int(counts.group(2))
    assert 0 < count < every
    visitor.sees(f"{count} of the {count} selected cases")  # the table follows
    page.locator('[data-testid="stSidebar"]').get_by_text(f"{count} cases selected").wait_for()
    page.wait_for_url("**selected=*")
    visitor.open("Case")
    page.wait_for_url("**/case?*selected=*")
    visitor.sees(f"{count} cases selected")  # other pages keep it


def _coloured(page, chart: int) -> float:
    """What is coloured in one of the linked charts, as the area of its upper marks in pixels."""
    marks = page.locator(f"[data-testid='stVegaLiteChart'] .concat_{chart}_layer_1_marks {BARS}")
    boxes = marks.evaluate_all("paths => paths.map(path => path.getBoundingClientRect())")
    return sum(box["width"] * box["height"] for box in boxes)


def _shown(after: list[float], before: list[float]) -> bool:
    return all(0 < now < earlier for now, earlier in zip(after, before, strict=True))


def _panels(visitor) -> list[dict[str, float]]:
    """Where the linked charts lie, once the last of them is drawn and none moves any more."""
    page, before, now = visitor.page, None, []
    while before != now or not now:
        page.wait_for_timeout(200)
        before, now = now, page.locator("[data-testid='stVegaLiteChart'] path.background").evaluate_all(PANELS)
    return now


def open_a_wrong_case(visitor, cohort: str, part: str) -> None:
    """On Where it fails: a part of the cohort becomes the selection, and a row of its wrong cases opens."""
    page = visitor.page
    visitor.go(f"failures?cohort={cohort}")
    page.locator("[data-testid='stVegaLiteChart'] svg").first.wait_for()
    visitor.choose("Select the cases of a part", part)
    page.get_by_text(re.compile("among the \\d+ selected")).wait_for()
    visitor.settle()
    visitor.open_row(0)
    page.locator('[data-testid="stSidebar"]').get_by_role("button", name="Clear").click()
    page.wait_for_url(re.compile("^((?!selected=).)*$"))
    visitor.settle()


def change(visitor, other, cohort: str, case: str, word: tuple[str, str], column: str, value: str) -> None:
    """On What if: a word and a value are changed; the link shows a second browser the same case and answer.

    word: what is written, and what takes its place.
    """
    page = visitor.page
    visitor.go(f"what_if?cohort={cohort}&case={case}")
    visitor.sees("Nothing is changed yet")
    note = page.get_by_role("textbox", name="Edit the text")
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
    other.go(page.url)
    other.page.get_by_text("Answered in").wait_for()
    assert other.page.get_by_role("textbox", name="Edit the text").input_value() == written
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
        page.get_by_role("button", name=name).wait_for()
        visitor.settle()  # while a page is drawn anew, the server may have let go of what its old buttons give
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
