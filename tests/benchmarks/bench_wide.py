"""Processor time of tables of thousands of columns, opened and audited, and of one long text, read and encoded.

    python -m tests.benchmarks wide

It is the time of all threads together, so that other work on the machine counts little.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

CASES, COLUMNS, TEXT_BYTES = 200, 10_000, 300_000
SENTENCE = "No chest pain at rest, some breathlessness on exertion since two weeks. "
AT_MOST = {"inspect": 60, "audit": 120}  # seconds


def run() -> list[dict]:
    """Rows {name, value, unit, at_most}."""
    rows = []
    for title, share in (("numbers", 0.0), ("columns, two thirds of them words", 2 / 3)):
        with tempfile.TemporaryDirectory() as folder:
            _table(share).to_csv(Path(folder) / "cases.csv", index=False)
            for command, at_most in AT_MOST.items():
                name = f"{command} of {CASES} x {COLUMNS:,} {title}"
                rows.append({"name": name, "value": _command(command, folder), "unit": "s", "at_most": at_most})
    name = f"a text of {TEXT_BYTES // 1000} kB, read and encoded by default"
    return [*rows, {"name": name, "value": _long_text(), "unit": "s", "at_most": 10}]


def _table(words: float) -> pd.DataFrame:
    """A target and columns of which this share holds one of five words."""
    chance = np.random.default_rng(0)
    label = chance.integers(0, 2, CASES)
    count = round(words * COLUMNS)
    values = pd.DataFrame(chance.normal(size=(CASES, COLUMNS - count)).round(4)).add_prefix("v")
    picked = np.array(["mild", "moderate", "severe", "absent", "unclear"])[chance.integers(0, 5, (CASES, count))]
    named = pd.DataFrame({"id": np.arange(CASES), "label": np.array(["no", "yes"])[label]})
    return pd.concat([named, values, pd.DataFrame(picked).add_prefix("w")], axis=1)


def _command(command: str, folder: str) -> float:
    """Processor seconds, start of the program included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    roles = ("--target", "label", "--id", "id")
    subprocess.run([sys.executable, "-m", "mmcore", command, folder, "--json", *roles], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _long_text() -> float:
    """Processor seconds once the weights are loaded."""
    from mmcore import readers
    from mmcore.base.values import InputSpec, Kind
    from mmcore.encoders import DEFAULTS, make
    from mmcore.features import encode_case

    encoder = make(DEFAULTS[Kind.TEXT], InputSpec(name="note", kind=Kind.TEXT, columns=("note",)))
    encode_case(encoder, "no pain")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "note.txt"
        place.write_text(SENTENCE * (TEXT_BYTES // len(SENTENCE)))
        started = time.process_time()
        encode_case(encoder, readers.read(Kind.TEXT, place))
        return time.process_time() - started
