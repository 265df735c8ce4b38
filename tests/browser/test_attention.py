"""Protects the views of Attention as a person walks them: linked inputs by pointing, the inside, two beside one
another and tests of rightness, on the built-in cohort whose evidence is known."""

from __future__ import annotations

import re
from pathlib import Path

CASE = "heart-0003"
VIEWS = ("Linked inputs", "Inside the method", "Two methods", "Two cases", "Whole cohort", "Is it right?")


def test_attention_from_every_side(server, visit):
    visitor = visit(server)
    page = visitor.page
    for method in ("gated", "transformer"):
        visitor.go(f"train?cohort=heart&case={CASE}&method={method}&effort=quick")
        visitor.press_train()
    visitor.open("Attention")
    ask_what_it_rests_on(visitor)
    shots = dict(zip(VIEWS, ("linked", "inside", "beside", "cases", "cohort", "right"), strict=True))
    for number, view in enumerate(VIEWS, 1):
        page.locator('[data-testid="stMain"]').get_by_text(view, exact=True).first.click()
        visitor.settle()
        if view == "Is it right?":
            page.get_by_role("button", name="Test the explanations").click()
            visitor.settle()
        if view in ("Whole cohort", "Is it right?"):
            stop = page.locator('[data-testid="stMain"]').get_by_role("button", name="Stop")
            stop.first.wait_for(state="detached", timeout=300_000)
            visitor.settle()
        if view == "Whole cohort":
            page.get_by_text("Where it looks, on average").wait_for(timeout=300_000)
            visitor.settle()
        {"Linked inputs": point_at_a_word, "Is it right?": judged}.get(view, lambda _visitor: None)(visitor)
        visitor.shoot(f"attention_{number}_{shots[view]}")


def ask_what_it_rests_on(visitor) -> None:
    """Attributions take the place of the attention, with signs and a word on their sum."""
    page = visitor.page
    visitor.sees("What each input adds")
    page.locator('[data-testid="stMain"]').get_by_text("integrated gradients", exact=True).first.click()
    page.get_by_text("for disease", exact=False).first.wait_for()
    visitor.settle()
    visitor.sees("convergence delta")
    page.wait_for_url("**weights=integrated_gradients*")
    visitor.shoot("attention_0_rests_on")


def point_at_a_word(visitor) -> None:
    """What a word attends to lights up in the other inputs, and is said."""
    page = visitor.page
    output = page.locator(".caption").first
    assert "Point at" in output.inner_text()
    page.locator(".panel .text span").nth(2).click()
    assert re.search(r"note: .*looks most at .*%", output.inner_text())
    page.locator(".panel .text span").nth(2).click()
    by_keyboard(page, output)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def by_keyboard(page, output) -> None:
    """One stop for Tab in each input; arrows go through its tokens, Enter holds one, Escape lets it go."""
    first, second = page.locator(".panel .text span").nth(0), page.locator(".panel .text span").nth(1)
    first.focus()
    assert first.inner_text().strip() in output.inner_text()
    page.keyboard.press("ArrowRight")
    assert second.evaluate("token => token.getRootNode().activeElement === token")
    page.keyboard.press("Enter")
    assert second.get_attribute("aria-pressed") == "true"
    page.keyboard.press("ArrowLeft")
    assert second.inner_text().strip() in output.inner_text(), "what is held stays"
    page.keyboard.press("Escape")
    assert first.inner_text().strip() in output.inner_text()
    page.keyboard.press("Tab")
    assert not first.evaluate("token => token.getRootNode().activeElement?.closest('.text') ?? null")


def judged(visitor) -> None:
    page = visitor.page
    page.get_by_text("Does it point at the known evidence?").wait_for(timeout=300_000)
    visitor.sees("Taking away what matters first")
