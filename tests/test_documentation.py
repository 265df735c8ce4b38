"""Protects what newcomers read: files that papers, docstrings and comments name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHINESE = "assets/locale/zh/README.md"
PAPERS = ["README.md", "CONTRIBUTING.md", "mmcore/README.md", "pages/README.md", CHINESE]


@pytest.mark.parametrize("paper", PAPERS)
def test_files_that_are_named_exist(paper):
    text = re.sub(r"```.*?```", "", (ROOT / paper).read_text(encoding="utf-8"), flags=re.DOTALL)
    named = [name for name in re.findall(r"`((?:mmcore|pages|tests|assets)/[\w./-]*)`", text) if "<" not in name]
    assert [name for name in named if not (ROOT / name).exists()] == []
    linked = [name for name in re.findall(r"\]\(([\w./-]+)\)", text) if "://" not in name]
    assert [name for name in linked if not (ROOT / paper).parent.joinpath(name).exists()] == []


def test_files_that_code_names_exist():
    """In docstrings, comments and strings; the examples name the file that a newcomer would write."""
    offenders = [
        f"{path.relative_to(ROOT)} names {name}"
        for folder in ("mmcore", "pages", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "examples" not in path.parts
        for name in re.findall(
            r"(?<![\w./-])(?:mmcore|pages|tests|assets)/[\w./-]+\.\w+", path.read_text(encoding="utf-8")
        )
        if not (ROOT / name).exists()
    ]
    assert offenders == []


def test_every_floor_is_in_the_listing_of_floors():
    paper = (ROOT / "mmcore" / "README.md").read_text(encoding="utf-8")
    listed = {name for row in re.findall(r"^\| (`.*?) \|", paper, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    floors = {path.parent.name for path in (ROOT / "mmcore").glob("*/__init__.py")}
    assert floors - listed == set()


def test_the_chinese_paper_tells_of_the_same_commands_and_cohorts():
    from mmcore.cohorts import samples

    chinese, english = ((ROOT / name).read_text(encoding="utf-8") for name in (CHINESE, "README.md"))
    commands = re.findall(r"^python -m mmcore \w+", english, re.MULTILINE)
    assert [command for command in commands if command not in chinese] == []
    assert re.search(r"^python3 -m venv .*streamlit run app.py$", english, re.MULTILINE).group() in chinese
    assert [name for name in samples if f"`{name}`" not in chinese] == []
