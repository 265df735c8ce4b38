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


def test_methods_over_tokens_and_what_is_not_encoded_are_the_most_work_and_finished_runs_the_least(cohort, monkeypatch):
    there = SimpleNamespace(identity=lambda: "there", trains_in_run=True)
    new = SimpleNamespace(identity=lambda: "new", trains_in_run=False)
    monkeypatch.setattr(expected_time, "_left", lambda _cohort, _name, encoder: 0 if encoder is there else len(cohort))
    runs_of = {"a": ("concat", there), "b": ("cross_attention", there), "c": ("concat", new), "d": ("concat", new)}
    vectors, tokens, encoding, again = (
        SimpleNamespace(key=k, single_input=False, fusion=f, make_encoders=lambda e=e: {"x": e})
        for k, (f, e) in runs_of.items()
    )
    monkeypatch.setattr(runs, "store", lambda: SimpleNamespace(summaries=lambda key: [SimpleNamespace(key="a")]))
    done, *others = studies.amounts_of_work(cohort, [vectors, tokens, encoding, again], plain=False)
    assert 0 < 10 * done < others[2] < others[1] < others[0], "values are encoded once"
    tuned, plain = studies.amounts_of_work(cohort, [vectors], plain=True, tuned=True)
    assert tuned == others[2] and plain > tuned
