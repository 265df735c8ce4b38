"""What is at work, written down: a job whose process ended before it did is told of as lost."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass

import psutil

from mmcore.base import json_files
from mmcore.base.settings import room, write_whole
from mmcore.jobs.job import Job

_NEWS_S = 7 * 86400.0  # seconds after which a lost job is no news


@dataclass(frozen=True)
class LostJob:
    """A job that ended with the process it ran in. started: seconds since 1970."""

    id: str
    label: str
    started: float


def begin(job: Job) -> None:
    """Write down that a job of this process is under way. Where nothing can be written, nothing is."""
    facts = {"label": job.label, "started": job.created, "host": socket.gethostname(), "process": os.getpid(),
             "process_started": psutil.Process().create_time()}  # fmt: skip
    try:
        write_whole(room("jobs") / f"{job.id}.json", json_files.dumps(facts).encode())
    except OSError:
        return


def end(id: str) -> None:
    """The job has ended, or somebody was told that it was lost."""
    try:
        (room("jobs") / f"{id}.json").unlink(missing_ok=True)
    except OSError:
        return


def lost() -> list[LostJob]:
    """Jobs of this machine whose process is gone, the latest first."""
    jobs = []
    try:
        files = list(room("jobs").glob("*.json"))
    except OSError:
        return []
    for file in files:
        try:
            facts = json_files.read(file)
            if facts["host"] != socket.gethostname() or _alive(int(facts["process"]), float(facts["process_started"])):
                continue
            job = LostJob(file.stem, str(facts["label"]), float(facts["started"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if time.time() - job.started > _NEWS_S:
            end(job.id)
        else:
            jobs.append(job)
    return sorted(jobs, key=lambda job: -job.started)


def _alive(process: int, started: float) -> bool:
    """Whether that very process runs: numbers of processes are used again."""
    try:
        return abs(psutil.Process(process).create_time() - started) < 2
    except psutil.Error:
        return False
