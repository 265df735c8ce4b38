"""Do the 95% intervals hold: share of simulated cohorts whose interval contains the truth.

Wanted is .93 to .97, or no interval. Near 1 and with a handful of positive cases shares move in steps, and the
interval errs on the safe side. Three tables: cases alone, groups, and cross-validated models, whose training counts.
"""

from __future__ import annotations

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from mmcore.evaluation import scores
from tests.benchmarks.simulated import Coverage, Model, coverage, cross_validated

NAMES = ("auroc", "auprc", "accuracy", "balanced_accuracy", "brier", "ece")
SIMULATIONS = 400
FEWEST = 20  # intervals below which a share of them says nothing
SIZES = ((60, 0.1), (60, 0.5), (100, 0.05), (250, 0.02), (250, 0.05), (250, 0.2), (1000, 0.02), (1000, 0.2))
AUROCS = (0.5, 0.7, 0.9, 0.98)
GROUPS = (4, 5, 8, 12, 20, 40)
TRAINED = tuple((cases, width, gap) for cases in (100, 300) for width in (5, 60) for gap in (0.0, 0.8, 2.0))


def run() -> list[dict]:
    """Print the tables; rows for the summary: how far coverage strays at most."""
    console = Console()
    cells = [*_cases(console), *_groups(console)]
    trained = _trained(console)
    main = [cell.holds for cell in cells if cell.told * SIMULATIONS >= FEWEST]
    return [
        {"name": "lowest coverage of a 95% interval: what is missing to 95%", "unit": "", "at_most": 0.02,
         "value": max(0.95 - min(main), 0)},
        {"name": "share of cells below .93", "unit": "", "at_most": 0.05,
         "value": float(np.mean(np.array(main) < 0.93))},
        {"name": "share of cells above .97 (the safe side)", "unit": "", "at_most": 0.5,
         "value": float(np.mean(np.array(main) > 0.97))},
        {"name": "pure noise, cross-validated, called above chance", "unit": "", "at_most": 0.03,
         "value": float(np.mean(trained))},
    ]  # fmt: skip


def _cases(console: Console) -> list[Coverage]:
    table, cells = _table("cases alone", "N", "positive", "AUROC", *NAMES), []
    for cases, prevalence in SIZES:
        for auroc in AUROCS:
            found = coverage(Model(prevalence, auroc), cases, NAMES, SIMULATIONS if cases < 1000 else SIMULATIONS // 4)
            table.add_row(str(cases), f"{prevalence:.0%}", f"{auroc:g}", *(_cell(found[name]) for name in NAMES))
            cells += found.values()
    console.print(table)
    return cells


def _groups(console: Console) -> list[Coverage]:
    table, cells = _table("groups of about 20 cases, 40% positive", "groups", "AUROC", "uneven", *NAMES), []
    for groups in GROUPS:
        for auroc in (0.7, 0.9):
            for uneven in (0.0, 0.6):
                found = coverage(Model(0.4, auroc, groups, uneven=uneven), 0, NAMES, SIMULATIONS)
                table.add_row(str(groups), f"{auroc:g}", f"{uneven:g}", *(_cell(found[name]) for name in NAMES))
                cells += found.values()
    console.print(table)
    return cells


def _trained(console: Console) -> list[float]:
    """Shares of cohorts of pure noise that are called above chance."""
    table = _table(
        "AUROC of ridge classifiers, five folds", "N", "features", "AUROC", "training apart", "counted in", "above"
    )
    false = []
    for cases, width, gap in TRAINED:
        rng, rows = np.random.default_rng(0), []
        for _number in range(SIMULATIONS // 2):
            target, outputs = cross_validated(rng, cases, width, gap)
            both = [scores("binary", target, outputs, metrics=("auroc",), folds=k)["auroc"] for k in (None, 5)]
            rows.append([both[0].mean, both[0].low, both[0].high, both[1].low, both[1].high])
        values = np.array(rows)
        truth = 0.5 if gap == 0 else float(values[:, 0].mean())
        holds = [((values[:, k] <= truth) & (truth <= values[:, k + 1])).mean() for k in (1, 3)]
        above = float((values[:, 3] > 0.5).mean())
        false += [above] if gap == 0 else []
        table.add_row(
            str(cases), str(width), f"{values[:, 0].mean():.3f}", *(f"{x:.3f}" for x in holds),
            f"{above:.3f}" if gap == 0 else "",
        )  # fmt: skip
    console.print(table)
    return false


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _cell(found: Coverage) -> str:
    """Coverage, and the share of cohorts that got an interval where it is not all."""
    if found.told * SIMULATIONS < FEWEST:
        return "none"
    return f"{found.holds:.3f}" + (f" ({found.told:.0%})" if found.told < 0.99 else "")
