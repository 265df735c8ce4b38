"""Do the 95% intervals hold: share of simulated cohorts whose interval contains the truth.

Wanted is .93 to .97, or no interval. Five tables: cases alone, values instead of classes, differences of two methods,
groups, and cross-validated models, whose training counts. Beside each share stands what chance does to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from scipy.special import expit

from mmcore.evaluation import metric_label, scores
from tests.benchmarks import batched
from tests.benchmarks.simulated import Model, coverage, cross_validated

REPETITIONS = 4000
IN_GROUPS = 600  # and of the calibration error: one cohort after the other
FEWEST = 0.1  # share of cohorts that get an interval, below which those few tell nothing
LOWEST, HIGHEST = 0.93, 0.97
SIZES = ((60, (0.1, 0.2, 0.5)), (100, (0.05, 0.1, 0.5)), (250, (0.02, 0.05, 0.2, 0.5)), (1000, (0.02, 0.1, 0.5)))
AUROCS = (0.5, 0.7, 0.9, 0.98)
GROUPS = (4, 5, 8, 12, 20, 40)
GROUPED = ("auroc", "auprc", "accuracy", "balanced_accuracy", "f1", "brier", "log_loss", "ece")
TRAINED = tuple((cases, width, gap) for cases in (100, 300) for width in (5, 60) for gap in (0.0, 0.8, 2.0))
TRUTH = 2_000_000  # cases that stand for all there are


@dataclass(frozen=True)
class Cell:
    """given: share of cohorts that got an interval; holds: share of these that hold the truth; error: its standard
    error."""

    given: float
    holds: float
    error: float

    @classmethod
    def of(cls, truth: float, bounds: batched.Bounds) -> Cell:
        given = np.isfinite(bounds.low) & np.isfinite(bounds.high)
        inside = ((bounds.low <= truth) & (truth <= bounds.high))[given]
        share = float(inside.mean()) if given.any() else float("nan")
        return cls(float(given.mean()), share, (share * (1 - share) / max(given.sum(), 1)) ** 0.5)

    @property
    def counts(self) -> bool:
        return self.given >= FEWEST

    @property
    def inside(self) -> bool:
        """Whether it lies within what is wanted, give or take two standard errors."""
        return LOWEST - 2 * self.error <= self.holds <= HIGHEST + 2 * self.error

    def __str__(self) -> str:
        if not self.counts:
            return "none"
        given = "" if self.given > 0.99 else f" ({self.given:.0%})"
        mark = "" if LOWEST <= self.holds <= HIGHEST else "~" if self.inside else "!"
        return f"{self.holds:.3f}{mark}{given}"


def run() -> list[dict]:
    """Print the tables; rows for the summary: how many cells stray, and how far."""
    console = Console(width=200)
    cells = [*_cases(console), *_values(console), *_differences(console), *_calibration(console), *_groups(console)]
    trained, noise = _trained(console)
    given = [cell for cell in (*cells, *trained) if cell.counts]
    below, above = (
        np.array([sign * (cell.holds - limit) for cell in given]) for sign, limit in ((-1, LOWEST), (1, HIGHEST))
    )
    console.print(f"{len(given)} cells with intervals, {len(cells) + len(trained) - len(given)} without")
    return [
        {"name": "share of cells below .93 beyond chance", "unit": "", "at_most": 0.0,
         "value": float(np.mean([cell.holds < LOWEST and not cell.inside for cell in given]))},
        {"name": "share of cells above .97 beyond chance", "unit": "", "at_most": 0.0,
         "value": float(np.mean([cell.holds > HIGHEST and not cell.inside for cell in given]))},
        {"name": "furthest below .93", "unit": "", "at_most": 0.01, "value": max(float(below.max()), 0)},
        {"name": "furthest above .97", "unit": "", "at_most": 0.01, "value": max(float(above.max()), 0)},
        {"name": "pure noise, cross-validated, called above chance", "unit": "", "at_most": 0.03,
         "value": float(np.mean(noise))},
    ]  # fmt: skip


def _cases(console: Console) -> list[Cell]:
    table = _table("cases alone", ("N", "positive", "AUROC"), batched.BINARY)
    cells = []
    for cases, shares in SIZES:
        for share in shares:
            for auroc in AUROCS:
                drawn = batched.intervals(*batched.draw(np.random.default_rng(1), _times(cases), cases, share, auroc))
                truth = _true_scores(share, auroc)
                row = [Cell.of(truth[name], drawn[name]) for name in batched.BINARY]
                table.add_row(str(cases), f"{share:.0%}", f"{auroc:g}", *map(str, row))
                cells += row
    console.print(table, f"standard error: {_standard_error(REPETITIONS)}")
    return cells


@cache
def _true_scores(share: float, auroc: float) -> dict[str, float]:
    many = batched.draw(np.random.default_rng(99), TRUTH // 200_000, 200_000, share, auroc)
    return {name: float(bounds.value.mean()) for name, bounds in batched.intervals(*many).items()}


def _values(console: Console) -> list[Cell]:
    """Regression: even errors, and errors with long tails."""
    table, cells = _table("values", ("N", "R²", "errors"), batched.REGRESSION), []
    for cases in (60, 100, 250, 1000):
        for explained in (0.05, 0.5, 0.9):
            for tail, freedom in (("normal", 1e6), ("long tails", 5)):
                many = batched.regression(*_valued(np.random.default_rng(99), 10, 200_000, explained, freedom))
                drawn = batched.regression(*_valued(np.random.default_rng(1), _times(cases), cases, explained, freedom))
                row = [Cell.of(float(many[name].value.mean()), drawn[name]) for name in batched.REGRESSION]
                table.add_row(str(cases), f"{explained:g}", tail, *map(str, row))
                cells += row
    console.print(table)
    return cells


def _valued(
    rng: np.random.Generator, cohorts: int, cases: int, explained: float, freedom: float
) -> tuple[np.ndarray, np.ndarray]:
    outputs = explained**0.5 * rng.normal(size=(cohorts, cases))
    errors = rng.standard_t(freedom, (cohorts, cases)) / np.sqrt(freedom / (freedom - 2))
    return outputs + (1 - explained) ** 0.5 * errors, outputs


def _differences(console: Console) -> list[Cell]:
    """Two methods with part of their errors in common; the second tells less."""
    names = ("auroc", "auprc", "brier", "log_loss")
    table, cells = _table("differences of two methods", ("N", "positive", "second tells"), names), []
    for cases, shares in SIZES:
        for share in shares:
            for less in (1.0, 0.6):
                drawn = _both(np.random.default_rng(1), _times(cases), cases, share, less)
                own, row = [batched.leave_out(drawn[0], p) for p in drawn[1:]], []
                for name in names:
                    row.append(
                        Cell.of(
                            _true_gap(share, less)[name], batched.paired(name, own[0][name], own[1][name], drawn[0])
                        )
                    )
                table.add_row(str(cases), f"{share:.0%}", "as much" if less == 1 else "less", *map(str, row))
                cells += row
    console.print(table)
    return cells


@cache
def _true_gap(share: float, less: float) -> dict[str, float]:
    target, *both = _both(np.random.default_rng(99), TRUTH // 200_000, 200_000, share, less)
    first, second = (batched.leave_out(target, p) for p in both)
    return {name: float((first[name].value - second[name].value).mean()) for name in first}


def _both(rng: np.random.Generator, cohorts: int, cases: int, share: float, less: float) -> tuple[np.ndarray, ...]:
    target = rng.random((cohorts, cases)) < share
    shared = 0.7 * rng.normal(size=target.shape)
    level = np.log(share / (1 - share))
    outputs = [
        expit(level + tells * 1.4 * (target - share) + shared + 0.7 * rng.normal(size=target.shape))
        for tells in (1.0, less)
    ]
    return target, *outputs


def _calibration(console: Console) -> list[Cell]:
    table, cells = _table("calibration error", ("N", "positive", "AUROC"), ("ece",)), []
    for cases, share, auroc in ((60, 0.5, 0.7), (60, 0.1, 0.7), (250, 0.05, 0.9), (250, 0.5, 0.9), (1000, 0.2, 0.9)):
        row = coverage(Model(share, auroc), cases, ("ece",), IN_GROUPS)["ece"]
        cells.append(_slow(row.bounded, row.holds))
        table.add_row(str(cases), f"{share:.0%}", f"{auroc:g}", str(cells[-1]))
    console.print(table)
    return cells


def _groups(console: Console) -> list[Cell]:
    table, cells = _table("groups of about 20 cases, 40% positive", ("groups", "AUROC", "uneven"), GROUPED), []
    for groups in GROUPS:
        for auroc in (0.7, 0.9):
            for uneven in (0.0, 0.6):
                rows = coverage(Model(0.4, auroc, groups, uneven=uneven), 0, GROUPED, IN_GROUPS)
                row = [_slow(rows[name].bounded, rows[name].holds) for name in GROUPED]
                table.add_row(str(groups), f"{auroc:g}", f"{uneven:g}", *map(str, row))
                cells += row
    console.print(table, f"standard error: {_standard_error(IN_GROUPS)}")
    return cells


def _slow(given: float, holds: float) -> Cell:
    return Cell(given, holds, (holds * (1 - holds) / max(given * IN_GROUPS, 1)) ** 0.5)


def _trained(console: Console) -> tuple[list[Cell], list[float]]:
    """Coverage with training counted in, and shares of cohorts of pure noise that are called above chance."""
    table = _table(
        "AUROC of ridge classifiers, five folds",
        ("N", "features", "AUROC", "training apart", "counted in", "above"),
        (),
    )
    cells, noise = [], []
    for cases, width, gap in TRAINED:
        rng, rows = np.random.default_rng(0), []
        for _number in range(IN_GROUPS):
            target, outputs = cross_validated(rng, cases, width, gap)
            both = [scores("binary", target, outputs, metrics=("auroc",), folds=k)["auroc"] for k in (None, 5)]
            rows.append([both[0].mean, both[0].low, both[0].high, both[1].low, both[1].high])
        values = np.array(rows)
        truth = 0.5 if gap == 0 else float(values[:, 0].mean())
        apart, counted = (float(((values[:, k] <= truth) & (truth <= values[:, k + 1])).mean()) for k in (1, 3))
        above = float((values[:, 3] > 0.5).mean())
        noise += [above] if gap == 0 else []
        cells.append(_slow(1.0, counted))
        table.add_row(
            str(cases), str(width), f"{values[:, 0].mean():.3f}", f"{apart:.3f}", str(cells[-1]),
            f"{above:.3f}" if gap == 0 else "",
        )  # fmt: skip
    console.print(table)
    return cells, noise


def _times(cases: int) -> int:
    return REPETITIONS if cases < 1000 else REPETITIONS // 2


def _standard_error(repetitions: int) -> str:
    return f"{(0.95 * 0.05 / repetitions) ** 0.5:.4f}, more where few get an interval; ~ strays by chance, ! beyond it"


def _table(title: str, facts: Sequence[str], names: Iterable[str]) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD)
    for column in (*facts, *map(metric_label, names)):
        table.add_column(column, justify="right")
    return table
