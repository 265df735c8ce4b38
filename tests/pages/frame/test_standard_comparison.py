"""Protects the first start: the standard comparison begins by itself, once, is shown, and can be stopped."""

from __future__ import annotations

import pytest

from mmcore.jobs import engine
from pages.frame import standard_comparison, url_state
from tests.pages.opened import open_page

CASE = "pages/explore/2_case.py"


@pytest.fixture
def small(monkeypatch) -> list[str]:
    """The comparison replaced by work that waits to be stopped; what was started."""
    started: list[str] = []

    def wait(cohort, *, progress):
        import time

        from mmcore.base.progress import Step

        started.append(cohort.name)
        for done in range(600):
            progress(Step("waiting", done, 600))
            time.sleep(0.05)

    monkeypatch.setattr(standard_comparison, "_compare", wait)
    monkeypatch.setenv("MMCORE_PREPARE", "1")
    yield started
    for job in engine.jobs():
        job.cancel()


def test_it_starts_by_itself_is_shown_and_stopped_and_never_starts_again(small):
    app = open_page(CASE)
    assert "At work" in " ".join(part.value for part in app.sidebar.markdown)
    (job,) = [job for job in engine.jobs() if job.active]
    assert job.label == "Preparing the standard comparison"
    next(button for button in app.sidebar.button if button.label == "Stop").click().run()
    with pytest.raises(Exception, match=r"cancelled|stopped"):
        job.result(10)
    open_page(CASE)
    assert not [job for job in engine.jobs() if job.active] and len(small) == 1


def test_a_cohort_of_ones_own_waits_to_be_asked(small, tmp_path):
    (tmp_path / "cases.csv").write_text("id,age,label\n" + "\n".join(f"p{i},{40 + i},{'ab'[i % 2]}" for i in range(20)))
    open_page(CASE, cohort=str(tmp_path))
    assert url_state.DEFAULT_COHORT == "heart" and small == []
