"""Protects the guess of how long a comparison takes: nothing for what is done, more for more, by what was measured."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mmcore import runs, studies
from mmcore.studies import expected_time


def test_people_are_told_round_seconds():
    assert [studies.in_round_seconds(s) for s in (0.1, 5, 11, 31, 118, 121)] == [5, 5, 15, 40, 120, 150]


@pytest.fixture
def cohort(tmp_path):
    rows = [f"p{i},{40 + (i * 7) % 20 + i % 3 / 10},{'ab'[i % 2]}" for i in range(24)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,age,label", *rows]), encoding="utf-8")
    return studies.open(str(tmp_path))


def test_more_replicates_take_longer_and_what_was_trained_takes_nothing(cohort, monkeypatch):
    (method,) = studies.default_methods(cohort)
    few, many = (studies.plan(cohort, method, None, studies.StudySettings(folds=3, seeds=n)) for n in (1, 20))
    assert 0 < studies.expected_seconds(cohort, [few]) < studies.expected_seconds(cohort, [many])
    monkeypatch.setattr(runs, "store", lambda: SimpleNamespace(find=lambda key: key, summaries=lambda key: []))
    assert studies.expected_seconds(cohort, [few, many]) == 0


def test_earlier_runs_of_the_cohort_say_how_fast_this_machine_is(cohort, monkeypatch):
    (method,) = studies.default_methods(cohort)
    spec = studies.plan(cohort, method, None, studies.StudySettings(folds=3, seeds=2))
    earlier = SimpleNamespace(fusion="concat", seconds=30.0, folds=3, seeds=1)
    monkeypatch.setattr(runs, "store", lambda: SimpleNamespace(find=lambda key: None, summaries=lambda key: [earlier]))
    monkeypatch.setattr(expected_time, "_encoding", lambda cohort, name, encoder: 0.0)
    assert studies.expected_seconds(cohort, [spec]) == pytest.approx(60 + expected_time._BEGINNING)


def test_methods_over_tokens_are_the_most_work_and_finished_runs_the_least(cohort, monkeypatch):
    single, tokens, done = (SimpleNamespace(key=k, single_input=k == "a", fusion="cross_attention") for k in "abc")
    monkeypatch.setattr(runs, "store", lambda: SimpleNamespace(summaries=lambda key: [SimpleNamespace(key="c")]))
    amounts = studies.amounts_of_work(cohort, [single, tokens, done], plain=True)
    assert amounts[1] > amounts[0] > 10 * amounts[2] > 0 and len(amounts) == 4
    assert studies.amounts_of_work(cohort, [single, done], plain=False, tuned=True) == [amounts[0], amounts[1]]


def test_a_run_that_trains_an_encoder_is_not_judged_by_runs_that_train_none(cohort, monkeypatch):
    (method,) = studies.default_methods(cohort)
    spec = studies.plan(cohort, method, None, studies.StudySettings(folds=3, seeds=1))
    earlier = SimpleNamespace(fusion="concat", seconds=30.0, folds=3, seeds=1)
    monkeypatch.setattr(runs, "store", lambda: SimpleNamespace(find=lambda key: None, summaries=lambda key: [earlier]))
    monkeypatch.setattr(expected_time, "cost", lambda cohort, spec: SimpleNamespace(seconds=4000.0))
    learns = SimpleNamespace(trains_in_run=True)
    monkeypatch.setattr(type(spec), "make_encoders", lambda spec: {method: learns})
    assert studies.expected_seconds(cohort, [spec]) == pytest.approx(4000 + expected_time._BEGINNING)
