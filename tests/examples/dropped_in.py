"""A pytest plugin under which the examples lie where a newcomer would save them, so that every sweep finds them.

`python -m pytest -p tests.examples.dropped_in tests/fusion -k quadratic_mean`
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "quadratic_mean": "mmcore.fusion",
    "word_lengths": "mmcore.encoders.text",
    "ascii_signal": "mmcore.readers",
    "lower_case": "mmcore.augmentation",
}
_folder = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Before any test is collected: the sweeps ask the registries while they are."""
    config.stash[_folder] = tempfile.TemporaryDirectory()
    for name, package in PACKAGES.items():
        beside = Path(config.stash[_folder].name) / package
        beside.mkdir()
        shutil.copy(HERE / f"{name}.py", beside)
        importlib.import_module(package).__path__.append(str(beside))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_folder].cleanup()
