"""Fixtures for tests of pages: built-in cohorts of fewer cases, which are drawn anew whenever caches are cleared."""

import pytest

from tests.browser.conftest import CASES


@pytest.fixture(autouse=True)
def fewer_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMCORE_SAMPLE_CASES", str(CASES))
