"""Fixtures for tests of pages: built-in cohorts of fewer cases, which are drawn anew whenever caches are cleared."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from tests.browser.conftest import CASES


@pytest.fixture(autouse=True)
def fewer_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMCORE_SAMPLE_CASES", str(CASES))


@pytest.fixture(autouse=True, scope="session")
def installed_components() -> Iterator[None]:
    """Each AppTest reads the metadata of all installed packages for components; a server does it once, and so do we."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
