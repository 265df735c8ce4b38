"""The digest of a part changes with everything its package lends it, so that edited code is never taken for the old."""

import importlib
import sys

import pytest

from mmcore.base.modules import source_digest


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Module `apart.part` holds a class that uses `apart.shared`, which uses `apart.deeper`; `apart.other` is aside."""
    folder = tmp_path / "apart"
    folder.mkdir()
    files = {
        "__init__": "",
        "deeper": "DEEP = 1",
        "shared": "from apart.deeper import DEEP",
        "part": "from apart.shared import DEEP\nclass Part:\n    pass",
        "other": "",
    }
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    forget()


def forget():
    for name in [name for name in sys.modules if name.split(".")[0] == "apart"]:
        del sys.modules[name]


def digest() -> str:
    import linecache

    forget()
    linecache.clearcache()
    importlib.invalidate_caches()
    return source_digest(importlib.import_module("apart.part").Part)


@pytest.mark.parametrize(("edited", "changes"), [("part", True), ("shared", True), ("deeper", True), ("other", False)])
def test_what_a_part_builds_on_is_part_of_its_digest(package, edited, changes):
    before = digest()
    path = package / f"{edited}.py"
    path.write_text(path.read_text() + "# another thought, of another length\n")
    assert (digest() != before) is changes


def test_a_part_made_in_a_console_has_none():
    part = type("Part", (), {"__module__": "never.written"})
    assert source_digest(part) == ""
