"""Protects the main road: a newcomer opens the built-in cohort and ends at a comparison of methods without an error."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

NOTE = "Crushing chest pain since this morning. Denies fever. Breathless when lying flat."


@pytest.fixture
def film() -> bytes:
    """A PNG of somebody's own: a grey gradient with a bright disc."""
    y, x = np.mgrid[0:160, 0:140]
    picture = (x * 0.8 + 40 + 90 * ((x - 80) ** 2 + (y - 100) ** 2 < 900)).clip(0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG")
    return file.getvalue()


def test_from_the_cohort_to_a_comparison(server, visit, film):
    visitor = visit(server)
    page = visitor.page

    visitor.go("")
    assert page.get_by_text("Synthetic data").count(), "a synthetic cohort says so"
    visitor.shoot("1_overview")

    visitor.open("Cohort")
    visitor.shoot("2_cohort")
    select_row(page, 3)
    page.wait_for_url("**/case*")
    visitor.settle()
    assert "case=heart-0004" in page.url

    page.get_by_text("Show evidence").click()
    visitor.settle()
    visitor.shoot("3_case")

    page.get_by_text("Give your own").click()
    own = page.locator('[data-testid="stForm"]')
    own.locator('input[type="file"]').first.set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": film}
    )
    own.locator("textarea").fill(NOTE)
    visitor.settle()
    own.get_by_role("button", name="Show my case").click()
    page.get_by_text("is shown on all pages").wait_for()
    visitor.settle()
    assert page.get_by_text("Crushing chest pain").count()
    visitor.shoot("4_own_case")

    visitor.open("Features")
    visitor.shoot("5_features_own_case")

    visitor.open("Train")
    train(visitor, "cross.attention")
    visitor.shoot("6_train")

    visitor.open("Attention")
    assert "run=" in page.url
    visitor.shoot("7_attention_own_case")
    page.get_by_role("button", name="Forget my data").first.click()
    page.get_by_text("is shown on all pages").wait_for(state="detached")
    visitor.settle()
    visitor.shoot("8_attention")

    visitor.open("Features")
    page.get_by_text("Cohort map").click()
    page.get_by_text("Map of the cohort by xray").wait_for(timeout=120_000)
    visitor.settle()
    visitor.shoot("9_features")

    visitor.open("Compare")
    page.get_by_role("button", name=re.compile("Run \\d+ methods")).click()
    page.get_by_text("Comparing now").wait_for()
    page.get_by_text("Comparing now").wait_for(state="detached", timeout=600_000)
    visitor.settle()
    assert page.get_by_text("ceiling", exact=False).count(), "the best reachable score is drawn"
    visitor.shoot("10_compare")

    link = page.url
    other = visit(server, width=1920)
    other.page.goto(link)
    other.settle()
    assert other.page.get_by_text("Compare", exact=True).count()
    other.shoot("11_compare_from_link")


def select_row(page, number: int) -> None:
    """Tick the row of a table; its cells are drawn on a canvas, so the place is counted in pixels."""
    table = page.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 * number + 17)


def train(visitor, method: str) -> None:
    """Choose a method, train it in two folds with one seed, and watch it finish."""
    page = visitor.page
    page.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name=re.compile(method, re.IGNORECASE)).click()
    visitor.settle()
    page.get_by_text("Custom", exact=True).click()
    visitor.settle()
    page.get_by_role("spinbutton", name="Folds").fill("2")
    page.get_by_role("spinbutton", name="Seeds").fill("1")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(re.compile("Trained in|trained before")).wait_for(timeout=600_000)
    visitor.settle()
