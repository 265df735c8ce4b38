"""Protects the main road: from an empty home over the tour, a brush, a wrong case and a changed one to three reports,
on the built-in cohort and on a folder of one's own."""

from __future__ import annotations

import io
import shutil

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tests.browser.road import brush, change, open_a_wrong_case, take_home, tour

NOTE = "Crushing chest pain since this morning. Denies fever. Breathless when lying flat."
CASE = "heart-0002"  # has every input
ECGS = 60


@pytest.fixture
def film() -> bytes:
    """A PNG of somebody's own: a grey gradient with a bright disc."""
    y, x = np.mgrid[0:160, 0:140]
    picture = (x * 0.8 + 40 + 90 * ((x - 80) ** 2 + (y - 100) ** 2 < 900)).clip(0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG")
    return file.getvalue()


def test_from_an_empty_home_to_the_reports(server, visit, film, tmp_path):
    visitor, other = visit(server), visit(server, width=1920)

    visitor.go("")
    visitor.sees("Synthetic data")
    visitor.shoot("1_overview")
    visitor.go(f"train?cohort=heart&case={CASE}&method=cross_attention")
    visitor.train("^cross.attention")
    visitor.open("Compare")
    visitor.compare()
    visitor.sees("best possible")  # the best reachable score is drawn
    visitor.shoot("2_compare")

    tour(visitor, other)
    a_case_of_ones_own(visitor, film)
    brush(visitor, "heart", chart=2, least=5)
    open_a_wrong_case(visitor, "heart", "sex: male")
    visitor.shoot("4_wrong_case")
    change(visitor, other, "heart", CASE, ("severe", "no"), "age", "31")
    visitor.shoot("5_what_if")
    take_home(visitor, "heart", tmp_path)
    visitor.shoot("6_take_home")


def a_case_of_ones_own(visitor, film: bytes) -> None:
    """On Case: a film and a note of one's own are shown and answered on all pages, until they are forgotten."""
    page = visitor.page
    visitor.go(f"case?cohort=heart&case={CASE}")
    page.get_by_text("Enter your own").click()
    own = page.locator('[data-testid="stForm"]')
    own.locator('input[type="file"]').first.set_input_files(
        {"name": "own.png", "mimeType": "image/png", "buffer": film}
    )
    own.get_by_text("own.png").wait_for()  # until then the form would be sent without it
    own.locator("textarea").fill(NOTE)
    visitor.settle()
    own.get_by_role("button", name="Show my case").click()
    page.get_by_text("is shown on all pages").wait_for()
    visitor.settle()
    visitor.sees("Crushing chest pain")
    visitor.open("Attention")
    visitor.sees("Crushing")
    page.wait_for_url("**run=*")
    visitor.shoot("3_own_case")
    page.get_by_role("button", name="Forget my data").first.click()
    page.get_by_text("is shown on all pages").wait_for(state="detached")
    visitor.settle()


@pytest.fixture
def ecgs(tmp_path) -> str:
    """Real ECGs with report and patient, as a plain folder without a word on what is what."""
    from tests.conftest import REAL

    source = REAL / "ecg_ptbxl"
    if not source.is_dir():
        pytest.skip(f"real cohorts are not at {REAL}")
    folder = tmp_path / "ecgs"
    (folder / "signals").mkdir(parents=True)
    table = pd.read_csv(source / "cases.csv").groupby("label").head(ECGS // 2)
    columns = ["id", "signal", "text", "label", "group", "age", "sex"]
    table[columns].to_csv(folder / "cases.csv", index=False)
    for name in table["signal"]:
        shutil.copy(source / name, folder / name)
    return str(folder)


def test_an_own_cohort_goes_the_same_way(server, visit, ecgs, tmp_path):
    visitor, other = visit(server), visit(server, width=1920)
    page = visitor.page
    visitor.go(f"?cohort={ecgs}")
    page.get_by_role("button", name="Train and compare").click()
    page.get_by_text("The first models are being trained").wait_for()
    page.get_by_text("The first models are being trained").wait_for(state="detached", timeout=600_000)
    visitor.settle()
    page.get_by_role("combobox", name="Answered by").wait_for()  # the page fills by itself
    visitor.shoot("7_own_cohort")

    brush(visitor, ecgs, chart=1, least=4)
    open_a_wrong_case(visitor, ecgs, "sex: F")
    change(visitor, other, ecgs, "ecg00001", ("sinusrhythmus", "vorhofflimmern"), "age", "91")
    take_home(visitor, ecgs, tmp_path)
