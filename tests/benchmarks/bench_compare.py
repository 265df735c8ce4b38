"""Comparing all methods on `heart` from nothing and from cached features, reading it again, and the app with it open.

Run from the repository root: python -m tests.benchmarks.bench_compare
Features come from the present home folder where they are known, and are encoded there otherwise (not timed).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPARE_S, AGAIN_S, SWITCH_S, MEMORY_GIB = 90, 3, 1, 1.5
PREPARED_S = 90  # from an empty home to every method with one seed, as the app begins
PAGES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("pages/*/[0-9]*_*.py"))

# Run in a process of its own, so that its memory is that of the app alone.
_APP = """
import json, sys, time
import psutil
from streamlit.testing.v1 import AppTest
run, pages = sys.argv[1], sys.argv[2:]
link = {"cohort": "heart", "run": run}
app = AppTest.from_file("app.py", default_timeout=300)
app.query_params.update(link)
app.run()
seconds = {}
for turn in range(2):
    for page in pages:
        app.query_params.update(link)
        started = time.perf_counter()
        app.switch_page(page).run()
        seconds[page] = time.perf_counter() - started
        if app.exception:
            sys.exit(page + ": " + app.exception[0].message)
print(json.dumps({"gib": psutil.Process().memory_info().rss / 2**30, "seconds": seconds}))
"""


def run() -> list[dict]:
    """Rows {name, value, unit, at_most}: seconds and GiB, each with the limit that is asked for."""
    from mmcore import studies
    from mmcore.base.settings import room

    cohort = studies.open("heart")
    studies.encode(cohort)
    before = os.environ.get("MMCORE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        prepared = _prepared(folder)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "features").symlink_to(room("features"))
        os.environ["MMCORE_HOME"] = folder
        try:
            first, comparison = _seconds(lambda: studies.compare(cohort))
            again, __ = _seconds(lambda: studies.compare(studies.open("heart")))
            chosen = max(comparison.runs, key=lambda run: run.method == "cross_attention")
            app = _app(chosen.key)
        finally:
            if before is None:
                del os.environ["MMCORE_HOME"]
            else:
                os.environ["MMCORE_HOME"] = before
    count = len(comparison.runs)
    rows = [
        _row("heart from an empty home to every method with one seed", prepared, "s", PREPARED_S),
        _row(f"compare heart, {count} methods, 5 folds x 5 seeds, cached features", first, "s", COMPARE_S),
        _row("the same again (opening the cohort included)", again, "s", AGAIN_S),
    ]
    if app:
        slowest = max(app["seconds"], key=app["seconds"].get)
        rows.append(
            _row(f"warm page switch, slowest of {len(PAGES)}: {slowest}", app["seconds"][slowest], "s", SWITCH_S)
        )
        rows.append(_row("memory of the app with heart open and one run loaded", app["gib"], "GiB", MEMORY_GIB))
    return rows


def _prepared(home: str) -> float:
    """Seconds that a process of its own takes to draw and encode the cohort and to train every method with one seed; in
    the app, plain baselines come after all seeds."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "mmcore",
        "compare",
        "heart",
        "--seeds",
        "1",
        "--no-plain",
        "--json",
    ]
    work = {"cwd": ROOT, "env": {**os.environ, "MMCORE_HOME": home}, "stdout": subprocess.DEVNULL, "check": True}
    return _seconds(lambda: subprocess.run(command, **work))[0]


def _app(key: str) -> dict | None:
    """Memory and page times of the app in a process of its own; None (and the reason on stderr) if it does not run."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _APP, key, *PAGES], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        print(f"the app was not measured: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def _seconds(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _row(name: str, value: float, unit: str, at_most: float) -> dict:
    return {"name": name, "value": value, "unit": unit, "at_most": at_most}


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['value']:.2f} {row['unit']} (at most {row['at_most']})")
