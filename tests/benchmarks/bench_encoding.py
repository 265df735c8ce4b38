"""Seconds to encode `heart`, how much quicker a second pass over it is, what an ECG costs `minirocket`, and what
loading the weights that read notes takes.

Run from the repository root: python -m tests.benchmarks.bench_encoding [CASES]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

TARGET = 100
LOADING_S, LOADING_GIB = 10, 1.5
# In a process of its own, before which nothing was loaded.
_LOADING = """
import json, time
import psutil
from mmcore.base.values import InputSpec
from mmcore.encoders import make
started = time.process_time()
make("minilm_tfidf", InputSpec(name="note", kind="text", columns=("note",))).prepare(["No chest pain."])
print(json.dumps([time.process_time() - started, psutil.Process().memory_info().rss / 2**30]))
"""


def run(cases: int = 400) -> list[dict]:
    """First over second pass in an empty home folder, and the time of `minirocket`: [{name, ratio, target, ...}].

    Weights are loaded before the clock starts; both passes end with the cohort's averages in memory. Only the whole
    cohort has a target: a table is encoded so fast that its second pass has little to save.
    """
    from mmcore.cohorts import open_cohort
    from mmcore.encoders import DEFAULTS, encoders, make

    before = os.environ.get("MMCORE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MMCORE_HOME"] = folder
        try:
            cohort = open_cohort("heart", cases=cases)
            made = {
                name: make(DEFAULTS[spec.kind], spec)
                for name, spec in cohort.inputs.items()
                if encoders[DEFAULTS[spec.kind]].unavailable() is None
            }
            for name, encoder in made.items():
                some = next(id for id, here in zip(cohort.ids, cohort.present(name), strict=True) if here)
                encoder.prepare([cohort.value(some, name)])
            first = {name: _seconds(cohort, name, encoder) for name, encoder in made.items()}
            second = {name: _seconds(cohort, name, encoder) for name, encoder in made.items()}
        finally:
            if before is None:
                del os.environ["MMCORE_HOME"]
            else:
                os.environ["MMCORE_HOME"] = before
    rows = [_row(f"encoding {name} with {made[name].name}", first[name], second[name], None) for name in made]
    return [
        _row(f"encoding heart, {cases} cases", sum(first.values()), sum(second.values()), TARGET),
        *rows,
        minirocket(),
        *loading(),
    ]


def minirocket(batches: int = 9, cases: int = 32) -> dict:
    """Wall-clock time of 10,000 features of one recording of 12 leads x 10 s: the median of some batches."""
    import numpy as np

    from mmcore.base.values import InputSpec, Signal
    from mmcore.encoders import make

    chance = np.random.default_rng(0)
    encoder = make("minirocket", InputSpec(name="ecg", kind="signal", columns=("ecg",)), features=10_000)
    leads = [Signal(chance.standard_normal((12, 1000)).cumsum(1).astype(np.float32), 100.0) for _ in range(cases)]
    encoder.prepare(leads)
    spent = []
    for _ in range(batches):
        started = time.perf_counter()
        encoder.prepare(leads)
        spent.append((time.perf_counter() - started) * 1000 / cases)
    return {
        "name": f"minirocket: {encoder.dims:,} features of 12 leads x 10 s",
        "value": float(np.median(spent)),
        "unit": "ms",
        "at_most": 20,
    }


def loading() -> list[dict]:
    """Processor time and memory until the first note is read."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", _LOADING], capture_output=True, text=True, check=True)
    seconds, gib = json.loads(done.stdout.splitlines()[-1])
    name = "loading what encodes notes"
    return [
        {"name": f"{name}, processor time", "value": seconds, "unit": "s", "at_most": LOADING_S},
        {"name": f"{name}, memory of the process", "value": gib, "unit": "GiB", "at_most": LOADING_GIB},
    ]


def _seconds(cohort, input: str, encoder) -> float:
    from mmcore.features import encode

    started = time.perf_counter()
    encode(cohort, input, encoder).pooled()
    return time.perf_counter() - started


def _row(name: str, first: float, second: float, target: float | None) -> dict:
    title = f"{name}: {first:.1f} s, then {second:.2f} s"
    return {"name": title, "ratio": first / second, "target": target}


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else 400):
        if "ratio" not in row:
            print(f"{row['name']}: {row['value']:.1f} {row['unit']}, wanted at most {row['at_most']}")
            continue
        wanted = f", wanted {row['target']}" if row["target"] else ""
        print(f"{row['name']} ({row['ratio']:.0f}x{wanted})")
