"""Fixtures for all tests: a home folder of their own and the real cohorts, where they are at hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.trained_methods"]

# Workers of pytest-xdist share the cores among themselves and with a browser and its server: with a second thread each,
# threads wait for one another for most of the time. Workers inherit what is set here.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Images of containers often forbid compiled files: each worker, server and command line would compile all anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

REPOSITORY = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("FUSIONSCOPE_DATA", REPOSITORY.parent / "shared" / "data"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty MMCORE_HOME for each test."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MMCORE_HOME", str(folder))
    monkeypatch.delenv("MMCORE_SCHEDULER", raising=False)
    monkeypatch.delenv("MMCORE_MIRROR", raising=False)
    monkeypatch.setenv("MMCORE_PREPARE", "0")  # no page starts work that no test asked for
    monkeypatch.setenv("MMCORE_OFFLINE", "1")  # no test asks the network; those of downloads ask a server of their own
    return folder


# Tests here look at what stands beside plain baselines, or at how they are shown; how good they are is asked in
# tests/training.
FEW_TREES = {"cli", "pages", "report", "studies"}


@pytest.fixture(autouse=True)
def few_trees(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random forests of 10 trees in place of 300: a forest takes longer than all fusion methods of a small cohort."""
    if FEW_TREES & set(request.path.relative_to(REPOSITORY / "tests").parts):
        monkeypatch.setattr("mmcore.training.plain_models._TREES", 10)


@pytest.fixture
def shared_data() -> Path:
    """Folder of the real cohorts; the test is skipped where it is absent."""
    if not REAL.is_dir():
        pytest.skip(f"real cohorts are not at {REAL} (set FUSIONSCOPE_DATA to their folder)")
    return REAL


# Longest first, so that no worker is left alone with a browser's journey at the end.
LONG = (
    "browser",
    "test_gates.py",
    "studies",
    "pages",
    "cli",
    "inspect",
    "explain",
    "test_architecture.py",
    "test_packaging.py",
    "examples",
    "report",
)
# Files that take four seconds or more where nothing runs beside them; they come next and are not among the fast ones. A
# dear test of another file is marked `slow` where it stands.
SLOW = {
    "cohorts/auditing/test_auditing.py",
    "cohorts/auditing/test_duplicates.py",
    "cohorts/diabetes/test_diabetes.py",
    "cohorts/heart/test_ceiling.py",
    "cohorts/lung/test_lung.py",
    "cohorts/test_heart.py",
    "cohorts/test_shared_cases.py",
    "cohorts/ward/test_ward.py",
    "encoders/image/test_torchvision_nets.py",
    "encoders/test_contract.py",
    "evaluation/test_coverage.py",
    "features/test_features.py",
    "fusion/test_contract.py",
    "fusion/test_expressiveness.py",
    "readers/test_medical_formats.py",
    "readers/test_mutated.py",
    "training/test_fit.py",
    "training/test_memory.py",
    "training/test_panel.py",
    "training/test_plain_models.py",
}


class ByFile(LoadScopeScheduling):
    """One file's tests stay with one worker, and so its trained runs are made once; all browser journeys with one: two
    browsers and two servers at once would take each other's processor from under their time limits."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Of folders and files without a fast test nothing is imported for `-m fast`: it takes longer than many tests."""
    if config.option.markexpr != "fast":
        return None
    slow = collection_path.relative_to(REPOSITORY / "tests").as_posix() in SLOW
    return True if slow or collection_path.name in LONG else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts what takes long to the start; `fast` is what every save can wait for, `slow` all the rest."""
    tests = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        file = item.path.relative_to(tests)
        if file.parts[0] in LONG:
            return LONG.index(file.parts[0])
        return len(LONG) + (file.as_posix() not in SLOW)

    items.sort(key=place)  # stable: the order within a file stays
    for item in items:
        if place(item) == LONG.index("browser") and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(1500))
        if item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.fast if place(item) > len(LONG) else pytest.mark.slow)
