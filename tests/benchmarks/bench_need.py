"""Is the verdict on fusion right: cohorts whose composition is decided here, trained and judged as a user would.

Of each kind several cohorts are drawn. A verdict is wrong where it says the opposite of what the cohort was made for;
"not settled" is no answer, and counted apart.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from mmcore import studies
from mmcore.cohorts import Roles

CASES, COHORTS = 600, 6
SETTINGS = studies.StudySettings(folds=5, seeds=2, plain=False)
ROLES = Roles(target="ill", inputs={"blood": "table:a,a2", "life": "table:b,b2"})
RIGHT = {  # what it takes, and the findings that say so
    "only one input matters": ("no", {"one_input_suffices", "fusing_adds_nothing"}),
    "copies": ("no", {"one_input_suffices", "fusing_adds_nothing"}),
    "additive": ("no", {"average_suffices", "fusing_adds_nothing"}),
    "interaction": ("yes", {"interaction", "fusion"}),
}


def cohort_table(kind: str, seed: int, cases: int = CASES) -> pd.DataFrame:
    """Two inputs of two columns each; the second column of each is noise."""
    rng = np.random.default_rng(seed)
    a, b, a2, b2 = rng.normal(size=(4, cases))
    if kind == "copies":
        b = a + 0.1 * rng.normal(size=cases)
    score = {
        "only one input matters": 2 * a,
        "copies": 2 * a,
        "additive": 1.5 * a + 1.5 * b,
        "interaction": 0.7 * a + 0.7 * b + 2.5 * a * b,
    }[kind]
    ill = np.where(rng.random(cases) < 1 / (1 + np.exp(-score)), "yes", "no")
    return pd.DataFrame({"id": [f"p{i}" for i in range(cases)], "a": a, "a2": a2, "b": b, "b2": b2, "ill": ill})


def verdict_on(kind: str, seed: int, folder: Path) -> tuple[str, str]:
    """What the comparison says: needs_fusion and finding."""
    path = folder / f"{kind.replace(' ', '-')}-{seed}.csv"
    cohort_table(kind, seed).to_csv(path, index=False)
    comparison = studies.compare(studies.open(path, ROLES), ["blood", "life", "concat"], settings=SETTINGS)
    need = comparison.verdict.need
    return str(comparison.verdict.needs_fusion), "" if need is None else str(need.finding)


def run() -> list[dict]:
    """Print the table; rows for the summary: how often it is right, and wrong."""
    table = Table(title=f"{COHORTS} cohorts of {CASES} cases each", box=SIMPLE_HEAD)
    for column in ("made so that", "wanted", "right", "not settled", "wrong", "findings"):
        table.add_column(column)
    right = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        home = os.environ.get("MMCORE_HOME")
        os.environ["MMCORE_HOME"] = str(Path(folder) / "home")
        try:
            for kind, (wanted, findings) in RIGHT.items():
                verdicts = [verdict_on(kind, seed, Path(folder)) for seed in range(COHORTS)]
                hits = sum(needs == wanted and finding in findings for needs, finding in verdicts)
                misses = sum(needs not in (wanted, "unsettled") for needs, _finding in verdicts)
                right, wrong = right + hits, wrong + misses
                seen = ", ".join(f"{name} {n}" for name, n in Counter(f for _n, f in verdicts).most_common())
                open_ones = sum(needs == "unsettled" for needs, _finding in verdicts)
                table.add_row(kind, wanted, str(hits), str(open_ones), str(misses), seen)
        finally:
            os.environ.pop("MMCORE_HOME")
            if home is not None:
                os.environ["MMCORE_HOME"] = home
    Console(width=150).print(table)
    count = COHORTS * len(RIGHT)
    return [
        {"name": "verdict on fusion: wrong", "unit": "", "at_most": 0.0, "value": wrong / count},
        {"name": "verdict on fusion: not right", "unit": "", "at_most": 0.25, "value": 1 - right / count},
    ]
