"""Protects: doubtful labels, cases unlike all others, flattering splits and second measurements are named, no more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.values import Signal
from mmcore.cohorts.auditing import audit, checks
from mmcore.cohorts.auditing.association import associate, design
from mmcore.cohorts.auditing.base import AuditedCohort
from mmcore.cohorts.typicality import Neighbourhood
from tests.cohorts.auditing.made import clean, cohort_of


def of(check: str, cohort):
    return list(checks[check]().find(AuditedCohort(cohort)))


def test_swapped_labels_are_found():
    table, _values = clean(200)
    ill = (table["ill"] == "yes").to_numpy()
    table["pressure"] = 120 + 40 * ill + np.random.default_rng(0).normal(size=200)
    swapped = list(table.index[[3, 50, 120, 180]])
    table.loc[swapped, "ill"] = np.where(table.loc[swapped, "ill"] == "yes", "no", "yes")
    (finding,) = of("doubtful_labels", cohort_of(table, {}))
    assert set(finding.cases) <= set(swapped) and len(finding.cases) >= 3 and "Northcutt" in finding.numbers["method"]
    likelier = finding.numbers["likelier"]
    assert all(likelier[id] != table.loc[id, "ill"] for id in finding.cases)
    assert not of("doubtful_labels", cohort_of(*clean(200))), "a model that knows little doubts nobody"


def test_a_case_unlike_all_others_is_found():
    table, values = clean()
    ids = list(table.index)
    values["ecg"][ids[7]] = Signal(np.cumsum(values["ecg"][ids[7]].samples, 1) * 50, 100.0, ("I", "II"), "mV")
    rng, shades = np.random.default_rng(0), np.linspace(0, 200, 64)
    values["film"] = {id: (shades + rng.normal(0, 8, (64, 64)) + 20).clip(0, 255).astype(np.uint8) for id in ids}
    values["film"][ids[9]] = rng.integers(0, 255, (64, 64)).astype(np.uint8)
    findings = {finding.numbers["input"]: finding for finding in of("unlike_others", cohort_of(table, values))}
    assert findings["ecg"].cases == (ids[7],) and findings["film"].cases == (ids[9],)


def test_a_value_is_measured_by_the_cohorts_own_distances():
    rng = np.random.default_rng(0)
    cohort = Neighbourhood(rng.normal(size=(300, 6)))
    assert not cohort.outliers().any()
    assert cohort.how_far(rng.normal(size=6))[1] is False
    share, unlike = cohort.how_far(np.full(6, 40.0))
    assert share == 1.0 and unlike


def test_random_folds_that_flatter_are_told():
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(40), 5)
    ill = rng.permutation(np.arange(40) % 2)[people]
    signature = rng.normal(size=(40, 12))[people] + 0.05 * rng.normal(size=(200, 12))
    table = pd.DataFrame(signature, columns=[f"x{i}" for i in range(12)], index=[f"c{i}" for i in range(200)])
    table["ill"], table["person"] = np.where(ill, "yes", "no").astype(object), [f"p{p}" for p in people]
    columns = tuple(f"x{i}" for i in range(12))
    (finding,) = of("random_against_grouped", cohort_of(table, {}, columns=columns, group="person"))
    assert finding.numbers["random"]["values"] > finding.numbers["grouped"]["values"] + 0.1
    assert not of("random_against_grouped", cohort_of(table, {}, columns=columns))


def test_three_sites_are_enough_to_leave_each_out():
    rng = np.random.default_rng(0)
    sites, ill = np.repeat([0, 1, 2], 60), np.tile([0, 1], 90)
    marker = ill * np.array([2.0, -2.0, 2.0])[sites] + rng.normal(
        size=180
    )  # what tells at two sites misleads elsewhere
    table = pd.DataFrame({f"x{site}": np.where(sites == site, marker, 0.0) for site in range(3)})
    table["ill"] = np.where(ill, "yes", "no").astype(object)
    table["site"] = [f"s{site}" for site in sites]
    table.index = [f"c{i}" for i in range(180)]
    (finding,) = of("random_against_grouped", cohort_of(table, {}, columns=("x0", "x1", "x2"), group="site"))
    assert finding.numbers["random"]["values"] > finding.numbers["grouped"]["values"] + 0.1
    two = table[table["site"] != "s2"]
    assert not of("random_against_grouped", cohort_of(two, {}, columns=("x0", "x1"), group="site"))


def test_second_measurements_and_later_decisions_are_told():
    rng = np.random.default_rng(0)
    sbp = rng.normal(120, 15, 200)
    table = pd.DataFrame(
        {"sbp": sbp, "dbp": sbp * 0.6 + rng.normal(0, 4, 200), "weight": sbp / 2 + rng.normal(0, 4, 200)},
        index=[f"c{i}" for i in range(200)],
    )
    cohort = cohort_of(table, {}, columns=("dbp", "weight"), target="sbp", task="regression", classes=())
    (finding,) = of("second_measurement", cohort)
    assert list(finding.numbers["correlation"]) == ["dbp"]
    table, _values = clean(200)
    table["management"] = np.where(rng.random(200) < 0.9, table["ill"], "no").astype(object)
    (finding,) = of("decided_afterwards", cohort_of(table, {}, columns=("age", "management")))
    assert list(finding.numbers["scores"]) == ["management"]


def test_many_categories_are_not_left_out():
    rng = np.random.default_rng(0)
    names = [f"ward {i:02}" for i in range(60)]
    ward = rng.integers(0, 60, 1200)
    rare = pd.DataFrame({"ward": [names[w] for w in ward]})
    target = (ward >= 45).astype(float)
    assert design(rare).shape[1] > 30 and associate(design(rare), target, "binary").score > 0.8


def test_a_check_that_fails_is_told(monkeypatch):
    def broken(self, audited):
        raise ValueError("odd data")
        yield

    monkeypatch.setattr(checks["imbalance"], "find", broken)
    (finding,) = [finding for finding in audit(cohort_of(*clean())) if finding.check == "imbalance"]
    assert "could not be finished" in finding.summary and finding.numbers["reason"] == "odd data"
