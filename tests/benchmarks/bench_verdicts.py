"""How often a comparison of equally good methods prints a false verdict (wanted: at most 5%), and what it finds."""

from __future__ import annotations

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from mmcore.evaluation import Verdict, compare_methods, paired
from mmcore.evaluation.verdicts import against_best, shared_scores
from tests.benchmarks.simulated import equal_methods, ridge_out_of_fold

SIMULATIONS = 200
SETTINGS = tuple(
    (cases, prevalence, methods, groups)
    for cases, prevalence, groups in ((60, 0.3, 0), (206, 0.2, 0), (300, 0.5, 0), (200, 0.4, 5), (200, 0.4, 20))
    for methods in (6, 16)
)
SINGLES = 3


def run() -> list[dict]:
    """Print the tables; rows for the summary."""
    table = Table(title="equally good methods, three of them single inputs", box=SIMPLE_HEAD)
    for column in ("N", "positive", "groups", "methods", "false verdicts", "one by one, against the best"):
        table.add_column(column, justify="right")
    rates = {6: [], 16: []}
    for cases, prevalence, methods, groups in SETTINGS:
        shares = np.array(
            [_one(np.random.default_rng(seed), cases, prevalence, methods, groups) for seed in range(SIMULATIONS)]
        )
        rates[methods].append(shares[:, 0].mean())
        table.add_row(
            str(cases), f"{prevalence:.0%}", str(groups or ""), str(methods), *(f"{x:.3f}" for x in shares.mean(0))
        )
    trained = _trained()
    Console().print(table)
    rows = [
        {
            "name": f"false verdicts among {methods} equal methods, at most",
            "unit": "",
            "at_most": 0.05,
            "value": max(result),
        }
        for methods, result in rates.items()
    ]
    return [
        *rows,
        {"name": "the same, cross-validated ridge classifiers", "unit": "", "at_most": 0.05, "value": trained},
        {
            "name": "a plain baseline called the winner among equals",
            "unit": "",
            "at_most": 0.05,
            "value": _plain_wins(),
        },
        {"name": "a gain of .06 AUROC on 500 cases not found", "unit": "", "at_most": 0.5, "value": _missed()},
    ]


def _one(rng: np.random.Generator, cases: int, prevalence: float, methods: int, groups: int) -> tuple[float, float]:
    """Whether any verdict is false: all at once, and by a plain interval of each against the one that looks best."""
    target, outputs = equal_methods(rng, cases, prevalence, methods)
    group, names = np.arange(cases) % groups if groups else None, list(outputs)
    left_out, _cases = shared_scores("binary", target, outputs, group, "auroc")
    scores = dict(zip(names, left_out, strict=True))
    compared = against_best("auroc", scores, names[:SINGLES], cases)
    wrong = compared.count(Verdict.BETTER) + compared.count(Verdict.WORSE) > 0
    best = compared.reference
    gaps = [paired("auroc", scores[name], scores[best]) for name in names if name != best]
    return float(wrong), float(any(gap.low > 0 or gap.high < 0 for gap in gaps))


def _trained(cases: int = 200, methods: int = 6) -> float:
    """The same with models that learn: each reads the same signal through features and noise of its own."""
    wrong = 0
    for seed in range(SIMULATIONS):
        rng = np.random.default_rng(seed)
        target = rng.integers(0, 2, cases)
        outputs = {}
        for number in range(methods):
            features = rng.normal(size=(cases, 20))
            features[:, 0] += target
            outputs[f"method {number}"] = ridge_out_of_fold(rng, features, target, 5)
        compared = compare_methods("binary", target, outputs, single_inputs=list(outputs)[:SINGLES], folds=5)
        wrong += compared.count(Verdict.BETTER) + compared.count(Verdict.WORSE) > 0
    return wrong / SIMULATIONS


def _plain_wins(cases: int = 206, each: int = 10) -> float:
    """Share of cohorts in which one of ten baselines is said to beat the best of ten methods, all equally good."""
    wrong = 0
    for seed in range(SIMULATIONS // 2):
        target, outputs = equal_methods(np.random.default_rng(seed), cases, 0.3, 2 * each)
        names = list(outputs)
        compared = compare_methods("binary", target, outputs, single_inputs=names[each:], judged=names[:each])
        wrong += compared.count(Verdict.BETTER) > 0
    return wrong / (SIMULATIONS // 2)


def _missed(cases: int = 500) -> float:
    """Share of cohorts in which a method that is better by about .06 is not found so."""
    missed = 0
    for seed in range(SIMULATIONS // 2):
        rng = np.random.default_rng(seed)
        target, outputs = equal_methods(rng, cases, 0.4, 5)
        logit = np.log(outputs["method 4"][0, :, 1] / outputs["method 4"][0, :, 0]) + 0.5 * target
        p = 1 / (1 + np.exp(-logit))
        outputs["method 4"] = np.stack([1 - p, p], -1)[None]
        compared = compare_methods("binary", target, outputs, single_inputs=list(outputs)[:SINGLES])
        missed += compared.by_method["method 4"].verdict is not Verdict.BETTER
    return missed / (SIMULATIONS // 2)
