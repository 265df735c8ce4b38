"""Protects the promise that one file that is wrong takes no other part with it, in any of the registries."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mmcore.augmentation import augmentations
from mmcore.base.errors import NotFound, Unavailable
from mmcore.base.modules import Broken, named_shortly
from mmcore.base.values import Kind
from mmcore.cli.main import main
from mmcore.cohorts import open_cohort, samples
from mmcore.encoders import encoders
from mmcore.encoders.base import broken_encoders
from mmcore.encoders.fitting import fold_parts
from mmcore.evaluation.metrics.base import metrics
from mmcore.explain.attribution import attributors
from mmcore.fusion import fusions
from mmcore.readers.base import readers
from tests.syntax import syntax_tree

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = [encoders, fold_parts, fusions, readers, augmentations, attributors, metrics]
FAULTS = {
    "raises": ("import an_absent_package\n", "ModuleNotFoundError: No module named 'an_absent_package'"),
    "misspelt": ("def forward(self:\n    pass\n", "SyntaxError"),
    "exits": ("import sys\nsys.exit(2)\n", "SystemExit: 2"),
}
UNFINISHED = """
from __future__ import annotations
from mmcore.fusion import Fusion, fusions

@fusions.register("without_forward")
class WithoutForward(Fusion):
    '''A method that is not finished.'''

@fusions.register("unreadable")
class Unreadable(Fusion):
    '''A method whose annotation names what is not imported.'''

    def __init__(self, inputs, width, *, rank: Annotated[int, Range(1, 4)] = 2) -> None:
        super().__init__(inputs, width)

    def forward(self, tokens):
        raise NotImplementedError

@fusions.register("finished")
class Finished(Fusion):
    '''A method beside the others in the same file.'''

    def forward(self, tokens):
        raise NotImplementedError
"""
FAILS_LATE = """
from mmcore.fusion import Fusion, fusions

@fusions.register("entered_before_the_fault")
class Late(Fusion):
    '''A method whose file fails below it.'''

    def forward(self, tokens):
        raise NotImplementedError

fusions.no_such_thing
"""


@pytest.fixture
def added(tmp_path, monkeypatch):
    """Adds files to packages of the library, as if they lay there, and has the registries looked through anew."""
    entered = {registry.what: dict(registry.items()) for registry in REGISTRIES}
    builders, before = dict(samples), set(sys.modules)

    def add(package: str, files: dict[str, str]) -> None:
        folder = tmp_path / package
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        module = importlib.import_module(package)
        monkeypatch.setattr(module, "__path__", [*module.__path__, str(folder)])
        importlib.invalidate_caches()
        for registry in REGISTRIES:
            monkeypatch.setattr(registry, "_contents", None)
        monkeypatch.setattr(samples, "_broken", None)

    yield add
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    for registry in REGISTRIES:
        registry._parts.clear()
        registry._parts.update(entered[registry.what])
    samples._builders.clear()
    samples._builders.update(builders)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.what)
def test_a_file_that_cannot_be_imported_leaves_the_others(added, registry):
    parts = registry.items()
    added(registry.package, {f"{name}.py": text for name, (text, _reason) in FAULTS.items()})
    assert registry.items() == parts and parts
    assert set(registry.broken) == set(FAULTS)
    for name, (_text, reason) in FAULTS.items():
        assert reason in registry.broken[name].reason and f"/{name}.py" in registry.broken[name].reason
        assert name not in registry
        with pytest.raises(Unavailable, match=name):
            registry[name]
    with pytest.raises(NotFound, match="raises"):
        registry["a_name_of_a_part_in_one_of_these_files"]


def test_a_broken_folder_is_listed_and_the_others_are_there(added):
    parts = encoders.items()
    added("mmcore.encoders", {"smell/__init__.py": "1 / 0\n", "smell/nose.py": "", "taste/__init__.py": ""})
    assert encoders.items() == parts and set(encoders.broken) == {"smell"}


def test_a_broken_encoder_is_listed_under_the_kind_of_its_folder(added):
    added("mmcore.encoders.text", {"letters.py": "1 / 0\n"})
    assert set(broken_encoders(Kind.TEXT)) == {"letters"} and not broken_encoders(Kind.IMAGE)


def test_a_part_that_is_not_finished_is_listed_with_what_it_lacks(added):
    parts = fusions.items()
    added("mmcore.fusion", {"unfinished.py": UNFINISHED})
    assert [name for name, _part in fusions.items() if name not in dict(parts)] == ["finished"]
    assert "forward" in fusions.broken["without_forward"].reason
    assert "Annotated" in fusions.broken["unreadable"].reason


def test_a_part_whose_file_fails_below_it_is_not_offered(added):
    parts = fusions.items()
    added("mmcore.fusion", {"late_fault.py": FAILS_LATE})
    assert fusions.items() == parts and set(fusions.broken) == {"late_fault"}


def test_two_parts_of_one_name_leave_the_first(added):
    text = FAILS_LATE.replace("entered_before_the_fault", "concat").replace("fusions.no_such_thing", "")
    parts = fusions.items()
    added("mmcore.fusion", {"twice.py": text})
    assert fusions.items() == parts and "two parts are named 'concat'" in fusions.broken["twice"].reason


def test_a_broken_cohort_leaves_the_others(added):
    there = list(samples)
    added("mmcore.cohorts", {"lungs/__init__.py": "1 / 0\n"})
    assert list(samples) == there and "heart" in there and set(samples.broken) == {"lungs"}
    assert len(open_cohort("heart", cases=2)) == 2
    with pytest.raises(Unavailable, match="division by zero"):
        open_cohort("lungs")


def test_methods_lists_what_is_broken_with_its_reason(added, capsys):
    added("mmcore.encoders.image", {"torn.py": "1 / 0\n"})
    added("mmcore.fusion", {"bent.py": "1 / 0\n"})
    assert main(["methods", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    torn = next(row for row in document["encoders"] if row["name"] == "torn")
    bent = next(row for row in document["fusion"] if row["name"] == "bent")
    assert torn["kind"] == "image" and not torn["available"] and "division by zero" in torn["reason"]
    assert not bent["available"] and "bent.py" in bent["reason"]
    assert all(set(bent) == set(row) for row in document["fusion"])
    assert all(set(torn) == set(row) for row in document["encoders"])
    assert main(["methods"]) == 0 and "bent" in capsys.readouterr().out


def test_files_of_one_name_are_told_apart():
    faults = {"a.text.net": "x", "a.image.net": "y", "a.image.columns": "z"}
    assert named_shortly(faults, {"columns"}) == {
        "net": Broken("a.text.net", "x"),
        "image.net": Broken("a.image.net", "y"),
        "image.columns": Broken("a.image.columns", "z"),
    }


def registering() -> dict[str, Path]:
    """Module -> path of each file of the library that enters a part into a registry."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in sorted((ROOT / "mmcore").rglob("*.py"))
        if any(
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "register"
            for node in syntax_tree(path).body
            if isinstance(node, ast.ClassDef)
            for decorator in node.decorator_list
        )
    }


# An encoder that is another one and more, the part that belongs to an encoder, and formulas that run a method's code.
BUILT_ON_OTHERS = {
    "mmcore.encoders.text.minilm_tfidf": "mmcore.encoders.text.minilm",
    "mmcore.encoders.text.glove": "mmcore.encoders.text.tuned_vectors",
    "mmcore.encoders.table.standardised": "mmcore.encoders.table.column_tokens",
    "mmcore.encoders.table.boosted_leaves": "mmcore.encoders.table.standardised",
    "mmcore.studies.formulas.concatenation": "mmcore.fusion.concat",
    "mmcore.studies.formulas.graph_messages": "mmcore.fusion.graph",
    "mmcore.studies.formulas.tensor_product": "mmcore.fusion.tensor",
}


@pytest.mark.slow
def test_no_part_is_built_on_the_file_of_another():
    """What two parts share stands in a file of its own, so that a broken one takes no other along."""
    parts = registering()
    borrowed = {
        module: node.module
        for module, path in parts.items()
        for node in syntax_tree(path).body
        if isinstance(node, ast.ImportFrom) and node.module in parts
    }
    assert borrowed == BUILT_ON_OTHERS


WITHOUT_THEM = """
import importlib, sys
from mmcore.base.registry import Registry

class Bent:
    def find_spec(self, name, path=None, target=None):
        if name in bent:
            raise RuntimeError("It was bent.")

bent, others = (set(names.split(",")) for names in sys.argv[1:])
sys.meta_path.insert(0, Bent())
registries = set()
for name in sorted(others):
    registries |= {part for part in vars(importlib.import_module(name)).values() if isinstance(part, Registry)}
listed = {fault.module for registry in registries for fault in registry.broken.values()}
assert listed == bent, (listed ^ bent)
assert not any(list(registry) for registry in registries)
"""


@pytest.mark.slow
def test_with_the_files_of_all_parts_broken_everything_else_is_imported():
    """Of the library and the pages, screens apart, which run where they are opened; and each file is listed."""
    bent = registering()
    paths = [*(ROOT / "mmcore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    paths = [path for path in paths if path.stem != "__main__" and not path.stem[0].isdigit()]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths}
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_THEM, ",".join(bent), ",".join(names - set(bent))],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-3000:]
