"""Protects the first start: the standard comparison begins by itself, once, is shown, and can be stopped."""

from __future__ import annotations

import json
import socket
import time
from types import SimpleNamespace

import pytest

from mmcore import runs, studies
from mmcore.base.progress import Step, stretch_of
from mmcore.base.settings import room
from mmcore.jobs import engine, records
from mmcore.studies.need import PREFERRED
from pages.frame import caches, jobs, standard_comparison, url_state
from pages.parts import ready_to_run
from tests.pages.opened import open_page

CASE = "pages/explore/2_case.py"


@pytest.fixture
def planned() -> list[list[str]]:
    """The methods of what was started, in the order in which they are trained."""
    return []


@pytest.fixture
def small(monkeypatch, planned) -> list[str]:
    """The comparison replaced by work that waits to be stopped; what was started."""
    started: list[str] = []

    def wait(cohort, encoders, methods, *, progress):
        from mmcore.base.progress import Step

        started.append(cohort.name)
        planned.append(list(methods))
        for done in range(600):
            progress(Step("waiting", done, 600))
            time.sleep(0.05)

    monkeypatch.setattr(standard_comparison, "_prepare", wait)
    monkeypatch.setattr(standard_comparison, "_compare", wait)
    monkeypatch.setenv("MMCORE_PREPARE", "1")
    yield started
    for job in engine.jobs():
        job.cancel()
    assert all(job._finished.wait(10) for job in engine.jobs()), "the next test finds none at work"
    jobs.forget(standard_comparison.purpose(caches.cohort("heart")))  # the next test has another home


def test_it_starts_by_itself_is_shown_and_stopped_and_never_starts_again(small):
    app = open_page(CASE)
    assert "Running" in " ".join(part.value for part in app.sidebar.markdown)
    (job,) = [job for job in engine.jobs() if job.active]
    assert job.label == "Preparing the standard comparison"
    next(button for button in app.sidebar.button if button.label == "Stop").click().run()
    with pytest.raises(Exception, match=r"cancelled|stopped"):
        job.result(10)
    open_page(CASE)
    assert not [job for job in engine.jobs() if job.active] and len(small) == 1


def test_a_model_is_waited_for_until_there_is_one_that_tells_something(small, monkeypatch):
    cohort = caches.cohort("heart")
    standard_comparison.prepare(cohort)
    monkeypatch.setattr(url_state, "run_key", lambda: None)
    single, gated = SimpleNamespace(method="xray"), SimpleNamespace(method="gated")
    assert ready_to_run.waits_for_first(cohort, []) and ready_to_run.waits_for_first(cohort, [single])
    assert not ready_to_run.waits_for_first(cohort, [single, gated])
    for job in engine.jobs():
        job.cancel()
    assert all(job._finished.wait(10) for job in engine.jobs())
    assert not ready_to_run.waits_for_first(cohort, [single])


def test_what_prepares_itself_are_the_usual_methods_what_pages_show_first_before_the_others():
    cohort = caches.cohort("heart")
    methods = standard_comparison.in_order(cohort)
    assert sorted(methods) == sorted(studies.default_methods(cohort)) and PREFERRED in methods
    assert methods[: len(cohort.inputs) + 1] == [*cohort.inputs, standard_comparison.TELLING[0]]


def test_what_came_soon_gives_way_to_what_was_repeated_unless_something_was_noted(monkeypatch):
    compared: list[int] = []

    def compare(cohort, methods, encoders, settings, *, progress):
        compared.append(settings.seeds)
        made = {name: SimpleNamespace(key=f"{name}{settings.seeds}", spec=None) for name in methods}
        return SimpleNamespace(runs=list(made.values()), by_method=made)

    deleted: list[str] = []
    notes = {"a1": runs.Remarks.of("for the board", "")}
    store = SimpleNamespace(delete=deleted.append, remarks=lambda key: notes.get(key, runs.Remarks.of("", "")))
    monkeypatch.setattr(studies, "compare", compare)
    monkeypatch.setattr(studies, "plain_baselines", lambda *_args, **_options: [])
    monkeypatch.setattr(runs, "store", lambda: store)
    finished = standard_comparison._prepare(caches.cohort("heart"), {}, ["a", "b"], progress=lambda _step: None)
    assert compared == [1, studies.StudySettings().seeds] and finished == 2
    assert deleted == ["b1"], "a run that somebody wrote about stays"


def test_progress_of_the_two_pieces_makes_a_whole():
    seen: list[Step] = []
    first, second = (stretch_of(seen.append, *part) for part in ((0.0, 0.8), (0.8, 1.0)))
    first(Step("a", 1, 2))
    second(Step("b", 1, 2))
    assert [round(step.share, 6) for step in seen] == [0.4, 0.9]


def test_it_starts_with_the_server_and_not_where_it_is_forbidden(small, monkeypatch):
    monkeypatch.setenv("MMCORE_PREPARE", "0")
    standard_comparison.prepare_at_start()
    assert not [job for job in engine.jobs() if job.active]
    monkeypatch.setenv("MMCORE_PREPARE", "1")
    standard_comparison.prepare_at_start()
    assert [job.label for job in engine.jobs() if job.active] == ["Preparing the standard comparison"]


def test_a_server_that_was_ended_in_the_middle_goes_on_at_the_next_start(small):
    cohort = caches.cohort("heart")
    standard_comparison.prepare(cohort)
    for job in engine.jobs():
        job.cancel()
    assert all(job._finished.wait(10) for job in engine.jobs())
    jobs.forget(standard_comparison.purpose(cohort))  # as in another process
    standard_comparison.prepare(cohort)
    assert [job.label for job in engine.jobs() if job.active] == ["Preparing the standard comparison"]


def test_a_cohort_of_ones_own_waits_to_be_asked(small, planned, tmp_path):
    notes = [f"{['calm', 'short of breath', 'coughs at night'][i % 3]}, seen on day {i} of the week" for i in range(20)]
    rows = [f'p{i},{40 + (i * 7) % 20 + i % 3 / 10},"{notes[i]}",{"ab"[i % 2]}' for i in range(20)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,age,note,label", *rows]))
    open_page(CASE, cohort=str(tmp_path))
    assert url_state.DEFAULT_COHORT == "heart" and small == []
    app = open_page(None, cohort=str(tmp_path))
    button = next(button for button in app.button if button.label == "Train and compare")
    assert "takes about" in " ".join(str(part.value) for part in app.caption)
    name = f"Standard comparison of {tmp_path.name}"
    facts = {
        "label": name,
        "started": time.time(),
        "host": socket.gethostname(),
        "process": 999_999_999,
        "process_started": 0.0,
    }
    (room("jobs") / "gone.json").write_text(json.dumps(facts))
    assert [job.label for job in records.lost()] == [name]
    button.click().run()
    assert not records.lost(), "what is at work anew is not lost"
    assert [job.label for job in engine.jobs() if job.active] == [f"Standard comparison of {tmp_path.name}"]
    cohort = caches.cohort(str(tmp_path))
    assert len(cohort.inputs) == 2 and planned == [standard_comparison.in_order(cohort)]
