"""Protects: a job that ended with its process is told of, until somebody has read it; others are not."""

from __future__ import annotations

import os

from mmcore.base import json_files
from mmcore.base.settings import room
from mmcore.jobs import engine, records
from mmcore.jobs.job import Job


def test_only_a_job_whose_process_is_gone_is_lost():
    records.begin(job := Job("Comparing", None))
    assert records.lost() == [], "this process is alive"
    file = room("jobs") / f"{job.id}.json"
    facts = json_files.read(file)
    assert facts["process"] == os.getpid()
    json_files.write(file, {**facts, "process_started": facts["process_started"] - 100})  # the number was used again
    (lost,) = records.lost()
    assert (lost.id, lost.label) == (job.id, "Comparing")
    json_files.write(room("jobs") / "other.json", {**facts, "host": "another machine", "process": -1})
    (room("jobs") / "damaged.json").write_text("{}")
    assert records.lost() == [lost]
    records.end(lost.id)
    assert records.lost() == []


def test_a_job_that_ends_leaves_no_record():
    def work(*, progress):
        return [file.stem for file in room("jobs").glob("*.json")]

    job = engine.submit(work, label="work")
    assert job.result(30) == [job.id]
    assert not list(room("jobs").glob("*.json"))
