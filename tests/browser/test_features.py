"""Protects the Features page as a person walks it: every section, a click on a patch, a word and the map, a change of
encoder; on the built-in cohort and on real ECGs."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

CASES = 60
TOML = """
target = "label"
positive = "abnormal"
group = "group"
[inputs.signal]
kind = "signal"
columns = ["signal"]
rate_hz = 100
[inputs.text]
kind = "text"
columns = ["text"]
[inputs.person]
kind = "table"
columns = ["age", "sex"]
"""
SECTIONS = {
    "Inputs aligned": "scale",
    "Encoders side by side": "beside",
    "Augmentation": "varied",
    "Cohort map": "map",
    "Best encoder": "separate",
}


@pytest.fixture(scope="module")
def heart(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The built-in cohort with few cases, as a folder: every section then takes seconds."""
    from mmcore.__main__ import main

    folder = tmp_path_factory.mktemp("cohorts") / "heart_small"
    assert main(["sample", "heart", "--out", str(folder), "--cases", str(CASES)]) in (0, None)
    return str(folder)


@pytest.fixture(scope="module")
def ecgs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Some cases of the real ECGs."""
    from tests.conftest import REAL

    source = REAL / "ecg_ptbxl"
    if not source.is_dir():
        pytest.skip(f"real cohorts are not at {REAL}")
    folder = tmp_path_factory.mktemp("cohorts") / "ecg_small"
    folder.mkdir()
    table = pd.read_csv(source / "cases.csv").groupby("label").head(CASES // 2)
    table[["id", "signal", "text", "age", "sex", "label", "group"]].to_csv(folder / "cases.csv", index=False)
    (folder / "cohort.toml").write_text(TOML, encoding="utf-8")
    (folder / "signals").mkdir()
    for name in table["signal"]:
        shutil.copy(source / name, folder / name)
    return str(folder)


def test_every_section_on_the_built_in_cohort(server, visit, heart):
    visitor = visit(server)
    page = visitor.page
    visitor.go(f"features?cohort={heart}")
    click_patch(visitor)
    visitor.shoot("features_1_patches")

    press(visitor, "Layer by layer")
    page.get_by_text("Feature maps of").wait_for()
    visitor.shoot("features_2_layers")

    choose_input(visitor, "note")
    choose_encoder(visitor, "glove_6b_50d")
    click_word(visitor)
    visitor.shoot("features_3_words")
    for view in ("Clean-up", "Similar words"):
        press(visitor, view)
    visitor.shoot("features_4_likeness")

    choose_input(visitor, "ecg")
    choose_encoder(visitor, "log_mel")
    assert "encoder.ecg=log_mel" in page.url
    press(visitor, "Filters")
    visitor.shoot("features_5_filters")

    for section in ("Inputs aligned", "Encoders side by side"):
        open_section(visitor, section)
        visitor.shoot(f"features_6_{SECTIONS[section]}")

    choose_input(visitor, "labs")
    open_section(visitor, "Augmentation")
    page.locator('[data-testid="stButtonGroup"]', has_text="Kinds of change").get_by_role("button").first.click()
    visitor.settle()
    page.get_by_text("The values and 3 copies").wait_for()
    visitor.shoot("features_7_augmentation")

    open_section(visitor, "Cohort map")
    select_on_map(visitor)
    visitor.shoot("features_8_map")
    open_section(visitor, "Best encoder")
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("button", name="Measure").wait_for(state="detached", timeout=300_000)
    finish(visitor)
    visitor.shoot("features_9_separates")

    link = page.url
    other = visit(server, width=1920)
    other.go(link)
    other.sees("Which encoder predicts")  # a link opens the same section


def test_real_ecgs(server, visit, ecgs):
    visitor = visit(server)
    page = visitor.page
    visitor.go(f"features?cohort={ecgs}&input=signal")
    page.get_by_text("What each stretch says").wait_for()
    choose_encoder(visitor, "ecg_measurements")
    page.get_by_text("Heart rate").first.wait_for()
    visitor.shoot("features_ecg_1_measurements")
    choose_encoder(visitor, "minirocket")
    for section in SECTIONS:
        open_section(visitor, section)
    choose_input(visitor, "text")
    open_section(visitor, "This case")
    visitor.sees("Word by word")
    visitor.shoot("features_ecg_2_report")


def click_patch(visitor) -> None:
    """A click on the second picture frames that patch on the first."""
    page = visitor.page
    page.get_by_text("Like the framed place").wait_for()
    picture = page.locator('[data-testid="stMain"] .js-plotly-plot').nth(1)
    picture.scroll_into_view_if_needed()

    def gesture() -> None:  # a first move lets the picture know where the pointer is
        box = visitor.still(picture)
        page.mouse.move(box["x"] + 30, box["y"] + 34)
        page.wait_for_timeout(300)
        page.mouse.click(box["x"] + 32, box["y"] + 35)
        page.wait_for_url("**patch=*", timeout=10_000)

    visitor.again(gesture)
    visitor.settle()
    page.wait_for_url("**patch=0*")
    page.locator('[aria-label$="to the one at row 1, column 1"]').first.wait_for()


def click_word(visitor) -> None:
    """A click on a word shows what lies near it."""
    page = visitor.page
    page.get_by_text("Word by word").wait_for()
    page.get_by_role("option").filter(has_text=re.compile(r"^\w{4,}$")).first.click()
    page.get_by_text(re.compile("Neighbours of|has no vector")).first.wait_for()
    visitor.settle()
    assert "word=" in page.url


def select_on_map(visitor) -> None:
    """A click on a point of the map makes it the case."""
    page = visitor.page
    page.get_by_text("Map of the cohort by").wait_for(timeout=300_000)
    visitor.settle()
    before = page.url
    points = page.locator('[data-testid="stMain"] .js-plotly-plot .scatterlayer .point')
    points.first.wait_for(state="attached")
    places = iter(range(points.count() // 3, points.count(), max(1, points.count() // 5)))

    def gesture() -> None:  # the next point each time, as one may be the case that is looked at, or lie under another
        point = points.nth(next(places))
        point.scroll_into_view_if_needed()
        box = visitor.still(point)
        page.mouse.move(box["x"] + box["width"] / 2 - 1, box["y"] + box["height"] / 2)
        page.wait_for_timeout(300)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_url(lambda url: url != before, timeout=15_000)

    visitor.again(gesture)
    visitor.settle()
    assert page.url != before and "case=" in page.url


def open_section(visitor, name: str) -> None:
    """Open a section and wait for the work it may have started."""
    press(visitor, name)
    finish(visitor)


def finish(visitor) -> None:
    """Wait for the work that is shown as progress."""
    visitor.page.wait_for_function("() => !document.querySelector('[data-testid=\"stProgress\"]')", timeout=300_000)
    visitor.settle()


def choose_input(visitor, name: str) -> None:
    press(visitor, name)
    assert f"input={name}" in visitor.page.url


def press(visitor, name: str) -> None:
    """One of the pills or segments of the page."""
    groups = visitor.page.locator('[data-testid="stMain"] [data-testid="stButtonGroup"]')
    groups.get_by_text(name, exact=True).first.click()
    visitor.settle()


def choose_encoder(visitor, name: str) -> None:
    visitor.choose("Encoder", name)
