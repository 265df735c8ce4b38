"""Protects scores of parts of a cohort: bands and pairs, too few cases, and that among equal parts none is accused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.evaluation import scores
from mmcore.evaluation.subgroup_scores import (
    SubgroupVerdict,
    columns_of_people,
    compare_subgroups,
    parts_of,
)


def simulated(seed: int, count: int = 240, harmed: float = 0.0):
    """(target, outputs [1, N, 2], table): a score of AUROC about 0.8, noise for a share `harmed` of the women."""
    chance = np.random.default_rng(seed)
    target = chance.integers(0, 2, count)
    table = pd.DataFrame(
        {
            "age": chance.normal(60, 12, count),
            "sex": chance.choice(["f", "m"], count),
            "site": chance.choice(list("abc"), count),
        }
    )
    score = 1.2 * target + chance.normal(size=count)
    lost = (table["sex"] == "f").to_numpy() & (chance.random(count) < harmed)
    score[lost] = chance.normal(0.6, 1, lost.sum())
    probability = 1 / (1 + np.exp(-(score - 0.6)))
    return target, np.stack([1 - probability, probability], -1)[None], table


def test_parts_are_bands_words_and_pairs():
    _target, _outputs, table = simulated(0)
    table["id_like"] = range(len(table))
    table["name"] = [f"n{i}" for i in range(len(table))]
    assert columns_of_people(table) == ["age", "sex", "site"]
    parts = parts_of(table, ["age", "sex", "name"])
    assert [part.columns for part in parts] == [("age",)] * 3 + [("sex",)] * 2, "names divide nobody"
    assert sum(part.rows.sum() for part in parts[:3]) == len(table), "each case lies in one band"
    pairs = parts_of(table, ["age", "sex"], pairs=True)
    assert len(pairs) == 5 + 6 and all(len(part.columns) == 2 for part in pairs[5:])
    assert pairs[5].name.startswith("age: ") and ", sex: " in pairs[5].name


def test_the_score_of_a_part_is_that_of_its_cases():
    target, outputs, table = simulated(1)
    compared = compare_subgroups("binary", target, outputs, parts_of(table, ["sex"]), metric="auroc")
    women = (table["sex"] == "f").to_numpy()
    row = next(row for row in compared.rows if row.name == "sex: f")
    alone = scores("binary", target[women], outputs[:, women], metrics=["auroc"])["auroc"]
    assert row.score.mean == pytest.approx(alone.mean) and row.cases == women.sum()
    other = next(row for row in compared.rows if row.name == "sex: m")
    assert row.difference == pytest.approx(-other.difference) and row.p == pytest.approx(other.p)


def test_bands_of_whole_numbers_share_no_number():
    table = pd.DataFrame({"age": np.repeat(np.arange(20, 80), 4)})
    parts = parts_of(table, ["age"])
    assert [part.name for part in parts] == ["age: 20–39", "age: 40–59", "age: 60–79"]
    for part in parts:
        low, high = map(int, part.name.removeprefix("age: ").split("–"))
        assert (part.rows == table["age"].between(low, high)).all()


@pytest.mark.slow
def test_a_part_that_is_harmed_is_told_and_equal_ones_are_not():
    """The chance of any false accusation among parts that are all alike stays near 5%."""
    accused = 0
    for seed in range(40):
        target, outputs, table = simulated(seed)
        compared = compare_subgroups("binary", target, outputs, parts_of(table, ["age", "sex", "site"]))
        assert compared.looked_at == 8
        accused += any(row.verdict in (SubgroupVerdict.WORSE, SubgroupVerdict.BETTER) for row in compared.rows)
    assert accused <= 6, "5% of 40, and what chance adds"
    target, outputs, table = simulated(3, 600, harmed=1.0)
    compared = compare_subgroups("binary", target, outputs, parts_of(table, ["sex", "site"]))
    assert [row.name for row in compared.of(SubgroupVerdict.WORSE)] == ["sex: f"]


def test_few_cases_are_counted_and_not_judged():
    target, outputs, table = simulated(4, 60)
    table["site"] = ["a"] * 8 + ["b"] * 52
    compared = compare_subgroups("binary", target, outputs, parts_of(table, ["site"]))
    assert {row.verdict for row in compared.rows} == {SubgroupVerdict.TOO_FEW} and compared.looked_at == 0
    assert {row.name: row.cases for row in compared.rows} == {"site: a": 8, "site: b": 52}


def test_errors_are_worse_where_they_are_larger():
    chance = np.random.default_rng(0)
    target, part = chance.normal(size=300), np.arange(300) % 2
    outputs = (target + chance.normal(size=300) * np.where(part, 2.0, 0.5))[None, :, None]
    table = pd.DataFrame({"site": part})
    compared = compare_subgroups("regression", target, outputs, parts_of(table, ["site"]), metric="mae")
    assert [row.name for row in compared.of(SubgroupVerdict.WORSE)] == ["site: 1"]


def test_groups_on_both_sides_count_once():
    target, outputs, table = simulated(5)
    groups = [f"g{i // 4}" for i in range(len(target))]
    compared = compare_subgroups("binary", target, outputs, parts_of(table, ["sex"]), groups)
    assert all(np.isfinite(row.p) and row.low < row.difference < row.high for row in compared.rows)


def test_pairs_of_which_one_lies_on_each_side_are_told_apart_by_their_differences():
    chance = np.random.default_rng(6)
    person = np.tile(np.arange(80), 2)
    sizes = np.abs(np.tile(chance.normal(size=80), 2) + 0.1 * chance.normal(size=160))
    table = pd.DataFrame({"eye": np.repeat(["left", "right"], 80)})
    parts = parts_of(table, ["eye"])[:1]
    compared = compare_subgroups("regression", np.zeros(160), sizes[None, :, None], parts, person, metric="mae")
    apart, row = sizes[:80] - sizes[80:], compared.rows[0]
    assert abs(row.difference) == pytest.approx(abs(apart.mean()))
    assert (row.high - row.low) / 2 == pytest.approx(1.99 * apart.std(ddof=1) / 80**0.5, rel=0.03)
