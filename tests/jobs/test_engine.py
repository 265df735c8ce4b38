"""Jobs: they queue, report, fail with a sentence, can be cancelled, and open no port."""

import threading
import time

import pytest

from mmcore.base.errors import BadInput, Cancelled, NotFound
from mmcore.base.progress import Step
from mmcore.jobs import engine


def count(upto, *, pause=0.0, progress):
    for i in range(upto):
        progress(Step("counting", i, upto, {"i": i}, whole=i / upto / 2))
        time.sleep(pause)
    return upto


def fail(error, *, progress):
    raise error


def wait_until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_a_job_gives_its_result_and_keeps_what_was_reported():
    job = engine.submit(count, 5, label="count", owner="me")
    assert job.result(30) == 5
    assert job.state == "done" and job.step.label == "counting"
    assert [live["i"] for live in job.history] == [0, 1, 2, 3, 4]
    assert engine.job(job.id) is job and job in engine.jobs("me") and job not in engine.jobs("somebody else")


def test_an_mm_error_is_kept_as_message_and_hint():
    job = engine.submit(fail, BadInput("It is broken.", "Mend it."), label="fail")
    with pytest.raises(BadInput):
        job.result(30)
    assert (job.state, job.error, job.hint) == ("failed", "It is broken.", "Mend it.")


def test_an_unexpected_error_is_logged_but_not_shown(caplog):
    job = engine.submit(fail, KeyError("secret"), label="fail")
    with pytest.raises(KeyError):
        job.result(30)
    assert job.state == "failed" and "secret" not in job.error and "unexpected" in job.error
    assert "secret" in caplog.text


def test_a_running_job_can_be_cancelled():
    job = engine.submit(count, 10_000, pause=0.01, label="long")
    assert wait_until(lambda: job.state == "running")
    job.cancel()
    with pytest.raises(Cancelled):
        job.result(30)
    assert job.state == "cancelled"


def test_jobs_queue_and_a_queued_one_can_be_cancelled():
    release = threading.Event()

    def hold(*, progress):
        progress(Step("holding", 0, 1))
        return release.wait(30)

    held = [engine.submit(hold, label=f"hold {i}") for i in range(20)]
    assert wait_until(lambda: sum(job.state == "running" for job in held) >= 2)
    queued = next(job for job in reversed(held) if job.state == "queued")
    queued.cancel()
    assert wait_until(lambda: queued.state == "cancelled")
    release.set()
    assert all(job.result(30) for job in held if job is not queued)
    with pytest.raises(Cancelled):
        queued.result(1)


def test_unknown_job():
    with pytest.raises(NotFound):
        engine.job("nothing")


def test_the_embedded_engine_opens_no_port():
    psutil = pytest.importorskip("psutil")
    before = {c.laddr for c in psutil.Process().net_connections() if c.status == "LISTEN"}
    engine.submit(count, 1, label="count").result(30)
    assert {c.laddr for c in psutil.Process().net_connections() if c.status == "LISTEN"} <= before


def test_run_reports_in_this_thread_without_a_cluster():
    steps = []
    assert engine.run(count, 3, progress=steps.append) == 3
    assert len(steps) == 3


def test_a_scheduler_that_does_not_answer_is_a_sentence(monkeypatch):
    from mmcore.base.errors import Unavailable

    monkeypatch.setenv("MMCORE_SCHEDULER", "nonsense://nowhere")
    with pytest.raises(Unavailable, match="No Dask scheduler answers"):
        engine.submit(count, 1, label="count")


def test_the_same_work_runs_on_a_cluster_with_progress_and_cancel(monkeypatch):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("MMCORE_SCHEDULER", cluster.scheduler_address)
        steps = []
        assert engine.run(count, 4, pause=0.2, progress=steps.append, label="count") == 4
        job = engine.submit(count, 4, pause=0.0, label="count")
        assert job.result(30) == 4
        assert steps and steps[-1].label == "counting" and steps[-1].share < 0.5, "half of the whole work"
        long = engine.submit(count, 10_000, pause=0.05, label="long")
        assert wait_until(lambda: long.state == "running")
        long.cancel()
        with pytest.raises(Cancelled):
            long.result(30)
        lost = engine.submit(count, 10_000, pause=0.05, label="counting")
        assert wait_until(lambda: lost.state == "running")
        engine._clients.pop(cluster.scheduler_address).close()  # before the cluster, or it would try to reconnect
        assert wait_until(lambda: not lost.active)
        assert lost.state == "failed" and "lost with the server" in lost.error and "Start it again" in lost.hint
