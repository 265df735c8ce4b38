"""Protects the promise that a page is one file: each is listed with the title and icon it declares, opens whatever the
cohort and the home are like, and a broken one leaves the others open."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.string_util import validate_material_icon
from streamlit.testing.v1 import AppTest

from pages.frame import navigation, server
from tests.pages.opened import ROOT, calm, folder, open_page

__all__ = ["folder"]
FILES = [path for paths in navigation.files().values() for path in paths]
each_page = pytest.mark.parametrize("path", FILES, ids=navigation.name_of)


@pytest.fixture
def no_cases(tmp_path: Path) -> str:
    """A folder whose table has columns and no row."""
    pd.DataFrame(columns=["id", "age", "label"]).to_csv(tmp_path / "cases.csv", index=False)
    return str(tmp_path)


@pytest.fixture
def no_target(tmp_path: Path) -> str:
    """A single input that nothing is to be learnt of."""
    pd.DataFrame({"id": ["a", "b"], "age": [50, 60]}).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text('[inputs.age]\nkind = "table"\ncolumns = ["age"]\n', encoding="utf-8")
    return str(tmp_path)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@each_page
def test_a_page_says_its_title_and_icon_in_its_file(path):
    declared = navigation._DECLARED.search(path.read_text(encoding="utf-8"))
    assert declared, 'it begins with PAGE = Page(_("Title"), ":material/icon:", ...)'
    validate_material_icon(navigation.icon_of(path))
    assert navigation.title_of(path)[0].isupper()
    assert re.fullmatch(r"[a-z_]+", navigation.name_of(path)), "its name is its address"


def test_no_two_pages_share_an_address_and_the_first_is_home():
    names = [navigation.name_of(path) for path in FILES]
    assert names[0] == navigation.HOME and len(names) == len({*names})


@each_page
def test_a_page_opens_on_a_small_cohort(path, folder):
    app = open_page(relative(path), cohort=folder, case="p03")
    assert not app.error and len(app.title) == 1


@each_page
@pytest.mark.parametrize("cohort", ["no_cases", "no_target"])
def test_a_page_opens_where_there_is_little_to_show(path, cohort, request):
    app = open_page(relative(path), cohort=request.getfixturevalue(cohort))
    assert len(app.title) == 1
    assert not [error.value for error in app.error if "Something went wrong" in error.value]


@each_page
def test_a_page_opens_from_a_cold_link(path):
    """The first script run of a session is that of the link, as on a server that nobody has talked to yet."""
    server.settings()
    app = open_page(relative(path), cohort="heart", case="heart-0007")
    title = "Fusionscope" if navigation.name_of(path) == navigation.HOME else navigation.title_of(path)
    assert app.title[0].value == title and "heart-0007" in str(app.query_params["case"])


@pytest.fixture
def with_page(tmp_path, monkeypatch):
    """with_page(source) -> a page of that source among the others."""
    retained = navigation.files

    def add(source: str) -> Path:
        path = tmp_path / "study" / "9_new_page.py"
        path.parent.mkdir()
        path.write_text(source, encoding="utf-8")
        monkeypatch.setattr(navigation, "files", lambda: {**retained(), "more": [path]})
        return path

    return add


EXAMPLE = (ROOT / "tests" / "examples" / "5_missing.py").read_text(encoding="utf-8")


def opened(path: Path) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    return calm(app.switch_page(str(path)).run())


def test_one_file_is_a_new_page(with_page):
    path = with_page(EXAMPLE)
    assert (navigation.title_of(path), navigation.icon_of(path)) == ("Missing inputs", ":material/rule:")
    app = opened(path)
    assert app.title[0].value == "Missing inputs" and not app.error
    assert len(app.dataframe[0].value) == 4, "what its main draws is there"


def test_the_example_is_printed_as_it_is():
    assert f"```python\n{EXAMPLE}```" in (ROOT / "pages" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "broken", ["def main(:", "from nowhere import nothing", "import pages.frame.no_such_part", "1 / 0"], ids=str.split
)
def test_a_broken_page_is_listed_says_so_and_leaves_the_others_open(with_page, broken, caplog):
    path = with_page(EXAMPLE.replace("def main() -> None:", f"{broken}\n\n\ndef main() -> None:"))
    assert navigation.title_of(path) == "Missing inputs", "it is still listed under its title"
    app = opened(path)
    assert "cannot be opened" in app.error[0].value and app.title[0].value == "Missing inputs"
    assert "Traceback" in caplog.text, "the log has the whole of it"
    app.switch_page(relative(FILES[1])).run()
    assert not calm(app).error


def test_navigation_runs_no_page(monkeypatch):
    monkeypatch.setattr("builtins.exec", lambda *_a, **_k: pytest.fail("a page was run to be listed"))
    assert all(isinstance(page, st.Page) for pages in navigation.pages().values() for page in pages)
