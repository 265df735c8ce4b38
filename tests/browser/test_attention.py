"""Protects the views of Attention as a person walks them: linked inputs by pointing, the inside, tests of rightness and
what-if, on the built-in cohort whose evidence is known."""

from __future__ import annotations

import re

from tests.browser.test_journey import train

CASE = "heart-0003"
VIEWS = ("Linked inputs", "Inside the method", "Two methods", "Whole cohort", "Is it right?", "What if?")


def test_attention_from_every_side(server, visit):
    visitor = visit(server)
    page = visitor.page
    for method in ("gated", "transformer"):
        visitor.go(f"train?cohort=heart&case={CASE}&method={method}")
        page.get_by_role("spinbutton", name="Folds").fill("2")
        train(visitor, f"^{method}:", seeds=1)
    visitor.open("Attention")
    shots = dict(zip(VIEWS, ("linked", "inside", "beside", "cohort", "right", "what_if"), strict=True))
    for number, view in enumerate(VIEWS, 1):
        page.locator('[data-testid="stMain"]').get_by_text(view, exact=True).first.click()
        visitor.settle()
        if view in ("Whole cohort", "Is it right?"):
            stop = page.locator('[data-testid="stMain"]').get_by_role("button", name="Stop")
            stop.first.wait_for(state="detached", timeout=300_000)
            visitor.settle()
        {"Linked inputs": point_at_a_word, "Is it right?": judged, "What if?": change}.get(view, lambda _visitor: None)(
            visitor
        )
        visitor.shoot(f"attention_{number}_{shots[view]}")


def point_at_a_word(visitor) -> None:
    """What a word attends to lights up in the other inputs, and is said."""
    page = visitor.page
    said = page.locator(".said").first
    assert "Point at" in said.inner_text()
    page.locator(".panel .text span").nth(2).click()
    assert re.search(r"note: .*looks most at .*%", said.inner_text())


def judged(visitor) -> None:
    page = visitor.page
    page.get_by_text("Does it point at the known evidence?").wait_for(timeout=60_000)
    assert page.get_by_text("Taking away what matters first").count()


def change(visitor) -> None:
    """The answer follows a change, and a search finds what moves it most."""
    page = visitor.page
    page.get_by_text("Take away").first.click()
    page.get_by_text("Answered in").wait_for()
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("What moves the prediction most").wait_for(timeout=60_000)
    visitor.settle()
