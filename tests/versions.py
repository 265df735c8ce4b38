"""Numbers that are kept on disk stand for the code that found them: what to do when that code is changed.

Results are kept with a version, which is raised by hand when the same input gives other numbers; `versions.txt` holds
what the code of each version is. `python -m tests.versions` writes it anew: do so after raising the version, or because
the numbers stay as they were. Comments, docstrings, formatting and sentences for people are no part of it.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.syntax import syntax_tree

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "versions.txt"
VERSIONED = {  # the file with the version, and the code whose numbers it is raised for
    "mmcore/runs/run_spec.py": ["mmcore/training/*.py"],
    "mmcore/evaluation/intervals.py": ["mmcore/evaluation/*.py", "mmcore/evaluation/metrics/*.py"],
    "mmcore/studies/plain_results.py": ["mmcore/training/plain_*.py"],
    "mmcore/studies/tuning.py": ["mmcore/studies/setting_search.py", "mmcore/studies/inner_loss.py"],
    "mmcore/studies/averages.py": ["mmcore/explain/averaging.py", "mmcore/explain/token_weights.py"],
    "mmcore/studies/explaining.py": [
        "mmcore/explain/tests/*.py",
        *(f"mmcore/explain/{name}.py" for name in ("attention", "attribution", "gradients", "occlusion", "shapley")),
    ],
    "mmcore/studies/robustness.py": ["mmcore/explain/tests/robustness.py"],
    "mmcore/studies/encoder_scores.py": ["mmcore/evaluation/separation.py", "mmcore/evaluation/encoder_score.py"],
    "mmcore/studies/segmentation.py": ["mmcore/segmentation/*.py"],
    "mmcore/deidentification/notes.py": ["mmcore/deidentification/*.py"],
    **{
        f"mmcore/cohorts/{name}/__init__.py": [f"mmcore/cohorts/{name}/*.py", "mmcore/cohorts/synthetic/*.py"]
        for name in ("heart", "lung", "rehab", "diabetes", "ward")
    },
}
_NO_NUMBERS = ("ctx", "kind", "type_comment", "annotation", "returns")


def recorded() -> dict[str, str]:
    """What the code was when somebody last said that version and numbers go together: file -> version or digest."""
    return dict(line.split() for line in RECORD.read_text(encoding="utf-8").splitlines())


def present() -> dict[str, str]:
    """The same of the code as it is."""
    facts = {f"{place}:VERSION": str(_version(ROOT / place)) for place in VERSIONED}
    for patterns in VERSIONED.values():
        for path in (path for pattern in patterns for path in ROOT.glob(pattern)):
            facts.setdefault(str(path.relative_to(ROOT)), digest(syntax_tree(path)))
    return dict(sorted(facts.items()))


def advice(changed: Iterable[str]) -> str:
    """What somebody who changed these files has to decide; empty if nothing was."""
    changed = sorted(changed)
    versions = [place for place, code in VERSIONED.items() if any(Path(c).match(p) for c in changed for p in code)]
    if not changed:
        return ""
    return (
        f"Changed: {', '.join(changed)}. If the same input gives other numbers now, raise VERSION in "
        f"{' or '.join(versions)}. Then, or if all numbers stay, run python -m tests.versions"
    )


def digest(tree: ast.Module) -> str:
    return hashlib.sha256(repr(_facts(tree)).encode()).hexdigest()[:12]


def _facts(node: Any) -> Any:
    """Syntax as nested lists, whichever version of Python reads it."""
    if isinstance(node, list):
        return [_facts(part) for part in node if not _is_text(part)]
    if not isinstance(node, ast.AST):
        return node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        return "a sentence"
    fields = [(name, value) for name, value in ast.iter_fields(node) if name not in _NO_NUMBERS]
    return [type(node).__name__, *((name, _facts(value)) for name, value in fields if value not in (None, []))]


def _is_text(node: Any) -> bool:
    """Whether it is a docstring, or what stands where one would."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _version(path: Path) -> int:
    for node in syntax_tree(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VERSION":
            return int(ast.literal_eval(node.value))
    raise ValueError(f"{path} has no VERSION.")


if __name__ == "__main__":
    RECORD.write_text("".join(f"{name} {fact}\n" for name, fact in present().items()), encoding="utf-8")
