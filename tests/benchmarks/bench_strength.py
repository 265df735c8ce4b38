"""Strength: what is delivered against plain scikit-learn, on the same features and the same folds, in one table.

    python -m tests.benchmarks strength                                  every cohort, 5 seeds
    python -m tests.benchmarks.bench_strength heart wine --seeds 2       some of them, quicker

Single inputs stand against the best plain baseline of that input, the best fusion method against the best one of all
inputs. Predictions are averaged over seeds. Where labels are drawn at random, nothing may be learnt. Features come from
the present home folder, or are encoded there. Rows go to stderr as they are finished.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.benchmarks import generated

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
METHODS = ("concat", "gated", "late", "mlp", "cross_attention")
SPARE = 0.01  # that a plain baseline may be ahead
INTERACTION = 0.89  # AUROC on generated cohorts, mean over INTERACTIONS of them: they differ by .01 from draw to draw
INTERACTIONS = 6
CHANCE = 0.03  # that AUROC may be off 0.5 where labels are random: two standard errors of 3 x 600 cases
FEWER_METHODS = {"digits_image_audio": ("concat", "gated", "late")}  # where attention over all tokens takes an hour


@dataclass(frozen=True, eq=False)
class Contest:
    """A cohort as training takes it, and its feature matrices per fold for the plain baselines."""

    name: str
    data: object
    matrices: list

    @property
    def inputs(self) -> list[str]:
        return list(self.data.features)


def contest(name: str, cohort, chosen: Mapping[str, str] | None = None) -> Contest:
    """Of a cohort with these encoders, else the default ones."""
    from mmcore import features, studies
    from mmcore.cohorts import folds_of
    from mmcore.studies.planning import task_of_cohort
    from mmcore.training import TrainingData

    encoders = studies.encoders_of(cohort, chosen)
    encoded = {input: features.encode(cohort, input, encoder) for input, encoder in encoders.items()}
    data = TrainingData(encoded, cohort.target, task_of_cohort(cohort), folds_of(cohort).folds, cohort.groups, encoders)
    return Contest(name, data, [matrices(data, train) for train, _test in data.folds])


def matrices(data, train: np.ndarray) -> dict:
    """By input, features of all cases as a fold sees them: what an encoder fits comes from its training rows."""
    from mmcore.training.plain_folds import Matrix
    from mmcore.training.views import Through

    made = {}
    for name, features in data.features.items():
        encoder = data.encoders.get(name)
        if encoder is not None and encoder.fits_on_fold:
            features = Through(features, encoder.fit(features, np.asarray(train), data.classes))
        made[name] = Matrix(*features.pooled())
    return made


def score(data, outputs: np.ndarray) -> float:
    """AUROC, accuracy or R2 of predictions [S, N, K] averaged over S."""
    from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

    predicted = outputs.mean(0)
    rows = np.isfinite(predicted).all(1) & data.task.labelled(data.values)
    target, predicted = data.values[rows], predicted[rows]
    if data.task.name == "regression":
        return float(r2_score(target, predicted[:, 0]))
    if data.task.name == "binary":
        return float(roc_auc_score(target, predicted[:, 1]))
    return float(accuracy_score(target, predicted.argmax(1)))


def plain_scores(contest: Contest, inputs: list[str]) -> dict[str, float]:
    """Of every baseline on these inputs."""
    from mmcore.training import plain_models

    data, own = contest.data, [{name: each[name] for name in inputs} for each in contest.matrices]
    names = [name for name in plain_models.baselines if name != "averaged" or len(inputs) > 1]
    return {
        name: score(data, plain_models.baselines[name](data.task, own, data.target, data.folds, data.groups))
        for name in names
    }


def ours(contest: Contest, fusion: str, inputs: list[str], seeds: int) -> tuple[float, object]:
    """Score of a method and what was fitted."""
    from mmcore.training import FitPlan, fit

    fitted = fit(contest.data, FitPlan(fusion, tuple(inputs), seeds=seeds))
    return score(contest.data, fitted.outputs), fitted


def delivered(data, fusion: str, seeds: int) -> float:
    """Score of a method on all inputs."""
    from mmcore.training import FitPlan, fit

    return score(data, fit(data, FitPlan(fusion, tuple(data.features), seeds=seeds)).outputs)


def _row(title: str, reached: float, by: str, plain: dict[str, float], fitted, seconds: float) -> dict:
    best = max(plain, key=lambda name: plain[name])
    row = {
        "name": title,
        "by": by,
        "reached": reached,
        "plain": plain[best],
        "plain_by": best,
        "ok": reached >= plain[best] - SPARE,
        "network": score_of(fitted, "network_outputs"),
        "linear": score_of(fitted, "linear_outputs"),
        "share": float(np.mean(fitted.network_share)),
    }
    details = {"others": {key: round(value, 3) for key, value in plain.items()}, "seconds": round(seconds, 1)}
    print({**{k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, **details}, file=sys.stderr)
    sys.stderr.flush()
    return row


def score_of(fitted, part: str) -> float:
    """Of a part of the answer alone; nan where there is none."""
    outputs = getattr(fitted, part)
    outputs = outputs if outputs.ndim == 3 else outputs[None]
    return score(fitted.data, outputs) if np.isfinite(outputs).any() else float("nan")


def compete(contest: Contest, seeds: int, methods: tuple[str, ...] = METHODS) -> list[dict]:
    """A row for every input and, if there are several, one for the best fusion method."""
    rows = []
    for inputs in [[name] for name in contest.inputs] + ([contest.inputs] if len(contest.inputs) > 1 else []):
        best = None
        for fusion in methods if len(inputs) > 1 else ("concat",):
            started = time.perf_counter()
            reached, fitted = ours(contest, fusion, inputs, seeds)
            fitted.data = contest.data
            if len(inputs) > 1:
                share = np.mean(fitted.network_share)
                network, seconds = score_of(fitted, "network_outputs"), time.perf_counter() - started
                print(
                    f"  {contest.name} {fusion}: {reached:.3f} (network {network:.3f}, linear "
                    f"{score_of(fitted, 'linear_outputs'):.3f}, share {share:.2f}, {seconds:.0f} s)",
                    file=sys.stderr,
                    flush=True,
                )
            if best is None or reached > best[0]:
                best = (reached, fusion, fitted, time.perf_counter() - started)
        title = f"{contest.name} {inputs[0] if len(inputs) == 1 else 'all'}"
        rows.append(_row(title, best[0], best[1], plain_scores(contest, inputs), *best[2:]))
    return rows


def interactions(seeds: int, methods: tuple[str, ...] = ("concat", "gated"), draws: int = INTERACTIONS) -> list[dict]:
    """A row for each method: mean over cohorts that are drawn anew."""
    rows = []
    for method in methods:
        reached = []
        for draw in range(draws):
            reached.append(delivered(generated.interaction(seed=draw), method, seeds))
            print(f"  interaction {draw} {method}: {reached[-1]:.3f}", file=sys.stderr, flush=True)
        mean, ok = float(np.mean(reached)), float(np.mean(reached)) >= INTERACTION
        error = float(np.std(reached, ddof=1)) / len(reached) ** 0.5 if draws > 1 else float("nan")
        title = f"interaction, mean of {draws} cohorts (standard error {error:.3f})"
        rows.append(
            {"name": title, "by": method, "reached": mean, "plain": INTERACTION, "plain_by": "wanted", "ok": ok}
        )
    return rows


def _table(name: str, load: Callable) -> Contest:
    """A data set of scikit-learn as a cohort of one table."""
    from mmcore import studies
    from mmcore.cohorts.roles import Roles

    bunch = load(as_frame=True)
    table = bunch.data.copy()
    table.columns = [str(column).replace(" ", "_").replace("/", "_") for column in table.columns]
    target = bunch.target if name == "diabetes" else pd.Series(bunch.target_names[bunch.target]).map(lambda c: f"c_{c}")
    table["target"] = target.to_numpy()
    folder = Path(tempfile.mkdtemp())
    table.to_csv(folder / "cases.csv", index=False)
    return contest(name, studies.open(folder, Roles(target="target")))


def _shared(folder: str, chosen: Mapping[str, str] | None = None) -> Contest:
    from mmcore import studies

    return contest(folder, studies.open(SHARED / folder), chosen)


def _scikit(name: str) -> Callable[[], Contest]:
    from sklearn import datasets

    return lambda: _table(name, getattr(datasets, f"load_{name}"))


def _heart() -> Contest:
    from mmcore import studies

    return contest("heart", studies.open("heart"))


SHARED_COHORTS: dict[str, Callable[[], Contest]] = {
    "ecg_ptbxl": lambda: _shared("ecg_ptbxl"),
    "heart_disease_tabular": lambda: _shared("heart_disease_tabular"),
    "digits_image_audio": lambda: _shared("digits_image_audio", {"audio": "mfcc"}),
}
COHORTS: dict[str, Callable[[], Contest]] = {
    "heart": _heart,
    **{name: _scikit(name) for name in ("breast_cancer", "wine", "digits", "diabetes")},
    **SHARED_COHORTS,
}
EVERYTHING = (*COHORTS, "interaction", "random_labels")


def random_labels(copies: int, draws: int = 3) -> dict:
    """AUROC of `concat` where labels say nothing, mean over draws; with augmented copies or without."""
    reached = float(np.mean([delivered(generated.noise(copies, seed=draw), "concat", 2) for draw in range(draws)]))
    title = "random labels, 3 copies of each case" if copies else "random labels"
    ok = abs(reached - 0.5) <= CHANCE
    return {"name": title, "by": "concat", "reached": reached, "plain": 0.5, "plain_by": "chance", "ok": ok}


def run(names: tuple[str, ...] = EVERYTHING, seeds: int = 5) -> list[dict]:
    """Rows {name, by, reached, plain, plain_by, ok}."""
    rows = []
    for name in names:
        if name in SHARED_COHORTS and not (SHARED / name).is_dir():
            print(f"{name} left out: {SHARED / name} is not there", file=sys.stderr)
        elif name == "random_labels":
            rows += [random_labels(copies) for copies in (0, 3)]
        elif name == "interaction":
            rows += interactions(seeds)
        else:
            rows += compete(COHORTS[name](), seeds, FEWER_METHODS.get(name, METHODS))
    return rows


def show(rows: list[dict]) -> Table:
    """Ours and theirs, side by side."""
    table = Table(box=SIMPLE_HEAD, title="AUROC; accuracy for several classes, R2 for values; out of fold")
    table.add_column("cohort, input", overflow="fold")
    for column in ("ours", "method", "best plain", "baseline", "difference", f"within {SPARE:g}"):
        table.add_column(column, justify="left" if column in ("method", "baseline") else "right", no_wrap=True)
    for row in rows:
        gap = row["reached"] - row["plain"]
        table.add_row(row["name"], f"{row['reached']:.3f}", row["by"], f"{row['plain']:.3f}", row["plain_by"],
                      f"{gap:+.3f}", "yes" if row["ok"] else "no")  # fmt: skip
    return table


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("cohorts", nargs="*", default=EVERYTHING)
    given.add_argument("--seeds", type=int, default=5)
    chosen = given.parse_args()
    Console(width=110).print(show(run(tuple(chosen.cohorts), chosen.seeds)))
