"""A cohort of times to an event, for tests of studies and of pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

CHEAP = {"labs": "standardised", "more": "standardised"}  # encoders


def survival_folder(folder: Path, cases: int) -> Path:
    """Two tables, each of which raises the hazard, written to a folder."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, cases))
    event, end = rng.exponential(10 * np.exp(-a - b)), rng.uniform(2, 40, cases)
    table = {"a": a, "b": b, "relapse": (event <= end).astype(int), "os_months": np.minimum(event, end)}
    pd.DataFrame(table).to_csv(folder / "cases.csv", index=False)
    (folder / "cohort.toml").write_text(
        'event = "relapse"\ntime = "os_months"\n[inputs.labs]\nkind = "table"\ncolumns = ["a"]\n'
        '[inputs.more]\nkind = "table"\ncolumns = ["b"]\n',
        encoding="utf-8",
    )
    return folder
