"""Protects what is shown of a job at work: the bar is that of all its work, as the sidebar has it."""

from __future__ import annotations

from types import SimpleNamespace

from mmcore.base.progress import Step
from pages.frame import jobs


def test_the_bar_of_a_step_at_its_end_is_that_of_the_whole(monkeypatch):
    shown = {}
    monkeypatch.setattr(jobs.st, "progress", lambda share, text: shown.update(share=share, text=text))
    step = Step("late (6 of 10): Training", 20, 20, left=0.0, whole=0.6)
    job = SimpleNamespace(state="running", step=step, label="Comparing", seconds=60.0)
    jobs.progress(job)
    assert (shown["share"], jobs.whole(job)[0]) == (0.6, 0.6)
    assert "20 / 20" in shown["text"] and "about 40 s left" in shown["text"]
