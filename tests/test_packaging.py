"""Protects the installed library: a wheel holds all of mmcore and its command, and works without the checkout."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what `pip install .` would put into site-packages."""
    source, wheels = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "mmcore", source / "mmcore", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(wheels)]
    built = subprocess.run([*command, str(source)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = wheels.glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_holds_every_module_and_nothing_else(installed):
    there = {str(path.relative_to(installed)) for path in (installed / "mmcore").rglob("*.py")}
    assert there == {str(path.relative_to(ROOT)) for path in (ROOT / "mmcore").rglob("*.py")}
    assert (installed / "mmcore" / "py.typed").is_file()
    assert not (installed / "pages").exists() and not (installed / "tests").exists()


def test_the_command_is_called_mmcore(installed):
    (entry,) = installed.glob("*.dist-info/entry_points.txt")
    assert "mmcore = mmcore.cli:main" in entry.read_text(encoding="utf-8")


def test_the_installed_library_compares_from_another_folder(installed, tmp_path, home):
    """As a newcomer's first command, on few cases and one method to be quick."""

    def mmcore(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mmcore", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(installed), "MMCORE_HOME": str(home)},
        )

    written = mmcore("sample", "heart", "--out", "cohort", "--cases", "60")
    assert written.returncode == 0, written.stderr
    compared = mmcore("compare", "cohort", "--folds", "2", "--seeds", "1", "--fusion", "labs", "--json")
    assert compared.returncode == 0, compared.stderr
    assert [row["method"] for row in json.loads(compared.stdout)["methods"]] == ["labs"]


def test_pins_lie_within_what_the_library_asks_for():
    from packaging.requirements import Requirement

    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(
        re.fullmatch(r"([\w.-]+)(?:\[\w+\])?==(\S+)", line).groups() for line in lines if line and line[0] != "#"
    )
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    requested = [Requirement(line) for line in PROJECT["dependencies"] + extras]
    for requirement in requested:
        assert requirement.specifier.contains(pins[requirement.name]), requirement
        assert importlib.metadata.version(requirement.name) == pins[requirement.name], "the tests run on the pins"
    assert {requirement.name for requirement in requested} == set(pins), "each package is declared and pinned"
