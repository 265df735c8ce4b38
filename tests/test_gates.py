"""Protects the gates that a commit passes: ruff and its formatter, types, dead code, circles, what fits in the head."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import grimp
import networkx
import pytest

from tests.syntax import syntax_tree
from tests.versions import advice, digest, present, recorded

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "app.py", *(ROOT / "mmcore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 300, 60


@pytest.mark.parametrize(
    "gate",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["vulture"]],
    ids=["ruff", "ruff format", "mypy", "dead code"],
)
def test_a_gate_is_clean(gate):
    result = subprocess.run([sys.executable, "-m", *gate], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-1000:]


def test_each_gate_is_run_before_a_commit():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    commands = ["ruff check", "ruff format --check", "mypy", "vulture", "lint-imports", "python -m pytest"]
    assert [command for command in commands if f"entry: .venv/bin/{command}" not in hooks] == []
    assert [
        file for file in ("test_gates", "test_architecture", "test_messages") if f"tests/{file}.py" not in hooks
    ] == []


@pytest.mark.parametrize("package", ["mmcore", "pages"])
def test_no_circle_of_imports(package):
    """Imports that only name types count: a circle of words is one, too."""
    graph, arrows = grimp.build_graph(package, cache_dir=None), networkx.DiGraph()
    for module in graph.modules:
        arrows.add_edges_from((module, imported) for imported in graph.find_modules_directly_imported_by(module))
    # A package is imported with each of its modules, and gathers their names: that is no circle.
    gathering = {module for module in graph.modules if graph.find_children(module)}
    arrows.remove_nodes_from(gathering)
    assert [sorted(circle) for circle in networkx.strongly_connected_components(arrows) if len(circle) > 1] == []


def test_what_is_silenced_is_named_and_has_its_reason():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for comment in re.findall(r"# (?:type: ?ignore|noqa)(?!\|).*", line)
        if not re.match(r"# (type: ignore\[[a-z-]+\]  # \w|noqa: [A-Z]+\d+ \w)", comment)
    ]
    assert bare == [], "say which rule, and why it does not hold here"


def test_files_fit_in_the_head():
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_FILE} == {}


def test_functions_fit_on_a_screen():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_FUNCTION} == {}


def test_whoever_changes_code_of_kept_numbers_says_whether_they_stay():
    before, now = recorded(), present()
    assert advice(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)) == ""


def test_only_what_can_change_numbers_counts_as_a_change():
    code = "def f(x: int) -> int:\n    return x + 1\n"
    same = ['def f(x):\n    """Adds."""\n    return (x  +  1)  # one\n', "def f(x) -> float: return x + 1"]
    assert {digest(ast.parse(other)) for other in same} == {digest(ast.parse(code))}
    assert digest(ast.parse(code.replace("1", "2"))) != digest(ast.parse(code))
    assert digest(ast.parse("g(_('a'), 1)")) == digest(ast.parse("g(_('b'), 1)")) != digest(ast.parse("g(_('b'), 2)"))
    assert "VERSION in mmcore/evaluation/intervals.py." in advice(["mmcore/evaluation/curves.py"])
