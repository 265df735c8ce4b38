"""Protects the house: floors import only what stands below them, and streamlit stays with the pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.syntax import syntax_tree

ROOT = Path(__file__).resolve().parent.parent


def imported(path: Path) -> set[str]:
    """First names of all modules a file imports, but for those it only needs to name types."""
    results, tree = set(), syntax_tree(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            results |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            results.add(node.module.split(".")[0])
    return results


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
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert offenders == []


def test_no_class_name_has_two_meanings():
    named: dict[str, list[str]] = {}
    for path in [*(ROOT / "mmcore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in syntax_tree(path).body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in named.items() if len(paths) > 1} == {}


# They hide what a value is: a cohort, tokens, a sentence, a mask. `NotFound` and its like are the field's own.
DIALECT = {
    *("said", "found", "known", "heard", "doubt", "doubts", "closer", "resting", "answered", "alike", "looking"),
    *("hearing", "told", "attended", "asked", "stressed", "kept"),
}
WEIGHTS_ON_DISK = {"mmcore/encoders/signal/cnn1d.py: one"}  # finished runs hold them by this name


def identifiers(path: Path) -> set[str]:
    """Names that a file gives or uses, the placeholders of its sentences, and its own name."""
    names = {path.stem}
    for node in ast.walk(syntax_tree(path)):
        fields = (getattr(node, field, None) for field in ("id", "arg", "attr", "name", "asname"))
        names |= {field for field in fields if isinstance(field, str)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set(re.findall(r"{([a-z_]+)[}:!]", node.value))
    return names


def words(identifier: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", identifier).lower().replace("not_found", "").split("_"))


@pytest.mark.parametrize("part", ["mmcore", "pages", "app.py", "tests"])
def test_identifiers_are_the_fields_words(part):
    paths = [ROOT / part] if part.endswith(".py") else sorted((ROOT / part).rglob("*.py"))
    offenders = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in sorted(identifiers(path))
        if (words(name) & DIALECT or name == "one") and not name.startswith("test_")  # what is named so is a sentence
    }
    assert offenders - WEIGHTS_ON_DISK == set(), "name the value by what it is"


def test_sentences_speak_no_command_line():
    """Pages and notebooks show them, too; the command line adds its options itself."""
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {part.value}"
        for path in [*(ROOT / "mmcore").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
        if "cli" not in path.parts
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "counted")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and re.search(r"(?<!\w)--[a-z]", str(part.value))
    ]
    assert offenders == []


# One subject on several floors: worked out, studied, drawn, written about. Or two parts of two registries by one name.
SEVERAL_FLOORS = {
    *("attribution", "cohort_map", "comparison", "features", "information", "learning_curve", "need", "prediction"),
    *("robustness", "what_if"),
}
SEVERAL_REGISTRIES = {"transformer"}


def test_no_file_name_has_two_meanings():
    named: dict[str, list[str]] = {}
    for path in (ROOT / "mmcore").rglob("*.py"):
        named.setdefault(path.stem, []).append(str(path.relative_to(ROOT).parent))
    twice = {name for name, folders in named.items() if len(folders) > 1}
    assert twice - {"__init__", "base"} == SEVERAL_FLOORS | SEVERAL_REGISTRIES


@pytest.fixture(scope="module")
def pages() -> grimp.ImportGraph:
    """Who imports whom among the pages, imports for types included."""
    return grimp.build_graph("pages", cache_dir=None)


def room(module: str) -> str:
    """The floor of a frame's or part's module; of others the screen: `pages.fuse.train` for 1_train and its folder."""
    parts = module.split(".")
    if parts[1] in ("frame", "parts"):
        return ".".join(parts[:2])
    return ".".join([*parts[:2], re.sub(r"^\d+_", "", parts[2])])


def test_pages_import_only_downwards(pages):
    floors = {"pages.frame": 0, "pages.parts": 1}
    offenders = [
        f"{above} imports {below}"
        for above in sorted(pages.modules)
        for below in pages.find_modules_directly_imported_by(above)
        if room(above) != room(below) and floors.get(room(above), 2) <= floors.get(room(below), 2)
    ]
    assert offenders == [], "screens > parts > frame; what serves two screens is a part"


def test_no_circles_among_the_pages(pages):
    offenders = [
        f"{module} and {imported}"
        for module in sorted(pages.modules)
        for imported in pages.find_modules_directly_imported_by(module)
        if pages.chain_exists(imported, module)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "mmcore").rglob("*.py")),
        *(path for path in sorted((ROOT / "pages").rglob("*.py")) if path.name[0].isalpha()),
    ],
    ids=lambda p: p.stem,
)
def test_sentences_are_translated_when_they_are_read(path):
    """Translated at import they would speak one language to everybody; a screen itself runs for each reader."""

    def at_import(node: ast.AST) -> bool:
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            return any(map(at_import, getattr(node, "decorator_list", []))) or any(map(at_import, node.args.defaults))
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "counted")
        return called or any(map(at_import, ast.iter_child_nodes(node)))

    assert not at_import(syntax_tree(path))
