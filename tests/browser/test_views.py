"""Protects the linked views as a person uses them: a brush on Cohort selects everywhere, a wrong case opens from a part
of the cohort, a changed word and lab value are reopened by a link in a second browser."""

from __future__ import annotations

import re

from tests.browser.test_journey import select_row, train

CASE = "heart-0002"  # has every input
BARS = "path"  # of marks


def test_from_a_brush_to_a_failure_to_a_change_that_a_link_reopens(server, visit):
    visitor = visit(server)
    visitor.go(f"train?cohort=heart&case={CASE}&method=gated")
    train(visitor, "^gated:")
    brush(visitor)
    open_a_wrong_case(visitor)
    change_and_follow_the_link(visitor, visit(server, width=1920))


def coloured(page, chart: int) -> float:
    """What is coloured in one of the linked charts, as the area of its upper marks in pixels."""
    marks = page.locator(f"[data-testid='stVegaLiteChart'] .concat_{chart}_layer_1_marks {BARS}")
    boxes = marks.evaluate_all("paths => paths.map(path => path.getBoundingClientRect())")
    return sum(box["width"] * box["height"] for box in boxes)


def brush(visitor) -> None:
    """A drag over the ages selects in every other chart, in the table, in the sidebar and in the address."""
    page = visitor.page
    visitor.go("cohort?cohort=heart")
    page.locator("[data-testid='stVegaLiteChart'] svg").wait_for(timeout=60_000)
    page.get_by_text("Map by").wait_for(timeout=60_000)
    charts = page.locator("[data-testid='stVegaLiteChart'] path.background").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width > 100 && box.height > 100)"
    )
    before = [coloured(page, number) for number in range(len(charts))]
    assert len(charts) >= 5 and all(before)
    ages = charts[2]
    x, y = ages["x"] + 0.35 * ages["width"], ages["y"] + ages["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.1 * ages["width"], y, steps=4)
    page.mouse.move(x + 0.2 * ages["width"], y, steps=4)
    page.mouse.up()
    page.get_by_text("cases are selected").wait_for(timeout=60_000)
    visitor.settle()
    after = [coloured(page, number) for number in range(len(charts))]
    assert all(0 < now < earlier for now, earlier in zip(after, before, strict=True)), "each chart shows the selection"
    count = int(re.search(r"(\d+) of 400 cases are selected", page.locator("body").inner_text()).group(1))
    assert 0 < count < 400 and page.get_by_text(f"{count} of the {count} selected cases").count(), "the table follows"
    assert page.locator('[data-testid="stSidebar"]').get_by_text(f"{count} cases selected").count()
    assert "selected=" in page.url
    visitor.shoot("views_1_cohort_brushed")
    visitor.open("Case")
    assert "selected=" in page.url and page.get_by_text(f"{count} cases selected").count(), "other pages keep it"


def open_a_wrong_case(visitor) -> None:
    """Where it fails: a part of the cohort becomes the selection, and a row of its wrong cases opens."""
    page = visitor.page
    visitor.go("failures?cohort=heart")
    page.locator("[data-testid='stVegaLiteChart'] svg").first.wait_for(timeout=60_000)
    visitor.shoot("views_2_failures")
    page.wait_for_timeout(600)  # back to the light theme, the page runs once more and would close a list
    visitor.settle()
    parts = page.get_by_role("combobox", name="Select the cases of a part")
    parts.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that opens while the page scrolls closes again
    parts.click()
    page.get_by_role("option", name="sex: male").click()
    page.get_by_text(re.compile("among the \\d+ selected")).wait_for(timeout=60_000)
    visitor.settle()
    open_first_row(page)
    visitor.settle()
    page.locator('[data-testid="stSidebar"]').get_by_role("button", name="Clear").click()
    visitor.settle()
    assert "selected=" not in page.url


def open_first_row(page) -> None:
    """From the top of the page, as a table that is scrolled to from below hides its first row under the header."""
    for _attempt in range(4):
        page.locator("h1").first.scroll_into_view_if_needed()
        select_row(page, 0)
        for _second in range(12):
            page.wait_for_timeout(1000)
            if "/case?" in page.url:
                return
    raise AssertionError("the row did not open its case: " + page.url)


def change_and_follow_the_link(visitor, other) -> None:
    """A word and a lab value are changed; the link shows a second browser the same changed case and answer."""
    page = visitor.page
    visitor.go(f"what_if?cohort=heart&case={CASE}")
    assert page.get_by_text("Nothing is changed yet").count()
    note = page.get_by_role("textbox", name="Write in it")
    written = note.input_value().replace("severe", "no")
    note.fill(written)
    note.press("Control+Enter")
    page.get_by_text("Answered in").wait_for(timeout=60_000)
    visitor.settle()
    age = page.get_by_role("spinbutton", name=re.compile("^age"))
    age.fill("31")
    age.press("Enter")
    page.get_by_text("was 77").wait_for(timeout=60_000)
    visitor.settle()
    visitor.shoot("views_3_what_if")
    finding = page.locator(".st-key-what-if-answer strong").first.inner_text()
    other.page.goto(page.url)
    other.settle()
    other.page.get_by_text("Answered in").wait_for(timeout=60_000)
    assert other.page.get_by_role("textbox", name="Write in it").input_value() == written
    assert other.page.get_by_role("spinbutton", name=re.compile("^age")).input_value() == "31.00"
    assert other.page.locator(".st-key-what-if-answer strong").first.inner_text() == finding
    other.shoot("views_4_what_if_from_link")
    other.page.get_by_role("button", name="Undo all changes").click()
    other.page.get_by_text("Nothing is changed yet").wait_for(timeout=60_000)
    other.settle()
