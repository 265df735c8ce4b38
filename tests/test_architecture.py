"""Protects the house: floors import only what stands below them, and streamlit stays with the pages."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def imported(path: Path) -> set[str]:
    """First names of all modules a file imports, but for those it only needs to name types."""
    found, tree = set(), ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def test_floors_import_only_what_stands_below():
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_streamlit_only_under_app_and_pages():
    offenders = [
        str(path.relative_to(ROOT)) for path in (ROOT / "mmcore").rglob("*.py") if "streamlit" in imported(path)
    ]
    assert offenders == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: p.stem)
def test_pages_hold_no_tensors(path):
    assert not imported(path) & {"torch", "sklearn", "scipy"}, "a page shows; arithmetic belongs to mmcore"


def test_pages_live_one_folder_deep():
    flat = [path.name for path in (ROOT / "pages").glob("*.py")]
    assert flat == [], "flat pages are picked up by Streamlit's old mechanism and bypass app.py"


def test_no_asserts_for_users_mistakes():
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "mmcore").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert offenders == []
