"""Extraction of a cohort folder on disk: throughput against the bare model, the second pass, memory, cost per case.

Run from the repository root: python -m tests.benchmarks extraction
Memory and cost per case are those of fresh processes, on short generated signals with a cheap encoder, so that what is
measured is the machinery rather than a network.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
IMAGES, ROUNDS, SIDE = 256, 3, 224
FEW, MANY, SAMPLES, MORE = 1_000, 20_000, 400, 10
THROUGHPUT, AGAIN, MEMORY_MB, FLAT = 0.9, 100, 150, 1.25

# Run in a process of its own: the first pass, the second (best of three, being short), ten cases more, and the most
# memory the process ever held.
_ALONE = """
import json, resource, sys, time
from pathlib import Path
from mmcore.cohorts import Roles, open_cohort
from mmcore.encoders import make
from mmcore.features import encode

folder, more = sys.argv[1], int(sys.argv[2])
cohort = open_cohort(folder, Roles(target="label", inputs={"signal": "signal:signal"}))
start = cohort.select(cohort.ids[:-more])
encoder = make("log_mel", cohort.inputs["signal"], channels=1)
encoder.prepare([cohort.value(cohort.ids[0], "signal")])

def seconds(part):
    started = time.perf_counter()
    features = encode(part, "signal", encoder)
    features.pooled()
    return time.perf_counter() - started, features.computed

first, second = seconds(start), min(seconds(start) for _turn in range(3))
added = seconds(cohort)
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss would count the process that started this one, too
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 2**10
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"cases": len(start), "first": first, "second": second, "added": added, "peak_mb": peak}))
"""


def run() -> list[dict]:
    """Rows for the table: {name, ratio, target} or {name, value, unit, at_most}."""
    return [*network(), *machinery()]


def network() -> list[dict]:
    """EfficientNet-Lite0 over images on disk, against the same network on the same images in memory."""
    from mmcore.cohorts import Roles, open_cohort
    from mmcore.encoders import encoders, make
    from mmcore.features import encode

    if reason := encoders["efficientnet_lite0"].unavailable():
        print(f"throughput was not measured: {reason}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder, _home() as use:
        write_images(Path(folder), IMAGES)
        cohort = open_cohort(folder, Roles(target="label", inputs={"image": "image:image"}))
        encoder = make("efficientnet_lite0", cohort.inputs["image"])
        images = [cohort.value(id, "image") for id in cohort.ids]
        encoder.prepare(images[:8])
        whole, split, again = [], [], []
        for turn in range(ROUNDS):  # in turn, so that whatever else the machine does slows all of them
            use(f"{folder}/home-{turn}")
            plain = _seconds(lambda: encoder.prepare(images))
            shared = _seconds(lambda: _side_by_side(encoder, images))
            first = _seconds(lambda: encode(cohort, "image", encoder).pooled())
            second = _seconds(lambda: encode(cohort, "image", encoder).pooled())
            whole.append(plain / first)
            split.append(shared / first)
            again.append(first / second)
        rate = IMAGES / first
    what = f"efficientnet_lite0, {IMAGES} PNG of {SIDE} x {SIDE}, {rate:.0f} cases a second"
    return [
        _ratio(f"extraction against the bare model, one call ({what})", whole, THROUGHPUT),
        _ratio("extraction against the bare model, a call of 8 on every core", split, THROUGHPUT),
        _ratio("second pass against first", again, AGAIN),
    ]


def machinery() -> list[dict]:
    """What a case costs in a large cohort, in time and in memory."""
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (FEW, MANY):
            write_signals(Path(folder) / str(count), count + MORE)
            result[count] = _alone(Path(folder) / str(count), f"{folder}/home-{count}")
    few, many = result[FEW], result[MANY]
    each = {
        name: [1e3 * measured[name][0] / measured["cases"] for measured in (few, many)] for name in ("first", "second")
    }
    first, second = (f"{a:.2f} and {b:.2f} ms" for a, b in each.values())
    held = f"{few['peak_mb']:.0f} and {many['peak_mb']:.0f} MB"
    growth = many["peak_mb"] - few["peak_mb"]
    where = f"{MANY:,} cases against {FEW:,}"
    return [
        _value(f"peak memory, {where}: {held}", growth, "MB more", MEMORY_MB),
        _value(f"cost of a case in a first pass, {where}: {first}", each["first"][1] / each["first"][0], "x", FLAT),
        _value(f"cost of a case in a second pass, {where}: {second}", each["second"][1] / each["second"][0], "x", FLAT),
        _value(f"cases encoded when {MORE} are added to {MANY:,}", many["added"][1], "cases", MORE),
        _value(f"time it takes to add {MORE} cases to {MANY:,}", many["added"][0], "s", 5),
    ]


def write_images(folder: Path, count: int) -> None:
    """Smooth grey pictures with some grain, as radiographs are, and a table that names them."""
    from PIL import Image

    chance = np.random.default_rng(0)
    down, across = np.mgrid[:SIDE, :SIDE] / SIDE
    for i in range(count):
        waves = [
            size * np.sin(2 * np.pi * (a * across + b * down + c))
            for a, b, c, size in chance.uniform([0, 0, 0, 5], [5, 5, 1, 30], (6, 4))
        ]
        pixels = 128 + sum(waves) + chance.normal(0, 3, down.shape)
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / f"{i}.png")
    _table(folder, [f"{i}.png" for i in range(count)], "image")


def write_signals(folder: Path, count: int) -> None:
    """Short signals of one channel, and a table that names them."""
    folder.mkdir(parents=True)
    chance = np.random.default_rng(0)
    for i in range(count):
        np.save(folder / f"{i}.npy", chance.standard_normal((1, SAMPLES), dtype=np.float32))
    _table(folder, [f"{i}.npy" for i in range(count)], "signal")


def _table(folder: Path, files: Sequence[str], column: str) -> None:
    with (folder / "cases.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", column, "label"])
        writer.writerows([f"case {i}", name, ("no", "yes")[i % 2]] for i, name in enumerate(files))


def _side_by_side(encoder, images: Sequence[np.ndarray]) -> None:
    """The fastest the bare model can be here: eight images a call, one call on every core."""
    from mmcore.encoders.loading import one_core

    def few_images(start: int) -> None:
        with one_core():
            encoder.prepare(images[start : start + 8])

    with ThreadPoolExecutor(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    ) as pool:
        list(pool.map(few_images, range(0, len(images), 8)))


def _alone(folder: Path, home: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ALONE, str(folder), str(MORE)],
        cwd=ROOT,
        env={**os.environ, "MMCORE_HOME": home},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


class _home:
    """Home folders of the benchmark's own while it lasts."""

    def __enter__(self) -> Callable[[str], None]:
        self.before = os.environ.get("MMCORE_HOME")
        return lambda folder: os.environ.__setitem__("MMCORE_HOME", folder)

    def __exit__(self, *error: object) -> None:
        os.environ.pop("MMCORE_HOME", None)
        if self.before is not None:
            os.environ["MMCORE_HOME"] = self.before


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ratio(name: str, ratios: Sequence[float], target: float) -> dict:
    return {"name": name, "ratio": statistics.median(ratios), "target": target}


def _value(name: str, value: float, unit: str, at_most: float) -> dict:
    return {"name": name, "value": value, "unit": unit, "at_most": at_most}


if __name__ == "__main__":
    for row in run():
        print({key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()})
